#pragma once
// What the show listens to: one source of sound (an input device, or a file that is played), analysed hop by hop.
// Owns the stream, the ring and the analysis thread. It never fails for good: without a device it says so in status()
// and keeps publishing frames with a free-running beat grid; it looks for the device again all the time. Another source
// is opened and heard before the one in use is closed, and begins where that one was heard last: no hop is missing.
// Thread: open, play and listen_to from one thread, next and status from one (the same or another); the audio callback
// and the analysis thread are inside.

#include "audio/input/channel_picker.hpp"
#include "audio/input/devices.hpp"
#include "audio/input/sound_tap.hpp"
#include "core/frames.hpp"

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace ombra::audio {

// Decoded sound to dance to instead of a device: mono or stereo, interleaved.
struct Track {
  std::string name;
  std::vector<float> samples;
  int channels = 1;
  int rate_hz = 48000;
};

struct ListenerStatus {
  std::string source;   // name of the device or track
  std::string message;  // what the operator should know now, or empty
  bool live = false;    // sound is arriving
  InputKind kind = InputKind::kInput;
  bool is_track = false;
  double rate_hz = 0.0;
  double capture_latency_s = 0.0;
  std::uint64_t overruns = 0, dropped_samples = 0, reconnects = 0;
  std::string channels;     // of an input: "3, 4 of 4; silent: 1, 2"
  std::string unusual;      // the channels that are listened to, where they are not the first two: "3, 4"
  bool stands_in = false;   // the track is played until music comes
  bool any_input = false;   // while it stands in: there are inputs, but no music in them
  std::string hangs;        // while it stands in: which sound system does not answer
  std::uint64_t taken = 0;  // times that another input was taken because music came there
};

// How long a hop took us, in seconds on the clock of core/clock.hpp.
struct HopTimes {
  double arrived_s = 0.0;    // its last sample had come in
  double published_s = 0.0;  // its frame was given out
};

class Listener {
 public:
  Listener();
  ~Listener();
  Listener(const Listener&) = delete;
  Listener& operator=(const Listener&) = delete;

  // device: as choose_input; "" = the default, which is followed when the desktop changes its default output.
  // -> false and a message in status() when there is none. Then what was heard before goes on; without such it keeps
  // looking.
  bool open(const std::string& device);
  // Plays and analyses the track in real time, looped: through the default output when there is one (and audible),
  // else silently on the clock. Throws Error when the track is empty or is neither mono nor stereo.
  void play(Track track, bool audible);
  // The same for a track that stands in for music: meanwhile what other programs play and microphones are listened
  // to, and the first music that comes takes its place, as does the input hoped_for ("": none), when it is plugged in.
  // The default input is left in the same way, once it has been silent for some seconds, for what another program
  // plays.
  void play_until_music(Track track, bool audible, const std::string& hoped_for = {});
  // These channels of every input; nothing: the loudest two.
  void listen_to(std::optional<ChannelPair> channels);
  // While it is on, a track is not heard; it is danced to all the same.
  void mute(bool on);
  // Hops analysed since the last call, oldest first. -> false when there are no more. Never waits.
  bool next(AudioFrame& frame, HopTimes* times = nullptr);
  // While it is on, sound is kept for next_sound: what came in, or the track's own samples, up to five seconds.
  void tap(bool on);
  // -> false when there is no more. Never waits. Thread: as next.
  bool next_sound(HeardSound& sound) { return sounds().pop(sound); }
  ListenerStatus status() const;

 private:
  SoundTap& sounds();

  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace ombra::audio
