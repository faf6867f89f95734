// A finished picture through a mapping, by the GPU's own clock and by ours until it is finished.

#include "cli/bench_stage.hpp"
#include "core/clock.hpp"
#include "gfx/framebuffer.hpp"
#include "gfx/gpu_timer.hpp"
#include "gfx/window.hpp"
#include "stage/mapping/mapping_pass.hpp"

#include <fmt/format.h>

#include <array>
#include <utility>

namespace ombra::cli {
namespace {

constexpr std::array<DisplaySize, 2> kMappingSizes = {{{1920, 1080}, {3840, 2160}}};
constexpr double kMappingRowS = 2.0;  // for each row at most

// A wall that stands askew.
stage::Mapping pinned() {
  stage::Mapping m;
  m.corners = {{{0.04, 0.06}, {0.97, 0.02}, {0.93, 0.96}, {0.08, 0.91}}};
  return m;
}

// ... and is curved, with a door in it.
stage::Mapping curved() {
  stage::Mapping m = pinned();
  m.mesh = {.columns = 5, .rows = 5, .bend = std::vector<glm::dvec2>(25)};
  for (int row = 0; row < 5; ++row) {
    for (int column = 0; column < 5; ++column)
      m.mesh.bend[static_cast<std::size_t>(5 * row + column)] = {0.0, 0.01 * (column % 4 == 0 ? 0 : 2 - row)};
  }
  m.masks = {{.points = {{0.4, 0.5}, {0.6, 0.5}, {0.6, 1.0}, {0.4, 1.0}}, .feather = 0.02}};
  return m;
}

// ... and is shared with a second projector.
stage::Mapping shared() {
  stage::Mapping m = curved();
  m.source.width = 0.6;
  m.blends[stage::kRightSide] = {.width = 0.3};
  m.colours.gamma = 1.1, m.colours.gains = {1.0, 0.95, 0.9};
  return m;
}

void draw_mapping(const std::string& name, const stage::Mapping& mapping, const DisplaySize& size, int pictures,
                  BenchTable& table) {
  gfx::Framebuffer picture(GL_RGBA8, size.width, size.height);
  picture.clear(0.6f, 0.4f, 0.2f, 1.0f);
  const gfx::Framebuffer target(GL_BGRA, size.width, size.height);  // as windows are
  stage::MappingPass pass;
  gfx::GpuTimer timer;
  std::vector<double> gpu_ms, wall_ms;
  const double until_s = now_s() + kMappingRowS;
  for (int i = 0; i < pictures + 2 && (i < 5 || now_s() < until_s); ++i) {
    glFinish();
    const double start_s = now_s();
    timer.begin();
    pass.draw(picture.texture(), target.surface(), mapping);
    timer.mark("mapping");
    timer.end();
    glFinish();
    if (i < 2) continue;  // what hangs on the mapping is made
    wall_ms.push_back(1e3 * (now_s() - start_s));
    const std::uint64_t known = timer.frames();
    timer.collect();
    if (timer.frames() > known) gpu_ms.push_back(timer.total_ms());
  }
  table.add(name + ", graphics", gpu_ms);
  table.add(name + ", finished", wall_ms);
}

}  // namespace

void bench_mapping(const StageBench& options, BenchTable& table) {
  const gfx::Window window(gfx::context_only());
  table.section("stage_mapping",
                fmt::format("mapping: a picture to an output of its size on {}, by its own clock, and until it is "
                            "finished",
                            window.renderer()));
  const std::array<std::pair<const char*, stage::Mapping>, 4> mappings = {
      {{"none: a copy", {}},
       {"corners", pinned()},
       {"corners, mesh of 5 x 5, mask", curved()},
       {"the same, colours and edge blend", shared()}}};
  for (const DisplaySize& size : kMappingSizes) {
    for (const auto& [name, mapping] : mappings)
      draw_mapping(fmt::format("{}x{} {}", size.width, size.height, name), mapping, size, options.pictures, table);
  }
}

}  // namespace ombra::cli