#pragma once
// What the operator asks of a dance. Thread: any (values).

#include <algorithm>
#include <array>

namespace ombra::model {

// What the operator and the music ask of the dance at one moment.
struct DanceControls {
  float temperature = 0.8f;  // of the softmax over moves (or of the mixture): 0 = the likeliest, 1.3 = wild
  float energy = 0.0f;       // speed of the moves to come, in standard deviations of the footage's: -2 calm .. 2 wild
  float pulse = 1.5f;        // how clearly moves are to stop on the beat, likewise: -2 flowing .. 2 strict
  float top_p = 0.8f;        // nucleus sampling (Holtzman 2020): the share of probability that is sampled from
  float smoothness = 0.0f;   // 0..1: low-pass over latents, up to half a beat wide
  float accent = 0.2f;       // 0..1: time runs slower on the beat and faster between, so that movements end there
  float tightness = 0.9f;    // 0..1: loose to tight: small bends of time bring the stops onto the beats (stop_warp.hpp)
  // How much of each style of the model, in its order; more than 1 together count as 1. What there is at the beginning
  // of a phrase holds for it; none at all: whatever comes.
  std::array<float, 8> styles{};
  bool grounded = true;      // the feet are kept on the floor (moves of guided recipes)
  bool freeze_guard = true;  // a second of standing still raises the temperature, then jumps to a seed
};

// -> how much of each style is danced when so much is asked for: not more than 1 together
inline std::array<float, 8> shares_of(std::array<float, 8> styles) {
  float sum = 0.0f;
  for (float& style : styles) sum += style = std::clamp(style, 0.0f, 1.0f);
  for (float& style : styles) style /= std::max(1.0f, sum);
  return styles;
}

// How the dancers of a painter of people look, and from where they are seen; other painters draw what they have
// learned.
struct FigureControls {
  float yaw = 0.0f;     // degrees that each is turned to its left, as seen from above
  float inward = 0.0f;  // 0..1: of several the outer ones turn to the middle, the outermost by a quarter turn
  float orbit = 0.0f;   // degrees that the camera has gone round them, to their left
  float person = 1.0f;  // of the cast, counted from 1; halves stand between two; beyond the last one it begins anew
  float other = 2.0f;   // likewise: whom they change into ...
  float morph = 0.0f;   // ... 0..1
  int cast = 0;         // of several dancers each is 0: the next one of the cast; 1: the same; 2: anyone
  float height = 0.0f, build = 0.0f;  // deviations of the cast: small to tall, slim to stout
};

}  // namespace ombra::model
