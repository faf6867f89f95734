#pragma once
// A small seeded random generator: same seed, same numbers, on every machine and library version.
// xoshiro256++ by Blackman and Vigna (2019), seeded by splitmix64. Thread: one owner each.

#include <cmath>
#include <cstdint>
#include <numbers>

namespace ombra {

class Rng {
 public:
  explicit Rng(std::uint64_t seed = 1) {
    for (auto& s : state_) {
      seed += 0x9e3779b97f4a7c15u;
      std::uint64_t z = seed;
      z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9u;
      z = (z ^ (z >> 27)) * 0x94d049bb133111ebu;
      s = z ^ (z >> 31);
    }
  }

  std::uint64_t bits() {
    const auto rotl = [](std::uint64_t x, int k) { return (x << k) | (x >> (64 - k)); };
    const std::uint64_t result = rotl(state_[0] + state_[3], 23) + state_[0];
    const std::uint64_t t = state_[1] << 17;
    state_[2] ^= state_[0];
    state_[3] ^= state_[1];
    state_[1] ^= state_[2];
    state_[0] ^= state_[3];
    state_[2] ^= t;
    state_[3] = rotl(state_[3], 45);
    return result;
  }

  // -> [0, 1)
  double uniform() { return static_cast<double>(bits() >> 11) * 0x1.0p-53; }
  double uniform(double low, double high) { return low + (high - low) * uniform(); }
  // -> 0 .. n - 1; n > 0
  int below(int n) { return static_cast<int>(uniform() * n); }
  // -> standard normal (Box and Muller 1958)
  double normal() {
    const double u = 1.0 - uniform(), v = uniform();
    return std::sqrt(-2.0 * std::log(u)) * std::cos(2.0 * std::numbers::pi * v);
  }

 private:
  std::uint64_t state_[4]{};
};

}  // namespace ombra
