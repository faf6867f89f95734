#include "media/share/outlet.hpp"

#include "core/clock.hpp"
#include "core/deadline.hpp"
#include "core/log.hpp"
#include "core/process.hpp"
#include "core/text.hpp"

#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <exception>
#include <utility>

namespace ombra::media {
namespace {

constexpr int kNice = 10;                                    // as a recording: the show comes first
constexpr double kPatienceS = 1.5 * OutletWork::kFarewellS;  // then its thread is left to itself
constexpr double kGoodS = 5.0;                               // a connection that held so long was no failed try

}  // namespace

OutletWork::OutletWork(std::string name, int width, int height, std::size_t pictures, double longest_pause_s)
    : longest_pause_s_(longest_pause_s), queue_(width, height, pictures) {
  status_.name = std::move(name);
}

// What ends because of this is no fault: so the thread is told first.
void OutletWork::stop() {
  {
    const std::lock_guard lock(mutex_);
    stop_ = true;
  }
  queue_.close();
  hurry();
  wake_.notify_all();
}

OutletStatus OutletWork::status() const {
  const std::lock_guard lock(mutex_);
  return status_;
}

void OutletWork::run() {
  name_thread("ombra-outlet");
  static_cast<void>(::nice(kNice));  // on Linux of this thread, and of those that it starts
  while (true) {
    std::string why;
    try {
      tell([](OutletStatus& s) { s.state = OutletStatus::State::kTrying; });
      serve();
    } catch (const std::exception& fault) {
      why = fault.what();
    }
    take(false);
    if (!pause(why)) return;
  }
}

// -> is there to be another try?
bool OutletWork::pause(const std::string& why) {
  std::unique_lock lock(mutex_);
  if (stop_) return false;
  status_.state = OutletStatus::State::kWaiting;
  status_.kbit_per_s = 0.0;
  const std::string words = why.empty() ? fmt::format("{}: it has ended", status_.name) : why;
  if (status_.message != first_line(words)) log::warn("{}", words);
  status_.message = first_line(words);
  wake_.wait_for(lock, std::chrono::duration<double>(pause_s_), [this] { return stop_; });
  pause_s_ = std::min(2.0 * pause_s_, longest_pause_s_);
  return !stop_;
}

void OutletWork::take(bool wanted) {
  if (takes_.exchange(wanted) != wanted) queue_.clear();
}

void OutletWork::connected() {
  connected_s_ = now_s();
  const std::lock_guard lock(mutex_);
  ++status_.connections;
}

void OutletWork::given() {
  if (now_s() - connected_s_ > kGoodS) pause_s_ = kFirstPauseS;
  const std::lock_guard lock(mutex_);
  status_.state = OutletStatus::State::kGiving;
  status_.message.clear();
  ++status_.pictures;
}

Outlet::Outlet(std::shared_ptr<OutletWork> work, double fps) : work_(std::move(work)), pacer_(fps) {
  done_ = run_detached([work = work_] { work->run(); });
}

Outlet::~Outlet() {
  stop();
  done_.wait_for(std::chrono::duration<double>(*stopped_s_ + kPatienceS - now_s()));
}

void Outlet::stop() {
  if (stopped_s_) return;
  stopped_s_ = now_s();
  work_->stop();
}

bool Outlet::ended() const {
  if (!stopped_s_) return false;
  return now_s() > *stopped_s_ + kPatienceS || done_.wait_for(std::chrono::seconds(0)) == std::future_status::ready;
}

void Outlet::picture(std::span<const std::uint8_t> rgba, double time_s, bool from_below) {
  if (!work_->takes()) return;
  pacer_.load(time_s, work_->queue().fullness(time_s));
  if (pacer_.due(time_s) && !work_->queue().push(rgba, time_s, from_below)) pacer_.refuse();
}

void Outlet::sound(std::span<const float> stereo, int rate_hz, double end_s) {
  if (work_->takes()) work_->queue().sound(stereo, rate_hz, end_s);
}

OutletStatus Outlet::status() const {
  OutletStatus status = work_->status();
  status.left_out += pacer_.left_out();
  return status;
}

}  // namespace ombra::media
