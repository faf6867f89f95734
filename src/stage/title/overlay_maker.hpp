#pragma once
// Makes the pictures of title and logo on a thread of its own, which begins with the first order: to look for fonts or
// to read a file may take seconds, and whoever draws never waits. A picture that is there stays until the next one is
// ready. Thread: one owner; it holds a lock as long as it takes to copy a pointer.

#include "stage/title/logo_file.hpp"
#include "stage/title/typesetter.hpp"

#include <condition_variable>
#include <filesystem>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <thread>

namespace ombra::stage {

struct MadeOverlay {
  std::shared_ptr<const OverlayPicture> picture;  // null: there is none
  bool current = false;                           // it is what was asked for last, or that cannot be made
};

class OverlayMaker {
 public:
  OverlayMaker() = default;
  ~OverlayMaker();
  OverlayMaker(const OverlayMaker&) = delete;
  OverlayMaker& operator=(const OverlayMaker&) = delete;

  // The newest order counts. A logo's file is looked at once a second from then on, and read again when it has changed.
  // -> the newest picture
  MadeOverlay want(const TextOrder& order);
  MadeOverlay want(const LogoOrder& order);
  void forget_logo();  // it is looked at no more
  // Waits until all that is wanted is made, or cannot be.
  void wait();
  // What is wrong, in a line, or empty.
  std::string message() const;

 private:
  template <class Order>
  struct Job {
    std::optional<Order> wanted, made;
    std::shared_ptr<const OverlayPicture> picture;
    std::string fault;
    bool open() const { return wanted && made != wanted; }
  };
  using FileState = std::optional<std::pair<std::filesystem::file_time_type, std::uintmax_t>>;

  template <class Order>
  MadeOverlay ask(Job<Order>& job, const Order& order);
  template <class Order, class Make>
  void make(std::unique_lock<std::mutex>& lock, Job<Order>& job, const Make& make_one);
  void run(const std::stop_token& stop);
  void look_at_file(std::unique_lock<std::mutex>& lock);

  // guarded by mutex_
  mutable std::mutex mutex_;
  std::condition_variable_any changed_;
  Job<TextOrder> text_;
  Job<LogoOrder> logo_;
  // the maker's thread only
  std::unique_ptr<Typesetter> typesetter_;
  std::string logo_file_;  // that the picture is of
  FileState logo_state_;
  std::jthread thread_;  // last: joined before the rest goes
};

}  // namespace ombra::stage
