#include "show/live/ears.hpp"

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

constexpr std::size_t kMaxRecordings = 9;  // in the list: the bundled track and the newest files

// Decodes file; the list calls it name.
audio::Recording decode(const std::filesystem::path& file, const std::string& name) {
  media::Sound sound = media::read_audio(file);
  return {name, std::move(sound.samples), sound.channels, sound.rate_hz};
}

// Why the default input is the default.
std::string reason(audio::InputKind kind) {
  return kind == audio::InputKind::monitor ? ", through which music plays" : "";
}

// Why the bundled track is played, and until when.
std::string stand_in_words(const audio::ListenerStatus& now) {
  if (!now.hangs.empty()) return fmt::format("Until it answers, the bundled track: {}", now.hangs);
  if (now.any_input) return "No music is heard yet: dancing to the bundled track until some is";
  return "No audio input: dancing to the bundled track";
}

}  // namespace

audio::Recording read_recording(const std::filesystem::path& file) { return decode(file, file.filename().string()); }

Ears::Ears(EarsOptions options) : options_(std::move(options)) {
  std::error_code ignored;
  if (std::filesystem::is_regular_file(options_.bundled_track, ignored)) {
    add_recording(kBundledTrack, options_.bundled_track);
  }
  if (options_.play) add_recording(options_.play->name, options_.play_file);
  listener_.listen_to(options_.channels);
  post([this] { start(); });
  worker_ = std::jthread([this](const std::stop_token& stop) { work(stop); });
}

Ears::~Ears() = default;

std::string Ears::message() const {
  const audio::ListenerStatus now = listener_.status();
  std::string all = now.stands_in ? stand_in_words(now) : "";
  const auto add = [&all](const std::string& text) { all += (all.empty() || text.empty() ? "" : "; ") + text; };
  add(now.message);
  const std::lock_guard lock(mutex_);
  add(note_);
  return all;
}

std::string Ears::news() {
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

std::string Ears::input() const {
  const std::lock_guard lock(mutex_);
  return input_;
}

std::vector<audio::InputDevice> Ears::inputs() const {
  const std::lock_guard lock(mutex_);
  std::vector<audio::InputDevice> all = inputs_;
  all.insert(all.end(), recordings_.begin(), recordings_.end());
  for (std::size_t i = 0; i < all.size(); ++i) all[i].number = static_cast<int>(i) + 1;
  return all;
}

void Ears::open(const std::string& input) {
  post([this, input] { static_cast<void>(choose(input)); });
}

void Ears::play(const std::filesystem::path& file) {
  post([this, file] {
    listener_.play(read_recording(file), options_.audible);
    say("");
    add_recording(file.filename().string(), file);
  });
}

void Ears::refresh_inputs() {
  post([this] {
    std::vector<audio::InputDevice> inputs = audio::list_inputs();
    std::erase_if(inputs, [](const audio::InputDevice& d) { return d.again; });
    const std::lock_guard lock(mutex_);
    inputs_ = std::move(inputs);
  });
}

void Ears::add_recording(const std::string& name, const std::filesystem::path& file) {
  audio::InputDevice entry;
  entry.name = name;
  entry.id = std::filesystem::absolute(file).string();
  entry.host_api = "file";
  entry.kind = audio::InputKind::recording;
  entry.system = audio::InputSystem::file;
  const std::lock_guard lock(mutex_);
  std::erase_if(recordings_, [&](const audio::InputDevice& r) { return r.id == entry.id || r.name == entry.name; });
  recordings_.push_back(std::move(entry));
  if (recordings_.size() > kMaxRecordings) recordings_.erase(recordings_.begin() + 1);
}

// text: the path of an entry, or its name in any case
std::optional<audio::InputDevice> Ears::find_recording(const std::string& text) const {
  const std::lock_guard lock(mutex_);
  const auto found = std::find_if(recordings_.begin(), recordings_.end(), [&text](const audio::InputDevice& r) {
    return r.id == text || same_in_any_case(r.name, text);
  });
  return found == recordings_.end() ? std::nullopt : std::optional(*found);
}

void Ears::remember(const std::string& input) {
  const std::lock_guard lock(mutex_);
  input_ = input;
}

void Ears::tell(const std::string& news) {
  log::info("{}", news);
  const std::lock_guard lock(mutex_);
  news_ = news;
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
  name_thread("ombra-ears");
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
    add_recording(std::filesystem::path(remembered).filename().string(), remembered);
  }
  const std::vector<audio::InputDevice> inputs = audio::list_inputs();
  const bool there = find_recording(remembered) ||
                     std::any_of(inputs.begin(), inputs.end(), [&](const auto& d) { return d.name == remembered; });
  if (!there) return start_default(fmt::format("{} is not there: ", remembered), remembered);
  if (!choose(remembered)) start_default(fmt::format("{} cannot be opened: ", remembered));
}

bool Ears::choose(const std::string& input) {
  say("");
  if (const auto recording = find_recording(input)) {
    play_recording(*recording);
    return true;
  }
  if (!listener_.open(input)) return false;
  remember(input.empty() ? "" : listener_.status().source);
  return true;
}

// Nothing was asked for, or it is not there.
void Ears::start_default(const std::string& why, const std::string& hoped_for) {
  if (!listener_.open("")) return play_bundled(hoped_for);
  const audio::ListenerStatus status = listener_.status();
  tell(fmt::format("{}listening to {}{}", why, status.source, reason(status.kind)));
}

void Ears::play_recording(const audio::InputDevice& recording) {
  listener_.play(decode(recording.id, recording.name), options_.audible);
  remember(recording.name == kBundledTrack ? recording.name : recording.id);
}

void Ears::play_bundled(const std::string& hoped_for) {
  const auto track = find_recording(kBundledTrack);
  if (!track) return say("no audio input, and the bundled track is missing: dancing to its own beat");
  listener_.play_until_music(decode(track->id, track->name), options_.audible, hoped_for);
  log::info("{}", stand_in_words(listener_.status()));
}

}  // namespace ombra::show
