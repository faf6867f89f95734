#pragma once
// The live dancer: picks moves ahead of the beat, plays them as latents along the beat clock, draws them as fields.
// On Ombra's own kernels; LibTorch is loaded (model/door) for a graphics card, for layers that the kernels do not know,
// and to go on from a video. The same interface serves kind = "moves" (the recipe ombra) and kind = "frames" (one
// latent a step, the published systems). Thread: one owner (the dance thread).

#include "core/frames.hpp"
#include "model/figure/dance_controls.hpp"
#include "model/figure/decoder_plan.hpp"

#include <array>
#include <cstdint>
#include <filesystem>
#include <memory>
#include <span>
#include <string>
#include <vector>

namespace ombra::model {

// When a frame will be seen.
struct Timestamp {
  double time_s = 0.0;
  double beat = 0.0;
  double bar = 0.0;  // a beat, before or after, on which a bar and a phrase begin: a whole number
};

struct DancerInfo {
  std::string name;                // of the model folder
  std::string kind;                // "moves" or "frames"
  int latent_size = 0;             // Z
  int figure_size = 0;             // numbers that a picture of one dancer is decoded from
  double frames_per_beat = 0.0;    // moves: latents a beat; frames: 0
  double frames_per_second = 0.0;  // frames: latents a second
  int moves_per_beat = 0;
  int seeds = 0;                    // phrases to start from
  std::vector<std::string> people;  // whom it can draw; empty: the one figure that it has learned
  bool knows_build = false;         // FigureControls::height and build do something
  std::vector<std::string> styles;  // that it can be asked for, in the order of DanceControls::styles
};

inline constexpr int kPicturedPeople = 64;  // of all that a dancer knows: the first ones

struct DanceCounters {
  std::uint64_t moves = 0, freezes = 0, jumps = 0;
  double step_ms = 0.0, decode_ms = 0.0;  // of the last move and the last picture
  std::array<float, 8> styles{};          // of the phrase that was chosen last, by the first dancer
};

class Generator {
 public:
  // Reads a model folder (recipe.toml, weights.safetensors, seeds.safetensors).
  // device: auto (Ombra's own kernels, else what LibTorch finds), cpu or cuda. Throws Error naming file, tensor and
  // expected shape.
  Generator(const std::filesystem::path& model, const std::string& device, std::uint64_t seed, int dancers = 1);
  ~Generator();
  Generator(const Generator&) = delete;
  Generator& operator=(const Generator&) = delete;

  const DancerInfo& info() const;
  int dancers() const;
  // Every dance begins where these pictures end, instead of with a phrase of the footage: pictures
  // [framings][count][C][H][W] in time order at the recipe's rate, as its [frames] says. Of several framings the one is
  // taken in which the painter draws the figure best. They become one more seed, the last. Before advance().
  void begin_after(std::span<const float> pictures, std::size_t count, std::size_t framings = 1);
  // The pose in the last of those pictures, [Z]; empty without.
  const std::vector<float>& last_pose() const;
  void set_dancers(int dancers);  // 1..16; the ones that stay dance on

  // Makes sure that latents exist up to the moment and one move beyond it; controls act on moves not yet chosen.
  void advance(const Timestamp& until, const DanceControls& controls);
  // Continues from seed phrase `seed` (-1: one whose energy fits) at the next whole beat after `now`,
  // crossfaded in code space over half a beat. dancer -1: all of them.
  void jump(int seed, const Timestamp& now, const DanceControls& controls, int dancer = -1);
  // -> latents [dancers][Z] at the timestamp, interpolated between two steps (Catmull-Rom); advance() must have gone
  // past it,
  //    else the last latent is held. A moment earlier than the history gives the oldest latent.
  void pull(const Timestamp& timestamp, const DanceControls& controls, std::span<float> latents) const;
  // latents [dancers][Z], seen at time_s (which hair and hems swing by) -> figures [dancers][figure_size]
  void embody(std::span<const float> latents, double time_s, const FigureControls& controls, std::span<float> figures);
  // Draws figures [n][figure_size] as distance fields of size x size into image (resized as needed).
  void decode(std::span<const float> figures, int size, FieldImage& image);

  // The decoder with its weights, for another executor: what decode() draws.
  PlanOrReason decoder_plan() const;

  // Pictures of the seeds, in the middle of each phrase: image.dancers == info().seeds.
  FieldImage seed_pictures(int size);
  // Pictures of info().people, kPicturedPeople at most, in so many poses of the first seed phrase, half a beat apart:
  // those of the first one in their order, then those of the next; image.dancers == people * poses.
  FieldImage people_pictures(int size, int poses);
  DanceCounters counters() const;
  DanceCounters counters(int dancer) const;  // of one; decode_ms is left out
  // The small whole numbers of the move that a dancer chose last (one a book); empty for kind frames.
  std::vector<std::int64_t> last_move(int dancer) const;

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

// The decoder of a recipe file with weights as training begins with them: for measurements. Throws UsageError.
PlanOrReason fresh_decoder_plan(const std::filesystem::path& recipe);

}  // namespace ombra::model
