#pragma once
// The sound systems of this machine, asked for their inputs again and again: the sound server, to which the connection
// is kept, and what PortAudio knows. Either may hang; that is told from not being there.
// Thread: one owner.

#include "audio/input/devices.hpp"
#include "audio/input/port_capture.hpp"
#include "audio/input/pulse.hpp"

#include <memory>
#include <string>
#include <vector>

namespace ombra::audio {

class SoundSystems {
 public:
  // Connects to the sound server where there is one and it is not connected yet. Takes up to two seconds where it
  // hangs. -> is it connected?
  bool connect();
  // -> the inputs of now, sorted and numbered as list_inputs gives them. with_port_audio: takes longer, since every
  // card is asked; session keeps PortAudio's numbers while it lives. Never throws.
  std::vector<InputDevice> find_inputs(bool with_port_audio, std::shared_ptr<PortSession>* session = nullptr);

  // null: there is none, or it does not answer
  const std::shared_ptr<PulseServer>& server() const { return server_; }
  bool connected() const { return server_ && server_->alive(); }
  // The server did not do what it was asked for: it is connected to anew next time.
  void give_up_server(const Error& fault);
  // -> which sound system does not answer, in plain words, or empty. PortAudio counts only without a sound server,
  // through which everything goes otherwise.
  std::string hangs() const;
  bool port_audio_hangs() const { return port_hangs_; }

 private:
  std::shared_ptr<PulseServer> server_;
  bool server_hangs_ = false, port_hangs_ = false;
};

}  // namespace ombra::audio
