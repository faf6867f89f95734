#include "train/begin_with.hpp"

#include "core/error.hpp"
#include "model/layers/tensors.hpp"
#include "train/troupe/own_axis.hpp"

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
  m.painter->set_foot_pitch(m.people.foot_pitch);
  m.seeds = std::move(known.seeds);
  m.style_middles = known.style_middles;
  m.mean_speed = known.mean_speed;
  m.metadata = std::move(known.metadata);
}

void as_many_axes(model::Recipe& recipe, const std::filesystem::path& folder) {
  if (recipe.painter.people == 0) return;
  const std::int64_t known = model::read_recipe(folder / "recipe.toml").painter.people;
  if (known > recipe.painter.people) set_people(recipe, known);
}

torch::Tensor vectors_of(const Troupe& troupe, const std::filesystem::path& folder) {
  const model::People known = model::load_model(folder, torch::kCPU).people;
  std::vector<torch::Tensor> vectors;
  for (const auto& person : troupe) {
    const auto at = std::ranges::find(known.names, person->name);
    vectors.push_back(at == known.names.end() ? known.vectors.mean(0) : known.vectors[at - known.names.begin()]);
  }
  return torch::stack(vectors);
}

torch::Tensor remembered_poses(model::Model& m, const std::filesystem::path& folder) {
  const torch::NoGradGuard no_grad;
  const model::Model known = model::load_model(folder, torch::kCPU);
  const torch::Tensor latents = known.seeds.latents.to(torch::kFloat).flatten(0, 1);
  return m.painter->pose_of(latents).contiguous();
}

}  // namespace ombra::train
