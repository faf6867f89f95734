#pragma once
// A video source called Ombra on the desktop's PipeWire, which OBS and others capture. Pictures lie in memory that both
// sides share (memfd). Without a daemon, or when it dies or hangs, it is looked for again every few seconds.
// Thread: as Outlet.

#include "media/share/outlet.hpp"

#include <memory>

namespace ombra::media {

// width x height: of the pictures; fps: up to so many a second.
std::unique_ptr<Outlet> make_pipewire_source(int width, int height, double fps);

}  // namespace ombra::media
