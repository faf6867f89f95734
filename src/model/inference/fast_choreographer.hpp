#pragma once
// The choreographer without LibTorch, for several dancers at once: gives what ChoreographerImpl gives, to rounding.
// Q books, E entries, H hidden. Thread: one owner.

#include "model/figure/network_layout.hpp"
#include "model/inference/packed_dense.hpp"

#include <array>
#include <cstdint>
#include <span>
#include <vector>

namespace ombra::model {

// Its weights as plain values.
struct ChoreographerPlan {
  struct Table {
    std::size_t width = 0;
    std::vector<float> rows;  // [..][width]
    std::span<const float> row(std::int64_t i) const {
      return std::span(rows).subspan(static_cast<std::size_t>(i) * width, width);
    }
  };
  struct Recurrent {
    DensePlan input, hidden;
  };
  struct Head {
    DensePlan first, second;
  };
  std::vector<Table> codes;    // of each book, its last row: not told
  Table place, phrase;         // phrase: empty where it does not know phrases, its last row: not told
  std::size_t conditions = 0;  // numbers that are asked for with each move
  DensePlan input;
  std::vector<Recurrent> layers;
  std::vector<Head> heads;
};

// Numbers that are asked for with each move.
std::int64_t conditions_of(const ChoreographerSpec& spec);

// Q books of E entries; names as LibTorch stores them, such as "head0.2.weight".
ChoreographerPlan choreographer_plan(const ChoreographerSpec& spec, std::int64_t books, std::int64_t entries,
                                     const WeightSource& source);

class FastChoreographer {
 public:
  // Of a move: energy and pulse, and how much of each style it is to have.
  static constexpr std::size_t kMoods = 2, kMaxStyles = 8, kMaxConditions = kMoods + kMaxStyles;

  struct Memory {
    std::vector<float> state;  // [layers][h, c][H]; empty: a fresh start
  };
  struct Step {
    Memory* memory;
    const std::int64_t* move;  // the last one, [Q]
    std::array<float, kMaxConditions> conditions;
    std::int64_t place;
    std::int64_t phrase_place;  // -1: not told
  };
  // Which logits: of book q, after the entries of the books before it.
  struct Query {
    std::size_t step;            // of the last forward()
    const std::int64_t* chosen;  // [q]
  };

  explicit FastChoreographer(const ChoreographerPlan& plan);

  // A move more in each dance; memories stand for different dancers.
  void forward(std::span<const Step> steps);
  // -> [queries][entries]; valid until the next call
  std::span<const float> logits(std::size_t book, std::span<const Query> queries);

  std::size_t entries() const { return entries_; }

 private:
  struct Head {
    PackedDense context, codes, second;  // the first layer in two: the context is the same for many queries
  };
  struct Recurrent {
    PackedDense input, hidden;
  };

  // immutable after construction
  std::vector<ChoreographerPlan::Table> codes_;
  ChoreographerPlan::Table place_, phrase_;
  PackedDense input_;
  std::vector<Recurrent> layers_;
  std::vector<Head> heads_;
  std::size_t hidden_, context_, entries_, conditions_;
  // of the last forward()
  std::vector<float> contexts_;  // [steps][H + conditions + place]
  // scratch
  std::vector<float> x_, gates_, first_, told_, logits_;
  std::vector<float*> from_, to_, states_;
};

}  // namespace ombra::model
