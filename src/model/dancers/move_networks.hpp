#pragma once
// Choreographer and mover at work for several dancers at once: draws of each one's next move, and how the dance would
// look with them. Two bodies: without LibTorch on the CPU, and LibTorch where the model lies on a graphics card or has
// layers that the other does not know. Both give the same dance, to rounding.
// Q books, Z code. Thread: one owner.

#include "core/rng.hpp"
#include "model/inference/fast_choreographer.hpp"
#include "model/inference/fast_mover.hpp"
#include "model/layers/model_folder.hpp"

namespace ombra::model {

// What the networks keep of one dance; one of the bodies uses each half.
struct MoveMemory {
  FastChoreographer::Memory choreographer;
  FastMover::Memory mover;
  std::vector<std::int64_t> last;  // the newest move
  torch::Tensor history;           // [1, kHistory, Q], the newest last
  ChoreographerImpl::State state;
};

// One dancer's next move: what is asked for, and what came of it.
struct MoveDraft {
  // asked
  MoveMemory* memory = nullptr;
  Rng* rng = nullptr;
  std::array<float, ChoreographerImpl::kConditions> conditions{};  // energy and pulse
  std::int64_t place = 0, phrase_place = -1;                       // -1: not told
  double temperature = 1.0, top_p = 1.0;
  std::size_t count = 1;  // of draws
  // answered
  std::vector<std::int64_t> tried;  // [count][Q]
  std::vector<std::size_t> look;    // [count]: which of the codes each is danced with; equal draws look alike
  std::vector<float> codes;         // [looks][FastMover::kMoves * frames_per_move][Z], the newest move last
  std::size_t first_try = 0;        // for the networks
};

class MoveNetworks {
 public:
  static constexpr std::int64_t kHistory = 10;  // moves that the mover sees: one ahead, and eight back, its reach

  virtual ~MoveNetworks() = default;
  // lib_torch: that body whatever the model. The model outlives the networks.
  static std::unique_ptr<MoveNetworks> make(Model& model, bool lib_torch = false);

  // A dance that comes from a seed phrase of the model and whose next move is at place `place`.
  virtual void begin(MoveMemory& memory, std::int64_t seed, std::int64_t place) = 0;
  // Draws and plays the next move of each; memories of different dancers, of whom each has heard of the move after
  // which the next one comes.
  virtual void draft(std::span<MoveDraft* const> drafts) = 0;
  // Draw k is danced; before the next draft().
  virtual void take(MoveDraft& draft, std::size_t k) = 0;
};

}  // namespace ombra::model
