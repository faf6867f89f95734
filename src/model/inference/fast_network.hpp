#pragma once
// A network over vectors or short sequences without LibTorch: dense, recurrent and mixture layers for several dancers
// at once. It gives what NetworkImpl::forward gives, to rounding; one dancer's numbers are the same alone and beside
// others. B dancers, T steps, F numbers a step. Thread: one owner; no allocation once the largest batch was seen.

#include "model/inference/packed_dense.hpp"

#include <memory>
#include <span>
#include <vector>

namespace ombra::model {

class FastNetwork {
 public:
  // What recurrent layers remember of one dancer, layer by layer: h and, of an LSTM, c. Empty: a fresh start.
  using Memory = std::vector<std::vector<float>>;

  // steps: T of what it will be given. Null where a layer is of another kind (convolutions).
  static std::unique_ptr<FastNetwork> make(const std::vector<LayerPlan>& plan, std::size_t in, std::size_t steps);

  std::size_t out() const { return out_; }
  // x[b]: [T][F] -> y[b] [out]: what the network says after the last step. memories[b]: read and replaced; or none at
  // all: everybody begins anew.
  void forward(ConstRows x, std::span<Memory* const> memories, Rows y);

 private:
  struct Layer {
    LayerPlan plan;  // without its weights
    std::vector<PackedDense> dense;
    std::size_t out;
    bool ends_time;  // no layer behind it looks at more than the last step
  };
  struct Batch {
    std::size_t dancers, steps, width;
    std::size_t rows() const { return dancers * steps; }
  };
  FastNetwork() = default;
  void run(const Layer& layer, Batch& batch, std::span<Memory* const> memories, std::size_t recurrent);
  void run_outer(const Layer& layer, Batch& batch, ConstRows x);
  void run_lstm(const Layer& layer, const Batch& batch, std::span<Memory* const> memories, std::size_t recurrent);
  void run_gru(const Layer& layer, const Batch& batch, std::span<Memory* const> memories, std::size_t recurrent);
  void point_at(std::vector<float>& numbers, std::size_t rows, std::size_t width, std::vector<float*>& to);

  // immutable after construction
  std::vector<Layer> layers_;
  std::size_t in_ = 0, steps_ = 1, out_ = 0;
  // scratch
  std::vector<float> now_, next_, gates_, more_gates_;  // [rows][width]
  std::vector<float*> from_, to_, of_step_, other_;     // rows of them
  Memory fresh_;
};

}  // namespace ombra::model
