#pragma once
// Small arithmetic that the standard library lacks. Thread: any.

#include <cmath>

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

// How far a number of beats is from the nearest whole one, -0.5 .. 0.5.
inline double wrapped(double beats) { return beats - std::round(beats); }

}  // namespace ombra
