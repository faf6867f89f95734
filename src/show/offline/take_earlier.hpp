#pragma once
// Records of takes of earlier versions, as they would be kept today. Thread: one owner.

#include "show/params/modulation.hpp"
#include "show/params/show_params.hpp"

#include <string>
#include <string_view>

namespace ombra::show {

// Requests of versions 1 and 2, when every dancer drew the one figure that it had learned. A DanceRequest as it was
// packed then. -> as it is packed now; what is none stays none
std::string earlier_request_as_now(std::string_view bytes);

// Frames of version 1, when the light followed the sound by itself: they have no swell, throb and flash, which follow
// from what was heard.
class EarlierFrames {
 public:
  EarlierFrames();
  // The next FrameRecord of the take as it was packed. -> as it is packed now; what is none stays none
  std::string as_now(std::string_view bytes);

 private:
  ShowParams params_;
  Modulation modulation_;
};

}  // namespace ombra::show
