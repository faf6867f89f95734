#include "model/dancers/latent_decoder.hpp"

#include "core/error.hpp"
#include "model/figure/strokes.hpp"
#include "model/inference/fast_network.hpp"
#include "model/inference/fast_pictures.hpp"

namespace ombra::model {
namespace {

std::span<float> field_of(FieldImage& image, std::size_t dancer, int size) {
  const auto pixels = static_cast<std::size_t>(size) * static_cast<std::size_t>(size);
  return std::span(image.distance).subspan(dancer * pixels, pixels);
}

void fit(FieldImage& image, std::size_t dancers, int size) {
  image.dancers = static_cast<int>(dancers);
  image.size = size;
  image.distance.resize(dancers * static_cast<std::size_t>(size) * static_cast<std::size_t>(size));
}

// A decoder over vectors that ends in strokes.
class StrokeDecoder final : public LatentDecoder {
 public:
  StrokeDecoder(std::shared_ptr<const DecoderPlan> plan, std::unique_ptr<FastNetwork> network)
      : plan_(std::move(plan)), network_(std::move(network)) {}

  void decode(std::span<const float> latents, std::size_t n, int size, FieldImage& image) override {
    fit(image, n, size);
    const auto z = static_cast<std::size_t>(plan_->code), count = static_cast<std::size_t>(plan_->strokes);
    figures_.resize(n * count);
    from_.clear(), to_.clear();
    for (std::size_t i = 0; i < n; ++i) {
      from_.push_back(latents.data() + i * z);
      to_.push_back(&figures_[i * count].ax);
    }
    if (n > 0) network_->forward(from_, {}, to_);
    for (std::size_t i = 0; i < n; ++i)
      draw_strokes(std::span(figures_).subspan(i * count, count), size, field_of(image, i, size));
  }
  PlanOrReason plan() const override { return {plan_, ""}; }

 private:
  const std::shared_ptr<const DecoderPlan> plan_;
  const std::unique_ptr<FastNetwork> network_;
  // scratch
  std::vector<Stroke> figures_;
  std::vector<const float*> from_;
  std::vector<float*> to_;
};

class PictureDecoder final : public LatentDecoder {
 public:
  explicit PictureDecoder(std::shared_ptr<const DecoderPlan> plan) : plan_(plan), pictures_(std::move(plan)) {}

  void decode(std::span<const float> latents, std::size_t n, int size, FieldImage& image) override {
    fit(image, n, size);
    const auto z = static_cast<std::size_t>(plan_->code);
    for (std::size_t i = 0; i < n; ++i) pictures_.field(latents.subspan(i * z, z), size, field_of(image, i, size));
  }
  PlanOrReason plan() const override { return {plan_, ""}; }

 private:
  const std::shared_ptr<const DecoderPlan> plan_;
  FastPictures pictures_;
};

}  // namespace

std::unique_ptr<LatentDecoder> LatentDecoder::make(std::shared_ptr<const DecoderPlan> plan) {
  if (!plan) return nullptr;
  if (plan->end != PlanEnd::kStrokes) return std::make_unique<PictureDecoder>(std::move(plan));
  std::vector<LayerPlan> layers;
  for (const PlanStep& step : plan->steps) layers.push_back(step.layer);
  layers.push_back({.kind = LayerPlan::Kind::kStrokes});
  auto network = FastNetwork::make(layers, static_cast<std::size_t>(plan->code), 1);
  if (!network) return nullptr;
  return std::make_unique<StrokeDecoder>(std::move(plan), std::move(network));
}

PlanOrReason decoder_plan_of(const DancerFile& file) {
  const NetworkLayout decoder = painter_decoder(file.recipe);
  const WeightSource weights = weights_in(*file.weights, "painter.");
  const double span = decoder.strokes > 0 ? 1.0 : weights("span", {1})[0];
  return painter_plan(file.recipe.frames.picture, decoder, plans_of(decoder, "decoder.", weights), span);
}

std::unique_ptr<LatentDecoder> LatentDecoder::make(const DancerFile& file) { return make(decoder_plan_of(file).plan); }

}  // namespace ombra::model
