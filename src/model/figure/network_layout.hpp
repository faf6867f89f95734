#pragma once
// The layer vocabulary: reads a recipe's layer list and checks every shape as it goes. What comes of it is a layout;
// who runs a network (LibTorch, Ombra's own kernels, OpenGL) builds it from that. Layers and their settings (defaults
// in brackets); every layer with weights also takes `activation`:
//
//   conv              out, kernel [3] or [h, w], stride [1], padding [same]: as in Keras, even kernels pad after
//   conv_transpose    out, kernel [2], stride [2]: gives stride times the size
//   conv1d            out, kernel [3], stride [1] or the kernel, dilation [1], causal [false]; stride 1 keeps the
//   length conv1d_transpose  out, factor [2]: kernel and stride residual1d        dilation [1], causal [false]: x +
//   conv1(act(conv3(act(x)))) maxpool           size [2]; rounds up upsample          factor [2], mode
//   [nearest|bilinear] crop              size [h, w]: keeps the upper left corner pixel_shuffle     factor [2] dense
//   out flatten, reshape  order [chw, with Keras semantics hwc]; reshape: shape, always as [C, H, W] dropout rate [0.5]
//   activation        of: relu elu silu gelu sigmoid tanh linear
//   gaussian          out: VAE latent with the reparametrisation trick (Kingma and Welling 2014); its KL is a penalty
//   l1                weight: times the mean absolute activation is a penalty
//   lstm, gru         out; state is carried
//   mdn               components, deviation [exp|elu]: mixture of Gaussians over the code, out = components * (2 * code
//   +
//                     1): logits of the weights, means, log deviations; elu: the deviation is elu(x) + 1 (Brando 2017)
//   outer             of a painter of people, whose network is given [body, person]: what comes in, followed by every
//                     number of (body, 1) times every one of (person, 1) and kOuterShare, a body's number after the
//                     other: what is linear in a body that is a person's is a dense layer after it
//   strokes           count: the last layer of a painter (model/figure/strokes.hpp); in: count * 6 numbers
//
// Shapes are without the batch: {C, H, W} pictures, {T, F} sequences, {F} vectors.
// Errors: UsageError with the recipe's file and line. Thread: any (values).

#include "model/figure/layer_plan.hpp"
#include "model/figure/recipe.hpp"

#include <cmath>
#include <functional>
#include <string>
#include <vector>

namespace ombra::model {

using Shape = std::vector<std::int64_t>;  // -1: any length

// -> "[3, 64, 64]"
std::string shape_text(const Shape& shape);

struct LayerLayout {
  std::string word;  // as the recipe calls it
  LayerPlan plan;    // without its weights
  Shape in, out;
  double rate = 0.0;  // dropout: its rate; l1: its weight
};

struct NetworkLayout {
  std::vector<LayerLayout> layers;
  Shape output;
  std::int64_t strokes = 0;  // of the last layer; 0: it is another kind of layer
};

// input: shape of one sample; code: Z, for mdn; where: "[painter] decoder", for messages; keras: Recipe::keras
NetworkLayout read_layers(const LayerList& layers, const Shape& input, std::int64_t code, const std::string& file,
                          const std::string& where, bool keras = false);

// The networks of a recipe that the show runs. Throws UsageError where one does not end as the recipe wants it.
NetworkLayout painter_encoder(const Recipe& recipe);
NetworkLayout painter_decoder(const Recipe& recipe);
// Over codes; alternative: of FrameDancerSpec::alternatives, where there are any
NetworkLayout frame_network(const Recipe& recipe, std::int64_t alternative);

// Over what is heard (kEarInputs numbers a hop), of which each hop gives kEarOutputs logits: of a beat, of the first
// beat of a bar, of music that has a beat, then those of the classes of tempo, of which class i is kEarSlowestBpm *
// 2^(i / kEarTempiPerOctave).
inline constexpr std::int64_t kEarInputs = 76, kEarTempi = 40, kEarOutputs = 3 + kEarTempi;
inline constexpr double kEarSlowestBpm = 55.0, kEarTempiPerOctave = 20.0;
// -> the class of a tempo, as a number between two classes; below 0 or above kEarTempi - 1 where it is none of them
inline double ear_tempo_class(double bpm) { return kEarTempiPerOctave * std::log2(bpm / kEarSlowestBpm); }
NetworkLayout ear_network(const Recipe& recipe);

// One dense layer of a layer's plan as LibTorch names and stores it; transposed: weight [in][...] instead of
// [out][...].
struct WeightNames {
  std::string weight, bias;
  Shape shape;  // of the weight
  bool transposed = false;
};
std::vector<WeightNames> weights_of(const LayerLayout& layer);

// Where weights come from: their name and shape -> their numbers. Throws what it likes.
using WeightSource = std::function<std::vector<float>(const std::string& name, const Shape& shape)>;

// The layers with their weights, of which "PREFIX0.dense.weight" is one's name.
std::vector<LayerPlan> plans_of(const NetworkLayout& network, const std::string& prefix, const WeightSource& source);

}  // namespace ombra::model
