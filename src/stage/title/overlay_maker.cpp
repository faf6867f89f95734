#include "stage/title/overlay_maker.hpp"

#include "core/error.hpp"
#include "core/log.hpp"
#include "core/process.hpp"
#include "core/text.hpp"

#include <chrono>
#include <exception>

namespace ombra::stage {
namespace {

constexpr std::chrono::milliseconds kLookEvery{1000};

std::optional<std::pair<std::filesystem::file_time_type, std::uintmax_t>> state_of(const std::string& file) {
  const std::filesystem::path path = logo_path(file);
  std::error_code fault;
  const auto written = std::filesystem::last_write_time(path, fault);
  if (fault) return {};
  const std::uintmax_t bytes = std::filesystem::file_size(path, fault);
  if (fault) return {};
  return std::pair{written, bytes};
}

}  // namespace

OverlayMaker::~OverlayMaker() {
  thread_.request_stop();
  changed_.notify_all();
}

template <class Order>
MadeOverlay OverlayMaker::ask(Job<Order>& job, const Order& order) {
  const std::lock_guard lock(mutex_);
  if (job.wanted != order) {
    job.wanted = order;
    changed_.notify_all();
    if (!thread_.joinable()) thread_ = std::jthread([this](const std::stop_token& stop) { run(stop); });
  }
  return {job.picture, !job.open()};
}

MadeOverlay OverlayMaker::want(const TextOrder& order) { return ask(text_, order); }
MadeOverlay OverlayMaker::want(const LogoOrder& order) { return ask(logo_, order); }

void OverlayMaker::forget_logo() {
  const std::lock_guard lock(mutex_);
  logo_.wanted.reset();
}

void OverlayMaker::wait() {
  std::unique_lock lock(mutex_);
  changed_.wait(lock, [this] { return !text_.open() && !logo_.open(); });
}

std::string OverlayMaker::message() const {
  const std::lock_guard lock(mutex_);
  if (logo_.wanted && !logo_.fault.empty()) return logo_.fault;
  if (!text_.fault.empty()) return text_.fault;
  return text_.picture ? text_.picture->remark : "";
}

// Without the lock while it is made. What fails is said once.
template <class Order, class Make>
void OverlayMaker::make(std::unique_lock<std::mutex>& lock, Job<Order>& job, const Make& make_one) {
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
    keeps = !picture && order.file == logo_file_;  // the last good one of the same file
    if (picture) logo_file_ = order.file;
  }
  if (!keeps) job.picture = std::move(picture);
  job.fault = std::move(fault);
  job.made = order;
  changed_.notify_all();
}

// Has somebody written the logo anew? Without the lock while a slow file system answers.
void OverlayMaker::look_at_file(std::unique_lock<std::mutex>& lock) {
  if (!logo_.wanted || logo_.open()) return;
  const std::string file = logo_.wanted->file;
  lock.unlock();
  const FileState state = state_of(file);
  lock.lock();
  if (logo_.wanted && logo_.wanted->file == file && state != logo_state_) logo_.made.reset();
}

void OverlayMaker::run(const std::stop_token& stop) {
  name_thread("ombra-title");
  std::unique_lock lock(mutex_);
  while (!stop.stop_requested()) {
    if (text_.open()) {
      make(lock, text_, [this](const TextOrder& order) {
        if (!typesetter_) typesetter_ = std::make_unique<Typesetter>();
        return typesetter_->set(order);
      });
    } else if (logo_.open()) {
      make(lock, logo_, [this](const LogoOrder& order) {
        logo_state_ = state_of(order.file);
        return read_logo(order);
      });
    } else if (logo_.wanted) {
      changed_.wait_for(lock, stop, kLookEvery, [this] { return text_.open() || logo_.open() || !logo_.wanted; });
      look_at_file(lock);
    } else {
      changed_.wait(lock, stop, [this] { return text_.open() || logo_.wanted.has_value(); });
    }
  }
}

}  // namespace ombra::stage
