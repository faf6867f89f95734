#include "train/train.hpp"

#include "core/file.hpp"
#include "core/log.hpp"
#include "model/model_folder.hpp"
#include "train/seeds.hpp"
#include "train/train_frames.hpp"
#include "train/train_moves.hpp"
#include "train/train_painter.hpp"

#include <algorithm>
#include <cmath>
#include <set>

namespace ombra::train {
namespace {

void scale_steps(model::TrainSpec& spec, double effort) {
  spec.steps = std::max<std::int64_t>(1, std::llround(static_cast<double>(spec.steps) * effort));
  spec.warmup = std::min(spec.warmup, std::max<std::int64_t>(1, spec.steps / 10));
}

// A run in a folder belongs to one recipe, data set and seed; another one must not be mixed in.
void claim(const std::filesystem::path& folder, const model::Recipe& recipe, const TrainOptions& options) {
  const std::string mine =
      fmt::format("data = '{}'\nseed = {}\neffort = {}\n\n{}", std::filesystem::absolute(options.data).string(),
                  options.seed, options.effort, recipe.text);
  const std::filesystem::path file = folder / "run.toml";
  if (std::filesystem::exists(file) && read_text(file) != mine) {
    throw UsageError(fmt::format(
        "{}: holds a run with another recipe, data set, seed or effort\nhint: choose another --output, or remove {}",
        folder.string(), folder.string()));
  }
  write_atomically(file, mine);
}

// Mean distance of neighbouring ticks over training clips.
double mean_step(const std::vector<Passage>& passages, bool in_beats) {
  double sum = 0.0, count = 0.0;
  for (const Passage& p : passages) {
    const torch::Tensor& x = in_beats ? p.in_beats : p.codes;
    if (p.held_out || !x.defined() || x.size(0) < 2) continue;
    sum += (x.slice(0, 1) - x.slice(0, 0, -1)).norm(2, 1).sum().item<double>();
    count += static_cast<double>(x.size(0) - 1);
  }
  return count > 0.0 ? sum / count : 1.0;
}

std::string credits(const DataSet& data) {
  std::set<std::string> lines;
  for (const DataClip& clip : data.clips()) {
    if (!clip.held_out) lines.insert(fmt::format("{}: {}; {}", clip.name, clip.licence, clip.source));
  }
  std::string text;
  for (const std::string& line : lines) text += line + "\n";
  return text;
}

}  // namespace

bool train(const TrainOptions& options) {
  model::Recipe recipe = model::read_recipe(model::find_recipe(options.recipe));
  const auto data = std::make_shared<const DataSet>(options.data);
  const std::filesystem::path folder = options.output / "training";
  std::filesystem::create_directories(folder);
  claim(folder, recipe, options);
  for (model::TrainSpec* spec :
       {&recipe.painter.train, &recipe.mover.train, &recipe.choreographer.train, &recipe.dancer.train}) {
    scale_steps(*spec, options.effort);
  }
  const Where where{.folder = folder, .device = model::device_of(options.device), .seed = options.seed};
  torch::manual_seed(options.seed);
  model::Model m = model::make_model(recipe);

  const bool guided = recipe.painter.guided && has_poses(*data);
  m.painter->to(where.device);
  if (!run(painter_job(recipe, m.painter, data), where)) return false;
  auto passages = std::make_shared<std::vector<Passage>>(encode_clips(*data, m.painter, guided));
  if (recipe.kind == "moves") {
    add_beat_time(*passages, recipe.mover.frames_per_beat, recipe.mover.frames_per_move);
    m.mover->to(where.device);
    if (!run(mover_job(recipe, m.mover, m.painter, passages), where)) return false;
    add_moves(*passages, m.mover, recipe.mover);
    if (!run(choreographer_job(recipe, m.choreographer, passages), where)) return false;
    m.mean_speed = mean_step(*passages, true);
    m.seeds = move_seeds(*passages, recipe);
  } else {
    m.dancer->to(where.device);
    if (!run(frames_job(recipe, m.dancer, passages), where)) return false;
    m.mean_speed = mean_step(*passages, false);
    m.seeds = frame_seeds(*passages, recipe);
  }
  m.metadata["program"] = "ombra";
  m.metadata["recipe"] = recipe.name;
  m.metadata["credits"] = credits(*data);
  model::save_model(m, options.output);
  log::info("{}: written", options.output.string());
  return true;
}

}  // namespace ombra::train
