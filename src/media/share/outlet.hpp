#pragma once
// Where a running show's pictures go besides the screen and files: into a network, to other programs. Each outlet has a
// bounded queue and a thread of its own that connects, serves and, after a fault, says so, waits a little longer each
// time and begins anew. The show never waits; nor does the end: a call that hangs holds up nothing but that thread,
// which is then left to itself.

#include "media/record/live_queue.hpp"
#include "media/record/pacer.hpp"

#include <atomic>
#include <condition_variable>
#include <cstdint>
#include <future>
#include <memory>
#include <mutex>
#include <optional>
#include <span>
#include <string>

namespace ombra::media {

struct OutletStatus {
  enum class State {
    kTrying,
    kReady,    // nobody takes pictures yet
    kGiving,   // pictures go out
    kWaiting,  // until the next try
  };
  State state = State::kTrying;
  std::string name;            // of the other side: an address without its secrets, a device
  std::string detail;          // how: "libx264 veryfast", "320 x 180, RGBx"; or ""
  std::string message;         // why it does not work, or empty
  double kbit_per_s = 0.0;     // of a stream
  int connections = 0;         // so far
  std::uint64_t pictures = 0;  // given, of all connections
  std::uint64_t left_out = 0;  // the other side, or the encoder, was too slow, or had no room
};

// What the thread of one kind of outlet does. Thread: where nothing else is said its own.
class OutletWork {
 public:
  static constexpr double kFirstPauseS = 0.5;  // before the next try
  static constexpr double kFarewellS = 1.0;    // for what is left to do at the end

  // name: as OutletStatus's. pictures: at most so many wait. Pauses grow to longest_pause_s.
  OutletWork(std::string name, int width, int height, std::size_t pictures, double longest_pause_s);
  virtual ~OutletWork() = default;
  OutletWork(const OutletWork&) = delete;
  OutletWork& operator=(const OutletWork&) = delete;

  void run();
  // any thread
  void stop();
  OutletStatus status() const;
  bool takes() const { return takes_.load(std::memory_order_relaxed); }
  LiveQueue& queue() { return queue_; }

 protected:
  // Connects, and gives on what comes until the queue has ended. Throws Error when that is not possible any more.
  virtual void serve() = 0;
  // The queue was closed; the thread may hang. Any thread.
  virtual void hurry() {}

  // From now on pictures are wanted, or not; those that still wait are forgotten.
  void take(bool wanted);
  // A picture went out: the fault before is over.
  void given();
  void connected();
  template <typename Change>
  void tell(Change change) {
    const std::lock_guard lock(mutex_);
    change(status_);
  }

 private:
  bool pause(const std::string& why);

  const double longest_pause_s_;
  LiveQueue queue_;
  std::atomic<bool> takes_{false};
  double pause_s_ = kFirstPauseS, connected_s_ = 0.0;  // the thread's own
  // guarded by mutex_
  mutable std::mutex mutex_;
  std::condition_variable wake_;
  OutletStatus status_;
  bool stop_ = false;
};

// Thread: one owner.
class Outlet {
 public:
  // fps: of the grid that pictures stand on. Returns at once.
  Outlet(std::shared_ptr<OutletWork> work, double fps);
  // Ends the outlet, within kFarewellS and a little after stop().
  ~Outlet();
  Outlet(const Outlet&) = delete;
  Outlet& operator=(const Outlet&) = delete;

  // -> does anybody take pictures now?
  bool takes() const { return work_->takes(); }
  // A picture of the show that stands at time_s; as Recorder::picture.
  void picture(std::span<const std::uint8_t> rgba, double time_s, bool from_below = false);
  // As Recorder::sound.
  void sound(std::span<const float> stereo, int rate_hz, double end_s);
  OutletStatus status() const;
  // Returns at once.
  void stop();
  // -> stopped, and the destructor does not wait any more
  bool ended() const;

 private:
  const std::shared_ptr<OutletWork> work_;
  Pacer pacer_;
  std::optional<double> stopped_s_;
  std::future<void> done_;
};

}  // namespace ombra::media
