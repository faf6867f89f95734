#include "train/ear/train_ear.hpp"

#include "core/file.hpp"
#include "core/log.hpp"
#include "core/outputs.hpp"
#include "model/layers/model_folder.hpp"
#include "model/layers/tensors.hpp"
#include "train/ear/ear_job.hpp"

#include <set>
#include <string>

namespace ombra::train {

namespace {

void refuse_what_dancers_have(const TrainOptions& options) {
  if (!options.bodies.empty() || !options.without.empty() || !options.keep.empty() || !options.person.empty())
    throw UsageError("--bodies, --without, --keep, --person: an ear has none of them");
}

std::string about(const TrainOptions& options, const model::Recipe& recipe) {
  const auto whole = [](const std::filesystem::path& p) { return p.empty() ? p : std::filesystem::absolute(p); };
  return fmt::format("data = '{}'\nseed = {}\neffort = {}\nbudget_s = {}\nfrom = '{}'\n\n{}",
                     whole(options.data).string(), options.seed, options.effort, options.budget_s,
                     whole(options.from).string(), recipe.text);
}

// One line for each session, piece or seed that is learned from: "drums drummer1/session2"
std::string learned_from(const audio::EarMaterial& material) {
  std::set<std::string> groups;
  for (const audio::EarPiece& piece : material.pieces()) {
    if (piece.split == "train") groups.insert(piece.source + " " + piece.group);
  }
  std::string lines;
  for (const std::string& group : groups) lines += group + "\n";
  return lines;
}

}  // namespace

bool train_ear(const TrainOptions& options) {
  refuse_what_dancers_have(options);
  model::Recipe recipe = model::read_ear_recipe(model::find_recipe(options.recipe));
  model::TrainSpec& spec = recipe.ear.train;
  spec.steps = std::max<std::int64_t>(1, std::llround(static_cast<double>(spec.steps) * options.effort));
  spec.warmup = std::min(spec.warmup, std::max<std::int64_t>(1, spec.steps / 10));
  spec.budget_s = options.budget_s;
  const Inputs inputs({options.data, options.from});
  const std::filesystem::path folder = options.output / "training";
  for (const char* file : {"recipe.toml", "weights.safetensors", "training/ear.safetensors"})
    claim(options.output / file);
  const auto material = std::make_shared<const audio::EarMaterial>(options.data);
  torch::manual_seed(options.seed);
  model::Network network(model::ear_network(recipe));
  if (!options.from.empty()) {
    const model::SafetensorsFile file(options.from / "weights.safetensors");
    model::load_module(file, "ear", *network);
  }
  std::filesystem::create_directories(folder);
  claim_run(folder, about(options, recipe));
  const Where where{
      .folder = folder, .device = model::device_of(options.device), .seed = options.seed, .clock = options.clock};
  network->to(where.device);
  const RunResult result = run(ear_job(recipe, network, material), where);
  if (!result) return false;
  model::SafetensorsWriter writer;
  writer.set_metadata("program", "ombra");
  writer.set_metadata("recipe", recipe.name);
  writer.set_metadata("learned_from", learned_from(*material));
  writer.set_metadata("ear_s", fmt::format("{:.1f}", result.trained_s));
  writer.set_metadata("ear_steps", std::to_string(result.steps));
  model::add_module(writer, "ear", *network, true);
  write_atomically(options.output / "recipe.toml", recipe.text);
  writer.write(options.output / "weights.safetensors");
  log::info("{}: written", options.output.string());
  return true;
}

}  // namespace ombra::train
