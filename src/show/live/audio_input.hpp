#pragma once
// What the show listens to: an input device, a file, or the bundled track when there is no input. One list holds them
// all (audio/input/devices.hpp says which input is the default). Opening a device or decoding a track may take a
// second, so a thread of its own does it and the picture goes on. Thread: one owner (the show's); the worker is inside.

#include "audio/input/listener.hpp"

#include <condition_variable>
#include <deque>
#include <filesystem>
#include <functional>
#include <mutex>
#include <optional>
#include <string>
#include <thread>
#include <vector>

namespace ombra::show {

struct AudioInputOptions {
  std::string input = {};                           // asked for: "" = the default, a number, or a part of a name
  std::string remembered_input = {};                // of the last session; tried when input is empty
  std::optional<audio::Track> play = {};            // instead of an input ...
  std::filesystem::path play_file = {};             // ... from this file
  std::filesystem::path bundled_track = {};         // when there is no input
  bool audible = true;                              // a track is played aloud
  std::optional<audio::ChannelPair> channels = {};  // of the input, to listen to; nothing: the loudest two
};

inline constexpr const char* kBundledTrack = "Bundled track";  // its name in the list of inputs

class AudioInput {
 public:
  explicit AudioInput(AudioInputOptions options);
  ~AudioInput();
  AudioInput(const AudioInput&) = delete;
  AudioInput& operator=(const AudioInput&) = delete;

  bool next(AudioFrame& frame, audio::HopTimes* times = nullptr) { return listener_.next(frame, times); }
  // What came in, while the tap is on (audio/input/listener.hpp).
  void tap(bool on) { listener_.tap(on); }
  bool next_sound(audio::HeardSound& sound) { return listener_.next_sound(sound); }
  // While it is on, a track is not heard; it is danced to all the same.
  void mute(bool on) { listener_.mute(on); }
  audio::ListenerStatus status() const { return listener_.status(); }
  // -> what the operator should know about the sound now, or empty
  std::string message() const;
  // -> what the operator should read once, such as the input that was taken, or empty; the next call gives what is new
  std::string news();
  // -> the input that was chosen, as it can be asked for again; "" = the default
  std::string input() const;
  // -> devices, then tracks. As old as the last refresh_inputs.
  std::vector<audio::InputDevice> inputs() const;

  // These return at once; the worker does them one after another.
  // input: as AudioInputOptions::input, or the name or path of a track of the list
  void open(const std::string& input);
  void play(const std::filesystem::path& file);
  void refresh_inputs();

 private:
  void work(const std::stop_token& stop);
  void post(std::function<void()> job);
  void start();
  bool choose(const std::string& input);  // -> is it heard?
  void start_default(const std::string& why, const std::string& hoped_for = {});
  void play_track(const audio::InputDevice& track);
  void play_bundled(const std::string& hoped_for);
  void add_track(const std::string& name, const std::filesystem::path& file);
  std::optional<audio::InputDevice> find_track(const std::string& text) const;
  void say(const std::string& note);
  void remember(const std::string& input);
  void tell(const std::string& news);

  // immutable after construction
  const AudioInputOptions options_;
  audio::Listener listener_;  // open and play: worker; next and status: owner
  // guarded by mutex_
  mutable std::mutex mutex_;
  std::condition_variable_any wake_;
  std::deque<std::function<void()>> jobs_;
  std::vector<audio::InputDevice> inputs_, tracks_;
  std::string note_, news_, input_;
  // owner only: what of status() has been told
  std::uint64_t taken_ = 0;
  std::string unusual_;
  std::jthread worker_;  // last: joined before the rest goes
};

// Reads a sound file for listening to. Throws Error.
audio::Track read_track(const std::filesystem::path& file);

}  // namespace ombra::show
