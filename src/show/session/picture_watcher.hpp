#pragma once
// Watches a show from inside, for measurements: what it heard and which pictures it made. Thread: the show's.

#include "audio/input/listener.hpp"
#include "core/frames.hpp"
#include "gfx/framebuffer.hpp"

namespace ombra::show {

class PictureWatcher {
 public:
  virtual ~PictureWatcher() = default;
  // Every hop, in the order of the sound, when the show takes it.
  virtual void heard(const AudioFrame& frame, const audio::HopTimes& times) = 0;
  // The picture that was begun at begun_s is in the surface; the GPU may still draw it.
  virtual void drawn(double begun_s, const gfx::Surface& surface) = 0;
  // That picture has been given to the display.
  virtual void shown() = 0;
};

}  // namespace ombra::show
