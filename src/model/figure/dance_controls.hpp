#pragma once
// What the operator asks of a dance. Thread: any (values).

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
  bool grounded = true;      // the feet are kept on the floor (moves of guided recipes)
  bool freeze_guard = true;  // a second of standing still raises the temperature, then jumps to a seed
};

}  // namespace ombra::model
