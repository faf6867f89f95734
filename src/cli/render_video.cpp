#include "cli/render_video.hpp"

#include "cli/preview.hpp"
#include "core/clock.hpp"
#include "core/interrupt.hpp"
#include "core/log.hpp"
#include "core/process.hpp"
#include "core/progress.hpp"

#include <condition_variable>
#include <cstddef>
#include <deque>
#include <exception>
#include <mutex>
#include <optional>
#include <thread>
#include <utility>
#include <vector>

namespace ombra::cli {
namespace {

constexpr std::size_t kMaxWaiting = 3;

// Encodes on its own thread. Thread: give and finish from one, the drawing one.
class Encoding {
 public:
  Encoding(const std::filesystem::path& output, const media::VideoFormat& format)
      : output_(output), format_(format), preview_(output), thread_([this] { run(); }) {}
  // Without finish(): what was given so far is left as a video that plays.
  ~Encoding() { close(); }
  Encoding(const Encoding&) = delete;
  Encoding& operator=(const Encoding&) = delete;

  // Takes picture and leaves memory for the next one; waits while too many are on their way. Throws what encoding
  // threw.
  void give(gfx::Image& picture) {
    std::unique_lock lock(mutex_);
    changed_.wait(lock, [this] { return waiting_.size() < kMaxWaiting || fault_; });
    if (fault_) std::rethrow_exception(fault_);
    waiting_.push_back(std::move(picture));
    picture = {};
    if (!used_.empty()) picture = std::move(used_.back()), used_.pop_back();
    changed_.notify_all();
  }
  // Ends the file when all is written. Throws what encoding threw.
  void finish() {
    close();
    if (fault_) std::rethrow_exception(fault_);
  }

 private:
  void close() {
    if (!thread_.joinable()) return;
    {
      const std::lock_guard lock(mutex_);
      closed_ = true;
    }
    changed_.notify_all();
    thread_.join();
  }

  void run() {
    name_thread("ombra-encode");
    try {
      encode();
    } catch (...) {
      const std::lock_guard lock(mutex_);
      fault_ = std::current_exception();
    }
    changed_.notify_all();
  }

  void encode() {
    std::optional<media::VideoWriter> video;
    while (true) {
      gfx::Image picture;
      {
        std::unique_lock lock(mutex_);
        changed_.wait(lock, [this] { return !waiting_.empty() || closed_; });
        if (waiting_.empty()) break;
        picture = std::move(waiting_.front());
        waiting_.pop_front();
      }
      changed_.notify_all();
      if (!video) {
        media::VideoFormat format = format_;
        format.width = picture.width, format.height = picture.height;
        video.emplace(output_, format);
      }
      video->write(picture.pixels);
      preview_.show(picture);
      const std::lock_guard lock(mutex_);
      used_.push_back(std::move(picture));
    }
    if (video) video->finish();
  }

  // immutable after construction
  const std::filesystem::path output_;
  const media::VideoFormat format_;
  // encoding thread only
  Preview preview_;
  // guarded by mutex_
  std::mutex mutex_;
  std::condition_variable changed_;
  std::deque<gfx::Image> waiting_;
  std::vector<gfx::Image> used_;  // memory to be drawn into again
  std::exception_ptr fault_;
  bool closed_ = false;
  std::jthread thread_;  // last: joined before the rest goes
};

}  // namespace

RenderedVideo render_video(show::PictureSource& source, const std::filesystem::path& output,
                           const media::VideoFormat& format) {
  RenderedVideo done;
  const double start_s = now_s();
  log::info("{}: {} is a preview of the newest picture", output.string(), Preview(output).path().string());
  Encoding encoding(output, format);
  {
    Progress progress("rendering", source.frames());
    gfx::Image picture;
    while (!interrupted() && source.next(picture)) {
      encoding.give(picture);
      ++done.frames;
      const double drawn_s = static_cast<double>(done.frames) / format.fps, took_s = now_s() - start_s;
      if (took_s > 1.0) progress.note(fmt::format("{:.2f} times real time", drawn_s / took_s));
      progress.add();
    }
    encoding.finish();
  }
  done.took_s = now_s() - start_s;
  return done;
}

}  // namespace ombra::cli
