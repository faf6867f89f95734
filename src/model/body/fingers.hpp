#pragma once
// What hands do while nobody looks at them: shapes that follow one another, never in step with anything.
// Thread: any.

#include "model/body/drive.hpp"

#include <cstdint>
#include <vector>

namespace ombra::model {

class Fingers {
 public:
  // The same seed gives the same hands. seconds: > 0; then they do the same again
  Fingers(std::uint64_t seed, double seconds);
  // -> left, right
  std::array<Curls, 2> at(double time_s) const;

 private:
  struct Key {
    double time_s;
    Curls curls;
  };
  // immutable after construction
  const double period_s_;
  std::array<std::vector<Key>, 2> keys_;
};

}  // namespace ombra::model
