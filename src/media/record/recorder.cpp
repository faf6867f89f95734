#include "media/record/recorder.hpp"

#include "core/clock.hpp"
#include "core/error.hpp"
#include "core/log.hpp"
#include "core/new_file.hpp"
#include "core/outputs.hpp"
#include "core/process.hpp"

#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <deque>
#include <exception>
#include <memory>
#include <system_error>
#include <utility>

namespace ombra::media {
namespace {

constexpr std::size_t kPictures = 32;  // that wait: a second of them
constexpr int kNice = 10;  // the show comes first: at 4 its frames took 22 % longer on two cores, at 10 6 to 14 %
constexpr double kSoundLateS = 0.5;  // sound that is later than its picture by more will not come
constexpr double kDiskEveryS = 1.0;
constexpr int kTrial = 6;  // pictures after which the first preset is judged
constexpr const char* kFastPreset = "ultrafast";

// The share of the time between two pictures that encoding one may take: where there are two cores, the show needs most
// of both.
double share() { return std::thread::hardware_concurrency() >= 4 ? 0.6 : 0.2; }

// Would the first preset take longer than that? Then it is not even tried: what it costs in the first second is missing
// in the file. By its cost on one core of an AMD EPYC.
bool too_slow(const LiveFormat& f) {
  constexpr double kSecondsPerPixel = 11e-9;
  const double cores = std::max(1u, std::thread::hardware_concurrency() / 2);
  return kSecondsPerPixel * f.width * f.height / cores > share() / f.fps;
}

}  // namespace

// What the encoder's thread works on.
struct Recorder::Work {
  // the newest file takes pictures; those before it wait for the last of their sound
  std::deque<std::unique_ptr<LiveFile>> files;
  LiveFormat format;
  std::filesystem::path path;
  std::string remark;
  int opened = 0;
  double newest_s = 0.0;  // time of the newest picture
  std::int64_t closed_bytes = 0;
  double closed_s = 0.0;
  std::uint64_t closed_pictures = 0, closed_repeated = 0;
  std::uint64_t pictures = 0;        // given to encoders
  std::optional<SetAside> replaced;  // what the first file takes the place of, until that is complete
  double took_s = 0.0, began_s = 0.0, disk_s = 0.0, first_s = 0.0;
  int tried = 0;
  std::int64_t free_bytes = -1;
};

Recorder::Recorder(RecorderOptions options)
    : options_(std::move(options)),
      pacer_(av_q2d(frame_rate(options_.format.fps))),
      queue_(options_.format.width, options_.format.height, kPictures) {
  av_quiet();
  status_.path = options_.path;
  thread_ = std::jthread([this] { run(); });
}

Recorder::~Recorder() { stop(); }

std::optional<double> Recorder::wants(double time_s) {
  double fullness = 0.0;
  {
    const std::lock_guard lock(mutex_);
    if (stop_ || status_.ended) return std::nullopt;
    last_s_ = time_s;
    // while the encoder is still being opened, pictures wait without saying anything about its speed
    if (status_.files > 0 && !holding_) fullness = queue_.fullness(time_s);
  }
  pacer_.load(time_s, fullness);
  stride_.store(pacer_.stride(), std::memory_order_relaxed);
  return pacer_.due(time_s);
}

void Recorder::picture(std::span<const std::uint8_t> rgba, double time_s, bool from_below) {
  {
    const std::lock_guard lock(mutex_);
    if (stop_ || status_.ended) return;
  }
  if (!queue_.push(rgba, time_s, from_below)) pacer_.refuse();
}

void Recorder::sound(std::span<const float> stereo, int rate_hz, double end_s) {
  if (!options_.format.sound) return;
  {
    const std::lock_guard lock(mutex_);
    if (status_.ended) return;
  }
  queue_.sound(stereo, rate_hz, end_s);
}

void Recorder::stop() {
  {
    const std::lock_guard lock(mutex_);
    stop_ = true;
  }
  queue_.close();
}

RecorderStatus Recorder::status() const {
  const std::lock_guard lock(mutex_);
  RecorderStatus status = status_;
  status.left_out = pacer_.left_out();
  status.waiting = queue_.waiting();
  return status;
}

void Recorder::run() {
  name_thread("ombra-recorder");
  static_cast<void>(::nice(kNice));  // on Linux of this thread, and of those that it starts
  Work work;
  work.format = options_.format;
  if (too_slow(work.format)) work.format.preset = kFastPreset;
  std::string fault;
  try {
    record(work);
  } catch (const std::exception& e) {
    fault = e.what();
    log::warn("recording: {}", fault);
  }
  work.files.clear();
  if (work.replaced && work.pictures == 0) {
    work.replaced->restore();
  } else if (work.replaced && !work.replaced->where().empty()) {  // it broke off: both are kept
    fault += fmt::format("; the file that it was to replace is {}", work.replaced->where().string());
  }
  const std::lock_guard lock(mutex_);
  status_.ended = true;
  status_.failed = !fault.empty();
  if (!fault.empty()) status_.message = fault;
}

void Recorder::record(Work& work) {
  using namespace std::chrono_literals;
  double last_s = -1e9;
  while (true) {
    const LiveQueue::Batch batch = queue_.next(0.05, !work.files.empty());
    if (batch.picture && work.files.empty()) open_next(work, batch.picture->time_s);
    pass_on(work, batch.pieces);
    if (batch.picture) {
      write(work, *batch.picture);
    } else if (!batch.end && !work.files.empty()) {
      work.files.back()->follow_sound();
    }
    end_files(work, false);
    tell(work);
    if (batch.end || loop_is_long(work) || disk_is_full(work)) break;
  }
  {
    const std::lock_guard lock(mutex_);
    std::swap(last_s, last_s_);
  }
  // those that were left out at the end, too
  if (!work.files.empty()) work.files.back()->hold_until(last_s + 0.75 / options_.format.fps);
  // the sound of the last pictures is still on its way
  for (const double until_s = now_s() + kSoundLateS; now_s() < until_s; std::this_thread::sleep_for(10ms)) {
    pass_on(work, queue_.next(0.0, true).pieces);
    if (std::all_of(work.files.begin(), work.files.end(), [](const auto& f) { return f->heard(); })) break;
  }
  end_files(work, true);
  tell(work);
}

void Recorder::pass_on(Work& work, const std::vector<LiveQueue::Piece>& sound) {
  for (const LiveQueue::Piece& piece : sound) {
    for (const auto& file : work.files) file->sound(piece.stereo, piece.rate_hz, piece.end_s);
  }
}

void Recorder::write(Work& work, const LiveQueue::Picture& picture) {
  holding_ = true;
  work.files.back()->hold_until(picture.time_s);
  holding_ = false;
  // the next file goes on where this one ends, on the same grid
  if (options_.roll_bytes > 0 && work.files.back()->bytes() >= options_.roll_bytes) {
    open_next(work, work.files.back()->end_s());
  }
  LiveFile& file = *work.files.back();
  const double start_s = now_s();
  file.picture(picture.rgba, picture.time_s);
  const double took_s = now_s() - start_s;
  queue_.give_back(picture);
  work.newest_s = picture.time_s;
  ++work.pictures;
  for (const auto& f : work.files) f->no_sound_before(picture.time_s - kSoundLateS);
  keep_up(work, took_s);
}

void Recorder::open_next(Work& work, double time_s) {
  const bool first = work.opened == 0;
  std::error_code ignored;
  const bool numbered = options_.format.kind == VideoKind::kPng;
  if (first && options_.replace) {
    work.replaced.emplace(numbered ? std::filesystem::path(media::numbered(options_.path)) : options_.path, numbered);
  }
  const bool taken = !first || (!options_.replace && std::filesystem::exists(options_.path, ignored));
  work.path = taken ? free_path(options_.path) : options_.path;
  work.files.push_back(std::make_unique<LiveFile>(work.path, work.format, time_s));
  if (work.opened++ == 0) {
    work.first_s = time_s;
    work.remark = work.files.back()->remark();
    log::info("recording {} ({})", work.path.string(), work.files.back()->encoding().encoder);
  }
}

// A preset that takes too long, or that pictures wait for, makes way for the fastest one.
void Recorder::keep_up(Work& work, double took_s) {
  work.took_s += (took_s - work.took_s) / std::min<double>(20.0, static_cast<double>(work.pictures));
  if (work.format.preset == kFastPreset) return;
  if (++work.tried < kTrial) return;
  const bool lags = stride_.load(std::memory_order_relaxed) > 1;
  const bool slow = work.took_s > share() / options_.format.fps;
  if ((lags || slow) && work.files.back()->set_preset(kFastPreset)) {
    log::debug("recording: {:.1f} ms a picture, {} from now on", 1000.0 * work.took_s, kFastPreset);
    work.format.preset = kFastPreset;
  }
}

// Files that wait for nothing more, or all.
void Recorder::end_files(Work& work, bool all) {
  while (work.files.size() > (all ? 0u : 1u)) {
    LiveFile& file = *work.files.front();
    if (!all && !file.heard()) return;
    file.finish();
    if (work.replaced) work.replaced->forget();
    work.replaced.reset();
    work.closed_pictures += file.pictures(), work.closed_repeated += file.repeated();
    work.closed_bytes += file.bytes();
    work.closed_s += file.seconds();
    work.files.pop_front();
  }
}

bool Recorder::loop_is_long(const Work& work) {
  const double most_s = most_seconds(options_.format.kind);
  if (work.newest_s - work.first_s < most_s) return false;
  const std::lock_guard lock(mutex_);
  status_.message = fmt::format("{} is complete: a loop ends after {:.0f} s", work.path.string(), most_s);
  return true;
}

// Looks once in a while.
bool Recorder::disk_is_full(Work& work) {
  if (work.files.empty() || now_s() - work.disk_s < kDiskEveryS) return false;
  work.disk_s = now_s();
  std::error_code code;
  const auto space = std::filesystem::space(work.path, code);
  if (code) return false;
  work.free_bytes = static_cast<std::int64_t>(space.available);
  if (work.free_bytes >= options_.least_free_bytes) return false;
  const std::lock_guard lock(mutex_);
  status_.message = fmt::format("the disk is nearly full: {} is complete, the recording has ended", work.path.string());
  log::warn("{}", status_.message);
  return true;
}

void Recorder::tell(const Work& work) {
  const std::lock_guard lock(mutex_);
  RecorderStatus& s = status_;
  s.bytes = work.closed_bytes;
  s.seconds = work.closed_s;
  s.pictures = work.closed_pictures, s.repeated = work.closed_repeated;
  for (const auto& file : work.files) {
    s.bytes += file->bytes(), s.seconds += file->seconds();
    s.pictures += file->pictures(), s.repeated += file->repeated();
  }
  s.files = work.opened;
  s.remark = work.remark;
  s.encode_ms = 1000.0 * work.took_s;
  s.free_bytes = work.free_bytes;
  if (work.files.empty()) return;
  s.path = work.path;
  const PictureEncoding& e = work.files.back()->encoding();
  s.encoder = e.encoder == "libx264" ? e.encoder + " " + e.preset : e.encoder;
  if (s.free_bytes >= 0 && s.seconds > 1.0 && s.bytes > 0) {
    const auto room = static_cast<double>(std::max<std::int64_t>(0, s.free_bytes - options_.least_free_bytes));
    s.left_s = room / (static_cast<double>(s.bytes) / s.seconds);
  }
}

}  // namespace ombra::media
