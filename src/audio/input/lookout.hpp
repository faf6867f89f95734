#pragma once
// Looks out for music while nothing is heard that somebody has chosen: on the sound server; and, while there is none or
// it hangs, for a server that answers and for sound cards that come. Thread: one owner.

#include "audio/input/scout.hpp"
#include "audio/input/sound_systems.hpp"

#include <memory>
#include <optional>
#include <string>

namespace ombra::audio {

class Lookout {
 public:
  explicit Lookout(SoundSystems& systems) : systems_(systems) {}

  // What is danced to meanwhile.
  struct Own {
    bool track = false;    // else an input that is silent
    bool audible = false;  // it is being played aloud
    std::string hoped_for =
        {};  // name of an input that is taken as soon as it is there, even if it is silent; "": none
  };
  struct Found {
    std::optional<InputDevice> input;                // where the music is
    bool mute = false;                               // our own track must not be heard now
    bool any_input = false;                          // there are inputs, with music or without
    std::shared_ptr<PortSession> session = nullptr;  // keeps PortAudio's numbers while it lives
  };
  // To be called some times a second. Takes seconds where a sound system hangs. Never throws.
  Found step(const Own& own, double now_s);
  // Nothing is found before then: what was found could not be opened.
  void rest_until(double time_s) { next_s_ = time_s; }
  // For now there is nothing to look out for.
  void end() { scout_.reset(); }

 private:
  Found find_system(const Own& own);

  SoundSystems& systems_;
  std::unique_ptr<Scout> scout_;
  double next_s_ = 0.0, next_cards_s_ = 0.0;
  bool any_input_ = false;
};

}  // namespace ombra::audio
