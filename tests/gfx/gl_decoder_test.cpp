// The decoder in shaders against LibTorch, which runs the same layers with the same weights: numbers to 1e-3 of the
// largest one with weights of 16 bits and 1e-5 with 32, fields in picture heights.
#include "gfx/gl_decoder.hpp"

#include "core/rng.hpp"
#include "gfx/gl_context.hpp"
#include "model/figure/distance.hpp"
#include "model/figure/strokes.hpp"
#include "model/layers/model_folder.hpp"
#include "model/oracle.hpp"

#include <cmath>
#include <limits>

namespace ombra::gfx {
namespace {

using model::DecoderPlan;
using model::PlanOrReason;
using torch::Tensor;

std::vector<float> values_of(const Tensor& t) {
  const Tensor flat = t.detach().to(torch::kFloat).contiguous();
  return {flat.data_ptr<float>(), flat.data_ptr<float>() + flat.numel()};
}

// The largest difference, against the largest number that is wanted.
double apart(const std::vector<float>& got, const std::vector<float>& wanted) {
  EXPECT_EQ(got.size(), wanted.size());
  double largest = 0.0, most = 1e-6;
  for (std::size_t i = 0; i < std::min(got.size(), wanted.size()); ++i) {
    if (!std::isfinite(got[i])) return std::numeric_limits<double>::infinity();
    largest = std::max(largest, std::abs(static_cast<double>(got[i]) - wanted[i]));
    most = std::max(most, std::abs(static_cast<double>(wanted[i])));
  }
  return largest / most;
}

std::string file_of(const std::string& recipe) { return OMBRA_SOURCE "/models/recipes/" + recipe + ".toml"; }

// ---- every kind of layer

struct Case {
  const char* name;
  int in;  // numbers
  const char* layers;
};
void PrintTo(const Case& c, std::ostream* out) { *out << c.name; }

class DecoderLayer : public GlTest, public testing::WithParamInterface<Case> {};

TEST_P(DecoderLayer, GivesWhatLibTorchGives) {
  const torch::NoGradGuard no_grad;
  torch::manual_seed(7);
  const model::test::Layers layers(GetParam().layers);
  model::Network network = layers.network({GetParam().in});
  network->eval();
  const PlanOrReason made = model::decoder_plan(network->layout(), network->plan());
  ASSERT_TRUE(made.plan) << made.reason;
  for (const int dancers : {1, 3, 6}) {
    const Tensor codes = torch::randn({dancers, GetParam().in});
    const std::vector<float> wanted = values_of(network->forward(codes));
    for (const int bits : {16, 32}) {
      GlDecoder decoder(made.plan, bits);
      decoder.decode(values_of(codes), 64);
      EXPECT_LT(apart(decoder.read_numbers(), wanted), bits == 16 ? 1e-3 : 1e-5)
          << dancers << " dancers, " << bits << " bits";
    }
  }
}

#define PICTURE(C, H, W) "{layer='reshape', shape=[" #C "," #H "," #W "]}, "
INSTANTIATE_TEST_SUITE_P(
    All, DecoderLayer,
    testing::Values(
        Case{"dense", 40, "{layer='dense', out=23}"},
        Case{"dense_relu", 300, "{layer='dense', out=50, activation='relu'}"},
        Case{"dense_elu", 9, "{layer='dense', out=50, activation='elu'}"},
        Case{"dense_silu", 9, "{layer='dense', out=50, activation='silu'}"},
        Case{"dense_gelu", 9, "{layer='dense', out=50, activation='gelu'}"},
        Case{"dense_sigmoid", 9, "{layer='dense', out=50, activation='sigmoid'}"},
        Case{"dense_tanh", 9, "{layer='dense', out=50, activation='tanh'}"},
        Case{"gaussian", 12, "{layer='gaussian', out=5}"},
        Case{"outer", 270, "{layer='dense', out=9}, {layer='outer'}, {layer='dense', out=30}"},
        Case{"outer_first", 268, "{layer='outer'}, {layer='dense', out=6, activation='silu'}"},
        Case{"dropout_l1", 12, "{layer='dense', out=9}, {layer='dropout', rate=0.5}, {layer='l1', weight=1.0}"},
        Case{"activation", 12, "{layer='activation', of='tanh'}, {layer='activation', of='gelu'}"},
        Case{"reshape_chw", 5 * 3 * 4, PICTURE(5, 3, 4)},
        Case{"reshape_hwc", 5 * 3 * 4, "{layer='reshape', shape=[5, 3, 4], order='hwc'}"},
        Case{"dense_reshape_chw", 8, "{layer='dense', out=84}, " PICTURE(7, 3, 4)},
        Case{"dense_reshape_hwc", 8, "{layer='dense', out=84}, {layer='reshape', shape=[7, 3, 4], order='hwc'}"},
        Case{"dense_reshape_one", 8, "{layer='dense', out=12}, " PICTURE(1, 3, 4)},
        Case{"reshape_picture", 5 * 3 * 4, PICTURE(5, 3, 4) "{layer='reshape', shape=[6, 2, 5], order='hwc'}"},
        Case{"flatten_chw", 5 * 3 * 4, PICTURE(5, 3, 4) "{layer='flatten'}, {layer='dense', out=6}"},
        Case{"flatten_hwc", 5 * 3 * 4, PICTURE(5, 3, 4) "{layer='flatten', order='hwc'}, {layer='dense', out=6}"},
        Case{"conv", 6 * 9 * 11, PICTURE(6, 9, 11) "{layer='conv', out=10, activation='elu'}"},
        Case{"conv_large", 12 * 40 * 37, PICTURE(12, 40, 37) "{layer='conv', out=9}"},
        Case{"conv_even", 6 * 9 * 11, PICTURE(6, 9, 11) "{layer='conv', out=5, kernel=4}"},
        Case{"conv_two", 6 * 9 * 11, PICTURE(6, 9, 11) "{layer='conv', out=5, kernel=2}"},
        Case{"conv_wide", 6 * 9 * 11, PICTURE(6, 9, 11) "{layer='conv', out=5, kernel=[1, 7]}"},
        Case{"conv_point", 6 * 9 * 11, PICTURE(6, 9, 11) "{layer='conv', out=5, kernel=1}"},
        Case{"conv_one", 6 * 9 * 11, PICTURE(6, 9, 11) "{layer='conv', out=1, activation='sigmoid'}"},
        Case{"conv_stride", 6 * 9 * 11, PICTURE(6, 9, 11) "{layer='conv', out=5, stride=2}"},
        Case{"conv_stride_even", 6 * 10 * 13, PICTURE(6, 10, 13) "{layer='conv', out=5, kernel=4, stride=3}"},
        Case{"conv_valid", 6 * 9 * 11, PICTURE(6, 9, 11) "{layer='conv', out=5, padding='valid'}"},
        Case{"conv_huge", 2 * 30 * 30, PICTURE(2, 30, 30) "{layer='conv', out=5, kernel=15}"},
        Case{"transpose_1", 6 * 9 * 11, PICTURE(6, 9, 11) "{layer='conv_transpose', out=5, kernel=3, stride=1}"},
        Case{"transpose_2", 6 * 9 * 11, PICTURE(6, 9, 11) "{layer='conv_transpose', out=5}"},
        Case{"transpose_3", 6 * 9 * 11, PICTURE(6, 9, 11) "{layer='conv_transpose', out=5, kernel=3}"},
        Case{"transpose_4", 6 * 9 * 11, PICTURE(6, 9, 11) "{layer='conv_transpose', out=1, kernel=4}"},
        Case{"transpose_5", 6 * 9 * 11, PICTURE(6, 9, 11) "{layer='conv_transpose', out=5, kernel=5, stride=3}"},
        Case{"maxpool", 5 * 9 * 11, PICTURE(5, 9, 11) "{layer='maxpool'}"},
        Case{"maxpool_3", 5 * 10 * 11, PICTURE(5, 10, 11) "{layer='maxpool', size=3}"},
        Case{"nearest", 5 * 4 * 6, PICTURE(5, 4, 6) "{layer='upsample', factor=3}"},
        Case{"bilinear", 5 * 4 * 6, PICTURE(5, 4, 6) "{layer='upsample', factor=3, mode='bilinear'}"},
        Case{"pixel_shuffle", 12 * 4 * 6, PICTURE(12, 4, 6) "{layer='pixel_shuffle'}"},
        Case{"crop", 5 * 4 * 6, PICTURE(5, 4, 6) "{layer='crop', size=[3, 5]}"},
        Case{"nearest_conv", 6 * 9 * 11, PICTURE(6, 9, 11) "{layer='upsample'}, {layer='conv', out=5}"},
        Case{"nearest_3_conv", 6 * 9 * 11, PICTURE(6, 9, 11) "{layer='upsample', factor=3}, {layer='conv', out=1}"},
        Case{"nearest_conv_two", 6 * 9 * 11, PICTURE(6, 9, 11) "{layer='upsample'}, {layer='conv', out=5, kernel=2}"},
        Case{"nearest_conv_even", 6 * 9 * 11, PICTURE(6, 9, 11) "{layer='upsample'}, {layer='conv', out=5, kernel=4}"},
        Case{"nearest_conv_valid", 6 * 9 * 11,
             PICTURE(6, 9, 11) "{layer='upsample'}, {layer='conv', out=5, kernel=5, padding='valid'}"},
        Case{"nearest_conv_stride", 6 * 9 * 11,
             PICTURE(6, 9, 11) "{layer='upsample'}, {layer='conv', out=5, stride=2}"},
        Case{"nearest_crop_conv", 6 * 9 * 11,
             PICTURE(6, 9, 11) "{layer='upsample'}, {layer='crop', size=[17, 21]}, {layer='conv', out=5}"},
        Case{"crop_nearest_conv", 6 * 9 * 11,
             PICTURE(6, 9, 11) "{layer='crop', size=[8, 7]}, {layer='upsample'}, {layer='conv', out=5}"},
        Case{"crop_bilinear", 6 * 9 * 11,
             PICTURE(6, 9, 11) "{layer='crop', size=[8, 7]}, {layer='upsample', mode='bilinear'}"},
        Case{"nearest_transpose", 6 * 9 * 11,
             PICTURE(6, 9, 11) "{layer='upsample'}, {layer='conv_transpose', out=5, kernel=3, stride=1}"},
        Case{"nearest_transpose_2", 6 * 9 * 11,
             PICTURE(6, 9, 11) "{layer='upsample'}, {layer='conv_transpose', out=5}"},
        Case{
            "nearest_nearest_pool", 6 * 4 * 5,
            PICTURE(
                6, 4,
                5) "{layer='upsample'}, {layer='crop', size=[7, 9]}, {layer='upsample', factor=3}, {layer='maxpool'}"},
        Case{"bilinear_conv", 6 * 9 * 11,
             PICTURE(6, 9, 11) "{layer='upsample', mode='bilinear'}, {layer='conv', out=5}"}),
    [](const auto& tried) { return std::string(tried.param.name); });

using DecoderTest = GlTest;

TEST_F(DecoderTest, WhatOnlyLibTorchCanRunHasAReason) {
  const model::test::Layers layers("{layer='reshape', shape=[4, 3]}, {layer='conv1d', out=4}");
  model::Network network = layers.network({12});
  const PlanOrReason made = model::decoder_plan(network->layout(), network->plan());
  EXPECT_FALSE(made.plan);
  EXPECT_NE(made.reason.find("reshape"), std::string::npos) << made.reason;
}

TEST_F(DecoderTest, WhatIsTooLargeForShadersIsAnError) {
  const model::test::Layers layers(PICTURE(1, 80, 80) "{layer='conv', out=1, kernel=80}");
  model::Network network = layers.network({6400});
  const PlanOrReason made = model::decoder_plan(network->layout(), network->plan());
  ASSERT_TRUE(made.plan) << made.reason;
  EXPECT_THROW(GlDecoder decoder(made.plan), Error);
}

// ---- every recipe

class DecoderRecipe : public GlTest, public testing::WithParamInterface<const char*> {
 protected:
  // Random weights, and the last bias so that about half of a picture of light is dark.
  void make(double span) {
    torch::manual_seed(11);
    model_ = model::make_model(model::read_recipe(file_of(GetParam())));
    model_.painter->eval();
    if (!model_.painter->draws_strokes()) model_.painter->named_buffers()["span"].fill_(span);
    const PlanOrReason made = model_.painter->decoder_plan();
    ASSERT_TRUE(made.plan) << made.reason;
    plan_ = made.plan;
  }
  // What the decoder is given: codes, or bodies and persons.
  Tensor given(std::int64_t dancers) const { return torch::randn({dancers, plan_->code}); }
  Tensor strokes_of(const Tensor& given) {
    if (!model_.painter->in_space()) return model_.painter->strokes(given);
    const std::int64_t person = given.size(1) - model::kBodyNumbers;
    return model_.painter->people_strokes(given.narrow(1, 0, model::kBodyNumbers),
                                          given.narrow(1, model::kBodyNumbers, person));
  }

  model::Model model_;
  std::shared_ptr<const DecoderPlan> plan_;
};

// Strokes as the layer makes them of raw numbers.
Tensor strokes_from(const std::vector<float>& raw, std::int64_t dancers) {
  const Tensor x = torch::tensor(raw).view({dancers, -1, 6});
  const auto end = [&](std::int64_t i) { return x.narrow(2, i, 1); };
  const auto radius = [&](std::int64_t i) { return 0.03 * torch::softplus(x.narrow(2, i, 1) + 0.54); };
  return torch::cat({end(0), end(1) + 0.5, radius(2), end(3), end(4) + 0.5, radius(5)}, 2);
}

TEST_P(DecoderRecipe, GivesWhatLibTorchGives) {
  const torch::NoGradGuard no_grad;
  make(1.0);
  const std::int64_t dancers = 3;
  const Tensor codes = given(dancers);
  const bool strokes = model_.painter->draws_strokes(), distances = plan_->end == model::PlanEnd::kDistances;
  const Tensor wanted =
      strokes ? strokes_of(codes) : model_.painter->decode_pictures(codes) / (distances ? model::kMaxDistance : 1.0f);
  for (const int bits : {16, 32}) {
    GlDecoder decoder(plan_, bits);
    decoder.decode(values_of(codes), 96);
    const std::vector<float> numbers = decoder.read_numbers();
    const double off = apart(strokes ? values_of(strokes_from(numbers, dancers)) : numbers, values_of(wanted));
    EXPECT_LT(off, bits == 16 ? 1e-3 : 1e-5) << bits << " bits";
    RecordProperty(std::to_string(bits) + "_bits", std::to_string(off));
  }
}

TEST_P(DecoderRecipe, DrawsTheSameFields) {
  const torch::NoGradGuard no_grad;
  for (const double span : {1.0, 1.31}) {
    make(span);
    const Tensor codes = given(2);
    GlDecoder decoder(plan_, 32);
    for (const int size : {plan_->end == model::PlanEnd::kStrokes ? 100 : plan_->side(), 192}) {
      const GpuFields& fields = decoder.decode(values_of(codes), size);
      const std::vector<float> got = decoder.read_fields(),
                               wanted = values_of(model_.painter->decode_given(codes, size));
      ASSERT_EQ(got.size(), wanted.size());
      double largest = 0.0, sum = 0.0;
      for (std::size_t i = 0; i < got.size(); ++i) {
        const double d = std::abs(static_cast<double>(got[i]) - wanted[i]);
        largest = std::max(largest, d), sum += d;
      }
      // sweeps over a picture's pixels (model/figure/distance.cpp) miss the nearest outline point now and then: by
      // about a tenth of a pixel, while the shaders are exact (Outlines, below)
      const double pixel = 1.0 / plan_->side();
      // bodies times persons are sums of thousands
      const double most = model_.painter->in_space() ? 5e-5 : 1e-5;
      EXPECT_LT(largest, plan_->end == model::PlanEnd::kLight ? 0.15 * pixel : most)
          << "span " << span << ", size " << size;
      EXPECT_LT(sum / static_cast<double>(got.size()), 1e-5) << "span " << span << ", size " << size;
      EXPECT_EQ(fields.dancers, 2);
      EXPECT_EQ(fields.size, size);
      if (plan_->end == model::PlanEnd::kStrokes) break;
    }
  }
}

INSTANTIATE_TEST_SUITE_P(All, DecoderRecipe,
                         testing::Values("dancenet-2018", "deepdance-2020", "frames", "huang-2017", "huang-2017-fnn",
                                         "karroqe-2020-conv", "karroqe-2020-deep", "karroqe-2020-simple",
                                         "karroqe-2020-sparse", "mannequin", "nguyen-2023", "ombra"),
                         [](const auto& tried) {
                           std::string name = tried.param;
                           std::replace(name.begin(), name.end(), '-', '_');
                           return name;
                         });

// ---- pictures of light as distance fields

// A figure as the painters of the published recipes give it: dark on light, its edge blurred.
std::vector<float> dark_figure(int width, int height) {
  std::vector<float> light;
  for (int y = 0; y < height; ++y) {
    for (int x = 0; x < width; ++x) {
      const double u = (x + 0.5 - 0.5 * width) / height, v = (y + 0.5) / height;
      const double body = std::hypot(u / 0.13, (v - 0.55) / 0.3) - 1.0,
                   head = (std::hypot(u - 0.02, v - 0.17) - 0.07) * 5.0,
                   arm = (std::abs(v - 0.4 - 0.7 * u) - 0.03) * 6.0 + (std::abs(u) > 0.35 ? 1.0 : 0.0);
      const double edge = std::min({body, head, arm}) * 0.2 * height;
      light.push_back(static_cast<float>(1.0 / (1.0 + std::exp(-1.7 * edge))));
    }
  }
  return light;
}

// Distances in pixels, by looking at every outline point from every pixel: where an outline passes between pixels, the
// straight line through its crossings towards the neighbours.
std::vector<double> exact_distances(const std::vector<float>& ink, int side) {
  const auto v = [&](int x, int y) { return static_cast<double>(ink[static_cast<std::size_t>(y * side + x)]) - 0.5; };
  std::vector<std::array<double, 2>> points;
  for (int y = 0; y < side; ++y) {
    for (int x = 0; x < side; ++x) {
      std::array<double, 2> nearest = {1e9, 1e9};
      for (int axis = 0; axis < 2; ++axis) {
        for (const int by : {1, -1}) {
          const int i = x + (axis == 0 ? by : 0), j = y + (axis == 1 ? by : 0);
          if (i < 0 || j < 0 || i >= side || j >= side || (v(x, y) >= 0.0) == (v(i, j) >= 0.0)) continue;
          const double t = by * v(x, y) / (v(x, y) - v(i, j));
          if (std::abs(t) < std::abs(nearest[static_cast<std::size_t>(axis)]))
            nearest[static_cast<std::size_t>(axis)] = t;
        }
      }
      if (nearest[0] == 1e9 && nearest[1] == 1e9) continue;
      const double square = 1.0 / (1.0 / (nearest[0] * nearest[0]) + 1.0 / (nearest[1] * nearest[1]));
      points.push_back(
          {x + (nearest[0] == 1e9 ? 0.0 : square / nearest[0]), y + (nearest[1] == 1e9 ? 0.0 : square / nearest[1])});
    }
  }
  std::vector<double> distances;
  for (int y = 0; y < side; ++y) {
    for (int x = 0; x < side; ++x) {
      double nearest = 1e9;
      for (const auto& p : points) nearest = std::min(nearest, std::hypot(p[0] - x, p[1] - y));
      distances.push_back(v(x, y) >= 0.0 ? -nearest : nearest);
    }
  }
  return distances;
}

class Outlines : public GlTest {
 protected:
  // A decoder that gives its latents as a picture of light.
  static std::shared_ptr<DecoderPlan> plan_for(int width, int height, double span) {
    const auto plan = std::make_shared<DecoderPlan>();
    plan->code = width * height;
    model::PlanStep step;
    step.layer.kind = model::LayerPlan::Kind::kReshape;
    step.in = {plan->code, 1, 1};
    step.out = plan->output = {1, height, width};
    plan->steps.push_back(step);
    plan->end = model::PlanEnd::kLight;
    plan->span = span;
    return plan;
  }
};

TEST_F(Outlines, AreAsFarAsTheyAre) {
  constexpr int kSide = 96;
  const std::vector<float> light = dark_figure(kSide, kSide);
  GlDecoder decoder(plan_for(kSide, kSide, 1.0));
  decoder.decode(light, kSide);
  const std::vector<float> got = decoder.read_fields();
  std::vector<float> ink;
  for (const float l : light) ink.push_back(1.0f - l);
  const std::vector<double> wanted = exact_distances(ink, kSide);
  int beyond = 0, inside = 0;
  for (std::size_t i = 0; i < got.size(); ++i) {
    const double d = std::clamp<double>(wanted[i] / kSide, -model::kMaxDistance, model::kMaxDistance);
    ASSERT_NEAR(got[i], d, 1e-5) << "pixel " << i % kSide << ", " << i / kSide;
    beyond += d >= model::kMaxDistance ? 1 : 0, inside += d < 0.0 ? 1 : 0;
  }
  EXPECT_GT(beyond, 500);
  EXPECT_GT(inside, 500);
}

TEST_F(Outlines, GiveThePaintersField) {
  const torch::NoGradGuard no_grad;
  for (const char* recipe : {"dancenet-2018", "nguyen-2023", "karroqe-2020-deep"}) {
    model::Model m = model::make_model(model::read_recipe(file_of(recipe)));
    const int width = static_cast<int>(m.recipe.frames.width), height = static_cast<int>(m.recipe.frames.height);
    const std::vector<float> light = dark_figure(width, height);
    for (const double span : {1.0, 1.4}) {
      m.painter->named_buffers()["span"].fill_(span);
      const std::vector<float> wanted =
          values_of(m.painter->fields_of(torch::tensor(light).view({1, 1, height, width}), 192));
      GlDecoder decoder(plan_for(width, height, span));
      decoder.decode(light, 192);
      const std::vector<float> got = decoder.read_fields();
      double largest = 0.0;
      for (std::size_t i = 0; i < got.size(); ++i)
        largest = std::max(largest, std::abs(static_cast<double>(got[i]) - wanted[i]));
      EXPECT_LT(largest * decoder.plan().side(), 0.15) << recipe << ", pixels";
    }
  }
}

TEST_F(Outlines, AreNowhereInAnEmptyPicture) {
  for (const float light : {1.0f, 0.0f}) {
    GlDecoder decoder(plan_for(20, 20, 1.0));
    decoder.decode(std::vector<float>(400, light), 64);
    for (const float d : decoder.read_fields())
      ASSERT_FLOAT_EQ(d, light > 0.5f ? model::kMaxDistance : -model::kMaxDistance);
  }
}

// ---- what the show relies on

TEST_F(DecoderTest, ALatentThatIsNoNumberHarmsOnePictureAtMost) {
  const torch::NoGradGuard no_grad;
  model::Model m = model::make_model(model::read_recipe(file_of("mannequin")));
  GlDecoder decoder(m.painter->decoder_plan().plan);
  const std::vector<float> good(80, 0.2f);
  std::vector<float> bad = good;
  bad[3] = std::numeric_limits<float>::quiet_NaN(), bad[50] = std::numeric_limits<float>::infinity();
  decoder.decode(good, 64);
  const std::vector<float> before = decoder.read_fields();
  decoder.decode(bad, 64);
  for (const float d : decoder.read_fields()) ASSERT_LE(std::abs(d), model::kMaxDistance);
  decoder.decode(good, 64);
  EXPECT_EQ(decoder.read_fields(), before) << "the same latents give the same field, bit for bit";
}

TEST_F(DecoderTest, OneDancerIsDrawnTheSameInCompany) {
  const torch::NoGradGuard no_grad;
  model::Model m = model::make_model(model::read_recipe(file_of("mannequin")));
  GlDecoder decoder(m.painter->decoder_plan().plan, 32);
  const std::vector<float> all = values_of(torch::randn({7, 40}));
  decoder.decode(all, 48);
  const std::vector<float> together = decoder.read_fields();
  for (std::size_t d = 0; d < 7; ++d) {
    decoder.decode(std::span(all).subspan(d * 40, 40), 48);
    const std::vector<float> alone = decoder.read_fields();
    for (std::size_t i = 0; i < alone.size(); ++i) ASSERT_NEAR(alone[i], together[d * 48 * 48 + i], 1e-6);
  }
}

TEST(DecoderRecipes, AllOfThemAreTried) {
  std::size_t files = 0;
  for (const auto& entry : std::filesystem::directory_iterator(OMBRA_SOURCE "/models/recipes"))
    files += entry.path().extension() == ".toml" ? 1 : 0;
  EXPECT_EQ(files, 12u) << "a recipe that is new belongs into the list above";
}

}  // namespace
}  // namespace ombra::gfx
