#pragma once
// A dancer without a network, for tests of the show: a stick figure of three capsules whose arms and place are exact
// functions of the beat, so that a test can tell from a latent or a picture which moment was drawn.
// Latent: 0 the arms' angle, 1 the place from left to right, 2 the seed phrase. Figure: the latent, and 3 how wide the
// arms seem, since the dancer is turned by its yaw. A dancer of the name "people" can be any of three, one of the name
// "styles" knows two, and "other styles" two of which it shares one.

#include "core/error.hpp"
#include "show/dance/dancer_source.hpp"

#include <algorithm>
#include <atomic>
#include <chrono>
#include <cmath>
#include <limits>
#include <numbers>
#include <thread>

namespace ombra::show {

class CapsuleDancer final : public DancerSource {
 public:
  static constexpr int kLatent = 3, kFigure = 4, kSeeds = 6;

  // what the next calls do, for tests of faults
  struct Script {
    std::atomic<bool> throws{false}, gives_nan{false};
    std::atomic<int> decode_ms{0};
    std::atomic<std::uint64_t> pulls{0}, advances{0};
  };

  // last_pose: that it begins in
  explicit CapsuleDancer(std::string name = "capsules", std::shared_ptr<Script> script = nullptr,
                         std::vector<float> last_pose = {})
      : script_(script ? std::move(script) : std::make_shared<Script>()), last_pose_(std::move(last_pose)) {
    info_.name = std::move(name);
    info_.kind = "moves";
    info_.latent_size = kLatent;
    info_.figure_size = kFigure;
    if (info_.name == "people") info_.people = {"Ada", "Bo", "Cy"};
    const std::string folder = std::filesystem::path(info_.name).filename();
    if (folder == "styles") info_.styles = {"hip hop", "salsa"};
    if (folder == "other styles") info_.styles = {"salsa", "krump"};
    info_.frames_per_beat = 12;
    info_.moves_per_beat = 2;
    info_.seeds = kSeeds;
  }

  const model::DancerInfo& info() const override { return info_; }
  int dancers() const override { return dancers_; }
  void set_dancers(int dancers) override { dancers_ = dancers; }

  void advance(const model::Timestamp& until, const model::DanceControls& controls) override {
    if (script_->throws) throw error("capsules: told to fail");
    ++script_->advances;
    controls_ = controls;
    counters_.styles = controls.styles;
    counters_.moves = static_cast<std::uint64_t>(std::max(0.0, 2.0 * (until.beat - start_beat_)));
    if (std::isnan(start_beat_)) start_beat_ = until.beat;
    if (jump_beat_ <= until.beat) seed_ = next_seed_, jump_beat_ = std::numeric_limits<double>::infinity();
  }

  void jump(int seed, const model::Timestamp& now, const model::DanceControls&) override {
    next_seed_ = seed < 0 ? (seed_ + 1) % kSeeds : seed;
    jump_beat_ = std::floor(now.beat) + 1.0;
    ++counters_.jumps;
  }

  void pull(const model::Timestamp& timestamp, const model::DanceControls&, std::span<float> latents) override {
    ++script_->pulls;
    for (int n = 0; n < dancers_; ++n) {
      float* z = latents.data() + n * kLatent;
      z[0] = script_->gives_nan ? std::numeric_limits<float>::quiet_NaN()
                                : static_cast<float>(std::numbers::pi * (timestamp.beat + 0.25 * n));
      z[1] = 0.1f * static_cast<float>(std::sin(0.25 * std::numbers::pi * timestamp.beat));
      z[2] = static_cast<float>(seed_);
    }
  }

  void embody(std::span<const float> latents, double, const model::FigureControls& controls,
              std::span<float> figures) override {
    for (std::size_t n = 0; n < latents.size() / kLatent; ++n) {
      std::copy_n(latents.data() + n * kLatent, kLatent, figures.data() + n * kFigure);
      figures[n * kFigure + kLatent] = std::cos(std::numbers::pi_v<float> / 180.0f * controls.yaw);
    }
  }

  void decode(std::span<const float> figures, int size, FieldImage& image) override {
    std::this_thread::sleep_for(std::chrono::milliseconds(script_->decode_ms.load()));
    const int count = static_cast<int>(figures.size()) / kFigure;
    image.dancers = count, image.size = size;
    image.distance.resize(static_cast<std::size_t>(count * size * size));
    for (int n = 0; n < count; ++n) draw(figures.data() + n * kFigure, size, image.distance.data() + n * size * size);
  }

  FieldImage seed_pictures(int size) override { return pictures(kSeeds, size); }
  FieldImage people_pictures(int size, int poses) override {
    return pictures(static_cast<int>(info_.people.size()) * poses, size);
  }
  model::DanceCounters counters() const override { return counters_; }
  std::vector<float> last_pose() const override { return last_pose_; }

 private:
  FieldImage pictures(int count, int size) {
    std::vector<float> figures;
    for (int n = 0; n < count; ++n) figures.insert(figures.end(), {0.9f * static_cast<float>(n), 0.0f, 0.0f, 1.0f});
    FieldImage image;
    decode(figures, size, image);
    return image;
  }

  static float capsule(float px, float py, float ax, float ay, float bx, float by, float r) {
    const float vx = bx - ax, vy = by - ay;
    const float t = std::clamp(((px - ax) * vx + (py - ay) * vy) / (vx * vx + vy * vy), 0.0f, 1.0f);
    return std::hypot(px - ax - t * vx, py - ay - t * vy) - r;
  }

  static void draw(const float* z, int size, float* out) {
    const float lift = 0.16f * std::sin(z[0]), lean = z[1], bend = 0.05f * std::cos(z[0]), reach = 0.22f * z[3];
    for (int row = 0; row < size; ++row) {
      for (int column = 0; column < size; ++column) {
        const float x = (static_cast<float>(column) + 0.5f) / static_cast<float>(size) - 0.5f - lean;
        const float y = 1.0f - (static_cast<float>(row) + 0.5f) / static_cast<float>(size);
        float d = capsule(x, y, 0.0f, 0.45f, 0.01f * bend, 0.62f, 0.055f);          // trunk
        d = std::min(d, std::hypot(x - 0.3f * bend, y - 0.75f) - 0.055f);           // head
        d = std::min(d, capsule(x, y, 0.0f, 0.42f, -0.09f - bend, 0.07f, 0.032f));  // legs
        d = std::min(d, capsule(x, y, 0.0f, 0.42f, 0.09f - bend, 0.07f, 0.032f));
        d = std::min(d, capsule(x, y, 0.0f, 0.64f, -reach, 0.62f + lift, 0.024f));  // arms
        d = std::min(d, capsule(x, y, 0.0f, 0.64f, reach, 0.62f - lift, 0.024f));
        out[row * size + column] = std::clamp(d, -8.0f / 96.0f, 8.0f / 96.0f);
      }
    }
  }

  std::shared_ptr<Script> script_;
  std::vector<float> last_pose_;
  model::DancerInfo info_;
  model::DanceControls controls_;
  model::DanceCounters counters_;
  int dancers_ = 1, seed_ = 0, next_seed_ = 0;
  double start_beat_ = std::numeric_limits<double>::quiet_NaN();
  double jump_beat_ = std::numeric_limits<double>::infinity();
};

// Model "broken" fails to load, any other name makes a dancer of that name.
inline DancerFactory capsule_dancers(std::shared_ptr<CapsuleDancer::Script> script = nullptr) {
  return [script](const std::filesystem::path& model) -> std::unique_ptr<DancerSource> {
    if (model == "broken") throw error("broken/weights.safetensors: no tensor mover.0.weight\nhint: train it again");
    return std::make_unique<CapsuleDancer>(model.string(), script);
  };
}

}  // namespace ombra::show
