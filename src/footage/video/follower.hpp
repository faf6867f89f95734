#pragma once
// A camera that goes along with the dancer sideways, smoothly: each frame waits until enough of what comes is known.
// Thread: one owner.

#include "footage/video/picture_maker.hpp"

#include <deque>
#include <functional>
#include <vector>

namespace ombra::train {

class Follower {
 public:
  // out(frame, middle): called once a frame, in order; middle: where the picture's middle is, pixels of the frame.
  // middle: where it is before a figure is seen.
  // fps: of the frames pushed; memory_bytes: what the waiting frames may take; then fewer wait and the view ahead is
  // shorter.
  Follower(double fps, double middle, std::size_t memory_bytes,
           std::function<void(const KeyedFrame& frame, double middle)> out);

  void push(KeyedFrame frame);
  void finish();  // the frames that still wait

  // A Gaussian over the frames that show a figure, two seconds wide: steps to the side stay, walks go.
  static constexpr double kSigmaS = 1.0;

 private:
  void let_go();
  double middle_at(std::size_t frame) const;

  // immutable after construction
  double sigma_frames_;
  std::size_t ahead_, memory_bytes_;
  std::function<void(const KeyedFrame&, double)> out_;
  // state
  std::deque<KeyedFrame> waiting_;
  std::size_t waiting_bytes_ = 0;
  std::vector<float> centres_;  // of all frames so far; NaN: no figure
  std::size_t out_count_ = 0;
  double last_middle_;
};

}  // namespace ombra::train
