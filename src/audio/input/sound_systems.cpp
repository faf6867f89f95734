#include "audio/input/sound_systems.hpp"

#include "audio/input/no_answer.hpp"

#include <utility>

namespace ombra::audio {

bool SoundSystems::connect() {
  if (connected()) return true;
  server_.reset();
  try {
    server_ = std::make_shared<PulseServer>();
    server_hangs_ = false;
  } catch (const NoAnswer&) {
    server_hangs_ = true;
  } catch (const Error&) {
    // there is none, or so many connections wait for one that hangs that it takes no more
  }
  return server_ != nullptr;
}

std::vector<InputDevice> SoundSystems::find_inputs(bool with_port_audio, std::shared_ptr<PortSession>* session) {
  std::vector<InputDevice> pulse;
  PortInputs port;
  try {
    if (connect()) pulse = server_->inputs();
  } catch (const Error& fault) {
    give_up_server(fault);
  }
  try {
    if (with_port_audio) port = port_audio_inputs(server_hangs_ ? kPortHangsS : kPortListS);
    port_hangs_ = port_hangs_ && !with_port_audio;
  } catch (const NoAnswer&) {
    port_hangs_ = true;
  } catch (const Error&) {
    port_hangs_ = false;
  }
  if (session) *session = std::move(port.session);
  return merge_inputs(std::move(pulse), std::move(port.inputs), server_ && server_->is_pipewire());
}

void SoundSystems::give_up_server(const Error& fault) {
  if (dynamic_cast<const NoAnswer*>(&fault)) server_hangs_ = true;
  server_.reset();
}

std::string SoundSystems::hangs() const {
  if (server_hangs_) return kServerHangs;
  return port_hangs_ && !server_ ? kSystemHangs : "";
}

}  // namespace ombra::audio
