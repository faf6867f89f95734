#include "show/session/master.hpp"

#include "core/error.hpp"

#include <algorithm>

namespace ombra::show {
namespace {

constexpr double kKeepEveryS = 2.0;  // a copy costs a software renderer some milliseconds

}  // namespace

void Master::step(const ShowParams& params, double step_s) {
  frozen_ = params.get(params.freeze);
  carded_ = params.get(params.test_card);
  held_ = held_ && frozen_;
  since_kept_s_ += step_s;
  const double wanted = params.get(params.blackout) ? 1.0 : 0.0, fade_s = params.get(params.blackout_fade);
  const double most = fade_s <= step_s ? 1.0 : step_s / fade_s;
  // a show that begins black has no light to fade
  black_ = black_ < 0.0 ? wanted : std::clamp(wanted, black_ - most, black_ + most);
}

std::exception_ptr Master::draw(const gfx::Surface& surface, const CardText& text, const Live& live) {
  std::exception_ptr fault;
  const auto works = [&fault](const auto& act) {
    try {
      act();
      return true;
    } catch (const Error&) {
      fault = std::current_exception();
      return false;
    }
  };
  live_ = !held_ && !carded_;
  bool good = works([&] { live(live_); });
  if (carded_ && !held_) good = works([&] { card_.draw(surface, text); });
  if (good && !held_ && (frozen_ || since_kept_s_ >= kKeepEveryS)) {
    since_kept_s_ = 0.0;
    works([&] { picture_.keep(surface); });
  }
  if (held_ || !good) picture_.show(surface);
  held_ = frozen_;
  dimmer_.draw(black_, surface);
  return fault;
}

}  // namespace ombra::show
