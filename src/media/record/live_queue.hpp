#pragma once
// Pictures and sound of a show on their way to a thread that encodes them. Bounded: what does not fit is refused, and
// nobody waits. Thread: the show's calls push(), sound() and fullness(), the encoder's next() and give_back(); the rest
// any.

#include <condition_variable>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <memory>
#include <mutex>
#include <optional>
#include <span>
#include <vector>

namespace ombra::media {

class LiveQueue {
 public:
  static constexpr double kMaxLagS = 1.0;  // of the oldest picture: what waits longer is late for good
  static constexpr std::size_t kMostBytes = 128u << 20;

  // pictures: at most so many wait; fewer, but three at least, where they would take more than kMostBytes. Their memory
  // is taken when they come.
  LiveQueue(int width, int height, std::size_t pictures);

  // rgba: [height][width][4], rows from the top or from below; copied. -> false: it does not fit
  bool push(std::span<const std::uint8_t> rgba, double time_s, bool from_below);
  // stereo: interleaved, the last of it heard at end_s; copied. About twenty seconds fit.
  void sound(std::span<const float> stereo, int rate_hz, double end_s);
  // -> 0 empty .. 1 full, or the oldest picture waits too long
  double fullness(double time_s) const;
  // Nothing is taken any more.
  void close();
  // What waits is forgotten.
  void clear();

  struct Picture {
    std::size_t place;
    std::span<const std::uint8_t> rgba;  // rows from the top, PictureEncoder::kSlack bytes behind it; until give_back()
    double time_s;
  };
  struct Piece {
    std::vector<float> stereo;
    int rate_hz;
    double end_s;
  };
  struct Batch {
    std::optional<Picture> picture;
    std::vector<Piece> pieces;
    bool end = false;  // closed, and no picture is left
  };
  // Waits wait_s at most for a picture or the end. Sound is left where it is while there is no picture and not
  // sound_alone.
  Batch next(double wait_s, bool sound_alone);
  void give_back(const Picture& picture);
  // Gives a picture, if there is one, back at its end, whatever happens until then.
  class Loan {
   public:
    Loan(LiveQueue& queue, const std::optional<Picture>& picture) : queue_(queue), picture_(picture) {}
    ~Loan() {
      if (picture_) queue_.give_back(*picture_);
    }
    Loan(const Loan&) = delete;
    Loan& operator=(const Loan&) = delete;

   private:
    LiveQueue& queue_;
    const std::optional<Picture> picture_;
  };

  int waiting() const;  // those that were not given back, too

 private:
  // immutable after construction
  const int height_;
  const std::size_t picture_bytes_;
  // each place belongs to one thread at a time, by way of the lists below
  std::vector<std::unique_ptr<std::uint8_t[]>> pool_;
  // guarded by mutex_
  mutable std::mutex mutex_;
  std::condition_variable wake_;
  std::vector<std::size_t> free_;  // places of pool_
  std::deque<Picture> pictures_;
  std::vector<Piece> pieces_;
  bool closed_ = false;
};

}  // namespace ombra::media
