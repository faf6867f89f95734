#pragma once
// What a frame of the show is made of, live and offline alike: the parameters as the music pushes them, what the dance
// is asked for, what the stage draws. It keeps no clock of its own. Thread: one owner.

#include "core/frames.hpp"
#include "show/dance/dance.hpp"
#include "show/params/modulation.hpp"
#include "show/params/show_params.hpp"

#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

namespace ombra::show {

class Director {
 public:
  // Parameters and modulation at their defaults.
  Director();

  ShowParams& params() { return params_; }
  const ShowParams& params() const { return params_; }
  Modulation& modulation() { return modulation_; }
  const Modulation& modulation() const { return modulation_; }

  // Preset, then assignments "path=value", as on the command line: the later wins. -> remarks for the operator.
  // Throw Error for a file that cannot be read, UsageError for an assignment that cannot be.
  std::vector<std::string> load(const std::filesystem::path& preset);
  std::vector<std::string> assign(const std::vector<std::string>& assignments);

  // Once a frame, first: lets the music push the parameters (time_s: when the frame that is drawn now is seen; step_s:
  // since the last call) and asks for the dance as it will be seen at seen_s.
  DanceRequest ask(const AudioFrame& audio, double time_s, double seen_s, double step_s);
  // Once a frame, after everybody has read the parameters: what is asked for once, triggers and a seed phrase, is over.
  void settle();
  // What the stage is to draw now. field and director must outlive the scene.
  stage::Scene scene(const FieldImage& field, const BeatGrid& grid, double time_s, double step_s) const;
  const std::string& look() const { return params_.name(params_.look); }

 private:
  ShowParams params_;
  Modulation modulation_;
  stage::Titles titles_;
  std::uint64_t jumps_ = 0;
  int seed_ = -1;
};

}  // namespace ombra::show
