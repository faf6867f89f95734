#pragma once
// What LibTorch does for a dancer where Ombra's own kernels do not: networks on a graphics card, layers that the
// kernels do not know, and going on from a video, which takes the encoder. Made behind model/door. Thread: one owner.

#include "model/dancers/frame_stepper.hpp"
#include "model/dancers/latent_decoder.hpp"
#include "model/dancers/move_networks.hpp"

#include <filesystem>
#include <memory>
#include <string>

namespace ombra::model {

// The end of a video as a phrase to start from.
struct VideoPhrase {
  std::vector<float> latents;       // [L][Z] as the model's seeds are
  std::vector<std::int64_t> moves;  // [M][Q], kind moves
  std::vector<float> last_pose;     // [Z], of the last picture
};

class LibTorchDancer {
 public:
  virtual ~LibTorchDancer() = default;

  virtual std::unique_ptr<MoveNetworks> moves() = 0;
  virtual std::unique_ptr<FrameStepper> frames() = 0;
  virtual std::unique_ptr<LatentDecoder> decoder() = 0;
  // pictures [framings][count][C][H][W] in time order at the recipe's rate, as its [frames] says; of several framings
  // the one is taken in which the painter draws the figure best. It becomes a seed of this dancer's networks, too.
  virtual VideoPhrase add_video(std::span<const float> pictures, std::size_t count, std::size_t framings) = 0;
};

// device: auto (CUDA where LibTorch has it and a card answers), cpu or cuda. Throws Error.
std::unique_ptr<LibTorchDancer> open_libtorch_dancer(const std::filesystem::path& model, const std::string& device);

}  // namespace ombra::model
