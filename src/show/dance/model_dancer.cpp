#include "show/dance/dancer_source.hpp"

namespace ombra::show {
namespace {

class ModelDancer final : public DancerSource {
 public:
  ModelDancer(const std::filesystem::path& model, const std::string& device, std::uint64_t seed,
              const Beginning& beginning)
      : generator_(model, device, seed) {
    if (beginning.count > 0) generator_.begin_after(beginning.pictures, beginning.count, beginning.framings);
  }

  const model::DancerInfo& info() const override { return generator_.info(); }
  int dancers() const override { return generator_.dancers(); }
  void set_dancers(int dancers) override { generator_.set_dancers(dancers); }
  void advance(const model::Timestamp& until, const model::DanceControls& controls) override {
    generator_.advance(until, controls);
  }
  void jump(int seed, const model::Timestamp& now, const model::DanceControls& controls) override {
    generator_.jump(seed, now, controls);
  }
  void pull(const model::Timestamp& timestamp, const model::DanceControls& controls,
            std::span<float> latents) override {
    generator_.pull(timestamp, controls, latents);
  }
  void embody(std::span<const float> latents, double time_s, const model::FigureControls& controls,
              std::span<float> figures) override {
    generator_.embody(latents, time_s, controls, figures);
  }
  void decode(std::span<const float> figures, int size, FieldImage& image) override {
    generator_.decode(figures, size, image);
  }
  model::PlanOrReason decoder_plan() const override { return generator_.decoder_plan(); }
  FieldImage seed_pictures(int size) override { return generator_.seed_pictures(size); }
  FieldImage people_pictures(int size, int poses) override { return generator_.people_pictures(size, poses); }
  model::DanceCounters counters() const override { return generator_.counters(); }
  std::vector<float> last_pose() const override { return generator_.last_pose(); }

 private:
  model::Generator generator_;
};

}  // namespace

DancerFactory model_dancers(std::string device, std::uint64_t seed, BeginningOf beginning) {
  return [device = std::move(device), seed,
          beginning = std::move(beginning)](const std::filesystem::path& model) -> std::unique_ptr<DancerSource> {
    return std::make_unique<ModelDancer>(model, device, seed, beginning ? beginning(model) : Beginning());
  };
}

}  // namespace ombra::show
