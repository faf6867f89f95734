#include "model/torch_dancer/torch_dancer.hpp"

#include "core/log.hpp"
#include "model/layers/tensors.hpp"
#include "model/layers/threads.hpp"
#include "model/torch_dancer/executors.hpp"
#include "model/torch_dancer/pose_fit.hpp"

namespace ombra::model {
namespace {

using torch::Tensor;

class TorchDecoder final : public LatentDecoder {
 public:
  explicit TorchDecoder(std::shared_ptr<Model> model) : model_(std::move(model)) {}

  void decode(std::span<const float> figures, std::size_t n, int size, FieldImage& image) override {
    const torch::InferenceMode guard;
    use_threads(1);
    const auto count = static_cast<std::int64_t>(n), numbers = static_cast<std::int64_t>(figures.size()) / count;
    const Tensor given = torch::from_blob(const_cast<float*>(figures.data()), {count, numbers});
    image.dancers = static_cast<int>(n), image.size = size;
    image.distance = numbers_of(model_->painter->decode_given(given.to(model_->painter->device()), size));
  }
  PlanOrReason plan() const override { return model_->painter->decoder_plan(); }

 private:
  const std::shared_ptr<Model> model_;
};

class TorchDancer final : public LibTorchDancer {
 public:
  TorchDancer(const std::filesystem::path& folder, const std::string& device)
      : model_(std::make_shared<Model>(load_model(folder, device_of(device)))) {}

  std::unique_ptr<MoveNetworks> moves() override { return torch_moves(model_); }
  std::unique_ptr<FrameStepper> frames() override { return torch_frames(model_); }
  std::unique_ptr<LatentDecoder> decoder() override { return std::make_unique<TorchDecoder>(model_); }

  VideoPhrase add_video(std::span<const float> pictures, std::size_t count, std::size_t framings) override {
    Model& m = *model_;
    const FramesSpec& frames = m.recipe.frames;
    const auto n = static_cast<std::int64_t>(count), k = static_cast<std::int64_t>(framings),
               channels = static_cast<std::int64_t>(channels_of(frames.picture));
    const Tensor all =
        torch::from_blob(const_cast<float*>(pictures.data()), {k, n, channels, frames.height, frames.width})
            .to(m.painter->device());
    std::int64_t best = 0;
    Tensor end;
    if (m.painter->draws_strokes()) {  // the outline itself says what the encoder, which guesses once, got wrong
      const PoseFit fit = fit_pose(m, all.select(1, n - 1));
      best = fit.framing, end = fit.code;
      if (!fit.whole)
        log::warn(
            "too little of the figure is seen at the end of the video: the dance begins with the most similar pose");
    }
    const torch::NoGradGuard no_grad;
    Tensor codes = m.painter->encode_in_time(all[best], frames.fps);
    if (end.defined()) codes[n - 1] = end;
    add_seed(m, codes);
    VideoPhrase phrase{numbers_of(m.seeds.latents[-1]), {}, numbers_of(codes[n - 1])};
    if (m.seeds.moves.defined()) {
      const Tensor moves = m.seeds.moves[-1].contiguous();
      phrase.moves.assign(moves.data_ptr<std::int64_t>(), moves.data_ptr<std::int64_t>() + moves.numel());
    }
    return phrase;
  }

 private:
  const std::shared_ptr<Model> model_;
};

}  // namespace

std::unique_ptr<LibTorchDancer> torch_dancer(const std::filesystem::path& folder, const std::string& device) {
  return std::make_unique<TorchDancer>(folder, device);
}

}  // namespace ombra::model
