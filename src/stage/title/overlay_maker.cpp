#include "stage/title/overlay_maker.hpp"

#include "core/deadline.hpp"
#include "core/error.hpp"
#include "core/log.hpp"
#include "core/process.hpp"
#include "core/text.hpp"

#include <chrono>
#include <cmath>
#include <condition_variable>
#include <exception>
#include <mutex>
#include <optional>
#include <utility>

namespace ombra::stage {
namespace {

using Clock = std::chrono::steady_clock;

constexpr std::chrono::milliseconds kLookEvery{1000};
constexpr std::chrono::milliseconds kFarewell{500};  // then its thread is left to itself

template <class Order>
struct Job {
  std::optional<Order> wanted, made;
  std::shared_ptr<const OverlayPicture> picture;
  std::string fault;
  bool open() const { return wanted && made != wanted; }
};

}  // namespace

struct OverlayMaker::Work {
  explicit Work(LogoReader logo_reader) : reader(std::move(logo_reader)) {}

  void run();
  template <class Order, class Make>
  void make(std::unique_lock<std::mutex>& lock, Job<Order>& job, const Make& make_one);
  void look_at_file(std::unique_lock<std::mutex>& lock);

  // guarded by mutex
  mutable std::mutex mutex;
  std::condition_variable changed;
  Job<TextOrder> text;
  Job<LogoOrder> logo;
  bool stop = false;
  // the maker's thread only
  const LogoReader reader;
  std::unique_ptr<Typesetter> typesetter;
  std::string logo_file;  // that the picture is of
  FileState state;
  Clock::time_point looked;  // at the file
};

OverlayMaker::OverlayMaker(LogoReader reader) : work_(std::make_shared<Work>(std::move(reader))) {}

OverlayMaker::~OverlayMaker() {
  {
    const std::lock_guard lock(work_->mutex);
    work_->stop = true;
  }
  work_->changed.notify_all();
  if (done_.valid()) done_.wait_for(kFarewell);
}

template <class Job, class Order>
MadeOverlay OverlayMaker::ask(Job& job, const Order& order) {
  const std::lock_guard lock(work_->mutex);
  if (job.wanted != order) {
    job.wanted = order;
    work_->changed.notify_all();
    if (!done_.valid()) done_ = run_detached([work = work_] { work->run(); });
  }
  return {job.picture, !job.open()};
}

// What is no number would differ from itself, and never be made.
MadeOverlay OverlayMaker::want(const TextOrder& order) {
  TextOrder sane = order;
  for (float& light : sane.rgb) light = std::isfinite(light) ? light : 1.0f;
  return ask(work_->text, sane);
}

MadeOverlay OverlayMaker::want(const LogoOrder& order) { return ask(work_->logo, order); }

void OverlayMaker::forget_text() {
  const std::lock_guard lock(work_->mutex);
  work_->text.wanted.reset();
}

void OverlayMaker::forget_logo() {
  const std::lock_guard lock(work_->mutex);
  work_->logo.wanted.reset();
}

void OverlayMaker::wait() {
  std::unique_lock lock(work_->mutex);
  work_->changed.wait(lock, [this] { return !work_->text.open() && !work_->logo.open(); });
}

std::string OverlayMaker::message() const {
  const Work& w = *work_;
  const std::lock_guard lock(w.mutex);
  if (w.logo.wanted && !w.logo.fault.empty()) return w.logo.fault;
  if (!w.text.wanted) return "";
  if (!w.text.fault.empty()) return w.text.fault;
  return w.text.picture ? w.text.picture->remark : "";
}

// Without the lock while it is made. What fails is said once.
template <class Order, class Make>
void OverlayMaker::Work::make(std::unique_lock<std::mutex>& lock, Job<Order>& job, const Make& make_one) {
  const Order order = *job.wanted;
  lock.unlock();
  std::shared_ptr<const OverlayPicture> picture;
  std::string fault;
  try {
    picture = std::make_shared<const OverlayPicture>(make_one(order));
  } catch (const std::exception& problem) {  // no memory, too
    fault = first_line(problem.what());
    log::warn("{}", problem.what());
  }
  if (picture && !picture->remark.empty()) log::warn("{}", picture->remark);
  lock.lock();
  bool keeps = false;
  if constexpr (std::is_same_v<Order, LogoOrder>) {
    keeps = !picture && order.file == logo_file;  // the last good one of the same file
    if (picture) logo_file = order.file;
  }
  if (!keeps) job.picture = std::move(picture);
  job.fault = std::move(fault);
  job.made = order;
  changed.notify_all();
}

// Has somebody written the logo anew? Without the lock while a slow file system answers.
void OverlayMaker::Work::look_at_file(std::unique_lock<std::mutex>& lock) {
  const std::string file = logo.wanted->file;
  lock.unlock();
  const FileState now = reader.state(file);
  lock.lock();
  looked = Clock::now();
  if (logo.wanted && logo.wanted->file == file && now != state) logo.made.reset();
}

void OverlayMaker::Work::run() {
  name_thread("ombra-title");
  std::unique_lock lock(mutex);
  const auto called = [this] { return stop || text.open() || logo.open(); };
  while (!stop) {
    if (text.open()) {
      make(lock, text, [this](const TextOrder& order) {
        if (!typesetter) typesetter = std::make_unique<Typesetter>();
        return typesetter->set(order);
      });
    } else if (logo.open()) {
      make(lock, logo, [this](const LogoOrder& order) {
        state = reader.state(order.file);
        looked = Clock::now();
        return reader.read(order);
      });
    } else if (!logo.wanted) {
      changed.wait(lock, [&] { return called() || logo.wanted; });
    } else if (!changed.wait_until(lock, looked + kLookEvery, [&] { return called() || !logo.wanted; })) {
      look_at_file(lock);
    }
  }
}

}  // namespace ombra::stage
