#pragma once
// What a show keeps for the next one: parameters, modulation and what of the machine was chosen, in session_path();
// where the picture was shown, and how it was mapped there, in outputs_path().
// Thread: one owner.

#include "show/params/output_settings.hpp"
#include "show/params/presets.hpp"

#include <cstdint>
#include <string>
#include <vector>

namespace ombra::show {

class SessionStore {
 public:
  // active: false where nothing is restored or kept (a show without a window, --no-session)
  explicit SessionStore(bool active);

  // The last session over what params and modulation hold. -> remarks for the operator; throws nothing
  std::vector<std::string> restore(Params& params, Modulation& modulation);
  // What is known of displays, from outputs_path(). remarks: for the operator. Throws nothing.
  std::vector<OutputSettings> restore_outputs(std::vector<std::string>& remarks);
  // From here on a parameter that differs is a change.
  void begin(const Params& params, double now_s);
  // -> what the last session used
  const Machine& machine() const { return machine_; }
  void set_record_folder(std::string folder) { machine_.record_folder = std::move(folder); }
  void set_stream(std::string address) { machine_.stream = std::move(address), chosen_ = true; }
  void set_camera(std::string device) { machine_.camera = std::move(device), chosen_ = true; }
  // -> is it time to keep()? Every 30 s
  bool due(double now_s) const;
  // Writes where something differs from what is kept, or at_once. The folder for recordings, the keys, and where the
  // show is shared to, stay.
  // -> why that failed, in a sentence, or ""
  std::string keep(Machine machine, const Params& params, const Modulation& modulation, double now_s, bool at_once);
  // Writes what is known of displays where it differs from what is kept. -> why that failed, or ""
  std::string keep_outputs(const std::vector<OutputSettings>& outputs);

 private:
  bool active_;
  Machine machine_;
  bool chosen_ = false;  // something of it that keep() is not told, since then
  std::vector<OutputSettings> outputs_;
  bool keeps_outputs_ = true;  // false: their file is broken, and its owner may mend it
  std::uint64_t changes_ = 0;
  double kept_s_ = 0.0;
};

}  // namespace ombra::show
