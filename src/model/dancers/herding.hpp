#pragma once
// Keeps a long dance as varied as its footage: time spent in one place counts against staying there, so
// that over minutes the mean pose becomes the footage's, also at a low temperature that would settle on one stance.
// Herding (Welling 2009) with the pose as the feature, forgetting over a minute or two.
// Thread: one owner; no allocation after construction.

#include <cstddef>
#include <span>
#include <vector>

namespace ombra::model {

class Herding {
 public:
  // middle: the footage's mean pose as a code; spread: mean square distance of its poses from there, over 0
  Herding(std::vector<float> middle, double spread);

  // -> how far a move whose mean pose is this leads back to the middle, in units of the spread: 0 in the middle, and
  // whatever the pose, as long as nothing was danced; rarely beyond -1 .. 1
  double fit(std::span<const float> pose) const;
  // How far the mean of the last minute is from the middle, squared, in units of the spread: 0 for an even dance, 1 and
  // more for one that has not left a corner of its repertoire.
  double apart() const;
  // The middle is there from now on; what was danced counts from there.
  void set_middle(std::span<const float> middle);
  // The mean pose of the move that is danced next.
  void add(std::span<const float> pose);

 private:
  const double spread_;
  // state
  std::vector<float> middle_;
  std::vector<double> lately_;  // mean pose of the last moves, from the middle
};

}  // namespace ombra::model
