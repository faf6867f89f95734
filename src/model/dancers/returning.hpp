#pragma once
// Keeps a dance from coming back to the same movement every four beats: how much a move is like the one danced there.
// Cold continuations of a network are loops of the footage's own length; real dance varies what it repeats.
// Thread: one owner; no allocation after construction.

#include <cstddef>
#include <span>
#include <vector>

namespace ombra::model {

class Returning {
 public:
  // moves: that lie between a move and the one it is compared with, at least 1; size: numbers of a move's steps
  Returning(std::size_t moves, std::size_t size);

  // steps: how the body goes on from tick to tick throughout a move, `size` numbers
  // -> correlation with the steps of the move so long ago, -1 .. 1; 0 where there was none or one of them stands still
  double alike(std::span<const float> steps) const;
  // The steps of the move that is danced next.
  void add(std::span<const float> steps);

 private:
  const std::size_t moves_, size_;
  // state
  std::vector<float> steps_;  // [moves, size], a ring
  std::size_t oldest_ = 0;
};

}  // namespace ombra::model
