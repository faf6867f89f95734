#pragma once
// Makes the pictures of title and logo on a thread of its own, which begins with the first order: to look for fonts or
// to read a file may take seconds, and whoever draws never waits. A picture that is there stays until the next one is
// ready. A file system that hangs holds up nothing but that thread, which is then left to itself.
// Thread: one owner; it holds a lock as long as it takes to copy a pointer.

#include "stage/title/logo_file.hpp"
#include "stage/title/typesetter.hpp"

#include <functional>
#include <future>
#include <memory>
#include <string>

namespace ombra::stage {

struct MadeOverlay {
  std::shared_ptr<const OverlayPicture> picture;  // null: there is none
  bool current = false;                           // it is what was asked for last, or that cannot be made
};

// How the maker's thread gets at a logo. May take as long as it likes.
struct LogoReader {
  std::function<OverlayPicture(const LogoOrder&)> read = read_logo;
  std::function<FileState(const std::string& file)> state = logo_state;
};

class OverlayMaker {
 public:
  explicit OverlayMaker(LogoReader reader = {});
  // Waits a moment for the thread's end.
  ~OverlayMaker();
  OverlayMaker(const OverlayMaker&) = delete;
  OverlayMaker& operator=(const OverlayMaker&) = delete;

  // The newest order counts. A logo's file is looked at once a second from then on, and read again when it has changed.
  // A colour that is no number is white. -> the newest picture
  MadeOverlay want(const TextOrder& order);
  MadeOverlay want(const LogoOrder& order);
  void forget_text();  // nothing is said of it any more
  void forget_logo();  // nor of this, and it is looked at no more
  // Waits until all that is wanted is made, or cannot be.
  void wait();
  // What is wrong with what is wanted, in a line, or empty.
  std::string message() const;

 private:
  struct Work;  // shared with the thread
  template <class Job, class Order>
  MadeOverlay ask(Job& job, const Order& order);

  const std::shared_ptr<Work> work_;
  std::future<void> done_;  // of the thread, once there is one
};

}  // namespace ombra::stage
