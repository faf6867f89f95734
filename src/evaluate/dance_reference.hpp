#pragma once
// Real dance, as the yardstick of a generated one: its poses, speeds, phrases and how it sits on its own beats, all as
// an audience sees it. S numbers of a pose as it is seen, W windows. Thread: one owner.

#include "evaluate/judges/seen_space.hpp"
#include "footage/motion/pulse.hpp"
#include "model/layers/model_folder.hpp"
#include "train/corpus.hpp"

#include <set>
#include <vector>

namespace ombra::train {

// A clip with beats, seen from the front.
struct BeatenClip {
  torch::Tensor codes;        // [T, S]
  std::vector<double> beats;  // frames on which they fall
};

struct DanceReference {
  SeenSpace space;
  torch::Tensor features;  // of the training dance, [W, 48]
  double mean_speed = 1.0;
  double halves = 0.0, held_out = 0.0;  // Frechet distances of real dance: its two halves; held out against training
  torch::Tensor windows;                // training windows, to find the nearest
  double held_out_nearest = 0.0;
  std::vector<BeatenClip> clips;                // of the training dance
  std::set<std::vector<std::int64_t>> phrases;  // of four moves, all books
  std::set<std::vector<std::int64_t>> coarse;   // the same, first two books
};

// passages: encode_clips() of the view. Throws Error when the data set holds every clip out.
DanceReference dance_reference(const FrameView& view, model::Model& m, std::vector<Passage> passages);

// Four moves from `first` on, the first `books` entries of each.
inline constexpr std::size_t kPhraseMoves = 4;
std::vector<std::int64_t> phrase_of(const std::vector<std::vector<std::int64_t>>& moves, std::size_t first,
                                    std::size_t books);

// Share of phrases, one after another in every dancer's moves, that are not among the known ones; NaN where there are
// too few moves for one.
double new_phrase_share(const std::vector<std::vector<std::vector<std::int64_t>>>& dances,
                        const std::set<std::vector<std::int64_t>>& known, std::size_t books);

}  // namespace ombra::train
