#pragma once
// Choreographer and mover at work for several dancers at once: samples of each one's next move, and the dance with each
// of them. Two executors: Ombra's own kernels, and LibTorch (model/torch_dancer) where the model lies on a
// graphics card or has layers that the kernels do not know. Both give the same dance, to rounding.
// Q books, Z code. Thread: one owner.

#include "core/rng.hpp"
#include "model/figure/dancer_file.hpp"
#include "model/inference/fast_choreographer.hpp"
#include "model/inference/fast_mover.hpp"

#include <memory>

namespace ombra::model {

// What the networks keep of one dance; each executor uses its own part.
struct MoveMemory {
  FastChoreographer::Memory choreographer;
  FastMover::Memory mover;
  std::vector<std::int64_t> last;  // the newest move
  std::shared_ptr<void> other;     // LibTorch's
};

// One dancer's next move: what is asked for, and what came of it.
struct MoveDraft {
  // asked
  MoveMemory* memory = nullptr;
  Rng* rng = nullptr;
  std::array<float, FastChoreographer::kMaxConditions> conditions{};
  std::int64_t place = 0, phrase_place = -1;  // -1: not told
  double temperature = 1.0, top_p = 1.0;
  std::size_t count = 1;  // of samples
  // answered
  std::vector<std::int64_t> samples;   // [count][Q]
  std::vector<std::size_t> candidate;  // [count]: the candidate that each sample is; equal samples are one
  std::vector<float> codes;            // [candidates][FastMover::kMoves * frames_per_move][Z], the newest move last
  std::size_t first_candidate = 0;     // for the networks
};

class MoveNetworks {
 public:
  static constexpr std::int64_t kHistory = 10;  // moves that the mover sees: one ahead, and eight back, its reach

  virtual ~MoveNetworks() = default;
  // On Ombra's own kernels; null where they do not know a layer. The file outlives the networks.
  static std::unique_ptr<MoveNetworks> make(const DancerFile& file);
  // The same with the given weights instead of the file's.
  static std::unique_ptr<MoveNetworks> make(const DancerFile& file, const ChoreographerPlan& choreographer,
                                            std::unique_ptr<FastMover> mover);

  // A dance that comes from a seed phrase of the model and whose next move is at place `place`.
  virtual void begin(MoveMemory& memory, int seed, std::int64_t place) = 0;
  // Draws and plays the next move of each; memories of different dancers, of whom each has heard of the move after
  // which the next one comes.
  virtual void draft(std::span<MoveDraft* const> drafts) = 0;
  // Sample k is danced; before the next draft().
  virtual void take(MoveDraft& draft, std::size_t k) = 0;
};

// Factor of the temperature for a book, as the recipe says.
double coolness_of(const Recipe& recipe, std::size_t book);

// The last MoveNetworks::kHistory moves of a dance that repeats the phrase [M][Q].
std::vector<std::int64_t> history_of(std::span<const std::int64_t> phrase, std::size_t books);

}  // namespace ombra::model
