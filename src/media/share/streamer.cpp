#include "media/share/streamer.hpp"

#include "core/clock.hpp"
#include "core/deadline.hpp"
#include "core/error.hpp"
#include "core/log.hpp"
#include "core/process.hpp"
#include "core/text.hpp"
#include "media/record/live_queue.hpp"

#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <chrono>
#include <condition_variable>
#include <exception>
#include <mutex>
#include <utility>

namespace ombra::media {
namespace {

constexpr std::size_t kPictures = 10;  // that wait: more would only come later
constexpr int kNice = 10;              // as a recording: the show comes first
constexpr double kSoundLateS = 0.3;    // sound that is later than its picture by more will not come
constexpr double kGoodS = 5.0;         // a connection that held so long is no failed try
constexpr double kRateEveryS = 2.0;    // over so long the bit rate is counted
constexpr double kTooSlow = 0.7;       // of the time between two pictures: then a faster preset has to do
constexpr int kTrial = 12;             // pictures after which that is judged
constexpr const char* kFastPreset = "ultrafast";

}  // namespace

class Streamer::Link {
 public:
  Link(StreamUrl url, const LiveFormat& format)
      : url_(std::move(url)), queue_(format.width, format.height, kPictures), format_(format) {
    status_.shown = url_.shown;
  }

  void run();
  void stop();
  StreamStatus status() const {
    const std::lock_guard lock(mutex_);
    return status_;
  }
  bool sending() const { return sending_.load(std::memory_order_relaxed); }
  LiveQueue& queue() { return queue_; }
  const std::vector<std::string>& secrets() const { return url_.secrets; }

 private:
  void connect();
  void send(std::unique_ptr<Muxer> muxer);
  void write(LiveFile& file, const LiveQueue::Batch& batch);
  void keep_up(LiveFile& file, double took_s);
  void tell(const LiveFile& file);
  void pause(const std::string& why);

  const StreamUrl url_;
  LiveQueue queue_;
  Patience patience_;
  std::atomic<bool> sending_{false};
  // the thread's own
  LiveFormat format_;
  double pause_s_ = kFirstPauseS, began_s_ = 0.0, rate_s_ = 0.0, took_s_ = 0.0;
  std::int64_t rate_bytes_ = 0;
  std::uint64_t pictures_ = 0, before_ = 0;  // of this connection given to the encoder; of those before it sent
  // guarded by mutex_
  mutable std::mutex mutex_;
  std::condition_variable wake_;
  StreamStatus status_;
  bool stop_ = false;
};

void Streamer::Link::stop() {
  patience_.end_in(sending() ? kFarewellS : 0.0);
  queue_.close();
  {
    const std::lock_guard lock(mutex_);
    stop_ = true;
  }
  wake_.notify_all();
}

void Streamer::Link::run() {
  name_thread("ombra-stream");
  static_cast<void>(::nice(kNice));  // on Linux of this thread, and of those that it starts
  while (true) {
    std::string why;
    try {
      connect();
    } catch (const std::exception& fault) {
      why = fault.what();
    }
    sending_ = false;
    {
      const std::lock_guard lock(mutex_);
      if (stop_) return;
    }
    pause(why);
  }
}

void Streamer::Link::connect() {
  {
    const std::lock_guard lock(mutex_);
    status_.state = StreamStatus::State::kConnecting;
  }
  auto muxer = std::make_unique<Muxer>(url_.url, url_.shown, url_.muxer, patience_);
  queue_.clear();
  sending_ = true;
  send(std::move(muxer));
}

// Until the end, or a fault.
void Streamer::Link::send(std::unique_ptr<Muxer> muxer) {
  std::unique_ptr<LiveFile> file;
  pictures_ = 0, took_s_ = 0.0, rate_bytes_ = 0;
  while (true) {
    const LiveQueue::Batch batch = queue_.next(0.05, file != nullptr);
    if (batch.picture && !file) {
      file = std::make_unique<LiveFile>(std::move(muxer), format_, batch.picture->time_s);
      began_s_ = rate_s_ = now_s();
      const std::lock_guard lock(mutex_);
      ++status_.connections;
      log::info("streaming to {} ({})", url_.shown, file->encoding().encoder);
    }
    if (file) {
      write(*file, batch);
      tell(*file);
    }
    if (batch.end) break;
  }
  if (file) file->finish();
}

void Streamer::Link::write(LiveFile& file, const LiveQueue::Batch& batch) {
  for (const LiveQueue::Piece& piece : batch.pieces) file.sound(piece.stereo, piece.rate_hz, piece.end_s);
  if (!batch.picture) return file.follow_sound();
  const double start_s = now_s();
  try {
    file.picture(batch.picture->rgba, batch.picture->time_s);
  } catch (...) {
    queue_.give_back(*batch.picture);
    throw;
  }
  queue_.give_back(*batch.picture);
  keep_up(file, now_s() - start_s);
  file.no_sound_before(batch.picture->time_s - kSoundLateS);
}

// A preset that takes too long makes way for the fastest one.
void Streamer::Link::keep_up(LiveFile& file, double took_s) {
  took_s_ += (took_s - took_s_) / std::min<double>(kTrial, static_cast<double>(++pictures_));
  if (pictures_ < kTrial || format_.preset == kFastPreset || took_s_ * format_.fps < kTooSlow) return;
  if (file.set_preset(kFastPreset)) format_.preset = kFastPreset;
}

void Streamer::Link::tell(const LiveFile& file) {
  const double now = now_s();
  if (now - began_s_ > kGoodS) pause_s_ = kFirstPauseS;
  const std::lock_guard lock(mutex_);
  StreamStatus& s = status_;
  s.state = StreamStatus::State::kSending;
  s.message.clear();
  s.seconds = now - began_s_;
  s.pictures = before_ + file.pictures();
  const PictureEncoding& e = file.encoding();
  s.encoder = e.encoder == "libx264" ? e.encoder + " " + e.preset : e.encoder;
  if (now - rate_s_ < kRateEveryS) return;
  s.kbit_per_s = 8e-3 * static_cast<double>(file.bytes() - rate_bytes_) / (now - rate_s_);
  rate_s_ = now, rate_bytes_ = file.bytes();
}

void Streamer::Link::pause(const std::string& why) {
  std::unique_lock lock(mutex_);
  before_ = status_.pictures;
  status_.state = StreamStatus::State::kWaiting;
  status_.kbit_per_s = status_.seconds = 0.0;
  if (status_.message != first_line(why)) log::warn("stream: {}", why);
  status_.message = first_line(why);
  wake_.wait_for(lock, std::chrono::duration<double>(pause_s_), [this] { return stop_; });
  pause_s_ = std::min(2.0 * pause_s_, kLongestPauseS);
}

Streamer::Streamer(StreamUrl url, const LiveFormat& format)
    : link_(std::make_shared<Link>(std::move(url), format)), pacer_(av_q2d(frame_rate(format.fps))) {
  for (const std::string& secret : link_->secrets()) av_hide(secret);
  av_quiet();
  done_ = run_detached([link = link_] { link->run(); });
}

Streamer::~Streamer() {
  link_->stop();
  done_.wait_for(std::chrono::duration<double>(1.5 * kFarewellS));
}

void Streamer::picture(std::span<const std::uint8_t> rgba, double time_s, bool from_below) {
  if (!link_->sending()) return;
  pacer_.load(time_s, link_->queue().fullness(time_s));
  if (pacer_.due(time_s) && !link_->queue().push(rgba, time_s, from_below)) pacer_.refuse();
}

void Streamer::sound(std::span<const float> stereo, int rate_hz, double end_s) {
  if (link_->sending()) link_->queue().sound(stereo, rate_hz, end_s);
}

StreamStatus Streamer::status() const {
  StreamStatus status = link_->status();
  status.left_out = pacer_.left_out();
  return status;
}

}  // namespace ombra::media
