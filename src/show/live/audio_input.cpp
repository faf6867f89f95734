#include "show/live/audio_input.hpp"

#include "core/error.hpp"
#include "core/log.hpp"
#include "core/process.hpp"
#include "core/text.hpp"
#include "media/read/audio_reader.hpp"

#include <algorithm>
#include <exception>
#include <utility>

namespace ombra::show {
namespace {

constexpr std::size_t kMaxTracks = 9;  // in the list: the bundled track and the newest files

// Decodes file; the list calls it name.
audio::Track decode(const std::filesystem::path& file, const std::string& name) {
  media::Sound sound = media::read_audio(file);
  return {name, std::move(sound.samples), sound.channels, sound.rate_hz};
}

// Why the default input is the default.
std::string reason(audio::InputKind kind) {
  return kind == audio::InputKind::kMonitor ? ", through which music plays" : "";
}

// Why the bundled track is played, and until when.
std::string stand_in_words(const audio::ListenerStatus& now) {
  if (!now.hangs.empty()) return fmt::format("Dancing to the bundled track until it answers: {}", now.hangs);
  if (now.any_input) return "No music yet: dancing to the bundled track until there is some";
  return "No audio input: dancing to the bundled track";
}

}  // namespace

audio::Track read_track(const std::filesystem::path& file) { return decode(file, file.filename().string()); }

AudioInput::AudioInput(AudioInputOptions options) : options_(std::move(options)) {
  std::error_code ignored;
  if (std::filesystem::is_regular_file(options_.bundled_track, ignored)) {
    add_track(kBundledTrack, options_.bundled_track);
  }
  if (options_.play) add_track(options_.play->name, options_.play_file);
  listener_.listen_to(options_.channels);
  post([this] { start(); });
  worker_ = std::jthread([this](const std::stop_token& stop) { work(stop); });
}

AudioInput::~AudioInput() = default;

std::string AudioInput::message() const {
  const audio::ListenerStatus now = listener_.status();
  std::string all = now.stands_in ? stand_in_words(now) : "";
  const auto add = [&all](const std::string& text) { all += (all.empty() || text.empty() ? "" : "; ") + text; };
  add(now.message);
  const std::lock_guard lock(mutex_);
  add(note_);
  return all;
}

std::string AudioInput::news() {
  const audio::ListenerStatus now = listener_.status();
  if (now.taken != std::exchange(taken_, now.taken)) {
    tell(fmt::format("listening to {}{}", now.source, reason(now.kind)));
  } else if (now.unusual != unusual_) {
    unusual_ = now.unusual;
    if (!unusual_.empty()) tell(fmt::format("{}: listening to channels {}", now.source, now.channels));
  }
  const std::lock_guard lock(mutex_);
  return std::exchange(news_, {});
}

std::string AudioInput::input() const {
  const std::lock_guard lock(mutex_);
  return input_;
}

std::vector<audio::InputDevice> AudioInput::inputs() const {
  const std::lock_guard lock(mutex_);
  std::vector<audio::InputDevice> all = inputs_;
  all.insert(all.end(), tracks_.begin(), tracks_.end());
  for (std::size_t i = 0; i < all.size(); ++i) all[i].number = static_cast<int>(i) + 1;
  return all;
}

void AudioInput::open(const std::string& input) {
  post([this, input] { static_cast<void>(choose(input)); });
}

void AudioInput::play(const std::filesystem::path& file) {
  post([this, file] {
    listener_.play(read_track(file), options_.audible);
    say("");
    add_track(file.filename().string(), file);
  });
}

void AudioInput::refresh_inputs() {
  post([this] {
    std::vector<audio::InputDevice> inputs = audio::list_inputs();
    std::erase_if(inputs, [](const audio::InputDevice& d) { return d.again; });
    const std::lock_guard lock(mutex_);
    inputs_ = std::move(inputs);
  });
}

void AudioInput::add_track(const std::string& name, const std::filesystem::path& file) {
  audio::InputDevice entry;
  entry.name = name;
  entry.id = std::filesystem::absolute(file).string();
  entry.host_api = "file";
  entry.kind = audio::InputKind::kTrack;
  entry.system = audio::InputSystem::kFile;
  const std::lock_guard lock(mutex_);
  std::erase_if(tracks_, [&](const audio::InputDevice& r) { return r.id == entry.id || r.name == entry.name; });
  tracks_.push_back(std::move(entry));
  if (tracks_.size() > kMaxTracks) tracks_.erase(tracks_.begin() + 1);
}

// text: the path of an entry, or its name in any case
std::optional<audio::InputDevice> AudioInput::find_track(const std::string& text) const {
  const std::lock_guard lock(mutex_);
  const auto found = std::find_if(tracks_.begin(), tracks_.end(), [&text](const audio::InputDevice& r) {
    return r.id == text || same_in_any_case(r.name, text);
  });
  return found == tracks_.end() ? std::nullopt : std::optional(*found);
}

void AudioInput::remember(const std::string& input) {
  const std::lock_guard lock(mutex_);
  input_ = input;
}

void AudioInput::tell(const std::string& news) {
  log::info("{}", news);
  const std::lock_guard lock(mutex_);
  news_ = news;
}

void AudioInput::say(const std::string& note) {
  const std::lock_guard lock(mutex_);
  note_ = note;
}

void AudioInput::post(std::function<void()> job) {
  {
    const std::lock_guard lock(mutex_);
    if (jobs_.size() < 16) jobs_.push_back(std::move(job));
  }
  wake_.notify_one();
}

void AudioInput::work(const std::stop_token& stop) {
  name_thread("ombra-input");
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

void AudioInput::start() {
  if (options_.play) {
    listener_.play(*options_.play, options_.audible);
    remember(options_.remembered_input);
    return;
  }
  if (!options_.input.empty()) {  // asked for: it is waited for, not replaced
    remember(options_.remembered_input);
    static_cast<void>(choose(options_.input));
    return;
  }
  const std::string& remembered = options_.remembered_input;
  if (remembered.empty()) return start_default("");
  remember(remembered);  // it may be plugged in again on another night
  std::error_code ignored;
  if (std::filesystem::path(remembered).is_absolute() && std::filesystem::is_regular_file(remembered, ignored)) {
    add_track(std::filesystem::path(remembered).filename().string(), remembered);
  }
  const std::vector<audio::InputDevice> inputs = audio::list_inputs();
  const bool there = find_track(remembered) ||
                     std::any_of(inputs.begin(), inputs.end(), [&](const auto& d) { return d.name == remembered; });
  if (!there) return start_default(fmt::format("{} is not connected: ", remembered), remembered);
  if (!choose(remembered)) start_default(fmt::format("{} cannot be opened: ", remembered));
}

bool AudioInput::choose(const std::string& input) {
  say("");
  if (const auto track = find_track(input)) {
    play_track(*track);
    return true;
  }
  if (!listener_.open(input)) return false;
  remember(input.empty() ? "" : listener_.status().source);
  return true;
}

// Nothing was asked for, or it is not there.
void AudioInput::start_default(const std::string& why, const std::string& hoped_for) {
  if (!listener_.open("")) return play_bundled(hoped_for);
  const audio::ListenerStatus status = listener_.status();
  tell(fmt::format("{}listening to {}{}", why, status.source, reason(status.kind)));
}

void AudioInput::play_track(const audio::InputDevice& track) {
  listener_.play(decode(track.id, track.name), options_.audible);
  remember(track.name == kBundledTrack ? track.name : track.id);
}

void AudioInput::play_bundled(const std::string& hoped_for) {
  const auto track = find_track(kBundledTrack);
  if (!track) return say("no audio input, and the bundled track is missing: dancing to its own beat");
  listener_.play_until_music(decode(track->id, track->name), options_.audible, hoped_for);
  log::info("{}", stand_in_words(listener_.status()));
}

}  // namespace ombra::show
