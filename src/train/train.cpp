#include "train/train.hpp"

#include "core/file.hpp"
#include "core/interrupt.hpp"
#include "core/log.hpp"
#include "core/number.hpp"
#include "core/outputs.hpp"
#include "model/layers/model_folder.hpp"
#include "train/begin_with.hpp"
#include "train/learn_person.hpp"
#include "train/seeds.hpp"
#include "train/train_frames.hpp"
#include "train/train_moves.hpp"
#include "train/train_painter.hpp"
#include "train/train_people.hpp"
#include "train/troupe/build_traits.hpp"

#include <fmt/ranges.h>

#include <algorithm>
#include <cmath>
#include <functional>
#include <optional>
#include <set>

namespace ombra::train {
namespace {

void scale_steps(model::TrainSpec& spec, double effort) {
  spec.steps = std::max<std::int64_t>(1, std::llround(static_cast<double>(spec.steps) * effort));
  spec.warmup = std::min(spec.warmup, std::max<std::int64_t>(1, spec.steps / 10));
}

// How a budget is divided: the share that is spent when each part is done, as they took where it was measured. A part
// that is done early leaves its time to the next one.
struct Shares {
  double painter, encoding;
  double mover, choreographer;  // of moves
  double choosing, dancer;      // of frames; choosing: where the recipe leaves the dancer's layers open
};
constexpr double kChoosing = 0.3;      // of the dancer's steps, without a budget
constexpr double kPeopleDrawn = 0.42;  // painters of people: when the decoder is done and its encoder begins
constexpr Shares kMoves{0.52, 0.58, 0.85, 0.97, 0.0, 0.0};
constexpr Shares kFrames{0.54, 0.68, 0.0, 0.0, 0.77, 0.97};  // the rest is for writing

const Shares& shares_of(const model::Recipe& recipe) { return recipe.kind == "moves" ? kMoves : kFrames; }

// What each network would have if all before it took exactly their time: the learning rates are laid over it.
void set_budgets(model::Recipe& recipe, double budget_s) {
  if (budget_s <= 0.0) return;
  const auto give = [&](model::TrainSpec& spec, double from, double to) {
    spec.budget_s = std::max(1e-3, (to - from) * budget_s);
    spec.warmup = std::min(spec.warmup, spec.steps / 20);
  };
  const Shares& s = shares_of(recipe);
  const bool people = recipe.painter.people > 0;
  give(recipe.painter.train, 0.0, people ? kPeopleDrawn : s.painter);
  if (people) give(recipe.painter.encoder_train, kPeopleDrawn, s.painter);
  give(recipe.mover.train, s.encoding, s.mover);
  give(recipe.choreographer.train, s.mover, s.choreographer);
  give(recipe.dancer.train, s.encoding, s.dancer);
}

// Frames that a clip keeps where there is no time to encode all of it: enough to learn a dance's step from.
std::int64_t least_frames(const model::Recipe& recipe) {
  constexpr double kPhrasesS = 12.0;  // two of eight beats and more, at any tempo
  if (recipe.kind == "moves") return std::llround(kPhrasesS * recipe.frames.fps);
  return 4 * std::max(recipe.dancer.train.window, recipe.dancer.context) + 2;
}

std::string people_line(const TrainOptions& options, const std::string& person) {
  if (!person.empty()) return fmt::format("person = '{}'\n", person);
  if (options.bodies.empty()) return {};
  return fmt::format("bodies = '{}'\nwithout = '{}'\n", std::filesystem::absolute(options.bodies).string(),
                     fmt::join(options.without, ","));
}

void claim(const std::filesystem::path& folder, const model::Recipe& recipe, const TrainOptions& options,
           const std::string& person) {
  const std::string mine = fmt::format(
      "data = '{}'\n{}seed = {}\neffort = {}\nbudget_s = {}\nfrom = '{}'\nkeep = '{}'\n\n{}",
      std::filesystem::absolute(options.data).string(), people_line(options, person), options.seed, options.effort,
      options.budget_s, options.from.empty() ? std::string() : std::filesystem::absolute(options.from).string(),
      fmt::join(options.keep, ","), recipe.text);
  claim_run(folder, mine);
}

// The outcome of the search over alternatives, kept beside the checkpoints. -1: interrupted
std::int64_t alternative_of(const model::Recipe& recipe, const std::vector<Passage>& passages, const Where& where) {
  if (recipe.dancer.alternatives.empty()) return 0;
  const std::filesystem::path file = where.folder / "alternative.txt";
  if (std::filesystem::exists(file)) {
    const auto kept = parse_integer(read_text(file, 16));
    if (!kept || *kept < 0 || *kept >= static_cast<std::int64_t>(recipe.dancer.alternatives.size()))
      throw error("{}: not the number of one of the recipe's alternatives\nhint: delete it, and it is found again",
                  file.string());
    return *kept;
  }
  const std::int64_t best = best_alternative(recipe, passages, where, kChoosing);
  if (best >= 0) write_atomically(file, std::to_string(best));
  return best;
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
  return count > 0.0 ? std::max(1e-6, sum / count) : 1.0;  // 0: an encoder to which all pictures are the same
}

// Mean code of the training clips of each style, [styles, Z]; of all where a style has none.
torch::Tensor middles_of(const std::vector<Passage>& passages, const model::Recipe& recipe) {
  const auto mean_of = [&](const std::string* style) {
    torch::Tensor sum = torch::zeros({recipe.painter.code});
    double count = 0.0;
    for (const Passage& p : passages) {
      if (p.held_out || (style && p.style != *style) || p.codes.size(0) == 0) continue;
      sum += p.codes.sum(0), count += static_cast<double>(p.codes.size(0));
    }
    return std::pair{count > 0.0 ? sum / count : sum, count};
  };
  std::vector<torch::Tensor> middles;
  for (const std::string& style : recipe.choreographer.styles) {
    const auto [mean, count] = mean_of(&style);
    if (count == 0.0) log::warn("no clip of the data set is called {}: nothing is learned of that style", style);
    middles.push_back(count > 0.0 ? mean : mean_of(nullptr).first);
  }
  return torch::stack(middles);
}

// What is known already, and what the training clips say.
std::string credits(const std::string& known, const DataSet& data) {
  std::set<std::string> lines;
  for (std::size_t at = 0, end = 0; at < known.size(); at = end + 1) {
    end = std::min(known.find('\n', at), known.size());
    lines.insert(known.substr(at, end - at));
  }
  for (const DataClip& clip : data.clips()) {
    if (!clip.held_out) lines.insert(fmt::format("{}: {}; {}", clip.name, clip.licence, clip.source));
  }
  std::string text;
  for (const std::string& line : lines) text += line + "\n";
  return text;
}

// Everything that will be written, before a byte is: none of it may be what is read.
void claim_outputs(const TrainOptions& options, const std::filesystem::path& folder) {
  for (const char* file : {"recipe.toml", "weights.safetensors", "seeds.safetensors"})
    ombra::claim(options.output / file);
  for (const char* name : {"painter", "encoder", "person", "mover", "choreographer", "dancer"})
    ombra::claim(folder / (std::string(name) + ".safetensors"));
}

// The recipe with as many steps, and as much time, as was asked for.
void set_effort(model::Recipe& recipe, const TrainOptions& options) {
  for (model::TrainSpec* spec : {&recipe.painter.train, &recipe.painter.encoder_train, &recipe.mover.train,
                                 &recipe.choreographer.train, &recipe.dancer.train}) {
    scale_steps(*spec, options.effort);
  }
  set_budgets(recipe, options.budget_s);
}

// What the networks of one model share while one after another learns.
struct Course {
  const TrainOptions& options;
  const TimeBudget& time;
  const model::Recipe& recipe;
  model::Model& m;
  Where where;

  // -> the seconds that are left until this share of the budget is spent; empty without one
  std::function<double()> until(double share) const {
    if (!time.limited()) return {};
    return [&budget = time, share] { return budget.until(share); };
  }
  // -> false when it was interrupted
  bool learn(const Job& job, double share) {
    if (std::find(options.keep.begin(), options.keep.end(), job.name) != options.keep.end()) {
      log::info("{}: kept as it is", job.name);
      return true;
    }
    where.left_s = until(share);
    const RunResult result = run(job, where);
    if (job.name == "painter") m.metadata["painter_batch"] = std::to_string(result.batch);
    m.metadata[job.name + "_s"] = fmt::format("{:.1f}", result.trained_s);
    m.metadata[job.name + "_steps"] = std::to_string(result.steps);
    return result.finished;
  }
};

// Mover, choreographer and seed phrases of a dancer in moves. -> false when it was interrupted
bool learn_moves(Course& course, const std::shared_ptr<std::vector<Passage>>& passages) {
  const model::Recipe& recipe = course.recipe;
  const Shares& shares = shares_of(recipe);
  model::Model& m = course.m;
  add_beat_time(*passages, recipe.mover.frames_per_beat, recipe.mover.frames_per_move);
  m.mover->to(course.where.device);
  if (!course.learn(mover_job(recipe, m.mover, m.painter, passages), shares.mover)) return false;
  add_moves(*passages, m.mover, m.painter, recipe.mover);
  if (!course.learn(choreographer_job(recipe, m.choreographer, passages), shares.choreographer)) return false;
  m.mean_speed = mean_step(*passages, true);
  const bool styled = std::ranges::any_of(*passages, [](const Passage& p) { return !p.held_out && !p.style.empty(); });
  if (!recipe.choreographer.styles.empty() && (styled || !m.style_middles.defined()))
    m.style_middles = middles_of(*passages, recipe);
  m.seeds = move_seeds(*passages, recipe);
  return true;
}

// Painter of people, their vectors, encoder. -> false when it was interrupted
bool learn_people(Course& course, const DataSet& data, bool fit_code) {
  const model::Recipe& recipe = course.recipe;
  const TrainOptions& options = course.options;
  model::Model& m = course.m;
  if (options.bodies.empty())
    throw UsageError("--bodies: this recipe draws people\nhint: --bodies FOLDER with skinned glTF figures");
  const Troupe troupe = read_troupe(options.bodies, options.without);
  const auto training = std::make_shared<PeopleDraw>(data, troupe, false),
             held_out = std::make_shared<PeopleDraw>(data, troupe, true);
  if (fit_code) m.painter->fit_code(poses_of(data, false, true));
  torch::Tensor vectors = 0.7 * torch::randn({static_cast<std::int64_t>(troupe.size()), recipe.painter.people});
  if (options.from.empty()) {
    begin_on_bones(recipe.painter, m.painter->decoder());
  } else {
    vectors = vectors_of(troupe, options.from);
  }
  vectors = vectors.to(course.where.device).set_requires_grad(true);
  if (!course.learn(people_job(recipe, m.painter, vectors, training, held_out), kPeopleDrawn)) return false;
  m.people = {{}, vectors.detach().cpu(), {}, training->foot_pitch()};
  for (const auto& person : troupe) m.people.names.push_back(person->name);
  m.people.directions = build_directions(troupe, m.people.vectors);
  m.painter->set_person(m.people.vectors.mean(0));
  m.painter->set_foot_pitch(m.people.foot_pitch);
  return course.learn(people_encoder_job(recipe, m.painter, m.people.vectors, training, held_out),
                      shares_of(recipe).painter);
}

// The frame dancer, the best of its alternatives, and its seed phrases. -> false when it was interrupted
bool learn_frames(Course& course, const std::vector<Passage>& passages) {
  const model::Recipe& recipe = course.recipe;
  const Shares& shares = shares_of(recipe);
  model::Model& m = course.m;
  course.where.left_s = course.until(shares.choosing);
  m.alternative = alternative_of(recipe, passages, course.where);
  if (m.alternative < 0) return false;
  if (!recipe.dancer.alternatives.empty()) {
    torch::manual_seed(course.options.seed);
    m.dancer = model::FrameDancer(recipe, m.alternative);
  }
  m.dancer->to(course.where.device);
  const Job job =
      frames_job(recipe, m.dancer, long_enough(passages, recipe, false), long_enough(passages, recipe, true));
  if (!course.learn(job, shares.dancer)) return false;
  m.mean_speed = mean_step(passages, false);
  m.seeds = frame_seeds(passages, recipe);
  return true;
}

// All that dances, learned from what the painter reads off the footage. -> false when it was interrupted
bool learn_dance(Course& course, const DataSet& data, const FrameView& view, bool own_poses) {
  const model::Recipe& recipe = course.recipe;
  std::optional<Lift> lift;
  if (recipe.painter.people > 0 && own_poses && !has_poses(data, true))
    lift = Lift::train(data, {.seed = course.options.seed});
  if (interrupted()) return false;
  std::vector<Passage> encoded = encode_clips(
      view, course.m.painter, recipe.painter.guided,
      {.left_s = course.until(shares_of(recipe).encoding), .least = least_frames(recipe)}, lift ? &*lift : nullptr);
  course.time.keep();
  if (interrupted()) return false;
  const auto passages = std::make_shared<std::vector<Passage>>(std::move(encoded));
  return recipe.kind == "moves" ? learn_moves(course, passages) : learn_frames(course, *passages);
}

// What a model folder says of how it was made.
void sign(model::Model& m, const TrainOptions& options, const std::string& recipe, const DataSet& data) {
  m.metadata["program"] = "ombra";
  m.metadata["recipe"] = recipe;
  m.metadata["credits"] = credits(m.metadata["credits"], data);
  if (options.budget_s > 0.0) m.metadata["budget_s"] = fmt::format("{:.1f}", options.budget_s);
}

}  // namespace

bool train(const TrainOptions& options) {
  const std::filesystem::path folder = options.output / "training";
  const TimeBudget time(options.budget_s, folder / "spent_s.txt", options.clock);
  model::Recipe recipe = model::read_recipe(model::find_recipe(options.recipe));
  if (!options.from.empty()) as_many_axes(recipe, options.from);
  const auto data = std::make_shared<const DataSet>(options.data);
  const auto view = std::make_shared<const FrameView>(data, recipe.frames);
  const Inputs inputs({options.data, options.from});  // the recipe may be that of the folder: it is written as it was
  const std::string person = person_wanted(recipe, *view, options);
  claim_outputs(options, folder);
  std::filesystem::create_directories(folder);
  claim(folder, recipe, options, person);
  set_effort(recipe, options);
  Where where{
      .folder = folder, .device = model::device_of(options.device), .seed = options.seed, .clock = options.clock};
  where.saved = [&] { time.keep(); };
  torch::manual_seed(options.seed);
  model::Model m = model::make_model(recipe);
  Course course{options, time, recipe, m, std::move(where)};

  const bool people = recipe.painter.people > 0;
  torch::Tensor poses = recipe.painter.guided ? poses_of(*data, false, people) : torch::Tensor();
  const bool own_poses = poses.defined() && poses.size(0) > 0;
  if (!options.keep.empty() && options.from.empty())
    throw UsageError("--keep: needs --from\nhint: --from models/ombra --keep painter,mover");
  if (!options.from.empty()) {
    begin_with(m, options.from, networks_kept(options, person));
    if (!person.empty()) take_over_people(m, options.from);
    if (recipe.painter.guided && !own_poses) poses = remembered_poses(m, options.from);
  }
  m.painter->to(course.where.device);
  const double share = shares_of(recipe).painter;
  const bool painted =
      !person.empty() ? learn_person(m, *view, person, options, course.until(share))
      : people        ? learn_people(course, *data, own_poses && options.from.empty())
               : course.learn(painter_job(recipe, m.painter, view, poses, own_poses && options.from.empty()), share);
  if (!painted) return false;
  const bool dances = !person.empty() && only_outline(recipe, options);
  if (!dances && !learn_dance(course, *data, *view, own_poses)) return false;
  sign(m, options, recipe.name, *data);
  model::save_model(m, options.output);
  time.keep();
  log::info("{}: written", options.output.string());
  if (time.limited()) log::info("{:.0f} s of {:.0f} s are used", time.spent_s(), options.budget_s);
  return true;
}

}  // namespace ombra::train
