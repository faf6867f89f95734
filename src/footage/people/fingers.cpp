#include "footage/people/fingers.hpp"

#include "core/rng.hpp"
#include "footage/people/rotations.hpp"

#include <algorithm>

namespace ombra::train {
namespace {

constexpr float kDegree = 0.01745329252f;
constexpr double kShortestS = 0.6, kLongestS = 2.8, kTurnS = 0.35;
constexpr float kLoose = 7.0f * kDegree;  // no two hands are the same

// Degrees from relaxed: thumb, index, middle, ring, little finger; and how often the shape is seen, of a hundred.
struct Shape {
  float curl[kFingers];
  int share;
};
constexpr Shape kShapes[] = {
    {{0, 0, 0, 0, 0}, 34},            // relaxed
    {{-10, -22, -22, -22, -22}, 18},  // open
    {{5, 8, 14, 20, 26}, 18},         // soft
    {{20, 35, 38, 40, 42}, 8},        // half closed
    {{30, 68, 72, 72, 72}, 12},       // fist
    {{25, -20, 62, 68, 68}, 6},       // points
    {{30, -20, -18, 66, 68}, 4},      // two fingers
};

}  // namespace

Fingers::Fingers(std::uint64_t seed, double seconds) {
  Rng rng(seed);
  for (std::vector<Key>& keys : keys_) {
    for (double time_s = -kLongestS * rng.uniform(); time_s < seconds + kLongestS;
         time_s += kShortestS + (kLongestS - kShortestS) * rng.uniform()) {
      int pick = static_cast<int>(100.0 * rng.uniform());
      const Shape* shape = std::begin(kShapes);
      while (shape + 1 < std::end(kShapes) && pick >= shape->share) pick -= (shape++)->share;
      Key key{time_s, {}};
      for (std::size_t f = 0; f < kFingers; ++f)
        key.curls[f] = kDegree * shape->curl[f] + kLoose * static_cast<float>(2.0 * rng.uniform() - 1.0);
      keys.push_back(key);
    }
  }
}

std::array<Curls, 2> Fingers::at(double time_s) const {
  std::array<Curls, 2> hands{};
  for (std::size_t h = 0; h < 2; ++h) {
    const std::vector<Key>& keys = keys_[h];
    const auto after = std::ranges::upper_bound(keys, time_s, {}, &Key::time_s);
    const Key& now = after == keys.begin() ? keys.front() : *(after - 1);
    const Key& before = after - keys.begin() >= 2 ? *(after - 2) : now;
    const float share = smooth_step(0.0f, 1.0f, static_cast<float>((time_s - now.time_s) / kTurnS));
    for (std::size_t f = 0; f < kFingers; ++f) hands[h][f] = before.curls[f] + share * (now.curls[f] - before.curls[f]);
  }
  return hands;
}

}  // namespace ombra::train
