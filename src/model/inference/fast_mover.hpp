#pragma once
// The mover's decoder without LibTorch, for playing many continuations of one dance. What no continuation can change
// is computed once and kept from move to move: of every layer the last rows that the rows to come look back at. Only
// the rows that the newest move reaches are computed for each continuation. Gives what MoverImpl::last_codes_of gives
// of the whole past, to rounding.
// Q books, Z code, F numbers of a row. Thread: one owner.

#include "model/inference/packed_dense.hpp"

#include <cstdint>
#include <memory>
#include <span>
#include <vector>

namespace ombra::model {

class FastMover {
 public:
  static constexpr std::size_t kMoves = 3;  // the newest move and the two before it: what is given back

  // What one dance leaves behind.
  struct Memory {
    std::vector<std::vector<float>> rows;  // of each layer
    std::vector<float> codes;              // [2 moves, less what the next move still changes][Z]
  };
  // One continuation: the dance so far, and the move that it goes on with [Q].
  struct Candidate {
    Memory* memory;
    const std::int64_t* move;
  };

  // book [Q][entries][width]; null where the decoder has a layer that it does not know (recurrent or strided ones)
  static std::unique_ptr<FastMover> make(const std::vector<LayerPlan>& decoder, std::vector<float> book,
                                         std::size_t books, std::size_t entries, std::size_t ticks_per_move);

  std::size_t ticks_per_move() const { return ticks_; }
  std::size_t code() const { return code_; }

  // A dance that begins with nothing before it.
  Memory begin() const;
  // Plays each of them up to its move; memories stay as they are. Candidates of one memory stand side by side.
  void rehearse(std::span<const Candidate> candidates);
  // -> the last kMoves moves of a candidate of the last rehearsal, [kMoves * ticks_per_move()][Z], written to `codes`
  void play(std::size_t index, std::span<float> codes) const;
  // That candidate is danced: its memory goes on by its move.
  void take(std::size_t index);

 private:
  // Positions count from the newest move's first row, in rows of the layer's input. Rows before -`loose` are the same
  // for every continuation; the last `kept` of them are remembered. A candidate's rows lie in memory one after the
  // other:
  //   [kept][loose + rate][ahead zeros]
  struct Layer {
    LayerPlan plan;            // without its weights
    PackedDense all, point;    // point: of a residual layer
    PackedDense past, newest;  // `all` in two, where all rows but the newest are the same for every continuation
    std::size_t in, out;
    std::size_t rate;         // rows a move
    std::size_t back, ahead;  // rows that an output looks back and ahead
    std::size_t loose;
    std::size_t kept() const { return back + ahead; }
    std::size_t rows() const { return kept() + loose + rate + ahead; }
    std::size_t outputs() const { return loose + ahead + rate; }  // that are computed
  };
  FastMover() = default;
  void add_entries(std::span<const Candidate> candidates) const;
  void convolve(std::size_t index, std::span<const Candidate> candidates);
  void point_at(std::vector<float>& numbers, std::size_t first, std::size_t rows, std::size_t of, std::size_t width,
                std::size_t candidates, std::vector<float*>& to) const;

  // immutable after construction
  std::vector<Layer> layers_;
  std::vector<float> book_;
  std::size_t books_ = 0, entries_ = 0, width_ = 0, ticks_ = 0, code_ = 0;
  std::size_t loose_ = 0;  // ticks before the newest move that it changes
  // of the last rehearsal
  std::vector<Candidate> candidates_;
  std::vector<std::vector<float>> inputs_;   // of each layer: [candidates][rows()][in], activated in a residual one
  std::vector<std::vector<float>> skipped_;  // residual layers: [candidates][ahead + loose + rate][in], as they came
  std::vector<float> codes_;                 // [candidates][loose_ + ticks_][Z]
  // scratch
  std::vector<float> shared_, wide_;
  std::vector<float*> from_, to_, some_;
};

}  // namespace ombra::model
