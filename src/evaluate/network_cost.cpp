#include "evaluate/network_cost.hpp"

#include "core/clock.hpp"
#include "core/error.hpp"
#include "core/interrupt.hpp"
#include "model/dancers/frame_stepper.hpp"
#include "model/dancers/generator.hpp"
#include "model/dancers/latent_decoder.hpp"
#include "model/layers/model_folder.hpp"
#include "model/layers/tensors.hpp"
#include "model/layers/threads.hpp"

#include <memory>

namespace ombra::train {

using torch::Tensor;

namespace {

constexpr double kPicturesASecond = 60.0, kBeatsASecond = 2.0;
constexpr int kWarmPictures = 30;

// -> ms
template <typename F>
double time_of(F&& f) {
  const double from = now_s();
  f();
  return (now_s() - from) * 1e3;
}

class TimedDance {
 public:
  TimedDance(const NetworkCostOptions& options, int dancers)
      : options_(options),
        generator_(options.model, "cpu", 1, dancers),
        latents_(static_cast<std::size_t>(dancers * generator_.info().latent_size)),
        figures_(static_cast<std::size_t>(dancers * generator_.info().figure_size)) {
    cost.dancers = dancers;
    for (int i = 0; i < kWarmPictures; ++i) picture();
  }

  void round() {
    const int pictures = static_cast<int>(options_.round_s * kPicturesASecond);
    double step = 0.0, decode = 0.0;
    for (int i = 0; i < pictures; ++i) {
      const std::uint64_t moves = generator_.counters().moves;
      const auto [s, d] = picture();
      step += s / pictures, decode += d / pictures;
      if (generator_.counters().moves != moves) cost.due.push_back(s);
      cost.decode.push_back(d);
    }
    cost.step.push_back(step);
    cost.whole.push_back(step + decode);
  }

  DanceCost cost;

 private:
  struct Parts {
    double step, decode;
  };
  Parts picture() {
    const double time_s = drawn_++ / kPicturesASecond;
    const model::Timestamp timestamp{time_s, time_s * kBeatsASecond};
    const double step = time_of([&] {
      generator_.advance(timestamp, controls_);
      generator_.pull(timestamp, controls_, latents_);
      generator_.embody(latents_, time_s, {}, figures_);
    });
    return {step, time_of([&] { generator_.decode(figures_, options_.field_size, image_); })};
  }

  const NetworkCostOptions& options_;
  model::Generator generator_;
  const model::DanceControls controls_;
  std::vector<float> latents_, figures_;
  FieldImage image_;
  int drawn_ = 0;
};

class TimedRecipe {
 public:
  TimedRecipe(const NetworkCostOptions& options, const std::string& name)
      : options_(options), model_(model::make_model(model::read_recipe(model::find_recipe(name)))) {
    const torch::InferenceMode guard;
    cost.name = model_.recipe.name;
    model_.painter->eval();
    for (Tensor& weight : model_.painter->parameters()) round_to_16_bits(weight);
    code_ = torch::rand({1, model_.recipe.painter.code});
    if (model_.dancer) {
      model_.dancer->eval();
      for (Tensor& weight : model_.dancer->parameters()) round_to_16_bits(weight);
      memory_ = model_.dancer->remember(phrase());
      for (const int n : options.dancers) dances_.emplace_back(*this, n);
    }
    decoder_ = model::LatentDecoder::make(model_.painter->decoder_plan().plan);
    once(false);
  }

  void round() {
    const torch::InferenceMode guard;
    for (int i = 0; i < options_.repeats; ++i) once(true);
  }

  RecipeCost cost;

 private:
  // Several dancers of the recipe, as the show has them.
  struct Dance {
    Dance(TimedRecipe& owner, int dancers)
        : stepper(model::FrameStepper::make(owner.model_.recipe.dancer, owner.frame_plan())),
          memories(dancers),
          codes(dancers) {
      for (std::size_t d = 0; d < memories.size(); ++d) {
        stepper->begin(memories[d], model::numbers_of(owner.phrase()));
        codes[d].resize(static_cast<std::size_t>(owner.model_.recipe.painter.code));
        steps.push_back({&memories[d], &owner.rng_, 0.8, codes[d]});
      }
    }
    std::unique_ptr<model::FrameStepper> stepper;
    std::vector<model::FrameMemory> memories;
    std::vector<std::vector<float>> codes;
    std::vector<model::FrameStep> steps;
  };

  model::FramePlan frame_plan() const {
    const model::FrameDancerImpl& dancer = *model_.dancer;
    return {dancer.plan(), model::numbers_of(dancer.mean()), model::numbers_of(dancer.spread())};
  }
  static void round_to_16_bits(Tensor& weight) { weight.set_data(weight.to(torch::kHalf).to(torch::kFloat)); }
  Tensor phrase() const { return torch::rand({1, model_.recipe.dancer.context, model_.recipe.painter.code}); }
  void once(bool kept) {
    const double step = !model_.dancer ? 0.0 : time_of([&] { model_.dancer->step(memory_, 0.8, rng_); });
    cost.danced.resize(dances_.size());
    for (std::size_t i = 0; i < dances_.size(); ++i) {
      const double danced = time_of([&] { dances_[i].stepper->step(dances_[i].steps); });
      cost.danced[i].dancers = static_cast<int>(dances_[i].steps.size());
      if (kept) cost.danced[i].step.push_back(danced);
    }
    const double picture = time_of([&] { model_.painter->decode_pictures(code_); });
    const double field = time_of([&] { model_.painter->decode(code_, options_.field_size); });
    const std::vector<float> latent = model::numbers_of(code_);
    const double own = !decoder_ ? 0.0 : time_of([&] { decoder_->decode(latent, 1, options_.field_size, image_); });
    if (!kept) return;
    if (decoder_) cost.own.push_back(own);
    if (model_.dancer) cost.step.push_back(step);
    cost.pictures.push_back(picture);
    cost.fields.push_back(field);
  }

  const NetworkCostOptions& options_;
  model::Model model_;
  model::DancerMemory memory_;
  std::vector<Dance> dances_;
  Tensor code_;
  std::unique_ptr<model::LatentDecoder> decoder_;
  FieldImage image_;
  Rng rng_{1};
};

}  // namespace

NetworkCosts network_costs(const NetworkCostOptions& options) {
  model::use_threads(1);
  std::vector<std::unique_ptr<TimedDance>> dances;
  std::vector<std::unique_ptr<TimedRecipe>> recipes;
  for (const int n : options.dancers) dances.push_back(std::make_unique<TimedDance>(options, n));
  for (const std::string& name : options.recipes) recipes.push_back(std::make_unique<TimedRecipe>(options, name));
  const auto check = [] {
    if (interrupted()) throw error("interrupted");
  };
  for (int round = 0; round < options.rounds; ++round) {
    for (const auto& dance : dances) check(), dance->round();
    for (const auto& recipe : recipes) check(), recipe->round();
  }
  NetworkCosts costs;
  for (auto& dance : dances) costs.dances.push_back(std::move(dance->cost));
  for (auto& recipe : recipes) costs.recipes.push_back(std::move(recipe->cost));
  return costs;
}

}  // namespace ombra::train
