#include "evaluate/dance_reference.hpp"

#include "evaluate/figures.hpp"
#include "train/corpus.hpp"

#include <algorithm>
#include <cmath>

namespace ombra::train {

using torch::Tensor;

namespace {

void learn_phrases(const Tensor& moves, DanceReference& reference) {
  std::vector<std::vector<std::int64_t>> list;
  const Tensor flat = moves.contiguous();
  const std::int64_t books = flat.size(1);
  for (std::int64_t m = 0; m < flat.size(0); ++m) {
    list.emplace_back(flat.data_ptr<std::int64_t>() + m * books, flat.data_ptr<std::int64_t>() + (m + 1) * books);
  }
  for (std::size_t m = 0; m + kPhraseMoves <= list.size(); ++m) {
    reference.phrases.insert(phrase_of(list, m, 99));
    reference.coarse.insert(phrase_of(list, m, 2));
  }
}

// Frames at which beats fall.
std::vector<double> beats_of(const std::vector<double>& beat) {
  std::vector<double> beats;
  for (std::size_t i = 0; i + 1 < beat.size(); ++i) {
    const double next = std::floor(beat[i]) + 1.0;
    if (beat[i + 1] >= next) beats.push_back(static_cast<double>(i) + (next - beat[i]) / (beat[i + 1] - beat[i]));
  }
  return beats;
}

}  // namespace

std::vector<std::int64_t> phrase_of(const std::vector<std::vector<std::int64_t>>& moves, std::size_t first,
                                    std::size_t books) {
  std::vector<std::int64_t> phrase;
  for (std::size_t m = first; m < first + kPhraseMoves; ++m) {
    phrase.insert(phrase.end(), moves[m].begin(),
                  moves[m].begin() + static_cast<long>(std::min(books, moves[m].size())));
  }
  return phrase;
}

double new_phrase_share(const std::vector<std::vector<std::vector<std::int64_t>>>& dances,
                        const std::set<std::vector<std::int64_t>>& known, std::size_t books) {
  double fresh = 0.0, all = 0.0;
  for (const auto& moves : dances) {
    for (std::size_t m = 0; m + kPhraseMoves <= moves.size(); m += kPhraseMoves) {
      fresh += known.contains(phrase_of(moves, m, books)) ? 0.0 : 1.0;
      all += 1.0;
    }
  }
  return all > 0.0 ? fresh / all : NAN;
}

DanceReference dance_reference(const FrameView& view, model::Model& m, std::vector<Passage> passages) {
  const auto fps = static_cast<int>(std::lround(view.fps()));
  DanceReference reference{.space =
                               SeenSpace(m.painter, m.recipe.painter.guided ? poses_of(view.data(), false)
                                                                            : torch::empty({0, model::kPoseNumbers}))};
  std::vector<Tensor> halves[2], held, windows, held_windows;
  double speed = 0.0, steps = 0.0;
  int index = 0;
  for (const Passage& p : passages) {
    if (!p.choreography && !p.held_out) continue;
    const Tensor seen = reference.space(p.codes), features = window_features(seen, fps);
    if (p.held_out) {
      held.push_back(features);
      held_windows.push_back(second_windows(seen, fps, 15));
      continue;
    }
    halves[(index++ / 6) % 2].push_back(features);  // whole takes (cameras and mirror images together) in either half
    windows.push_back(second_windows(seen, fps, 5));
    speed += speeds(seen).sum().item<double>();
    steps += static_cast<double>(seen.size(0) - 1);
    if (p.mirrored || p.yaw_degrees != 0.0 || p.beat.empty()) continue;
    std::vector<double> beats = beats_of(p.beat);
    if (beats.size() >= 4) reference.clips.push_back({seen, std::move(beats)});
  }
  if (halves[0].empty())
    throw error("the data set holds every clip out\nhint: ombra prepare --hold-out with fewer names");
  const Tensor first = torch::cat(halves[0]), second = halves[1].empty() ? Tensor() : torch::cat(halves[1]);
  reference.features = second.defined() ? torch::cat({first, second}) : first;
  reference.halves = second.defined() ? frechet_distance(first, second) : NAN;  // a single take has no two halves
  reference.held_out = held.empty() ? NAN : frechet_distance(torch::cat(held), reference.features);
  reference.mean_speed = speed / steps;
  reference.windows = torch::cat(windows);
  reference.held_out_nearest = held.empty() ? NAN : nearest_distance(torch::cat(held_windows), reference.windows);
  if (m.recipe.kind == "moves") {
    add_beat_time(passages, m.recipe.mover.frames_per_beat, m.recipe.mover.frames_per_move);
    add_moves(passages, m.mover, m.painter, m.recipe.mover);
    for (const Passage& p : passages) {
      if (!p.held_out && p.moves.defined()) learn_phrases(p.moves, reference);
    }
  }
  return reference;
}

}  // namespace ombra::train
