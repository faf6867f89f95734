#pragma once
// Small models in Keras' own terms, with random weights, as files and as the recipes that they are imported to.

#include "model/keras_reference.hpp"
#include "model/keras_writer.hpp"
#include "model/layers/keras_weights.hpp"

#include <filesystem>

namespace ombra::model::test {

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

inline torch::Tensor tensor(const Array& a) {
  return torch::from_blob(const_cast<float*>(a.values.data()), a.shape, torch::kFloat).clone();
}
// [h, w, c] -> [1, c, h, w]
inline torch::Tensor picture(const Array& a) { return tensor(a).permute({2, 0, 1}).unsqueeze(0).contiguous(); }

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

inline Model import_files(const Recipe& recipe, const std::vector<std::filesystem::path>& paths) {
  std::vector<KerasFile> files;
  for (const auto& path : paths) files.push_back(read_keras_file(path));
  Model m = import_keras(recipe, files).model;
  m.painter->eval();
  m.dancer->eval();
  return m;
}

}  // namespace ombra::model::test
