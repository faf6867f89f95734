#include "model/layers/model_folder.hpp"

#include "core/file.hpp"
#include "model/figure/dancer_file.hpp"
#include "model/layers/tensors.hpp"

#include <nlohmann/json.hpp>

namespace ombra::model {
namespace {

template <typename Visit>
void for_each_network(Model& m, Visit visit) {
  visit("painter", *m.painter);
  if (m.recipe.kind == "moves") {
    visit("mover", *m.mover);
    visit("choreographer", *m.choreographer);
  } else {
    visit("dancer", *m.dancer);
  }
}

}  // namespace

Model make_model(Recipe recipe, std::int64_t alternative) {
  Model m;
  m.painter = Painter(recipe);
  if (recipe.kind == "moves") {
    m.mover = Mover(recipe.mover, recipe.painter.code, recipe.file);
    m.choreographer = Choreographer(recipe.choreographer, recipe.mover.books, recipe.mover.entries);
  } else {
    m.alternative = alternative;
    m.dancer = FrameDancer(recipe, alternative);
  }
  m.recipe = std::move(recipe);
  return m;
}

namespace {

Seeds seeds_of(const SeedPhrases& phrases) {
  const auto n = static_cast<std::int64_t>(phrases.size());
  const auto whole = [](std::size_t size) { return static_cast<std::int64_t>(size); };
  Seeds seeds;
  seeds.names = phrases.names;
  seeds.latents = torch::tensor(phrases.latents).view({n, whole(phrases.length), whole(phrases.code)});
  seeds.energy = torch::tensor(phrases.energy);
  if (phrases.moves_each > 0)
    seeds.moves = torch::tensor(phrases.moves, torch::kLong).view({n, whole(phrases.moves_each), whole(phrases.books)});
  return seeds;
}

People people_of(const Cast& cast) {
  const auto n = static_cast<std::int64_t>(cast.people()), size = static_cast<std::int64_t>(cast.size);
  People people{cast.names, torch::tensor(cast.vectors).view({n, size}), {}, cast.foot_pitch};
  if (!cast.taller.empty()) people.directions = torch::stack({torch::tensor(cast.taller), torch::tensor(cast.stouter)});
  return people;
}

}  // namespace

Model load_model(const std::filesystem::path& folder, const torch::Device& device) {
  DancerFile file = read_dancer(folder);
  Model m = make_model(std::move(file.recipe), file.alternative);
  m.metadata = file.weights->metadata();
  m.mean_speed = file.mean_speed;
  m.seeds = seeds_of(file.seeds);
  if (!file.style_middles.empty())
    m.style_middles = torch::tensor(file.style_middles).view({-1, m.recipe.painter.code});
  if (file.cast.people() > 0) m.people = people_of(file.cast);
  m.painter->set_foot_pitch(m.people.foot_pitch);
  for_each_network(m, [&](const char* name, torch::nn::Module& network) {
    load_module(*file.weights, name, network);
    network.to(device);
    network.eval();
    for (torch::Tensor p : network.parameters()) p.set_requires_grad(false);
  });
  return m;
}

void save_model(const Model& model, const std::filesystem::path& folder) {
  Model m = model;
  std::filesystem::create_directories(folder);
  write_atomically(folder / "recipe.toml", m.recipe.text);
  SafetensorsWriter weights;
  for (const auto& [key, value] : m.metadata) weights.set_metadata(key, value);  // as loaded: what follows wins
  for_each_network(m, [&](const char* name, torch::nn::Module& network) { add_module(weights, name, network, true); });
  if (m.style_middles.defined()) add_tensor(weights, "style_middles", m.style_middles.to(torch::kHalf));
  if (!m.people.names.empty()) {
    add_tensor(weights, "people", m.people.vectors.to(torch::kHalf));
    if (m.people.directions.defined()) add_tensor(weights, "build_directions", m.people.directions.to(torch::kHalf));
    weights.set_metadata("people", nlohmann::json(m.people.names).dump());
    weights.set_metadata("foot_pitch", fmt::format("{:.9g}", m.people.foot_pitch));
  }
  if (!m.recipe.dancer.alternatives.empty()) weights.set_metadata("alternative", std::to_string(m.alternative));
  weights.set_metadata("mean_speed", fmt::format("{:.9g}", m.mean_speed));
  weights.write(folder / "weights.safetensors");
  SafetensorsWriter seeds;
  add_tensor(seeds, "latents", m.seeds.latents.to(torch::kHalf));
  add_tensor(seeds, "energy", m.seeds.energy);
  if (m.seeds.moves.defined()) add_tensor(seeds, "moves", m.seeds.moves);
  seeds.set_metadata("names", nlohmann::json(m.seeds.names).dump());
  seeds.write(folder / "seeds.safetensors");
}

void add_seed(Model& model, const torch::Tensor& codes) {
  constexpr double kTempoBpm = 112.0;  // that a video is taken to be danced at
  Seeds& seeds = model.seeds;
  const std::int64_t length = seeds.latents.size(1);
  torch::Tensor phrase = codes.cpu().to(torch::kFloat);  // [T, Z] in ticks
  if (model.recipe.kind == "moves") {
    const double frames_a_tick =
        model.recipe.frames.fps * 60.0 / kTempoBpm / static_cast<double>(model.recipe.mover.frames_per_beat);
    const torch::Tensor at =  // counted back from the newest frame
        (static_cast<double>(phrase.size(0) - 1) - torch::arange(length - 1, -1, -1) * frames_a_tick).clamp_min(0.0);
    const torch::Tensor whole = at.floor().to(torch::kLong), next = (whole + 1).clamp_max(phrase.size(0) - 1);
    const torch::Tensor share = (at - whole).unsqueeze(1);
    phrase = phrase.index_select(0, whole) * (1.0 - share) + phrase.index_select(0, next) * share;
    const torch::Tensor moves = model.mover->moves_of(phrase.unsqueeze(0).to(model.painter->device())).cpu();
    seeds.moves = torch::cat({seeds.moves, moves.narrow(1, moves.size(1) - seeds.moves.size(1), seeds.moves.size(1))});
  } else if (phrase.size(0) < length) {
    const torch::Tensor first = phrase.narrow(0, 0, 1).expand({length - phrase.size(0), phrase.size(1)});
    phrase = torch::cat({first, phrase});
  }
  phrase = phrase.narrow(0, phrase.size(0) - length, length);
  seeds.latents = torch::cat({seeds.latents, phrase.unsqueeze(0)});
  seeds.energy = torch::cat({seeds.energy, torch::zeros({1})});
  seeds.names.push_back("video");
}

torch::Device device_of(const std::string& device) {
  if (device == "cpu") return torch::kCPU;
  if (device != "auto" && device != "cuda")
    throw UsageError(fmt::format("--device {}: not a device\nhint: auto, cpu or cuda", device));
  if (torch::cuda::is_available()) return torch::kCUDA;
  if (device == "cuda") throw error("--device cuda: this LibTorch has no CUDA, or no card answers\nhint: --device cpu");
  return torch::kCPU;
}

}  // namespace ombra::model
