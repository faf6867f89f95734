#pragma once
// Small arithmetic that the standard library lacks. Thread: any.

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <span>

namespace ombra {

// Division of whole numbers that rounds down, also below zero; b > 0.
template <typename Whole>
constexpr Whole floor_div(Whole a, Whole b) {
  return a / b - (a % b < 0 ? 1 : 0);
}

// -> 0 .. b - 1
template <typename Whole>
constexpr Whole floor_mod(Whole a, Whole b) {
  return a - floor_div(a, b) * b;
}

// t 0 .. 1 -> 0 .. 1, level at both ends
template <typename Real>
constexpr Real smoothstep(Real t) {
  return t * t * (Real(3) - Real(2) * t);
}

// Where a movement stops its speed is so: is v[i] the least of itself and its two neighbours on either side, or of as
// many as there are?
inline bool is_dip(std::span<const double> v, std::size_t i) {
  const std::size_t first = i < 2 ? 0 : i - 2, last = std::min(i + 3, v.size());
  return v[i] <= std::ranges::min(v.subspan(first, last - first));
}

// How far a number of beats is from the nearest whole one, -0.5 .. 0.5.
inline double wrapped(double beats) { return beats - std::round(beats); }

}  // namespace ombra
