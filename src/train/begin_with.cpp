#include "train/begin_with.hpp"

#include "core/error.hpp"
#include "model/layers/tensors.hpp"

#include <algorithm>

namespace ombra::train {

void begin_with(model::Model& m, const std::filesystem::path& folder, const std::vector<std::string>& keep) {
  const model::SafetensorsFile weights(folder / "weights.safetensors");
  std::vector<std::pair<std::string, torch::nn::Module*>> networks = {{"painter", m.painter.get()}};
  if (m.recipe.kind == "moves") {
    networks.insert(networks.end(), {{"mover", m.mover.get()}, {"choreographer", m.choreographer.get()}});
  } else {
    networks.emplace_back("dancer", m.dancer.get());
  }
  for (const std::string& name : keep) {
    if (std::none_of(networks.begin(), networks.end(), [&](const auto& n) { return n.first == name; }))
      throw UsageError(fmt::format("--keep {}: the recipe {} has no such network", name, m.recipe.name));
  }
  for (const auto& [name, network] : networks) {
    const bool kept = std::find(keep.begin(), keep.end(), name) != keep.end();
    if (!keep.empty() && !kept) continue;
    model::load_module(weights, name, *network);
    if (!kept) continue;
    for (const char* fact : {"_s", "_steps", "_batch"}) {  // how it was trained
      const auto known = weights.metadata().find(name + fact);
      if (known != weights.metadata().end()) m.metadata[known->first] = known->second;
    }
  }
}

void take_over_people(model::Model& m, const std::filesystem::path& folder) {
  model::Model known = model::load_model(folder, torch::kCPU);
  if (known.people.names.empty()) throw error("{}: holds no people", folder.string());
  m.people = std::move(known.people);
  m.seeds = std::move(known.seeds);
  m.style_middles = known.style_middles;
  m.mean_speed = known.mean_speed;
  m.metadata = std::move(known.metadata);
}

torch::Tensor remembered_poses(model::Model& m, const std::filesystem::path& folder) {
  const torch::NoGradGuard no_grad;
  const model::Model known = model::load_model(folder, torch::kCPU);
  const torch::Tensor latents = known.seeds.latents.to(torch::kFloat).flatten(0, 1);
  return m.painter->pose_of(latents).contiguous();
}

}  // namespace ombra::train
