#pragma once
// Masks of a mapping as a picture: how much of the light is let through. Made by the processor when they change.
// Thread: any.

#include "stage/mapping/mapping.hpp"

#include <cstdint>
#include <memory>
#include <span>
#include <vector>

namespace ombra::stage {

struct MaskPicture {
  int width = 0, height = 0;         // 0: no mask hides anything
  std::vector<std::uint8_t> values;  // rows from below, as OpenGL counts them; 255: all
};

inline constexpr double kMostMaskWork = 6e7;  // pixels that are looked at, about 0.2 s
inline constexpr double kMaskMoveWork = 6e5;  // for a frame in which masks move: 2 to 4 ms
inline constexpr double kMaskStepWork = 3e5;  // for each frame after that

// For an output of width x height pixels. The picture has as many, or halves of that where more than most_work would be
// done: so many wide edges.
MaskPicture mask_picture(std::span<const Mask> masks, int width, int height, double most_work = kMostMaskWork);

// The same picture, made in steps. Thread: one owner.
class MaskBaker {
 public:
  MaskBaker();
  ~MaskBaker();
  MaskBaker(const MaskBaker&) = delete;
  MaskBaker& operator=(const MaskBaker&) = delete;

  // Begins anew; what was begun is forgotten.
  void begin(std::span<const Mask> masks, int width, int height, double most_work = kMostMaskWork);
  bool busy() const;
  // -> pixels that it will look at, or a few more; of the whole picture
  double work() const;
  // Goes on by `work` and what is left of a row. -> pixels that were looked at
  double step(double work);
  // The picture, once it is not busy any more. Valid until begin().
  const MaskPicture& picture() const;

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace ombra::stage
