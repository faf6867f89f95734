// The section "decode" of `ombra bench`: latents to distance fields in OpenGL, our decoder and every recipe's.
// LibTorch's times for the same stand in the section "networks".

#include "cli/measure/bench_table.hpp"
#include "core/clock.hpp"
#include "core/embedded.hpp"
#include "core/error.hpp"
#include "core/log.hpp"
#include "core/rng.hpp"
#include "gfx/window.hpp"
#include "model/dancers/generator.hpp"
#include "show/dance/figure_decoder.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace ombra::cli {
namespace {

constexpr int kDecodedSize = 192;

std::vector<float> some_latents(int dancers, int code) {
  Rng rng(1);
  std::vector<float> latents(static_cast<std::size_t>(dancers * code));
  for (float& x : latents) x = static_cast<float>(rng.normal());
  return latents;
}

// From the latents in memory to the field's last pixel: between two waits for the GPU.
std::vector<double> decodes_ms(gfx::GlDecoder& decoder, int dancers, int samples) {
  const std::vector<float> latents = some_latents(dancers, decoder.plan().code);
  decoder.decode(latents, kDecodedSize);
  std::vector<double> ms;
  for (int i = 0; i < samples; ++i) {
    glFinish();
    const double from = now_s();
    decoder.decode(latents, kDecodedSize);
    glFinish();
    ms.push_back((now_s() - from) * 1e3);
  }
  gfx::gl_check("decoding");
  return ms;
}

void add(const std::string& name, const model::PlanOrReason& made, const std::string& renderer,
         std::initializer_list<int> dancers, const BenchOptions& options, BenchTable& table) {
  try {
    const std::unique_ptr<gfx::GlDecoder> decoder = show::make_gl_decoder(made, renderer);
    const double from = now_s();
    while (!decoder->build_some()) {
    }
    glFinish();
    const double built_ms = (now_s() - from) * 1e3;
    for (const int n : dancers)
      table.add(fmt::format("{}, {}", name, n == 1 ? "1 dancer" : fmt::format("{} dancers", n)),
                decodes_ms(*decoder, n, options.quick ? 2 : 40));
    table.add_figure(name + ": compiling it", built_ms, "ms");
  } catch (const Error& fault) {
    log::warn("{}: {}", name, fault.what());
  }
}

}  // namespace

void bench_decode(const BenchOptions& options, BenchTable& table) {
  const gfx::Window window(gfx::context_only());
  table.section("decode_gl", fmt::format("decode: from latents to distance fields of {0} x {0}, OpenGL on {1}",
                                         kDecodedSize, window.renderer()));
  const std::string renderer = window.renderer();
  add("ours", model::Generator(options.model, "cpu", 1).decoder_plan(), renderer, {1, 4, 16}, options, table);
  std::vector<std::filesystem::path> recipes;
  for (const auto& entry : std::filesystem::directory_iterator(data_folder() / "models" / "recipes")) {
    if (entry.path().extension() == ".toml" && entry.path().stem() != "ombra") recipes.push_back(entry.path());
  }
  std::sort(recipes.begin(), recipes.end());
  for (const std::filesystem::path& recipe : recipes)
    add(recipe.stem().string(), model::fresh_decoder_plan(recipe), renderer, {1}, options, table);
}

}  // namespace ombra::cli
