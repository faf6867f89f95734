#pragma once
// Sends a show into a network while it runs: H.264 and AAC, by MPEG-TS or RTMP. Each connection begins with a picture
// that needs no other. Thread: as Outlet.

#include "media/record/live_file.hpp"
#include "media/share/outlet.hpp"
#include "media/share/stream_url.hpp"

#include <memory>

namespace ombra::media {

// format: kind is left aside; kbit_per_s over 0. Pauses between two tries grow to longest_pause_s. -> tries to connect
// from now on
std::unique_ptr<Outlet> make_streamer(StreamUrl url, const LiveFormat& format, double longest_pause_s = 8.0);

}  // namespace ombra::media
