#include "model/body/fingers.hpp"

#include "core/rng.hpp"
#include "model/body/rotations.hpp"

#include <algorithm>
#include <cmath>

namespace ombra::model {
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

Fingers::Fingers(std::uint64_t seed, double seconds) : period_s_(seconds) {
  Rng rng(seed);
  for (std::vector<Key>& keys : keys_) {
    const double first_s = kShortestS * rng.uniform();  // the last one comes early enough before it
    for (double time_s = first_s; keys.empty() || time_s < seconds + first_s - kShortestS;
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
    const double at_s = time_s - period_s_ * std::floor(time_s / period_s_);
    const auto after = std::ranges::upper_bound(keys, at_s, {}, &Key::time_s) - keys.begin();
    const auto count = static_cast<std::ptrdiff_t>(keys.size());
    const Key& now = keys[static_cast<std::size_t>((after + count - 1) % count)];
    const Key& before = keys[static_cast<std::size_t>((after + 2 * count - 2) % count)];
    const double since_s = at_s - now.time_s + (after == 0 ? period_s_ : 0.0);
    const float share = smooth_step(0.0f, 1.0f, static_cast<float>(since_s / kTurnS));
    for (std::size_t f = 0; f < kFingers; ++f) hands[h][f] = before.curls[f] + share * (now.curls[f] - before.curls[f]);
  }
  return hands;
}

}  // namespace ombra::model
