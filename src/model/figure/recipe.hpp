#pragma once
// A recipe: everything that turns footage into a dancer, as a TOML file (models/recipes/). Networks are layer lists.
// This file reads and checks the tables; model/layers/layers.hpp builds the layers. No LibTorch here.
// Errors: UsageError "FILE:LINE: key: what was expected". Thread: any (values).

#include "core/config.hpp"
#include "model/figure/picture_kind.hpp"

#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace ombra::model {

// One entry of a layer list, still as it was written; line numbers survive for messages.
struct LayerSpec {
  std::string kind;             // the key `layer`
  const toml::table* settings;  // owned by Recipe::root
};
using LayerList = std::vector<LayerSpec>;

// How one network is trained: optimiser, linear warm-up, then the schedule.
struct TrainSpec {
  std::int64_t steps = 0, batch = 0;
  std::int64_t window = 0;  // sequence networks: beats (mover), moves (choreographer) or steps (frames) a sample
  double rate = 1e-3, weight_decay = 1e-2, clip = 1.0, beta2 = 0.999;
  std::int64_t warmup = 100;
  std::string optimiser = "adamw";  // or adam, rmsprop, adadelta, sgd
  std::string schedule = "cosine";  // down to a twentieth; or constant; or step: later_rate from step later_from on
  double later_rate = 1e-4;
  std::int64_t later_from = 0;
  double budget_s = 0.0;  // 0: train for `steps`; else for so long, with the cosine laid over that time
};

// How footage becomes such pictures, where the recipe says so: defaults of `ombra prepare --recipe`.
struct KeySpec {
  std::string key = "auto";         // below, above, distance, green, blue, remove-blue, background, rim or none
  std::optional<double> threshold;  // levels, 0..442; nothing: by the footage
  std::string colour;               // "#rrggbb", "ground:#rrggbb" or "ground"; empty: by the footage
  double contrast = 1.0;
  bool invert = false;
  std::string crop;      // as for `ombra prepare --crop`; empty: as the kind of picture wants it
  double margin = 0.06;  // of the dancer's box
};

// Pictures as the encoder sees them.
struct FramesSpec {
  std::int64_t width = 96, height = 96;  // pixels
  double fps = 30.0;
  PictureKind picture = PictureKind::kDistance;
  std::optional<KeySpec> key;
};

// Autoencoder between pictures and codes.
struct PainterSpec {
  std::int64_t code = 0;  // Z
  bool guided = true;     // the code is trained to equal the principal components of the joints where they are known
  // P: a painter of people. The code is a pose in space (model/figure/pose_code.hpp), its decoder is given
  // [body (model/figure/body_numbers.hpp), person (P numbers)]; 0: one figure for all.
  std::int64_t people = 0;
  std::int64_t guesses = 1;  // painters of people: poses that the encoder says of a picture (model/layers/guesses.hpp)
  std::int64_t picture = 0;  // samples a side of the pictures that a painter of people is taught with
  LayerList encoder, decoder;
  std::string loss = "edge";       // of distances; or bce, mse, l1 of pictures between 0 and 1
  std::string reduction = "mean";  // over a picture's pixels; or sum
  double edge_px = 2.0;            // loss weight 1 + edge_weight * exp(-|d| / edge_px)
  double edge_weight = 2.0;
  double code_weight = 1.0;    // of the guide on the code
  double stroke_weight = 1.0;  // of the guide on the strokes (decoders that end in strokes)
  TrainSpec train;
  TrainSpec encoder_train;  // painters of people: of the encoder, once the decoder is trained
};

// Residual VQ autoencoder over motion in beat time (van den Oord 2017; Zeghidour 2021 for the residual stack).
struct MoverSpec {
  std::int64_t frames_per_beat = 12, frames_per_move = 6;
  LayerList encoder, decoder;
  std::int64_t width = 64;  // d, of the quantised vector
  std::int64_t books = 3, entries = 256;
  double velocity_weight = 2.0, commit_weight = 0.05, stop_weight = 0.0;
  TrainSpec train;
};

// LSTM over moves.
struct ChoreographerSpec {
  std::int64_t hidden = 384, layers = 2, embedding = 128, place_embedding = 64;
  std::int64_t places = 4;          // the phase that it knows, in moves: 4 = two beats of two moves
  std::int64_t phrase = 0;          // moves of a phrase in which it knows its place, too: 16 = eight beats; 0: none
  std::vector<std::string> styles;  // that can be asked for, as data sets name them; at most 8
  double dropout = 0.3, hide_codes = 0.08, hide_conditions = 0.12, label_smoothing = 0.0;
  // Factors of the temperature for book 0, 1, ...: later books hold detail, which bears less chance. 1 where not given.
  std::vector<double> coolness;
  TrainSpec train;
};

// One latent a step, as in the published systems: LSTM with a mixture density head (Bishop 1994) or plain regression.
struct FrameDancerSpec {
  LayerList layers;
  std::vector<LayerList> alternatives;  // instead of layers: the best in three-fold cross-validation is taken
  std::string loss = "mdn";             // or "mse"
  std::int64_t context = 10;            // frames of a seed; with memory = window all that a step sees
  std::string memory = "carried";       // the state goes on from step to step; or window: each begins anew
  std::string scaling = "standard";     // of the codes: zero mean and unit spread; or minmax: 0..1; or none
  std::string seeding = "phrase";       // `context` frames of the data; or pose: one; or vector: random numbers
  double noise = 0.0;  // standard deviation added to the input while training, in units of the code's spread
  TrainSpec train;
};

// What hears beats: a causal network over the bands of each hop (audio/beat/ear_bands.hpp), a hundred a second. What it
// gives stands in network_layout.hpp.
struct EarSpec {
  LayerList layers;
  std::int64_t delay = 3;  // hops after which a beat is announced, so that its attack has been heard
  TrainSpec train;
};

struct Recipe {
  std::string name, kind;  // kind: moves, frames or ear
  std::string text;        // the file as it was read: goes into the model folder unchanged
  // As in Keras: pictures are flattened in height-width-channel order, weights begin Glorot-uniform, recurrent ones
  // orthogonal, biases zero, the forget gate's one.
  bool keras = false;
  FramesSpec frames;
  PainterSpec painter;
  MoverSpec mover;                  // kind == moves
  ChoreographerSpec choreographer;  // kind == moves
  FrameDancerSpec dancer;           // kind == frames
  EarSpec ear;                      // kind == ear; it has no frames and no painter
  std::string file;                 // for messages
  std::shared_ptr<const toml::table> root;
};

// Throws UsageError on an unknown key, a wrong type or a missing key, with file and line.
Recipe parse_recipe(std::string text, const std::string& file);
// A dancer's: throws where it is an ear's.
Recipe read_recipe(const std::filesystem::path& file);
// An ear's: throws where it is a dancer's.
Recipe read_ear_recipe(const std::filesystem::path& file);
bool is_ear_recipe(const std::filesystem::path& file);
// The table [frames] alone: the others are not looked at, and need not be there.
FramesSpec read_frames(const std::filesystem::path& file);

// A name without a slash or ending is looked up in models/recipes/.
std::filesystem::path find_recipe(const std::string& name_or_file);

}  // namespace ombra::model
