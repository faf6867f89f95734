#pragma once
// What BarFinder knows about bars: how much each cue of BeatCues speaks for a beat being the first, second, third or
// fourth of four, or the first, second or third of three. Fitted by softmax regression with a quadratic prior (strikes
// of snare and hats alike for second and fourth) on practice music of seeds 11 to 34, all styles but the mixes, clean
// and spoiled; weights of styles that were left out hold for them too, but for the waltz, the only one in three.

#include "audio/beat_cues.hpp"

#include <array>

namespace ombra::audio {

inline constexpr double kThreeBias = -1.79, kThreeBiasPerBeat = -0.019;  // how rare three is
inline constexpr std::array<std::array<float, kCues>, 7> kBarWeights = {
    {// first of four
     {0.34f, 0.30f,  -0.07f, -0.09f, -0.11f, -0.13f, 0.04f,  0.07f,  -0.05f, 0.17f,
      0.09f, -0.03f, -0.10f, 0.23f,  0.20f,  0.12f,  -0.08f, -0.12f, 0.12f,  -0.04f},
     // second
     {-0.15f, -0.22f, 0.09f, 0.08f,  0.07f,  0.14f,  -0.04f, 0.00f,  0.17f, -0.24f,
      -0.01f, 0.09f,  0.06f, -0.10f, -0.21f, -0.05f, 0.01f,  -0.05f, 0.03f, -0.12f},
     // third
     {-0.14f, -0.13f, -0.09f, -0.05f, -0.02f, -0.16f, -0.02f, -0.07f, -0.28f, -0.01f,
      -0.20f, 0.02f,  0.15f,  -0.01f, -0.18f, -0.11f, 0.10f,  0.10f,  -0.12f, -0.23f},
     // fourth
     {-0.05f, 0.04f,  0.10f,  0.06f,  0.05f, 0.14f, 0.01f,  0.02f, 0.17f,  0.07f,
      0.11f,  -0.12f, -0.12f, -0.10f, 0.21f, 0.04f, -0.01f, 0.07f, -0.03f, -0.03f},
     // first of three
     {0.17f, 0.00f, -0.11f, 0.02f, 0.00f, -0.08f, 0.13f, 0.01f, -0.01f, 0.15f,
      0.01f, 0.01f, 0.03f,  0.13f, 0.05f, 0.03f,  0.02f, 0.00f, 0.00f,  0.12f},
     // second
     {-0.12f, -0.04f, 0.04f, -0.01f, 0.00f, 0.04f,  -0.05f, -0.01f, 0.00f, 0.10f,
      0.00f,  0.02f,  0.02f, 0.01f,  0.00f, -0.01f, 0.00f,  0.02f,  0.00f, 0.20f},
     // third
     {-0.04f, 0.05f, 0.04f,  -0.01f, 0.00f,  0.05f,  -0.08f, -0.02f, -0.01f, -0.24f,
      0.00f,  0.01f, -0.03f, -0.16f, -0.06f, -0.03f, -0.02f, -0.02f, -0.01f, 0.11f}}};

}  // namespace ombra::audio
