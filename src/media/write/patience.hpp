#pragma once
// How long FFmpeg may wait in calls that reach into a network: it asks here every tenth of a second at least. (Finding
// the address of a name is the one thing in which it does not ask.)
// Thread: allow() by the one who calls FFmpeg; end_in() by any.

#include "media/read/av_check.hpp"

#include <atomic>

namespace ombra::media {

class Patience {
 public:
  // The calls from now on may take so long together; without it, for ever.
  void allow(double seconds);
  // All calls end by then, whatever allow() says from now on: somebody waits for the end.
  void end_in(double seconds);
  bool over() const;
  // For FFmpeg; valid as long as this is.
  AVIOInterruptCB callback();

 private:
  std::atomic<double> call_s_{1e300}, end_s_{1e300};  // on the program's clock
};

}  // namespace ombra::media
