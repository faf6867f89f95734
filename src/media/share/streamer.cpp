#include "media/share/streamer.hpp"

#include "core/clock.hpp"
#include "core/log.hpp"
#include "media/read/av_check.hpp"
#include "media/write/muxer.hpp"

#include <algorithm>
#include <string>
#include <utility>

namespace ombra::media {
namespace {

constexpr std::size_t kPictures = 10;  // that wait: more would only come later
constexpr double kSoundLateS = 0.3;    // sound that is later than its picture by more will not come
constexpr double kRateEveryS = 2.0;    // over so long the bit rate is counted
constexpr double kTooSlow = 0.7;       // of the time between two pictures: then a faster preset has to do
constexpr int kTrial = 12;             // pictures after which that is judged
constexpr const char* kFastPreset = "ultrafast";

class StreamWork final : public OutletWork {
 public:
  StreamWork(StreamUrl url, const LiveFormat& format, double longest_pause_s)
      : OutletWork(url.shown, format.width, format.height, kPictures, longest_pause_s),
        url_(std::move(url)),
        format_(format) {}

 protected:
  void serve() override;
  void hurry() override { patience_.end_in(takes() ? kFarewellS : 0.0); }

 private:
  void begin(std::unique_ptr<Muxer> muxer, double time_s);
  void send(std::unique_ptr<Muxer> muxer);
  void write(const LiveQueue::Batch& batch);
  void keep_up(double took_s);
  void count();

  const StreamUrl url_;
  Patience patience_;
  LiveFormat format_;
  // of this connection
  std::unique_ptr<LiveFile> file_;
  double rate_s_ = 0.0, took_s_ = 0.0;
  std::int64_t rate_bytes_ = 0;
  int encoded_ = 0;
};

// A connection is closed here and at once, whatever ends it: a long pause may follow, or nothing more.
void StreamWork::serve() {
  const auto close = [](StreamWork* work) { work->file_.reset(); };
  const std::unique_ptr<StreamWork, decltype(close)> closed(this);
  send(std::make_unique<Muxer>(url_.url, url_.shown, url_.muxer, patience_, url_.listens));
}

void StreamWork::send(std::unique_ptr<Muxer> muxer) {
  take(true);
  while (true) {
    const LiveQueue::Batch batch = queue().next(0.05, file_ != nullptr);
    const LiveQueue::Loan loan(queue(), batch.picture);
    if (batch.picture && !file_) begin(std::move(muxer), batch.picture->time_s);
    if (file_) write(batch);
    if (batch.end) break;
  }
  if (file_) file_->finish();
}

void StreamWork::begin(std::unique_ptr<Muxer> muxer, double time_s) {
  file_ = std::make_unique<LiveFile>(std::move(muxer), format_, time_s);
  rate_s_ = now_s();
  rate_bytes_ = 0, took_s_ = 0.0, encoded_ = 0;
  connected();
  log::info("streaming to {} ({})", url_.shown, file_->encoding().encoder);
}

void StreamWork::write(const LiveQueue::Batch& batch) {
  for (const LiveQueue::Piece& piece : batch.pieces) file_->sound(piece.stereo, piece.rate_hz, piece.end_s);
  if (batch.picture) {
    const double start_s = now_s();
    file_->picture(batch.picture->rgba, batch.picture->time_s);
    keep_up(now_s() - start_s);
    file_->no_sound_before(batch.picture->time_s - kSoundLateS);
    given();
  } else {
    file_->follow_sound();
  }
  count();
}

// A preset that takes too long makes way for the fastest one.
void StreamWork::keep_up(double took_s) {
  took_s_ += (took_s - took_s_) / std::min(kTrial, ++encoded_);
  if (encoded_ < kTrial || format_.preset == kFastPreset || took_s_ * format_.fps < kTooSlow) return;
  if (file_->set_preset(kFastPreset)) format_.preset = kFastPreset;
}

void StreamWork::count() {
  const double seconds = now_s() - rate_s_;
  if (seconds < kRateEveryS) return;
  const double kbit = 8e-3 * static_cast<double>(file_->bytes() - rate_bytes_);
  rate_s_ += seconds, rate_bytes_ = file_->bytes();
  const PictureEncoding& e = file_->encoding();
  tell([&](OutletStatus& s) {
    s.kbit_per_s = kbit / seconds;
    s.detail = e.encoder == "libx264" ? e.encoder + " " + e.preset : e.encoder;
  });
}

}  // namespace

std::unique_ptr<Outlet> make_streamer(StreamUrl url, const LiveFormat& format, double longest_pause_s) {
  for (const std::string& secret : url.secrets) av_hide(secret);
  av_quiet();
  return std::make_unique<Outlet>(std::make_shared<StreamWork>(std::move(url), format, longest_pause_s),
                                  av_q2d(frame_rate(format.fps)));
}

}  // namespace ombra::media
