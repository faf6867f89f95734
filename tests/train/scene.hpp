#pragma once
// Films that tests draw: a dancer whose true outline is known, before grounds of many kinds, in several lights.

#include "core/rng.hpp"
#include "footage/motion/body.hpp"
#include "media/write/video_writer.hpp"
#include "model/figure/strokes.hpp"
#include "train/synthetic.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <filesystem>
#include <functional>
#include <numbers>
#include <vector>

namespace ombra::train::test {

using Rgb = std::array<double, 3>;

struct Scene {
  int width = 320, height = 180;
  double fps = 25.0, bpm = 120.0;
  double tall = 150.0;   // pixels of 2.4 m
  double floor = 170.0;  // row on which the feet stand
  double zoom = 1.0;     // pixels of a unit in which grounds and figures are coloured
  double walk = 0.0;     // pixels to either side, once in eight seconds
  double noise = 0.0;    // standard deviation of the sensor's, levels
  std::function<Rgb(double x, double y)> ground = [](double, double) { return Rgb{255, 255, 255}; };
  std::function<Rgb(double x, double y)> figure = [](double, double) { return Rgb{15, 15, 15}; };

  double middle(int frame) const { return 0.5 * width + walk * std::sin(0.25 * std::numbers::pi * frame / fps); }

  // How much of each pixel the figure covers in this frame: [height][width], 0..1.
  std::vector<float> cover(int frame) const {
    const int side = static_cast<int>(tall);
    const Pose3 pose = dance(1.0 / fps, fps, bpm, -frame / fps)[0];
    Pose2 flat{};
    for (std::size_t j = 0; j < kJoints; ++j) flat[j] = {pose[j].x, pose[j].y};
    std::vector<float> field(static_cast<std::size_t>(side * side)),
        mask(static_cast<std::size_t>(width * height), 0.0f);
    model::draw_strokes(body_strokes(flat), side, field);
    // 0.12 m of 2.4 m lie below the floor
    const int left = static_cast<int>(std::lround(middle(frame) - 0.5 * side)),
              top = static_cast<int>(std::lround(floor + 0.05 * side)) - side;
    for (int y = 0; y < side; ++y) {
      for (int x = 0; x < side; ++x) {
        if (left + x < 0 || left + x >= width || top + y < 0 || top + y >= height) continue;
        const float d = field[static_cast<std::size_t>(y * side + x)] * static_cast<float>(side);
        mask[static_cast<std::size_t>((top + y) * width + left + x)] = std::clamp(0.5f - d, 0.0f, 1.0f);
      }
    }
    return mask;
  }

  std::vector<std::uint8_t> picture(int frame) const {
    const std::vector<float> mask = cover(frame);
    std::vector<std::uint8_t> rgb(mask.size() * 3);
    Rng rng(static_cast<std::uint64_t>(frame) + 1);
    for (int y = 0; y < height; ++y) {
      for (int x = 0; x < width; ++x) {
        const auto i = static_cast<std::size_t>(y * width + x);
        const Rgb behind = ground(x / zoom, y / zoom), before = figure((x - middle(frame)) / zoom, y / zoom);
        for (std::size_t c = 0; c < 3; ++c) {
          const double light =
              behind[c] + mask[i] * (before[c] - behind[c]) + (noise > 0.0 ? noise * rng.normal() : 0.0);
          rgb[3 * i + c] = static_cast<std::uint8_t>(std::clamp(light + 0.5, 0.0, 255.0));
        }
      }
    }
    return rgb;
  }

  void film(const std::filesystem::path& path, double seconds, int quality = 23,
            const media::Sound* sound = nullptr) const {
    media::VideoWriter writer(path, {.width = width, .height = height, .fps = fps, .quality = quality, .sound = sound});
    for (int t = 0; t < static_cast<int>(seconds * fps); ++t) writer.write(picture(t));
    writer.finish();
  }
};

// The same scene with more pixels.
inline Scene enlarged(Scene scene, double times) {
  scene.width = static_cast<int>(scene.width * times);
  scene.height = static_cast<int>(scene.height * times);
  for (double* length : {&scene.tall, &scene.floor, &scene.walk, &scene.zoom}) *length *= times;
  return scene;
}

// A room: wallpaper, a dark sofa, a window, a floor.
inline Rgb room(double x, double y) {
  if (y > 140.0) return {120 + 10 * std::sin(x / 5.0), 95, 70};
  if (x > 30.0 && x < 110.0 && y > 100.0) return {60, 40, 45};
  if (x > 230.0 && y < 60.0) return {225, 235, 245};
  return {150 + 25 * std::sin(x / 7.0), 140 + 20 * std::sin(y / 9.0), 110};
}

// -> overlap of two masks over their union; what is over one half counts
template <typename A, typename B>
double overlap(const A& a, const B& b) {
  double both = 0.0, either = 0.0;
  for (std::size_t i = 0; i < a.size(); ++i) {
    const bool in_a = a[i] > 0.5f, in_b = b[i] > 0.5f;
    both += in_a && in_b;
    either += in_a || in_b;
  }
  return either > 0.0 ? both / either : 1.0;
}

}  // namespace ombra::train::test
