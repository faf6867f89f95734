#include "train/import_keras.hpp"

#include "core/clock.hpp"
#include "core/interrupt.hpp"
#include "core/outputs.hpp"
#include "model/layers/keras_weights.hpp"
#include "train/seeds.hpp"

#include <fmt/ranges.h>

#include <algorithm>
#include <set>

namespace ombra::train {

using torch::Tensor;

namespace {

constexpr std::int64_t kSpanFrames = 512, kGuessedCodes = 4096, kGuessedSeeds = 16, kFirstSteps = 32;
constexpr double kEncodingS = 120.0, kMinSpeed = 1e-3;

// Scale, beginnings and speed as `ombra train` has them: from the codes of the data set's clips.
void fit_to_data(model::Model& m, const ImportOptions& options) {
  const auto data = std::make_shared<const DataSet>(options.data);
  const FrameView view(data, m.recipe.frames);
  const std::vector<std::int64_t> frames = view.frames_of(false);
  if (frames.empty()) throw error("{}: every clip is held out", options.data.string());
  const auto count = static_cast<std::int64_t>(frames.size()), some = std::min(count, kSpanFrames);
  for (std::int64_t i = 0; i < some; ++i) {
    const std::int64_t frame = frames[static_cast<std::size_t>(i * count / some)];
    m.painter->widen_span(view.pictures(std::span(&frame, 1)));
  }
  const EncodeLimit limit{.left_s = [end_s = now_s() + kEncodingS] { return end_s - now_s(); },
                          .least = std::max<std::int64_t>(2, m.recipe.dancer.context) + 1};
  const std::vector<Passage> passages = encode_clips(view, m.painter, false, limit);
  if (interrupted()) throw error("interrupted: nothing was written");
  std::vector<Tensor> codes;
  double way = 0.0, steps = 0.0;
  std::set<std::string> credits;
  for (const Passage& p : passages) {
    if (p.held_out || p.codes.size(0) < 2) continue;
    codes.push_back(p.codes);
    way += (p.codes.slice(0, 1) - p.codes.slice(0, 0, -1)).norm(2, 1).sum().item<double>();
    steps += static_cast<double>(p.codes.size(0) - 1);
  }
  if (codes.empty()) throw error("{}: no clip to take the scale of codes from", options.data.string());
  m.dancer->fit_scale(torch::cat(codes));
  m.mean_speed = std::max(kMinSpeed, way / steps);
  m.seeds = frame_seeds(passages, m.recipe);
  for (const DataClip& clip : data->clips()) {
    if (!clip.held_out) credits.insert(fmt::format("{}: {}; {}", clip.name, clip.licence, clip.source));
  }
  m.metadata["credits"] = fmt::format("{}\n", fmt::join(credits, "\n"));
}

// Codes [n, Z] as the encoder's last layer lets one expect them: standard normal, or even over the range of its
// sigmoid.
Tensor guessed_codes(const model::Recipe& recipe, std::int64_t n) {
  const model::LayerSpec& last = recipe.painter.encoder.back();
  const std::string act = (*last.settings)[last.kind == "activation" ? "of" : "activation"].value_or(std::string());
  const std::vector<std::int64_t> shape = {n, recipe.painter.code};
  if (act == "sigmoid") return torch::rand(shape);
  if (act == "tanh") return torch::rand(shape) * 2.0 - 1.0;
  return act == "relu" ? torch::randn(shape).abs() : torch::randn(shape);
}

// Mean distance of neighbouring codes of the dance that the first seeds begin.
double speed_of_dance(model::Model& m) {
  double way = 0.0, steps = 0.0;
  Rng rng(1);
  for (std::int64_t seed = 0; seed < std::min<std::int64_t>(4, m.seeds.size()); ++seed) {
    model::DancerMemory memory = m.dancer->remember(m.seeds.latents.narrow(0, seed, 1));
    Tensor last;
    for (std::int64_t i = 0; i < kFirstSteps; ++i) {
      const Tensor next = m.dancer->step(memory, 1.0, rng);
      if (i >= kFirstSteps / 2) way += (next - last).norm().item<double>(), steps += 1.0;
      last = next;
    }
  }
  return std::max(kMinSpeed, way / steps);
}

void fit_to_chance(model::Model& m, std::uint64_t seed) {
  torch::manual_seed(seed);
  m.dancer->fit_scale(guessed_codes(m.recipe, kGuessedCodes));
  const std::int64_t length = std::max<std::int64_t>(2, m.recipe.dancer.context);
  m.seeds.latents = guessed_codes(m.recipe, kGuessedSeeds * length).view({kGuessedSeeds, length, -1});
  m.seeds.energy = torch::zeros({kGuessedSeeds});
  m.seeds.names.assign(static_cast<std::size_t>(kGuessedSeeds), "random numbers");
  m.mean_speed = speed_of_dance(m);
  m.metadata["credits"] = "";
}

}  // namespace

std::string import_keras(const ImportOptions& options) {
  const model::Recipe recipe = model::read_recipe(model::find_recipe(options.recipe));
  std::vector<model::KerasFile> files;
  std::string report;
  std::vector<std::string> names;
  for (const auto& path : options.weights) {
    files.push_back(model::read_keras_file(path));
    names.push_back(path.filename().string());
  }
  model::KerasImport import = model::import_keras(recipe, files);
  Inputs inputs(options.weights);
  inputs.add(options.data);
  for (const char* file : {"recipe.toml", "weights.safetensors", "seeds.safetensors"}) claim(options.output / file);
  const torch::NoGradGuard no_grad;
  model::Model& m = import.model;
  m.painter->eval();
  m.dancer->eval();
  for (const std::string& line : import.contents) report += line + "\n";
  const auto recurrent = [](const model::KerasFile& file) {
    return file.piecewise_sigmoid &&
           std::any_of(file.layers.begin(), file.layers.end(),
                       [](const model::KerasLayer& l) { return l.find("recurrent_kernel") != nullptr; });
  };
  for (const model::KerasFile& file : files) {
    if (!recurrent(file)) continue;
    report += fmt::format(
        "{}: gates of its recurrent layers were piecewise linear (hard_sigmoid{}); here they are sigmoids, so the "
        "dance "
        "will differ a little\n",
        file.name, file.version.empty() ? "" : ", Keras " + file.version);
  }
  if (options.data.empty()) {
    fit_to_chance(m, options.seed);
    report += "the scale of codes and the starting poses are random numbers; --data takes them from footage\n";
  } else {
    fit_to_data(m, options);
  }
  m.metadata["program"] = "ombra";
  m.metadata["recipe"] = recipe.name;
  m.metadata["imported"] = fmt::format("{}", fmt::join(names, ", "));
  model::save_model(m, options.output);
  return report + options.output.string() + ": written\n";
}

}  // namespace ombra::train
