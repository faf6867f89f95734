// The section "draw" of `ombra bench`: what a picture of each look costs at each size, by the GPU's own clock and by
// ours until it is finished.

#include "cli/measure/bench_table.hpp"
#include "core/clock.hpp"
#include "gfx/framebuffer.hpp"
#include "gfx/gpu_timer.hpp"
#include "gfx/window.hpp"
#include "show/dance/dance.hpp"
#include "stage/stage.hpp"

#include <fmt/format.h>

#include <array>
#include <cmath>

namespace ombra::cli {
namespace {

struct Size {
  int width, height;
};
constexpr std::array<Size, 3> kSizes = {{{1280, 720}, {1920, 1080}, {3840, 2160}}};
constexpr int kPoses = 8, kFieldSize = 192;
constexpr double kRowS = 2.0;  // for each row at most

// Pictures of the dancer, a quarter of a second apart.
std::vector<FieldImage> poses_of(const std::filesystem::path& model) {
  show::Dance dance(show::model_dancers("cpu", 1)(model));
  std::vector<FieldImage> poses(kPoses);
  show::DanceRequest request;
  request.field_size = kFieldSize;
  for (FieldImage& pose : poses) {
    request.seen_s += 0.25;
    dance.step(request, pose);
  }
  return poses;
}

struct Cost {
  std::vector<double> gpu_ms, wall_ms;
};

Cost draw(stage::Stage& stage, gfx::GpuTimer& timer, const std::vector<FieldImage>& poses, const Size& size, int most) {
  const gfx::Framebuffer target(GL_BGRA, size.width, size.height);  // as windows are
  Cost cost;
  const double until_s = now_s() + kRowS;
  for (int i = 0; i < most + 2 && (i < 5 || now_s() < until_s); ++i) {
    stage::Scene scene;
    scene.field = &poses[static_cast<std::size_t>(i) % poses.size()];
    scene.time_s = i / 60.0, scene.beat = 2.0 * scene.time_s;
    scene.controls.swell = 0.6f, scene.controls.throb = static_cast<float>(0.5 + 0.5 * std::sin(0.2 * i));
    glFinish();
    const double start_s = now_s();
    timer.begin();
    stage.draw(scene, target.get(), size.width, size.height);
    timer.end();
    glFinish();
    if (i < 2) continue;  // the shaders' first pictures
    cost.wall_ms.push_back(1e3 * (now_s() - start_s));
    const std::uint64_t known = timer.frames();
    timer.collect();
    if (timer.frames() > known) cost.gpu_ms.push_back(timer.total_ms());
  }
  return cost;
}

}  // namespace

void bench_draw(const BenchOptions& options, BenchTable& table) {
  const std::vector<FieldImage> poses = poses_of(options.model);
  const gfx::Window window(gfx::context_only());
  gfx::GpuTimer timer;
  stage::Stage stage("");
  stage.time_with(&timer);
  table.machine("graphics", window.renderer());
  table.section("draw",
                fmt::format("draw: a picture on {}, by its own clock, and until it is finished", window.renderer()));
  for (const std::string& look : stage::Stage::looks()) {
    stage.set_look(look);
    for (const Size& size : kSizes) {
      const Cost cost = draw(stage, timer, poses, size, options.quick ? 3 : 60);
      const std::string name = fmt::format("{} {}x{}", look, size.width, size.height);
      table.add(name + ", graphics", cost.gpu_ms);
      table.add(name + ", finished", cost.wall_ms);
    }
  }
}

}  // namespace ombra::cli
