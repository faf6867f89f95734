#include "gfx/decoder_passes.hpp"

#include "core/error.hpp"
#include "gfx/folded_convolution.hpp"
#include "gfx/weight_packer.hpp"

#include <algorithm>
#include <cmath>
#include <optional>

namespace ombra::gfx {
namespace {

using model::ActivationKind;
using model::DecoderPlan;
using Kind = model::LayerPlan::Kind;
using model::PlanShape;
using model::PlanStep;

constexpr int kSharedBytes = 32 * 1024;  // of a workgroup, that OpenGL 4.3 promises
constexpr float kLargestHalf = 65504.0f;

int groups_of(int channels) { return (channels + 3) / 4; }
int parts(int n, int size) { return (n + size - 1) / size; }

// How the next pass sees the picture that lies in memory.
struct View {
  int channels, stored_h, stored_w, up, h, w;
  explicit View(const PlanShape& s)
      : channels(s.channels), stored_h(s.height), stored_w(s.width), up(1), h(s.height), w(s.width) {}
  bool plain() const { return up == 1 && h == stored_h && w == stored_w; }
};

// The tile that a workgroup of 64 threads makes: as little as possible beyond the picture, rows shared where it can be.
struct Tile {
  int x, y, rows;
};
Tile tile_for(int h, int w, int kernel_h, int kernel_w, int stride) {
  constexpr Tile kTiles[] = {{16, 4, 4}, {8, 8, 4}, {32, 2, 4}, {16, 4, 2}, {8, 8, 2},
                             {32, 2, 2}, {8, 8, 1}, {16, 4, 1}, {4, 16, 1}};
  std::optional<Tile> best;
  double least = 0.0;
  for (const Tile& t : kTiles) {
    const int tile_h = (t.y * t.rows - 1) * stride + kernel_h, tile_w = (t.x - 1) * stride + kernel_w;
    if (std::int64_t{tile_h} * tile_w * 16 > kSharedBytes) continue;
    // a thread's cost: its products, and what it fetches whether it makes few rows or many
    const double cost = static_cast<double>(parts(h, t.y * t.rows)) * parts(w, t.x) * (t.rows + 0.7);
    if (!best || cost < least) best = t, least = cost;
  }
  if (!best) throw error("a kernel of {} x {} is larger than a shader's memory", kernel_h, kernel_w);
  return *best;
}

std::string define(const char* name, int value) { return fmt::format("#define {} {}\n", name, value); }

class Lowering {
 public:
  Lowering(const DecoderPlan& plan, bool half)
      : plan_(plan), half_(half), packer_(out_, half), view_(PlanShape{plan.code, 1, 1}) {}

  DecoderPasses lower() {
    out_.latent_groups = groups_of(plan_.code);
    out_.largest = out_.latent_groups;
    for (std::size_t i = 0; i < plan_.steps.size(); ++i) {
      const PlanStep& step = plan_.steps[i];
      const PlanStep* next = i + 1 < plan_.steps.size() ? &plan_.steps[i + 1] : nullptr;
      switch (step.layer.kind) {
        case Kind::kDense: {
          // as the picture that comes of it, unless most of each group of four channels would lie idle
          const bool shaped = next && next->layer.kind == Kind::kReshape && next->out.channels >= 4;
          dense(step, shaped ? next : nullptr);
          if (shaped) ++i;
          break;
        }
        case Kind::kConv:
          convolution(step);
          break;
        case Kind::kConvTranspose:
          transposed(step);
          break;
        case Kind::kMaxPool:
          rearrange("MAX_POOL", step.out, step.layer.activation, {{"u_factor", step.factor()}});
          break;
        case Kind::kPixelShuffle:
          rearrange("PIXEL_SHUFFLE", step.out, step.layer.activation, {{"u_factor", step.factor()}});
          break;
        case Kind::kOuter:
          outer(step);
          break;
        case Kind::kFlatten:
          rearrange("REORDER", step.out, step.layer.activation,
                    {{"u_in_last", step.layer.channels_last}, {"u_out_last", 0}});
          break;
        case Kind::kReshape:
          rearrange("REORDER", step.out, step.layer.activation,
                    {{"u_in_last", 0}, {"u_out_last", step.layer.channels_last}});
          break;
        case Kind::kActivation:
          rearrange("COPY", step.out, step.layer.activation, {});
          break;
        case Kind::kUpsample:
          if (step.layer.bilinear) {
            rearrange("BILINEAR", step.out, step.layer.activation, {{"u_factor", step.factor()}});
          } else {
            view_.up *= step.factor(), view_.h *= step.factor(), view_.w *= step.factor();
          }
          break;
        case Kind::kCrop:
          view_.h = step.out.height, view_.w = step.out.width;
          break;
        default:
          throw error("the decoder has a layer for which there is no shader");
      }
    }
    if (!view_.plain()) rearrange("COPY", plan_.output, ActivationKind::kLinear, {});
    if (out_.weights.empty()) packer_.four({});
    if (out_.biases.empty()) out_.biases.resize(4);
    return std::move(out_);
  }

 private:
  void add(DecoderPass pass, const PlanShape& out) {
    const std::int64_t vectors = std::int64_t{groups_of(out.channels)} * out.height * out.width;
    if (vectors > (1 << 26)) throw error("a layer of the decoder gives more numbers than a buffer of the GPU holds");
    out_.largest = std::max(out_.largest, static_cast<int>(vectors));
    out_.passes.push_back(std::move(pass));
    view_ = View(out);
  }

  std::string weighted(ActivationKind activation) const {
    return define("ACTIVATION", static_cast<int>(activation)) + "#define WEIGHTS\n" +
           (half_ ? "#define HALF_WEIGHTS\n" : "");
  }

  void dense(const PlanStep& step, const PlanStep* reshape) {
    const int in = step.in.channels, in_groups = groups_of(in);
    const PlanShape shape = reshape ? reshape->out : step.out;
    const int pixels = shape.height * shape.width, out_groups = groups_of(shape.channels) * pixels;
    DecoderPass pass;
    pass.numbers = {{"u_weights", packer_.weights_at()},
                    {"u_biases", packer_.biases_at()},
                    {"u_in_groups", in_groups},
                    {"u_out_groups", out_groups}};
    for (int group = 0; group < out_groups; ++group) {
      // which of the step's outputs lies there; -1: none
      const auto row_of = [&](int lane) {
        const int c = group / pixels * 4 + lane, pixel = group % pixels;
        if (c >= shape.channels) return -1;
        return reshape && reshape->layer.channels_last ? pixel * shape.channels + c : c * pixels + pixel;
      };
      const std::array<int, 4> rows = {row_of(0), row_of(1), row_of(2), row_of(3)};
      for (int g = 0; g < in_groups; ++g) {
        packer_.block([&](int lane, int column) {
          const int row = rows[static_cast<std::size_t>(lane)], i = g * 4 + column;
          return row < 0 || i >= in ? 0.0f
                                    : step.weights()[static_cast<std::size_t>(row) * static_cast<std::size_t>(in) +
                                                     static_cast<std::size_t>(i)];
        });
      }
      for (const int row : rows) packer_.bias(row < 0 ? 0.0f : step.bias()[static_cast<std::size_t>(row)]);
    }
    const int slices = in_groups >= 16 ? 16 : 8;
    pass.shader = "decode_dense.glsl";
    pass.defines = weighted(step.layer.activation) + define("SLICES", slices) + define("BATCH", 4);
    pass.single_defines = weighted(step.layer.activation) + define("SLICES", slices) + define("BATCH", 1);
    pass.batch = 4;
    pass.groups = {parts(out_groups, 64 / slices), 1, 1};
    add(std::move(pass), shape);
  }

  void outer(const PlanStep& step) {
    const int person = step.factor(), groups = groups_of(step.out.channels);
    DecoderPass pass;
    pass.shader = "decode_outer.glsl";
    pass.defines = fmt::format("#define SHARE {:.9f}\n", model::kOuterShare);
    pass.numbers = {{"u_in_channels", step.in.channels},
                    {"u_body", plan_.code - person},
                    {"u_person", person},
                    {"u_out_groups", groups}};
    pass.groups = {parts(groups, 64), 1, 1};
    add(std::move(pass), step.out);
  }

  // Where it has no stride it is an ordinary one, else one of several pictures, laid into each other.
  void transposed(const PlanStep& step) {
    if (step.layer.stride == 1) return convolution(as_convolution(step));
    if (!view_.plain()) rearrange("COPY", step.in, ActivationKind::kLinear, {});
    convolution(step, fold_transposed(step));
  }

  void convolution(const PlanStep& step) {
    const bool whole = view_.h == view_.stored_h * view_.up && view_.w == view_.stored_w * view_.up;
    if (view_.up > 1 && whole && step.layer.stride == 1) {
      Folded folded = fold_upsampling(step, view_.up);
      if (folded.kernel_h * folded.kernel_w < step.layer.kernel_height * step.layer.kernel_width) {
        view_.up = 1, view_.h = view_.stored_h, view_.w = view_.stored_w;
        return convolution(step, folded);
      }
    }
    Folded plain = fold_upsampling(step, 1);
    convolution(step, plain);
  }

  void convolution(const PlanStep& step, const Folded& f) {
    const int in = step.in.channels, out = step.out.channels, in_groups = groups_of(in), out_groups = groups_of(out);
    const bool one = out == 1;
    const int stride = step.layer.kind == Kind::kConv ? step.layer.stride : 1;
    const int tiled_h = parts(step.out.height, f.phases), tiled_w = parts(step.out.width, f.phases);
    const Tile tile = tile_for(tiled_h, tiled_w, f.kernel_h, f.kernel_w, stride);
    const int bytes = ((tile.y * tile.rows - 1) * stride + f.kernel_h) * ((tile.x - 1) * stride + f.kernel_w) * 16;
    const int chunk = std::clamp(kSharedBytes / 2 / bytes, 1, std::min(4, in_groups));
    const int out_at_once = one ? 1 : out_groups >= 2 ? 2 : 1;
    DecoderPass pass;
    pass.shader = "decode_conv.glsl";
    pass.defines = weighted(step.layer.activation) + define("TILE_X", tile.x) + define("TILE_Y", tile.y) +
                   define("ROWS", tile.rows) + define("OUT_GROUPS", out_at_once) + define("CHUNK", chunk) +
                   define("KERNEL_H", f.kernel_h) + define("KERNEL_W", f.kernel_w) + define("STRIDE", stride) +
                   define("PHASES", f.phases) + (one ? "#define ONE_OUTPUT\n" : "");
    pass.numbers = {{"u_weights", packer_.weights_at()},
                    {"u_biases", packer_.biases_at()},
                    {"u_in_groups", in_groups},
                    {"u_out_groups", out_groups},
                    {"u_stored_h", view_.stored_h},
                    {"u_stored_w", view_.stored_w},
                    {"u_up", view_.up},
                    {"u_in_h", view_.h},
                    {"u_in_w", view_.w},
                    {"u_out_h", step.out.height},
                    {"u_out_w", step.out.width},
                    {"u_top", f.top},
                    {"u_left", f.left}};
    pack(step, f, one);
    pass.groups = {parts(tiled_w, tile.x), parts(tiled_h, tile.y * tile.rows),
                   parts(out_groups, out_at_once) * f.phases * f.phases};
    add(std::move(pass), step.out);
  }

  void pack(const PlanStep& step, const Folded& f, bool one) {
    const int in = step.in.channels, out = step.out.channels, in_groups = groups_of(in), out_groups = groups_of(out);
    const auto weight = [&](int phase, int o, int i, int y, int x) {
      return o < out && i < in ? f.weight(phase / f.phases, phase % f.phases, o, i, y, x) : 0.0f;
    };
    for (int phase = 0; phase < f.phases * f.phases; ++phase) {
      for (int og = 0; og < out_groups; ++og) {
        for (int ig = 0; ig < in_groups; ++ig) {
          for (int tap = 0; tap < f.kernel_h * f.kernel_w; ++tap) {
            const int y = tap / f.kernel_w, x = tap % f.kernel_w;
            if (one) {
              packer_.four({weight(phase, 0, ig * 4, y, x), weight(phase, 0, ig * 4 + 1, y, x),
                            weight(phase, 0, ig * 4 + 2, y, x), weight(phase, 0, ig * 4 + 3, y, x)});
            } else {
              packer_.block([&](int row, int column) { return weight(phase, og * 4 + row, ig * 4 + column, y, x); });
            }
          }
        }
      }
    }
    for (int o = 0; o < out_groups * 4; ++o) packer_.bias(o < out ? step.bias()[static_cast<std::size_t>(o)] : 0.0f);
  }

  void rearrange(const char* operation, const PlanShape& out, ActivationKind activation,
                 std::vector<std::pair<const char*, int>> numbers) {
    DecoderPass pass;
    pass.shader = "decode_rearrange.glsl";
    pass.defines =
        define("ACTIVATION", static_cast<int>(activation)) + fmt::format("#define OPERATION {}\n", operation);
    pass.numbers = std::move(numbers);
    pass.numbers.insert(pass.numbers.end(), {{"u_in_channels", view_.channels},
                                             {"u_stored_h", view_.stored_h},
                                             {"u_stored_w", view_.stored_w},
                                             {"u_up", view_.up},
                                             {"u_in_h", view_.h},
                                             {"u_in_w", view_.w},
                                             {"u_out_channels", out.channels},
                                             {"u_out_h", out.height},
                                             {"u_out_w", out.width}});
    const std::int64_t threads = std::int64_t{groups_of(out.channels)} * out.height * out.width;
    pass.groups = {static_cast<int>((threads + 63) / 64), 1, 1};
    add(std::move(pass), out);
  }

  const DecoderPlan& plan_;
  const bool half_;
  DecoderPasses out_;
  WeightPacker packer_;
  View view_;
};

}  // namespace

DecoderPasses passes_of(const DecoderPlan& plan, int bits) {
  OMBRA_ASSERT(bits == 16 || bits == 32);
  bool half = bits == 16;
  for (const PlanStep& step : plan.steps) {
    // folded weights are sums of a few
    for (const model::DensePlan& dense : step.layer.dense) {
      for (const float w : dense.weight) half = half && std::abs(w) < kLargestHalf / 64.0f;
    }
  }
  return Lowering(plan, half).lower();
}

}  // namespace ombra::gfx
