#pragma once
// A causal network over one endless sequence, a step at a time: dense layers and dilated convolutions that see only the
// past (van den Oord and others 2016, WaveNet). Each step costs the same; what the convolutions look back at is kept.
// Gives what NetworkImpl::forward gives of the whole sequence so far, to rounding. F numbers a step. Thread: one owner;
// no allocation after construction.

#include "model/inference/packed_dense.hpp"

#include <memory>
#include <span>
#include <vector>

namespace ombra::model {

class StreamNetwork {
 public:
  // in: F. Null where a layer is of another kind, or a convolution looks ahead.
  static std::unique_ptr<StreamNetwork> make(const std::vector<LayerPlan>& plan, std::size_t in);

  std::size_t out() const { return out_; }
  // One step: x [F] -> y [out()]
  void step(std::span<const float> x, std::span<float> y);
  // As if nothing had been before.
  void forget();

 private:
  // The rows that a convolution looks back at, the newest last, in one piece: each row is written twice, a ring apart.
  struct Past {
    std::size_t rows = 0, width = 0, newest = 0;
    std::vector<float> numbers;  // [2 rows][width]
    void push(const float* row);
    const float* oldest() const { return numbers.data() + (newest + 1) * width; }
  };
  struct Layer {
    LayerPlan plan;            // without its weights
    PackedDense dense, point;  // point: of a residual layer
    std::size_t in, out;
    Past past;  // of a convolution; rows: those between its first and its last tap
  };
  StreamNetwork() = default;
  void run(Layer& layer);

  std::vector<Layer> layers_;
  std::size_t in_ = 0, out_ = 0;
  std::vector<float> now_, next_, wide_;  // as many as the widest layer has
};

}  // namespace ombra::model
