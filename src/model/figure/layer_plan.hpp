#pragma once
// A network as plain values, to run without LibTorch: its layers in order, each with its weights.
// What the kinds compute stands at the top of model/figure/network_layout.hpp. Thread: any (values).

#include <cstddef>
#include <cstdint>
#include <vector>

namespace ombra::model {

enum class ActivationKind { kLinear, kRelu, kElu, kSilu, kGelu, kSigmoid, kTanh };

// y = weight x + bias
struct DensePlan {
  std::size_t in = 0, out = 0;
  std::vector<float> weight, bias;  // [out][in], [out]
};

// The products of an `outer` layer are so many times smaller: there are thousands of them, and a learning rate that
// suits the layers beside them would throw about what they add up to.
inline constexpr float kOuterShare = 1.0f / 64.0f;

struct LayerPlan {
  enum class Kind {
    kDense,
    kActivation,
    kPass,             // dropout and sparsity: nothing, once it is trained
    kFlatten,          // [C, H, W] in its order or, channels_last, pixel by pixel; a sequence step by step
    kReshape,          // to `shape`, likewise
    kOuter,            // what goes in, then body times person of what went into the network, see network_layout.hpp
    kStrokes,          // the last of a painter
    kConv,             // over pictures; one dense layer over [in][height][width] of the kernel
    kConvTranspose,    // its weights are [in][out][kernel][kernel]
    kMaxPool,          // the largest of factor x factor; what is beyond the edge does not count
    kUpsample,         // by factor, nearest or bilinear
    kPixelShuffle,     // by factor
    kCrop,             // the upper left corner, of `shape`
    kConv1d,           // one dense layer over the taps, oldest first
    kConv1dTranspose,  // one dense layer to `factor` ticks
    kResidual1d,       // two: the wide one over three taps, and the point
    kLstm,             // two: of the input and of h; gates i f g o
    kGru,              // the same; gates r z n
    kMixture
  };
  Kind kind = Kind::kPass;
  ActivationKind activation = ActivationKind::kLinear;
  std::vector<DensePlan> dense = {};
  std::size_t kernel = 1, dilation = 1, factor = 1;
  bool causal = false;
  int kernel_height = 1, kernel_width = 1;  // of kConv, kConvTranspose
  int stride = 1;                           // the same, and kConv1d: 1 or its kernel
  bool same = true;                         // kConv: pads with zeros as Keras does
  bool bilinear = false;                    // kUpsample
  bool channels_last = false;               // kFlatten, kReshape
  std::vector<std::int64_t> shape = {};     // kReshape: as in the recipe; kCrop: height, width
  bool elu_deviation = false;               // mixture: the deviation is elu(x) + 1, where its logarithm is wanted
  std::size_t deviations_from = 0;          // mixture: the first number that is a deviation's
};

}  // namespace ombra::model
