#pragma once
// A dance of moves: the choreographer chooses the next move, the mover plays the one before it.
// One tick is 1 / frames_per_beat of a beat; move m covers ticks [m, m + 1) * frames_per_move. Thread: one owner.

#include "model/dancers/dance_stream.hpp"
#include "model/dancers/foothold.hpp"
#include "model/dancers/grounding.hpp"
#include "model/dancers/herding.hpp"
#include "model/dancers/move_networks.hpp"
#include "model/dancers/returning.hpp"

#include <deque>
#include <optional>

namespace ombra::model {

using CoarseMove = std::pair<std::int64_t, std::int64_t>;  // the first two entries of a move

class MovesStream : public DanceStream {
 public:
  // lead: ticks that it is ahead of others, so that several dancers do not all choose in the same frame
  MovesStream(std::shared_ptr<const DancerFile> file, std::shared_ptr<MoveNetworks> networks, std::uint64_t seed,
              double lead);

  void start(std::int64_t tick, int seed) override;
  void advance(std::span<DanceStream* const> together, double tick, const DanceControls& controls) override;
  void jump(std::int64_t tick, int seed, const DanceControls& controls) override;
  const StopWarp* warp() const override { return &warp_; }
  void set_phrase_start(std::int64_t tick) override { phrase_start_ = tick / file_->recipe.mover.frames_per_move; }

 private:
  void prime(std::int64_t move, int seed);                         // as after the seed phrase
  void choose(const DanceControls& controls, double temperature);  // appends one move and plays the one before it
  // choose() in two, so that the networks work for several dancers in between: what is asked of them, and what becomes
  // of their answer.
  void choose_styles(const DanceControls& controls);
  void ask(const DanceControls& controls, double temperature);
  void answer(const DanceControls& controls);
  // -> the sample that is danced (rehearsal.hpp)
  std::size_t rehearse(double pulse);
  double temperature(const DanceControls& controls) const;  // the temperature of the next move
  void guard(const DanceControls& controls);
  // How often the last three moves and then `next` have been danced already, not long ago.
  int times_danced(const CoarseMove& next) const;
  int seed_for(double energy);

  std::shared_ptr<const DancerFile> file_;
  std::shared_ptr<MoveNetworks> networks_;  // of all dancers
  double lead_;
  Rng rng_;
  std::optional<Grounding> grounding_;
  std::optional<Foothold> foothold_;  // where the code knows its joints
  MoveMemory memory_;
  MoveDraft draft_;  // the move that is being chosen
  const SeenJoints seen_;
  StopWarp warp_;
  Herding herding_;
  Returning returning_;
  std::int64_t next_move_ = 0;                                 // the one that choose() will choose
  std::int64_t phrase_start_ = 0;                              // a move with which a phrase begins
  std::array<float, FastChoreographer::kMaxStyles> styles_{};  // of the phrase
  std::deque<CoarseMove> danced_;                              // the first two entries of the latest moves
  std::int64_t since_styles_ = 1 << 20;                        // moves since styles were chosen
  int times_danced_ = 0;                                       // of the newest move, with the three before it
  int still_moves_ = 0;                                        // how long the dancer has been standing still
  double temperature_boost_ = 0.0;  // added to the temperature by the guards; decays with every move
};

// Did the last two phrases hardly use any moves? A clip that is like no other one, such as a can-can, has moves after
// which the footage knows nothing else.
bool in_a_corner(const std::deque<CoarseMove>& danced);
// -> index of a seed whose energy is near; a draw among the nearest quarter (at least three)
int seed_of_energy(const SeedPhrases& seeds, double energy, Rng& rng);

}  // namespace ombra::model
