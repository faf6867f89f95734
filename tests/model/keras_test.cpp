// Weights of Keras in networks of ours: every layer against a second, plain implementation of what Keras says it does.

#include "model/keras_reference.hpp"
#include "model/keras_weights.hpp"
#include "model/keras_writer.hpp"
#include "model/oracle.hpp"
#include "model/tiny_recipes.hpp"

#include <gtest/gtest.h>

#include <fstream>

namespace ombra::model {
namespace {

using test::Array;
using test::expect_near;
using test::Folder;
using test::Storage;
using test::StoredLayer;
using torch::Tensor;

constexpr double kTolerance = 1e-4;

// A model in Keras' own terms: random weights are made when a layer is first used, and kept for the file.
class Keras {
 public:
  explicit Keras(unsigned seed = 1) : rng_(seed) {}

  // The layers from here on are stored under this name, as those of a model inside of a model. "": each under its own
  void group(const std::string& name) { group_ = name; }

  Array conv(const Array& x, const std::string& name, std::int64_t out, std::vector<std::int64_t> kernel,
             std::int64_t stride = 1, bool same = true) {
    const Array w = weight(name, "kernel", {kernel[0], kernel[1], x.size(2), out}, kernel[0] * kernel[1] * x.size(2));
    return test::conv2d(x, w, bias(name, {out}), stride, same);
  }
  Array conv_transpose(const Array& x, const std::string& name, std::int64_t out, std::int64_t kernel,
                       std::int64_t stride) {
    const Array w = weight(name, "kernel", {kernel, kernel, out, x.size(2)}, kernel * x.size(2));
    return test::conv2d_transpose(x, w, bias(name, {out}), stride);
  }
  Array dense(const Array& x, const std::string& name, std::int64_t out) {
    const Array w = weight(name, "kernel", {x.shape.back(), out}, x.shape.back());
    return test::dense(x, w, bias(name, {out}));
  }
  Array dense_without_bias(const Array& x, const std::string& name, std::int64_t out) {
    return test::dense(x, weight(name, "kernel", {x.shape.back(), out}, x.shape.back()), Array({out}));
  }
  Array conv1d(const Array& x, const std::string& name, std::int64_t out, std::int64_t kernel, bool causal) {
    const Array w = weight(name, "kernel", {kernel, x.size(1), out}, kernel * x.size(1));
    return test::conv1d(x, w, bias(name, {out}), causal);
  }
  Array lstm(const Array& x, const std::string& name, std::int64_t units) {
    const Array w = weight(name, "kernel", {x.size(1), 4 * units}, x.size(1));
    const Array r = weight(name, "recurrent_kernel", {units, 4 * units}, units);
    return test::lstm(x, w, r, bias(name, {4 * units}));
  }
  Array gru(const Array& x, const std::string& name, std::int64_t units) {
    const Array w = weight(name, "kernel", {x.size(1), 3 * units}, x.size(1));
    const Array r = weight(name, "recurrent_kernel", {units, 3 * units}, units);
    return test::gru(x, w, r, bias(name, {2, 3 * units}));
  }
  // C. Martin's layer, whose three dense layers share one name -> [weights, means, logarithms of deviations]
  Array mdn(const Array& x, const std::string& name, std::int64_t components, std::int64_t code) {
    const auto part = [&](const std::string& count, std::int64_t out) {
      const Array w = weight(name, "kernel" + count, {x.shape.back(), out}, x.shape.back());
      return test::dense(x, w, bias(name, {out}, count));
    };
    const Array means = part("", components * code), deviations = part("_1", components * code),
                weights = part("_2", components);
    Array y({components * (2 * code + 1)});
    y.values = weights.values;
    y.values.insert(y.values.end(), means.values.begin(), means.values.end());
    for (const float d : deviations.values) y.values.push_back(static_cast<float>(std::log(test::elu(d) + 1.0 + 1e-7)));
    return y;
  }

  const std::vector<StoredLayer>& stored() const { return stored_; }

 private:
  Array weight(const std::string& layer, const std::string& weight, std::vector<std::int64_t> shape,
               std::int64_t fan_in) {
    const std::string full = layer + "/" + weight + ":0",
                      top = group_.empty() ? layer.substr(0, layer.find('/')) : group_;
    for (const StoredLayer& l : stored_) {
      for (const auto& [name, array] : l.weights) {
        if (l.name == top && name == full) return array;
      }
    }
    if (stored_.empty() || stored_.back().name != top) stored_.push_back({top, {}});
    const float scale = std::sqrt(3.0f / static_cast<float>(fan_in));
    stored_.back().weights.emplace_back(full, test::random_array(std::move(shape), rng_, scale));
    return stored_.back().weights.back().second;
  }

  Array bias(const std::string& layer, std::vector<std::int64_t> shape, const std::string& count = "") {
    return weight(layer, "bias" + count, std::move(shape), 4);
  }

  std::mt19937 rng_;
  std::string group_;
  std::vector<StoredLayer> stored_;
};

Tensor tensor(const Array& a) {
  return torch::from_blob(const_cast<float*>(a.values.data()), a.shape, torch::kFloat).clone();
}
// [h, w, c] -> [1, c, h, w]
Tensor picture(const Array& a) { return tensor(a).permute({2, 0, 1}).unsqueeze(0).contiguous(); }

struct Small {
  std::int64_t height = 17, width = 19, code = 5, context = 4;
  std::string encoder, decoder, dancer, memory = "carried", loss = "mse", picture = "gray";

  std::int64_t channels() const { return picture == "rgb" ? 3 : 1; }
  Recipe recipe() const {
    const std::string flat =
        fmt::format("{{ layer = \"dense\", out = {} }}, {{ layer = \"reshape\", shape = [{}, {}, {}] }}",
                    channels() * height * width, channels(), height, width);
    return parse_recipe(
        fmt::format("name = \"small\"\nkind = \"frames\"\nsemantics = \"keras\"\n"
                    "[frames]\nwidth = {}\nheight = {}\nfps = 10.0\npicture = \"{}\"\n"
                    "[painter]\ncode = {}\nguided = false\nloss = \"mse\"\nencoder = [{}]\ndecoder = [{}]\n"
                    "[painter.train]\nsteps = 1\nbatch = 1\n"
                    "[dancer]\nloss = \"{}\"\nmemory = \"{}\"\ncontext = {}\nscaling = \"none\"\n{}\n"
                    "[dancer.train]\nsteps = 1\nbatch = 1\nwindow = {}\n",
                    width, height, picture, code,
                    encoder.empty() ? fmt::format("{{ layer = \"flatten\" }}, {{ layer = \"dense\", out = {} }}", code)
                                    : encoder,
                    decoder.empty() ? flat : decoder, loss, memory, context,
                    dancer.rfind("alternatives", 0) == 0
                        ? dancer
                        : "layers = [" +
                              (dancer.empty() ? fmt::format("{{ layer = \"lstm\", out = {} }}", code) : dancer) + "]",
                    context),
        "small.toml");
  }
  // What the parts left open above do, in Keras
  Array plain_encoder(Keras& keras, const Array& x) const { return keras.dense(test::flatten(x), "enc", code); }
  Array plain_decoder(Keras& keras, const Array& z) const {
    return test::reshape(keras.dense(z, "dec", channels() * height * width), {height, width, channels()});
  }
  Array plain_dancer(Keras& keras, const Array& x) const { return keras.lstm(x, "lstm_1", code); }
};

Model import_files(const Recipe& recipe, const std::vector<std::filesystem::path>& paths) {
  std::vector<KerasFile> files;
  for (const auto& path : paths) files.push_back(read_keras_file(path));
  Model m = import_keras(recipe, files).model;
  m.painter->eval();
  m.dancer->eval();
  return m;
}

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

// ---- which file holds what

struct Parts {
  Keras encoder{1}, decoder{2}, dancer{3};
  Small small;
  Parts() {
    small.plain_encoder(encoder, Array({small.height, small.width, 1}));
    small.plain_decoder(decoder, Array({small.code}));
    small.plain_dancer(dancer, Array({1, small.code}));
  }
};

std::vector<StoredLayer> joined(std::initializer_list<const Keras*> parts) {
  std::vector<StoredLayer> all;
  for (const Keras* part : parts) all.insert(all.end(), part->stored().begin(), part->stored().end());
  return all;
}

TEST(KerasWeights, NetworksMayComeInOneFileOrInMany) {
  const Folder folder;
  const Parts p;
  test::write_keras(folder / "encoder.h5", joined({&p.encoder}));
  test::write_keras(folder / "decoder.h5", joined({&p.decoder}));
  test::write_keras(folder / "dancer.h5", joined({&p.dancer}));
  test::write_keras(folder / "painter.h5", joined({&p.encoder, &p.decoder}));
  test::write_keras(folder / "all.h5", joined({&p.encoder, &p.decoder, &p.dancer}));
  const Model all = import_files(p.small.recipe(), {folder / "all.h5"});
  const auto expect_same = [&](const std::vector<std::string>& names) {
    std::vector<std::filesystem::path> paths;
    for (const std::string& name : names) paths.push_back(folder / name);
    const Model m = import_files(p.small.recipe(), paths);
    for (const auto& entry : all.painter->named_parameters())
      EXPECT_TRUE(torch::equal(m.painter->named_parameters()[entry.key()], entry.value())) << entry.key();
    for (const auto& entry : all.dancer->named_parameters())
      EXPECT_TRUE(torch::equal(m.dancer->named_parameters()[entry.key()], entry.value())) << entry.key();
  };
  expect_same({"painter.h5", "dancer.h5"});
  expect_same({"dancer.h5", "painter.h5"});
  expect_same({"decoder.h5", "dancer.h5", "encoder.h5"});
}

TEST(KerasWeights, OfAlternativesTheOneThatFitsIsTaken) {
  const Folder folder;
  Parts p;
  p.small.dancer =
      "alternatives = [[{ layer = \"lstm\", out = 3 }, { layer = \"dense\", out = 5 }], [{ layer = \"lstm\", out = 5 "
      "}]]";
  test::write_keras(folder / "all.h5", joined({&p.encoder, &p.decoder, &p.dancer}));
  EXPECT_EQ(import_files(p.small.recipe(), {folder / "all.h5"}).alternative, 1);
}

// The autoencoder of Nguyen 2023 (figure 2 of the paper), at its full width.
TEST(KerasWeights, ThePublishedListingFitsItsRecipe) {
  const Folder folder;
  std::vector<StoredLayer> layers;
  std::int64_t in = 1;
  const auto conv = [&](const std::string& name, std::int64_t out, std::int64_t k) {
    layers.push_back({name, {{name + "/kernel:0", Array({k, k, in, out})}, {name + "/bias:0", Array({out})}}});
    in = out;
  };
  const auto dense = [&](const std::string& name, std::int64_t from, std::int64_t out) {
    layers.push_back({name, {{name + "/kernel:0", Array({from, out})}, {name + "/bias:0", Array({out})}}});
  };
  conv("encode1", 128, 4), conv("encode2", 64, 3), conv("encode3", 64, 3), conv("encode4", 32, 2);
  conv("encode5", 64, 3), conv("encode6", 32, 2), conv("encode7", 64, 3), conv("encode8", 32, 2);
  conv("encode9", 32, 3), dense("encode10", 768, 256), dense("encode11", 256, 128);
  dense("decode1", 128, 256), dense("decode2", 256, 768);
  in = 32;
  conv("decode3", 32, 2), conv("decode4", 64, 3), conv("decode5", 32, 2), conv("decode6", 64, 3);
  conv("decode7", 64, 2), conv("decode8", 128, 3), conv("decode9", 64, 2), conv("decode10", 64, 4);
  conv("decode11", 128, 3), conv("decode12", 64, 4), conv("decode13", 32, 3), conv("decode14", 16, 2);
  conv("decode15", 1, 2);
  const auto lstm = [](const std::string& name, std::int64_t from, std::int64_t units) {
    return StoredLayer{name,
                       {{name + "/kernel:0", Array({from, 4 * units})},
                        {name + "/recurrent_kernel:0", Array({units, 4 * units})},
                        {name + "/bias:0", Array({4 * units})}}};
  };
  layers.push_back(lstm("lstm_1", 128, 512));
  layers.push_back(lstm("lstm_2", 512, 256));
  dense("dense_1", 256, 128);
  test::write_keras(folder / "nguyen.h5", layers, {.packed = true});
  const auto file = std::filesystem::path(OMBRA_SOURCE) / "models/recipes/nguyen-2023.toml";
  EXPECT_EQ(import_files(read_recipe(file), {folder / "nguyen.h5"}).alternative, 1);
}

// ---- what does not fit is said with names and shapes

std::string complaint(const Recipe& recipe, const std::vector<std::filesystem::path>& paths) {
  try {
    import_files(recipe, paths);
    return "";
  } catch (const Error& e) {
    return e.what();
  }
}

void expect_says(const std::string& got, const std::vector<std::string>& parts) {
  for (const std::string& part : parts) EXPECT_NE(got.find(part), std::string::npos) << "'" << part << "' in: " << got;
}

TEST(KerasWeights, AMisfitNamesFileLayerAndShapes) {
  const Folder folder;
  const Parts p;
  const Recipe recipe = p.small.recipe();
  const std::filesystem::path x = folder / "x.h5";
  Keras wide(1);
  wide.dense(Array({323}), "enc", 5);
  wide.dense(Array({5}), "dec", 324);
  test::write_keras(x, wide.stored());
  expect_says(
      complaint(recipe, {x}),
      {"x.h5: layer dec (kernel [5, 324], bias [324]) does not fit [painter] decoder, layer 1 (dense), which takes "
       "Dense (kernel [5, 323], bias [323]) (recipe small)",
       "\nhint: "});
  Keras other(1);
  other.dense(Array({324}), "enc", 5);
  test::write_keras(x, other.stored());
  expect_says(complaint(recipe, {x}), {"x.h5: layer enc (kernel [324, 5], bias [5]) begins no network of recipe small",
                                       "[painter] encoder, layer 2 (dense) takes Dense (kernel [323, 5], bias [5])",
                                       "[dancer], layer 1 (lstm) takes LSTM (kernel [5, 20], recurrent_kernel [5, 20], "
                                       "bias [20])"});
  const std::vector<StoredLayer> twice = {p.dancer.stored()[0], {"more", p.dancer.stored()[0].weights}};
  test::write_keras(x, twice);
  expect_says(complaint(recipe, {x}), {"layer more/lstm_1 (kernel [5, 20]", "comes after all of dancer"});
  test::write_keras(x, joined({&p.encoder, &p.decoder}));
  expect_says(complaint(recipe, {x}), {"x.h5: encoder and decoder, 2 layers: no weights of the dancer of recipe small",
                                       "\nhint: give the file"});
  test::write_keras(folder / "dancer.h5", joined({&p.dancer}));
  expect_says(complaint(recipe, {folder / "dancer.h5"}), {"no weights of the encoder and the decoder"});
  test::write_keras(folder / "again.h5", joined({&p.dancer}));
  expect_says(complaint(recipe, {x, folder / "dancer.h5", folder / "again.h5"}),
              {"again.h5: holds the dancer, as ", "dancer.h5 does"});
}

TEST(KerasWeights, LayersThatLookAlikeAreToldApart) {
  const Folder folder;
  Parts p;
  p.small.encoder = "{ layer = \"conv\", out = 1 }, { layer = \"flatten\" }, { layer = \"dense\", out = 5 }";
  const auto with = [&](const std::string& name) {
    Keras encoder(1);
    p.small.plain_encoder(encoder, encoder.conv(Array({p.small.height, p.small.width, 1}), name, 1, {3, 3}));
    test::write_keras(folder / "x.h5", joined({&encoder, &p.decoder, &p.dancer}));
    return complaint(p.small.recipe(), {folder / "x.h5"});
  };
  EXPECT_EQ(with("conv2d_3"), "");
  EXPECT_EQ(with("first"), "");
  expect_says(with("conv2d_transpose_3"), {"layer conv2d_transpose_3 (kernel [3, 3, 1, 1], bias [1])", "Conv2D"});
  // GRU as Keras had it before TensorFlow 2 reckons its candidate in another order
  Parts g;
  g.small.dancer = "{ layer = \"gru\", out = 5 }";
  test::write_keras(folder / "x.h5", {g.encoder.stored()[0],
                                      g.decoder.stored()[0],
                                      {"gru_1",
                                       {{"gru_1/kernel:0", Array({5, 15})},
                                        {"gru_1/recurrent_kernel:0", Array({5, 15})},
                                        {"gru_1/bias:0", Array({15})}}}});
  expect_says(complaint(g.small.recipe(), {folder / "x.h5"}),
              {"gru_1 (kernel [5, 15], recurrent_kernel [5, 15], bias [15])", "GRU, reset_after", "bias [2, 15]"});
}

TEST(KerasWeights, PairsAreOrderedByTheirNames) {
  const torch::NoGradGuard no_grad;
  const Folder folder;
  Parts p;
  p.small.encoder = "{ layer = \"flatten\" }, { layer = \"gaussian\", out = 5 }";
  Keras encoder(1);
  std::mt19937 rng(8);
  const Array x = test::random_array({p.small.height, p.small.width, 1}, rng, 1.0f);
  encoder.dense(test::flatten(x), "z_log_var", 5);
  const Array mean = encoder.dense(test::flatten(x), "z_mean", 5);
  test::write_keras(folder / "x.h5", joined({&encoder, &p.decoder, &p.dancer}));
  Model m = import_files(p.small.recipe(), {folder / "x.h5"});
  expect_near(m.painter->encode(picture(x)), tensor(mean).unsqueeze(0), kTolerance);
}

TEST(KerasWeights, RecipesThatKerasCannotMeanAreRefused) {
  const Parts p;
  const auto says = [&](const Recipe& recipe) {
    try {
      import_keras(recipe, {});
      return std::string();
    } catch (const UsageError& e) {
      return std::string(e.what());
    }
  };
  expect_says(says(parse_recipe(test::kTinyMoves, "moves.toml")), {"moves.toml: ", "not those of any Keras model"});
  expect_says(says(parse_recipe(test::kTinyFrames, "frames.toml")), {"frames.toml: ", "another order than Keras"});
  Small exp = p.small;
  exp.loss = "mdn";
  exp.dancer = "{ layer = \"lstm\", out = 5 }, { layer = \"mdn\", components = 2 }";
  expect_says(says(exp.recipe()), {"small.toml: [dancer], layer 2 (mdn): ", "hint: deviation = \"elu\""});
  Small residual = p.small;
  residual.dancer = "{ layer = \"residual1d\" }";
  expect_says(says(residual.recipe()), {"[dancer], layer 1 (residual1d): no such layer in Keras"});
}

}  // namespace
}  // namespace ombra::model
