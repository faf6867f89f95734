#include "audio/input/lookout.hpp"

#include "core/clock.hpp"

#include <algorithm>

namespace ombra::audio {
namespace {

constexpr double kSearchS = 1.0;      // a missing server is looked for this often
constexpr double kCardSearchS = 5.0;  // without one the cards are looked through, which costs more

}  // namespace

Lookout::Found Lookout::step(const Own& own, double now) {
  Found found;
  found.any_input = any_input_;
  if (now < next_s_) return found;
  try {
    if (!systems_.connected()) {
      scout_.reset();
      if (own.track) found = find_system(own);
    } else {
      if (!scout_) scout_ = std::make_unique<Scout>(systems_.server());
      const Scout::Found heard = scout_->step(own.track, own.audible, now);
      found.mute = heard.mute || heard.music;
      found.input = heard.music;
      const auto& inputs = scout_->inputs();
      const auto hoped =
          std::find_if(inputs.begin(), inputs.end(), [&own](const InputDevice& d) { return d.name == own.hoped_for; });
      if (own.track && hoped != inputs.end()) found.input = *hoped;
    }
  } catch (const Error& fault) {
    systems_.give_up_server(fault);
    scout_.reset();
  }
  found.any_input = any_input_ = scout_ && !scout_->inputs().empty();
  return found;
}

// A server that answers after all is asked as at the start: what plays, else the microphone. Without one the cards are
// looked through, unless we play through one of them: PortAudio's list is as old as its oldest stream.
Lookout::Found Lookout::find_system(const Own& own) {
  Found found;
  const bool server = systems_.connect(), cards = !server && !own.audible && now_s() > next_cards_s_;
  if (server || cards) found.input = choose_input(systems_.find_inputs(cards, &found.session), "");
  if (cards) next_cards_s_ = now_s() + kCardSearchS;
  if (!server) next_s_ = now_s() + kSearchS;
  return found;
}

}  // namespace ombra::audio
