#pragma once
// What the dance needs of a dancer, so that the show can be tested with one that needs no trained model.
// The members mean what they mean in model/dancers/generator.hpp. Thread: one owner (the dance thread).

#include "model/dancers/generator.hpp"

#include <algorithm>
#include <filesystem>
#include <functional>
#include <memory>
#include <span>
#include <string>
#include <vector>

namespace ombra::show {

class DancerSource {
 public:
  virtual ~DancerSource() = default;
  virtual const model::DancerInfo& info() const = 0;
  virtual int dancers() const = 0;
  virtual void set_dancers(int dancers) = 0;
  virtual void advance(const model::Timestamp& until, const model::DanceControls& controls) = 0;
  virtual void jump(int seed, const model::Timestamp& now, const model::DanceControls& controls) = 0;
  virtual void pull(const model::Timestamp& timestamp, const model::DanceControls& controls,
                    std::span<float> latents) = 0;
  virtual void embody(std::span<const float> latents, double, const model::FigureControls&, std::span<float> figures) {
    std::copy(latents.begin(), latents.end(), figures.begin());
  }
  virtual void decode(std::span<const float> figures, int size, FieldImage& image) = 0;
  // What decode() does, for another executor than the processor; or why it cannot be said.
  virtual model::PlanOrReason decoder_plan() const { return {nullptr, "this dancer draws by itself"}; }
  virtual FieldImage seed_pictures(int size) = 0;
  virtual FieldImage people_pictures(int, int) { return {}; }
  virtual model::DanceCounters counters() const = 0;
  // The pose that the first dancer begins in, [Z]; empty: any.
  virtual std::vector<float> last_pose() const { return {}; }
};

// Makes a dancer from a model folder; throws Error. Called on the show's thread once, later on a loading thread.
using DancerFactory = std::function<std::unique_ptr<DancerSource>(const std::filesystem::path& model)>;

// Pictures that a dance goes on from, see Generator::begin_after.
struct Beginning {
  std::vector<float> pictures;
  std::size_t count = 0;     // 0: the model's own
  std::size_t framings = 1;  // so many times the same pictures, the dancer taken to be of another height
};
// Finds them for a model folder; empty: none are wanted.
using BeginningOf = std::function<Beginning(const std::filesystem::path& model)>;

// The real thing: model::Generator. device: auto, cpu or cuda.
DancerFactory model_dancers(std::string device, std::uint64_t seed, BeginningOf beginning = {});

}  // namespace ombra::show
