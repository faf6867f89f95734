// stage_gallery: draws every look off-screen as PNG files and measures it. Not a test: it shows what tests cannot
// judge.
//   stage_gallery OUT_FOLDER [dancers] [width] [height] [frames] [look] [shader folder] [scale] [title] [behind]
//                 [logo]
#include "core/clock.hpp"
#include "core/error.hpp"
#include "core/number.hpp"
#include "drawing/png.hpp"
#include "gfx/framebuffer.hpp"
#include "gfx/gpu_timer.hpp"
#include "gfx/window.hpp"
#include "stage/stage.hpp"
#include "stage/test_figure.hpp"

#include <algorithm>
#include <cstdio>
#include <ctime>
#include <filesystem>
#include <map>
#include <string>
#include <vector>

namespace ombra::stage {
namespace {

// As a bar of house at 124 BPM pushes the light: bass and an onset on each beat.
LookControls house(double beat) {
  LookControls controls;
  const double phase = beat - std::floor(beat);
  controls.swell = 0.75f;
  controls.throb = static_cast<float>(std::exp(-phase * 3.0));
  controls.flash = static_cast<float>(std::exp(-phase * 8.0));
  return controls;
}

// title, "behind" or another word, logo's file
Titles titles(const std::vector<std::string>& arguments, std::size_t first) {
  const auto word = [&](std::size_t i) { return first + i < arguments.size() ? arguments[first + i] : std::string(); };
  Titles titles;
  titles.title.text = word(0), titles.logo.file = word(2);
  titles.title.on = titles.logo.on = true;
  titles.title.behind = word(1) == "behind";
  if (titles.title.behind) titles.title.y = 0.45f, titles.title.size = titles.title.full_size = 0.35f;
  return titles;
}

// Of all threads of this program: on a software renderer, what drawing costs, whoever else uses the machine.
double processor_s() { return static_cast<double>(std::clock()) / CLOCKS_PER_SEC; }

void run(const std::vector<std::string>& arguments) {
  const auto number = [&](std::size_t i, int fallback) {
    return i < arguments.size() ? std::stoi(arguments[i]) : fallback;
  };
  const std::filesystem::path out = arguments.empty() ? "." : arguments[0];
  const int dancers = number(1, 1), width = number(2, 1280), height = number(3, 720), frames = number(4, 90);
  const double scale = arguments.size() > 7 ? parse_number(arguments[7]).value() : 1.0;
  const Titles titled = titles(arguments, 8);
  const gfx::Window window({.width = width, .height = height, .vsync = false, .offscreen = true});
  const gfx::Framebuffer target(GL_BGRA, width, height);  // as windows are
  std::filesystem::create_directories(out);
  for (const std::string& look : Stage::looks()) {
    if (arguments.size() > 5 && arguments[5] != look && arguments[5] != "all") continue;
    Stage stage(arguments.size() > 6 ? arguments[6] : "");
    stage.set_look(look);
    gfx::GpuTimer timer;
    stage.time_with(&timer);
    std::vector<double> took_ms;
    std::map<std::string, std::vector<double>> parts_ms;
    const double processor_start_s = processor_s();
    for (int i = 0; i < frames; ++i) {
      const double time_s = i / 60.0, beat = 0.3 + time_s * 124.0 / 60.0;
      const FieldImage field = people(dancers, 0.5 * beat, 96);
      Scene scene;
      scene.field = &field;
      scene.controls = house(beat);
      scene.time_s = time_s;
      scene.beat = beat;
      scene.titles = &titled, scene.patient = true;
      glFinish();
      const double start_s = now_s();
      timer.begin();
      stage.draw(scene, target.get(), width, height, scale);
      timer.end();
      glFinish();
      took_ms.push_back(1e3 * (now_s() - start_s));
      timer.collect();
      for (const gfx::GpuTimer::Part& part : timer.parts()) parts_ms[part.name].push_back(part.ms);
    }
    const gfx::Image image = gfx::read_pixels(target.get(), width, height);
    const std::filesystem::path file = out / fmt::format("{}_{}_{}x{}.png", look, dancers, width, height);
    write_png(file, image.width, image.height, image.channels, image.pixels);
    const std::size_t count = std::min<std::size_t>(60, took_ms.size());
    std::nth_element(took_ms.end() - count, took_ms.end() - count / 2 - 1, took_ms.end());
    std::printf("%-8s %d dancers %dx%d: median %.1f ms over %zu frames  %s\n", look.c_str(), dancers, width, height,
                *(took_ms.end() - count / 2 - 1), count, stage.status().message.c_str());
    for (auto& [name, ms] : parts_ms) {
      std::nth_element(ms.begin(), ms.begin() + static_cast<std::ptrdiff_t>(ms.size() / 5), ms.end());
      std::printf("  %s %.2f", name.c_str(), ms[ms.size() / 5]);
    }
    std::printf("  processor time %.1f ms a frame\n", 1e3 * (processor_s() - processor_start_s) / frames);
  }
}

}  // namespace
}  // namespace ombra::stage

int main(int argc, char** argv) {
  try {
    ombra::stage::run({argv + 1, argv + argc});
  } catch (const std::exception& problem) {
    std::fprintf(stderr, "stage_gallery: %s\n", problem.what());
    return 1;
  }
}
