#pragma once
// Division of whole numbers that rounds down, also below zero. b > 0. Thread: any.

namespace ombra {

template <typename Whole>
constexpr Whole floor_div(Whole a, Whole b) {
  return a / b - (a % b < 0 ? 1 : 0);
}

// -> 0 .. b - 1
template <typename Whole>
constexpr Whole floor_mod(Whole a, Whole b) {
  return a - floor_div(a, b) * b;
}

}  // namespace ombra
