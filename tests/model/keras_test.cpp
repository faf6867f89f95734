// Weights of Keras in networks of ours: every layer against a second, plain implementation of what Keras says it does.

#include "model/keras_model.hpp"
#include "model/oracle.hpp"

#include <gtest/gtest.h>

namespace ombra::model {
namespace {

using namespace test;
using torch::Tensor;

constexpr double kTolerance = 1e-4;

// ---- layers of pictures

struct PictureCase {
  const char* name;
  const char* layers;  // before a flatten and a dense layer
  std::function<Array(Keras&, const Array&)> keras;
};
void PrintTo(const PictureCase& c, std::ostream* out) { *out << c.name; }

class KerasPictures : public testing::TestWithParam<PictureCase> {};

TEST_P(KerasPictures, GiveWhatTheReferenceGives) {
  const torch::NoGradGuard no_grad;
  const Folder folder;
  for (const char* kind : {"gray", "rgb"}) {
    Small small;
    small.picture = kind;
    small.encoder = std::string(GetParam().layers) + ", { layer = \"flatten\" }, { layer = \"dense\", out = 5 }";
    Keras keras;
    std::mt19937 rng(2);
    const Array x = test::random_array({small.height, small.width, small.channels()}, rng, 1.0f);
    const Array z = test::random_array({small.code}, rng, 1.0f);
    const Array code = keras.dense(test::flatten(GetParam().keras(keras, x)), "enc", 5);
    const Array drawn = small.plain_decoder(keras, z);
    small.plain_dancer(keras, Array({1, small.code}));
    test::write_keras(folder / "x.h5", keras.stored());
    Model m = import_files(small.recipe(), {folder / "x.h5"});
    expect_near(m.painter->encode(picture(x)), tensor(code).unsqueeze(0), kTolerance);
    expect_near(m.painter->decode_pictures(tensor(z).unsqueeze(0)), picture(drawn), kTolerance);
  }
}

using test::apply;
INSTANTIATE_TEST_SUITE_P(
    All, KerasPictures,
    testing::Values(
        PictureCase{"conv_3", "{ layer = \"conv\", out = 4, activation = \"relu\" }",
                    [](Keras& k, const Array& x) {
                      return apply(k.conv(x, "c", 4, {3, 3}), test::relu);
                    }},
        PictureCase{"conv_even", "{ layer = \"conv\", out = 4, kernel = 4, activation = \"elu\" }",
                    [](Keras& k, const Array& x) {
                      return apply(k.conv(x, "c", 4, {4, 4}), test::elu);
                    }},
        PictureCase{"conv_2", "{ layer = \"conv\", out = 4, kernel = 2, activation = \"sigmoid\" }",
                    [](Keras& k, const Array& x) {
                      return apply(k.conv(x, "c", 4, {2, 2}), test::sigmoid);
                    }},
        PictureCase{"conv_oblong", "{ layer = \"conv\", out = 3, kernel = [2, 5] }",
                    [](Keras& k, const Array& x) {
                      return k.conv(x, "c", 3, {2, 5});
                    }},
        PictureCase{"conv_stride", "{ layer = \"conv\", out = 4, kernel = 3, stride = 2 }",
                    [](Keras& k, const Array& x) {
                      return k.conv(x, "c", 4, {3, 3}, 2);
                    }},
        PictureCase{"conv_even_stride", "{ layer = \"conv\", out = 4, kernel = 4, stride = 3 }",
                    [](Keras& k, const Array& x) {
                      return k.conv(x, "c", 4, {4, 4}, 3);
                    }},
        PictureCase{"conv_valid", "{ layer = \"conv\", out = 4, kernel = 4, stride = 2, padding = \"valid\" }",
                    [](Keras& k, const Array& x) {
                      return k.conv(x, "c", 4, {4, 4}, 2, false);
                    }},
        PictureCase{"conv_as_dense", "{ layer = \"conv\", out = 4, kernel = 1 }",
                    [](Keras& k, const Array& x) { return k.dense(x, "on_pixels", 4); }},
        PictureCase{"conv_transpose_2", "{ layer = \"conv_transpose\", out = 4 }",
                    [](Keras& k, const Array& x) { return k.conv_transpose(x, "t", 4, 2, 2); }},
        PictureCase{"conv_transpose_3", "{ layer = \"conv_transpose\", out = 4, kernel = 3 }",
                    [](Keras& k, const Array& x) { return k.conv_transpose(x, "t", 4, 3, 2); }},
        PictureCase{"conv_transpose_4", "{ layer = \"conv_transpose\", out = 3, kernel = 4 }",
                    [](Keras& k, const Array& x) { return k.conv_transpose(x, "t", 3, 4, 2); }},
        PictureCase{"conv_transpose_5_1", "{ layer = \"conv_transpose\", out = 3, kernel = 5, stride = 1 }",
                    [](Keras& k, const Array& x) { return k.conv_transpose(x, "t", 3, 5, 1); }},
        PictureCase{"maxpool", "{ layer = \"conv\", out = 3 }, { layer = \"maxpool\" }",
                    [](Keras& k, const Array& x) {
                      return test::max_pool(k.conv(x, "c", 3, {3, 3}), 2);
                    }},
        PictureCase{"upsample", "{ layer = \"upsample\", factor = 2 }, { layer = \"conv\", out = 2 }",
                    [](Keras& k, const Array& x) {
                      return k.conv(test::upsample(x, 2), "c", 2, {3, 3});
                    }},
        PictureCase{"reshape",
                    "{ layer = \"flatten\" }, { layer = \"dense\", out = 24, activation = \"tanh\" }, "
                    "{ layer = \"reshape\", shape = [4, 2, 3] }, { layer = \"conv\", out = 2 }",
                    [](Keras& k, const Array& x) {
                      const Array flat =
                          apply(k.dense(test::flatten(x), "d", 24), [](double v) { return std::tanh(v); });
                      return k.conv(test::reshape(flat, {2, 3, 4}), "c", 2, {3, 3});
                    }},
        PictureCase{"dense_without_bias", "{ layer = \"flatten\" }, { layer = \"dense\", out = 6 }",
                    [](Keras& k, const Array& x) { return k.dense_without_bias(test::flatten(x), "d", 6); }}),
    [](const auto& test_case) { return std::string(test_case.param.name); });

// ---- layers of sequences

struct DancerCase {
  const char* name;
  const char* layers;
  const char* memory;
  std::function<Array(Keras&, const Array&)> keras;  // codes [t, 5] -> [t, 5] or, memory = window, [5]
};
void PrintTo(const DancerCase& c, std::ostream* out) { *out << c.name; }

class KerasDancers : public testing::TestWithParam<DancerCase> {};

TEST_P(KerasDancers, GiveWhatTheReferenceGives) {
  const torch::NoGradGuard no_grad;
  const Folder folder;
  Small small;
  small.dancer = GetParam().layers;
  small.memory = GetParam().memory;
  const bool window = small.memory == "window";
  Keras keras, dancer(2);
  std::mt19937 rng(3);
  small.plain_encoder(keras, Array({small.height, small.width, 1}));
  small.plain_decoder(keras, Array({small.code}));
  const Array codes = test::random_array({small.context, small.code}, rng, 1.0f);
  const Array next = GetParam().keras(dancer, codes);
  test::write_keras(folder / "painter.h5", keras.stored(), {.packed = true});
  test::write_keras(folder / "dancer.h5", dancer.stored(), {.whole_model = true, .variable_text = true});
  Model m = import_files(small.recipe(), {folder / "dancer.h5", folder / "painter.h5"});
  const Tensor got = m.dancer->forward(tensor(codes).unsqueeze(0));
  const Tensor wanted = tensor(next).unsqueeze(0);
  expect_near(got, window ? wanted.unsqueeze(0) : wanted, kTolerance);
}

INSTANTIATE_TEST_SUITE_P(
    All, KerasDancers,
    testing::Values(
        DancerCase{"lstm", "{ layer = \"lstm\", out = 5 }", "carried",
                   [](Keras& k, const Array& x) { return k.lstm(x, "lstm_1/lstm_cell", 5); }},
        DancerCase{"gru", "{ layer = \"gru\", out = 5 }", "carried",
                   [](Keras& k, const Array& x) { return k.gru(x, "gru", 5); }},
        DancerCase{"stack",
                   "{ layer = \"lstm\", out = 7 }, { layer = \"dropout\", rate = 0.2 }, { layer = \"lstm\", out = 6 }, "
                   "{ layer = \"dense\", out = 5, activation = \"sigmoid\" }",
                   "carried",
                   [](Keras& k, const Array& x) {
                     return apply(k.dense(k.lstm(k.lstm(x, "lstm_1", 7), "lstm_2", 6), "dense_1", 5), test::sigmoid);
                   }},
        DancerCase{"conv1d",
                   "{ layer = \"conv1d\", out = 6, kernel = 4 }, { layer = \"conv1d\", out = 5, causal = true }",
                   "carried",
                   [](Keras& k, const Array& x) { return k.conv1d(k.conv1d(x, "a", 6, 4, false), "b", 5, 3, true); }},
        DancerCase{"feed_forward",
                   "{ layer = \"flatten\" }, { layer = \"dense\", out = 8, activation = \"relu\" }, "
                   "{ layer = \"dense\", out = 5 }",
                   "window",
                   [](Keras& k, const Array& x) {
                     return k.dense(apply(k.dense(test::flatten(x), "a", 8), test::relu), "b", 5);
                   }},
        DancerCase{"last_step", "{ layer = \"lstm\", out = 6 }, { layer = \"dense\", out = 5 }", "window",
                   [](Keras& k, const Array& x) {
                     const Array y = k.lstm(x, "lstm_1", 6);
                     Array last({6});
                     std::copy(y.values.end() - 6, y.values.end(), last.values.begin());
                     return k.dense(last, "dense_1", 5);
                   }}),
    [](const auto& test_case) { return std::string(test_case.param.name); });

// ---- a published system, as its project stored it

// DanceNet (Saji 2018) with an eighth of its width and of its picture's sides: nested models in one file, the dancer
// with its mixture density layer in another.
struct DanceNet {
  static constexpr std::int64_t kCode = 6, kComponents = 3;
  Keras vae{4}, rnn{5};
  Array log_variance;

  static std::string recipe() {
    return R"(name = "dancenet-small"
kind = "frames"
semantics = "keras"
[frames]
width = 26
height = 16
fps = 7.5
picture = "binary"
[painter]
code = 6
guided = false
loss = "bce"
reduction = "sum"
encoder = [
  { layer = "conv", out = 8, kernel = 3, activation = "relu" },
  { layer = "maxpool", size = 2 },
  { layer = "conv", out = 6, kernel = 3, activation = "relu" },
  { layer = "maxpool", size = 2 },
  { layer = "conv", out = 4, kernel = 3, activation = "relu" },
  { layer = "flatten" },
  { layer = "dense", out = 10 },
  { layer = "gaussian", out = 6 },
]
decoder = [
  { layer = "dense", out = 112, activation = "relu" },
  { layer = "reshape", shape = [4, 4, 7] },
  { layer = "conv", out = 8, kernel = 1 },
  { layer = "conv", out = 4, kernel = 3, activation = "relu" },
  { layer = "upsample", factor = 2 },
  { layer = "conv", out = 6, kernel = 3, activation = "relu" },
  { layer = "upsample", factor = 2 },
  { layer = "conv", out = 1, kernel = 3, activation = "sigmoid" },
  { layer = "crop", size = [16, 26] },
]
[painter.train]
steps = 1
batch = 1
[dancer]
loss = "mdn"
memory = "window"
context = 1
seeding = "pose"
scaling = "minmax"
layers = [
  { layer = "lstm", out = 9 },
  { layer = "dropout", rate = 0.4 },
  { layer = "lstm", out = 8 },
  { layer = "dropout", rate = 0.4 },
  { layer = "dense", out = 11, activation = "relu" },
  { layer = "mdn", components = 3, deviation = "elu" },
]
[dancer.train]
steps = 1
batch = 1
window = 1
)";
  }

  Array encode(const Array& x) {
    using test::max_pool, test::relu;
    vae.group("encoder");
    Array y = max_pool(apply(vae.conv(x, "conv2d_1", 8, {3, 3}), relu), 2);
    y = max_pool(apply(vae.conv(y, "conv2d_2", 6, {3, 3}), relu), 2);
    y = apply(vae.conv(y, "conv2d_3", 4, {3, 3}), relu);
    y = vae.dense(test::flatten(y), "dense_1", 10);
    const Array mean = vae.dense(y, "dense_2", kCode);
    log_variance = vae.dense(y, "dense_3", kCode);
    return mean;
  }
  Array decode(const Array& z) {
    using test::relu, test::upsample;
    vae.group("decoder");
    Array y = test::reshape(apply(vae.dense(z, "dense_4", 112), relu), {4, 7, 4});
    y = apply(vae.conv(vae.dense(y, "dense_5", 8), "conv2d_4", 4, {3, 3}), relu);
    y = apply(vae.conv(upsample(y, 2), "conv2d_5", 6, {3, 3}), relu);
    y = apply(vae.conv(upsample(y, 2), "conv2d_6", 1, {3, 3}), test::sigmoid);
    Array kept({16, 26, 1});
    for (std::int64_t r = 0; r < 16; ++r) {
      for (std::int64_t c = 0; c < 26; ++c) kept.at({r, c, 0}) = y.at({r, c, 0});
    }
    return kept;
  }
  Array dance(const Array& code) {
    const Array y = rnn.lstm(rnn.lstm(test::reshape(code, {1, kCode}), "lstm_1", 9), "lstm_2", 8);
    return rnn.mdn(apply(rnn.dense(test::flatten(y), "dense_6", 11), test::relu), "mdn_1", kComponents, kCode);
  }
};

TEST(KerasWeights, APublishedSystemDrawsAndDancesTheSame) {
  const torch::NoGradGuard no_grad;
  const Folder folder;
  DanceNet net;
  std::mt19937 rng(6);
  const Array x = test::random_array({16, 26, 1}, rng, 1.0f), z = test::random_array({6}, rng, 2.0f);
  const Array mean = net.encode(x), drawn = net.decode(z), mixture = net.dance(z);
  test::write_keras(folder / "vae_cnn.h5", net.vae.stored(), {.packed = true});
  test::write_keras(folder / "gendance.h5", net.rnn.stored(), {.whole_model = true});
  const Recipe recipe = parse_recipe(DanceNet::recipe(), "dancenet-small.toml");
  const std::vector<KerasFile> files = {read_keras_file(folder / "vae_cnn.h5"),
                                        read_keras_file(folder / "gendance.h5")};
  KerasImport import = import_keras(recipe, files);
  EXPECT_EQ(import.contents[0], (folder / "vae_cnn.h5").string() + ": encoder and decoder, 11 layers");
  EXPECT_EQ(import.contents[1], (folder / "gendance.h5").string() + ": dancer, 6 layers");
  Model& m = import.model;
  m.painter->eval();
  m.dancer->eval();
  expect_near(m.painter->encode(picture(x)), tensor(mean).unsqueeze(0), kTolerance);
  expect_near(m.painter->decode_pictures(tensor(z).unsqueeze(0)), picture(drawn), kTolerance);
  expect_near(m.dancer->forward(tensor(z).view({1, 1, 6})), tensor(mixture).view({1, 1, -1}), kTolerance);
  // the variance is seen in training alone: by the Kullback-Leibler divergence
  m.painter->train();
  m.painter->encode(picture(x));
  double divergence = 0.0;
  for (std::size_t i = 0; i < mean.values.size(); ++i) {
    const double mu = mean.values[i], v = net.log_variance.values[i];
    divergence += -0.5 * (1.0 + v - mu * mu - std::exp(v));
  }
  EXPECT_NEAR(m.painter->penalty().item<double>(), divergence, 1e-3 * (1.0 + divergence));
}

TEST(KerasWeights, AnImportedModelComesBackFromItsFolder) {
  const torch::NoGradGuard no_grad;
  const Folder folder;
  DanceNet net;
  const Array z = [] {
    std::mt19937 rng(6);
    return test::random_array({6}, rng, 1.0f);
  }();
  net.encode(Array({16, 26, 1}));
  const Array drawn = net.decode(z), mixture = net.dance(z);
  test::write_keras(folder / "a.h5", net.vae.stored());
  test::write_keras(folder / "b.h5", net.rnn.stored());
  Model m = import_files(parse_recipe(DanceNet::recipe(), "r.toml"), {folder / "a.h5", folder / "b.h5"});
  m.seeds = {.names = {"a phrase"}, .latents = torch::zeros({1, 2, 6}), .moves = {}, .energy = torch::zeros({1})};
  save_model(m, folder / "model");
  Model again = load_model(folder / "model", torch::kCPU);
  expect_near(again.painter->decode_pictures(tensor(z).unsqueeze(0)), picture(drawn), 1e-2);
  expect_near(again.dancer->forward(tensor(z).view({1, 1, 6})), tensor(mixture).view({1, 1, -1}), 1e-2);
}

}  // namespace
}  // namespace ombra::model
