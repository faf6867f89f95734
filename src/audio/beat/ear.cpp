#include "audio/beat/ear.hpp"

#include "core/embedded.hpp"
#include "core/error.hpp"
#include "core/log.hpp"
#include "model/figure/dancer_file.hpp"

#include <algorithm>
#include <cmath>
#include <sstream>

namespace ombra::audio {
namespace {

static_assert(model::kEarInputs == 2 * EarBands::kBands);

float sigmoid(float x) { return 1.0f / (1.0f + std::exp(-x)); }

void softmax(std::span<const float> logits, std::span<float> out) {
  const float most = *std::max_element(logits.begin(), logits.end());
  float sum = 0.0f;
  for (std::size_t i = 0; i < out.size(); ++i) sum += out[i] = std::exp(logits[i] - most);
  for (float& p : out) p /= sum;
}

}  // namespace

EarFile::EarFile(const std::filesystem::path& folder) {
  const model::Recipe recipe = model::read_ear_recipe(folder / "recipe.toml");
  const model::SafetensorsFile weights(folder / "weights.safetensors");
  plan_ = model::plans_of(model::ear_network(recipe), "", model::weights_in(weights, "ear."));
  delay_ = static_cast<int>(recipe.ear.delay);
  if (const auto from = weights.metadata().find("learned_from"); from != weights.metadata().end()) {
    std::istringstream lines(from->second);
    for (std::string line; std::getline(lines, line);) learned_from_.insert(line);
  }
  if (!network()) throw error("{}: an ear's layers are causal conv1d and residual1d, and dense", recipe.file);
}

std::shared_ptr<const EarFile> EarFile::shipped() {
  static const std::shared_ptr<const EarFile> file = []() -> std::shared_ptr<const EarFile> {
    try {
      return std::make_shared<const EarFile>(data_folder() / "models" / "ear");
    } catch (const Error& e) {
      log::error("no beat will be heard: {}", e.what());
      return nullptr;
    }
  }();
  return file;
}

std::unique_ptr<model::StreamNetwork> EarFile::network() const {
  return model::StreamNetwork::make(plan_, model::kEarInputs);
}

const EarSays& Ear::hear(std::span<const float> bands) {
  for (std::size_t i = 0; i < EarBands::kBands; ++i) {
    input_[i] = bands[i];
    input_[EarBands::kBands + i] = std::max(0.0f, bands[i] - before_.back()[i]);
  }
  std::rotate(before_.begin(), before_.end() - 1, before_.end());
  std::copy_n(bands.begin(), EarBands::kBands, before_[0].begin());
  network_->step(input_, out_);
  says_.beat = sigmoid(out_[0]);
  says_.bar = sigmoid(out_[1]);
  says_.pulse = sigmoid(out_[2]);
  softmax(std::span<const float>(out_).subspan(3), says_.tempo);
  return says_;
}

void Ear::forget() {
  network_->forget();
  before_ = {};
}

}  // namespace ombra::audio
