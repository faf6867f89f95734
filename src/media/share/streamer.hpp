#pragma once
// Sends a show into a network while it runs: H.264 and AAC, by MPEG-TS or RTMP. Like a recorder, in a thread of its own
// with a bounded queue, but without an end: where nobody answers, or a connection breaks, it says so, waits a little
// longer each time and connects anew, beginning with a picture that needs no other. The show never waits, and stop()
// does not either: a name that no server resolves or a peer that never reads holds up nothing but that thread.
// Thread: one owner calls everything; the encoder's thread is inside.

#include "media/record/live_file.hpp"
#include "media/record/pacer.hpp"
#include "media/share/stream_url.hpp"

#include <cstdint>
#include <future>
#include <memory>
#include <span>
#include <string>

namespace ombra::media {

struct StreamStatus {
  enum class State { kConnecting, kSending, kWaiting };  // kWaiting: until the next try
  State state = State::kConnecting;
  std::string shown;           // the address, without its secrets
  std::string encoder;         // "libx264 veryfast"; "" before the first connection
  std::string message;         // why it does not send, or empty
  double seconds = 0.0;        // of this connection
  double kbit_per_s = 0.0;     // of the last two seconds or so
  int connections = 0;         // so far
  std::uint64_t pictures = 0;  // sent, of all connections
  std::uint64_t left_out = 0;  // the encoder or the network was too slow
};

class Streamer {
 public:
  static constexpr double kFirstPauseS = 0.5, kLongestPauseS = 8.0;  // before the next try
  static constexpr double kFarewellS = 1.0;                          // for what is left to send at the end

  // format: kind is left aside; kbit_per_s over 0. Returns at once.
  Streamer(StreamUrl url, const LiveFormat& format);
  // Ends the stream, within kFarewellS and a little.
  ~Streamer();
  Streamer(const Streamer&) = delete;
  Streamer& operator=(const Streamer&) = delete;

  // A picture of the show that stands at time_s of a grid of format.fps; as Recorder::picture.
  void picture(std::span<const std::uint8_t> rgba, double time_s, bool from_below = false);
  // As Recorder::sound.
  void sound(std::span<const float> stereo, int rate_hz, double end_s);
  StreamStatus status() const;

 private:
  class Link;

  const std::shared_ptr<Link> link_;  // its thread's as well: that may be left behind in a call that does not end
  Pacer pacer_;
  std::future<void> done_;
};

}  // namespace ombra::media
