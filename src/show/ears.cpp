#include "show/ears.hpp"

#include "core/error.hpp"
#include "core/log.hpp"
#include "media/audio_reader.hpp"

#include <pthread.h>

#include <exception>

namespace ombra::show {

audio::Recording read_recording(const std::filesystem::path& file) {
  media::Sound sound = media::read_audio(file);
  return {file.filename().string(), std::move(sound.samples), sound.channels, sound.rate_hz};
}

Ears::Ears(EarsOptions options) : options_(std::move(options)) {
  post([this] { start(); });
  worker_ = std::jthread([this](const std::stop_token& stop) { work(stop); });
}

Ears::~Ears() = default;

std::string Ears::message() const {
  const std::string now = listener_.status().message;
  const std::lock_guard lock(mutex_);
  if (note_.empty() || now.empty()) return note_ + now;
  return note_ + "; " + now;
}

std::string Ears::input() const {
  const std::lock_guard lock(mutex_);
  return input_;
}

std::vector<audio::InputDevice> Ears::inputs() const {
  const std::lock_guard lock(mutex_);
  return inputs_;
}

void Ears::open(const std::string& input) {
  post([this, input] {
    say("");
    listener_.open(input);
    const std::lock_guard lock(mutex_);
    input_ = listener_.status().source;
  });
}

void Ears::play(const std::filesystem::path& file) {
  post([this, file] {
    listener_.play(read_recording(file), options_.audible);
    say("");
  });
}

void Ears::refresh_inputs() {
  post([this] {
    std::vector<audio::InputDevice> inputs = audio::list_inputs();
    const std::lock_guard lock(mutex_);
    inputs_ = std::move(inputs);
  });
}

void Ears::say(const std::string& note) {
  const std::lock_guard lock(mutex_);
  note_ = note;
}

void Ears::post(std::function<void()> job) {
  {
    const std::lock_guard lock(mutex_);
    if (jobs_.size() < 16) jobs_.push_back(std::move(job));
  }
  wake_.notify_one();
}

void Ears::work(const std::stop_token& stop) {
  ::pthread_setname_np(::pthread_self(), "ombra-ears");
  while (true) {
    std::function<void()> job;
    {
      std::unique_lock lock(mutex_);
      if (!wake_.wait(lock, stop, [this] { return !jobs_.empty(); })) return;
      job = std::move(jobs_.front());
      jobs_.pop_front();
    }
    try {
      job();
    } catch (const std::exception& fault) {
      log::warn("sound: {}", fault.what());
      say(fault.what());
    }
  }
}

void Ears::start() {
  if (options_.play) {
    listener_.play(*options_.play, options_.audible);
    return;
  }
  if (!options_.input.empty()) {  // asked for by name: it is waited for, not replaced
    listener_.open(options_.input);
    const std::lock_guard lock(mutex_);
    input_ = options_.input;
    return;
  }
  if (!options_.remembered_input.empty()) {
    const std::vector<audio::InputDevice> inputs = audio::list_inputs();
    for (const audio::InputDevice& input : inputs) {
      if (input.name != options_.remembered_input || !listener_.open(std::to_string(input.number))) continue;
      const std::lock_guard lock(mutex_);
      input_ = input.name;
      return;
    }
  }
  if (!listener_.open("")) play_bundled(listener_.status().message);
}

void Ears::play_bundled(const std::string& why) {
  const std::string reason = why.empty() ? "no sound input found" : why;
  std::error_code ignored;
  if (!std::filesystem::is_regular_file(options_.bundled_track, ignored)) {
    say("no audio input, and the bundled track is missing: dancing to its own beat");
    return;
  }
  say("No audio input: dancing to the bundled track");
  listener_.play(read_recording(options_.bundled_track), options_.audible);
  log::info("{}: dancing to the bundled track", reason);
}

}  // namespace ombra::show
