#include "show/offline/take_earlier.hpp"

#include "show/offline/take_records.hpp"

namespace ombra::show {

std::string earlier_request_as_now(std::string_view bytes) {
  std::string longer(bytes);
  DanceRequest initial;
  added_fields(initial,
               [&longer](auto& number) { longer.append(reinterpret_cast<const char*>(&number), sizeof number); });
  return longer;
}

EarlierFrames::EarlierFrames() : params_(stage::Stage::looks()) {
  modulation_.set_rows(Modulation::light_rows(params_), params_);
}

std::string EarlierFrames::as_now(std::string_view bytes) {
  // the three are the last of the controls, which stand before what was heard
  const std::size_t heard = packed(AudioFrame{}).size();
  std::string wider(bytes);
  if (wider.size() >= heard) wider.insert(wider.size() - heard, 3 * sizeof(float), '\0');
  FrameRecord frame;
  if (!unpack(wider, frame)) return wider;
  modulation_.apply(params_, frame.audio, frame.beat, frame.step_s);
  const stage::LookControls pushed = params_.look_controls();
  frame.controls.swell = pushed.swell, frame.controls.throb = pushed.throb, frame.controls.flash = pushed.flash;
  return packed(frame);
}

}  // namespace ombra::show
