#include "model/layers/layers.hpp"

#include "model/figure/strokes.hpp"
#include "model/layers/stroke_field.hpp"
#include "model/oracle.hpp"

#include <gtest/gtest.h>

namespace ombra::model {
namespace {

using test::expect_near;
using test::expected;
using test::Layers;
using torch::Tensor;

// ---- against PyTorch

struct Case {
  const char* name;
  const char* layer;
};
void PrintTo(const Case& c, std::ostream* out) { *out << c.name; }

class LayerOracle : public testing::TestWithParam<Case> {};

TEST_P(LayerOracle, GivesWhatPyTorchGives) {
  const torch::NoGradGuard no_grad;
  const std::string name = GetParam().name;
  const Tensor x = expected(name + ".in"), y = expected(name + ".out");
  Network network = Layers(GetParam().layer).network(Shape(x.sizes().begin() + 1, x.sizes().end()));
  EXPECT_EQ(network->output(), Shape(y.sizes().begin() + 1, y.sizes().end()))
      << "the shape that the recipe reader computes";
  load_module(test::oracle(), name, *network);
  network->eval();
  expect_near(network->forward(x), y, 1e-5);
}

INSTANTIATE_TEST_SUITE_P(All, LayerOracle,
                         testing::Values(Case{"conv_stride", "{layer='conv', out=4, kernel=3, stride=2}"},
                                         Case{"conv_even", "{layer='conv', out=4, kernel=4}"},
                                         Case{"conv_patch", "{layer='conv', out=4, kernel=4, stride=4}"},
                                         Case{"conv_transpose_2", "{layer='conv_transpose', out=5}"},
                                         Case{"conv_transpose_3", "{layer='conv_transpose', out=5, kernel=3}"},
                                         Case{"conv_transpose_5", "{layer='conv_transpose', out=5, kernel=5}"},
                                         Case{"maxpool", "{layer='maxpool'}"},
                                         Case{"pixel_shuffle", "{layer='pixel_shuffle'}"},
                                         Case{"upsample_nearest", "{layer='upsample'}"},
                                         Case{"upsample_bilinear", "{layer='upsample', factor=3, mode='bilinear'}"},
                                         Case{"flatten_hwc", "{layer='flatten', order='hwc'}"},
                                         Case{"dense_linear", "{layer='dense', out=5}"},
                                         Case{"dense_relu", "{layer='dense', out=5, activation='relu'}"},
                                         Case{"dense_elu", "{layer='dense', out=5, activation='elu'}"},
                                         Case{"dense_silu", "{layer='dense', out=5, activation='silu'}"},
                                         Case{"dense_gelu", "{layer='dense', out=5, activation='gelu'}"},
                                         Case{"dense_sigmoid", "{layer='dense', out=5, activation='sigmoid'}"},
                                         Case{"dense_tanh", "{layer='dense', out=5, activation='tanh'}"},
                                         Case{"gaussian", "{layer='gaussian', out=2}"},
                                         Case{"conv1d", "{layer='conv1d', out=4}"},
                                         Case{"conv1d_dilated", "{layer='conv1d', out=4, dilation=2}"},
                                         Case{"conv1d_causal", "{layer='conv1d', out=4, dilation=2, causal=true}"},
                                         Case{"conv1d_even", "{layer='conv1d', out=4, kernel=4}"},
                                         Case{"conv1d_point", "{layer='conv1d', out=4, kernel=1}"},
                                         Case{"conv1d_stride", "{layer='conv1d', out=4, kernel=6, stride=6}"},
                                         Case{"conv1d_transpose", "{layer='conv1d_transpose', out=5, factor=6}"},
                                         Case{"residual1d", "{layer='residual1d', dilation=2}"},
                                         Case{"lstm", "{layer='lstm', out=4}"}, Case{"gru", "{layer='gru', out=4}"}),
                         [](const auto& test_case) { return std::string(test_case.param.name); });

TEST(Layers, RecurrentLayersGiveTheSameStepByStep) {
  const torch::NoGradGuard no_grad;
  for (const std::string name : {"lstm", "gru"}) {
    Network network = Layers("{layer='" + name + "', out=4}").network({-1, 3});
    load_module(test::oracle(), name, *network);
    const Tensor x = expected(name + ".in");
    NetworkState state;
    std::vector<Tensor> steps;
    for (std::int64_t t = 0; t < x.size(1); ++t) steps.push_back(network->forward(x.narrow(1, t, 1), &state));
    expect_near(torch::cat(steps, 1), expected(name + ".out"), 1e-5);
  }
}

TEST(Layers, GaussianPenaltyIsTheKullbackLeiblerDivergence) {
  Network network = Layers("{layer='gaussian', out=2}").network({4});
  load_module(test::oracle(), "gaussian", *network);
  EXPECT_FALSE(network->penalty().defined());
  network->train();
  const Tensor first = network->forward(expected("gaussian.in"));
  expect_near(network->penalty(), expected("gaussian.kl"), 1e-5);
  EXPECT_FALSE(torch::equal(first, network->forward(expected("gaussian.in"))))
      << "training draws; evaluation gives the mean";
}

TEST(Layers, SparsityPenaltyIsTheMeanAbsoluteValue) {
  Network network = Layers("{layer='l1', weight=0.5}, {layer='activation', of='relu'}").network({3});
  const Tensor x = torch::tensor({{-1.0f, 2.0f, 3.0f}});
  expect_near(network->forward(x), torch::tensor({{0.0f, 2.0f, 3.0f}}), 0.0);
  EXPECT_NEAR(network->penalty().item<double>(), 1.0, 1e-6);
}

TEST(Layers, DropoutActsInTrainingOnly) {
  Network network = Layers("{layer='dropout', rate=0.5}").network({1000});
  const Tensor x = torch::ones({1, 1000});
  EXPECT_NEAR((network->forward(x) == 0).to(torch::kFloat).mean().item<double>(), 0.5, 0.1);
  network->eval();
  EXPECT_TRUE(torch::equal(network->forward(x), x));
}

TEST(Layers, ReshapeUndoesFlatten) {
  const Tensor x = torch::randn({2, 3, 4, 5});
  for (const std::string order : {"chw", "hwc"}) {
    Network network =
        Layers("{layer='flatten', order='" + order + "'}, {layer='reshape', shape=[3, 4, 5], order='" + order + "'}")
            .network({3, 4, 5});
    EXPECT_TRUE(torch::equal(network->forward(x), x)) << order;
  }
}

TEST(Layers, StrokesStartAsSmallFiguresInTheMiddle) {
  Network network = Layers("{layer='strokes', count=2}").network({12});
  EXPECT_EQ(network->strokes(), 2);
  const Tensor at_zero = network->forward(torch::zeros({1, 12}))[0][1];
  expect_near(at_zero, torch::tensor({0.0f, 0.5f, 0.03f, 0.0f, 0.5f, 0.03f}), 1e-3);
  EXPECT_GT(network->forward(torch::full({1, 12}, -30.0f)).select(2, 2).min().item<double>(), 0.0)
      << "radii stay positive";
}

// ---- what is wrong is said with file and line

std::string complaint(const std::string& layers, Shape input, std::int64_t code = 1) {
  try {
    Layers(layers).network(std::move(input), code);
    return "";
  } catch (const UsageError& e) {
    return e.what();
  }
}

TEST(Layers, AFaultNamesFileLineAndWhatWasExpected) {
  const auto expect_says = [](const std::string& got, const std::vector<std::string>& parts) {
    for (const std::string& part : parts)
      EXPECT_NE(got.find(part), std::string::npos) << "'" << part << "' in: " << got;
  };
  expect_says(complaint("{layer='dense', out=3},\n{layer='konv', out=3}", {4}),
              {"test.toml:3: ", "\"konv\" is not a layer", "conv_transpose"});
  expect_says(complaint("{layer='dense', out=3},\n{layer='conv', out=3}", {4}),
              {"test.toml:3: ", "pictures [C, H, W]", "[3]"});
  expect_says(complaint("{layer='dense'}", {4}), {"test.toml:2: ", "out", "whole number from 1"});
  expect_says(complaint("{layer='dense', out='3'}", {4}), {"test.toml:2: ", "out", "whole number"});
  expect_says(complaint("{layer='dense', out=3, size=2}", {4}), {"test.toml:2: ", "size: unknown key", "activation"});
  expect_says(complaint("{layer='dense', out=3, activation='swish'}", {4}),
              {"test.toml:2: ", "expected one of linear, relu"});
  expect_says(complaint("{layer='lstm', out=3}", {4}), {"sequences [T, F]", "[4]"});
  expect_says(complaint("{layer='strokes', count=3}", {17}), {"needs [18]", "[17]"});
  expect_says(complaint("{layer='pixel_shuffle'}", {6, 2, 2}), {"must divide the channels", "[6, 2, 2]"});
  expect_says(complaint("{layer='reshape', shape=[2, 3]}", {7}), {"6 numbers do not fit", "[7]"});
  expect_says(complaint("{layer='conv', out=2, kernel=5, padding='valid'}", {1, 4, 4}), {"larger than its input"});
  expect_says(complaint("{layer='conv_transpose', out=2, kernel=1}", {1, 4, 4}), {"at least the stride"});
  expect_says(complaint("{layer='conv1d', out=2, kernel=3, stride=2}", {-1, 4}), {"1 or equal to the kernel"});
}

TEST(Layers, NothingOfUnknownLengthIsFlattened) {
  EXPECT_NE(complaint("{layer='flatten'},\n{layer='dense', out=3}", {-1, 4}), "");
  EXPECT_NE(complaint("{layer='reshape', shape=[4]}", {-1, 4}), "");
}

TEST(Layers, MoreThanMemoryHoldsIsRefusedBeforeItIsAllocated) {
  EXPECT_NE(complaint("{layer='upsample', factor=4096}", {8, 64, 64}), "");
  EXPECT_NE(complaint("{layer='dense', out=1048576},\n{layer='dense', out=1048576}", {4}), "");
  EXPECT_NE(complaint("{layer='lstm', out=8192},\n{layer='lstm', out=8192}", {-1, 8192}), "");
}

// ---- strokes as a picture

TEST(StrokeField, BothWaysFollowTheDefinitionAndItsGradient) {
  const Tensor wanted = expected("strokes.out"), weight = expected("strokes.weight");
  for (const bool by_tensors : {false, true}) {
    const Tensor strokes = expected("strokes.in").requires_grad_(true);
    const Tensor field = by_tensors ? stroke_field_by_tensors(strokes, 24) : stroke_field(strokes, 24);
    expect_near(field, wanted, 1e-5);
    (field * weight).sum().backward();
    expect_near(strokes.grad(), expected("strokes.gradient"), 2e-3);
  }
}

TEST(StrokeField, GradientEqualsFiniteDifferences) {
  const Tensor strokes = expected("strokes.in").narrow(0, 0, 1).clone().requires_grad_(true),
               weight = expected("strokes.weight").narrow(0, 0, 1);
  const auto loss = [&](const Tensor& at) {
    return (stroke_field_by_tensors(at.to(torch::kDouble), 24) * weight).sum();
  };
  (stroke_field(strokes, 24) * weight).sum().backward();
  const double step = 1e-6;
  for (std::int64_t i = 0; i < strokes.numel(); ++i) {
    const torch::NoGradGuard no_grad;
    Tensor nudge = torch::zeros({strokes.numel()}, torch::kDouble);
    nudge[i] = step;
    const Tensor at = strokes.to(torch::kDouble), by = nudge.view_as(at);
    const double slope = (loss(at + by) - loss(at - by)).item<double>() / (2.0 * step);
    EXPECT_NEAR(strokes.grad().flatten()[i].item<double>(), slope, 2e-3 * std::abs(slope) + 0.02) << "number " << i;
  }
}

}  // namespace
}  // namespace ombra::model
