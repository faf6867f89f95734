// What Huang, Jiang and Xiao (2017) found out about their two dancers, at small scale: the recurrent one learns paths
// over Perlin noise at once, and the feed-forward one ends in the mean pose, whatever it is shown.
#include "core/file.hpp"
#include "temp_folder.hpp"
#include "train/train_frames.hpp"

#include <gtest/gtest.h>

#include <array>
#include <cmath>
#include <numbers>
#include <numeric>

namespace ombra::train {
namespace {

namespace fs = std::filesystem;
using model::FrameDancer;
using model::Recipe;
using torch::Tensor;

// ---- material

// Noise over the plane, smooth, about 0: gradients at whole places, blended between them (Perlin 1985, 2002).
class Perlin {
 public:
  explicit Perlin(Rng& rng) {
    std::iota(order_.begin(), order_.end(), 0u);
    for (std::size_t i = order_.size() - 1; i > 0; --i)
      std::swap(order_[i], order_[static_cast<std::size_t>(rng.below(static_cast<int>(i) + 1))]);
    for (double& angle : angles_) angle = rng.uniform(0.0, 2.0 * std::numbers::pi);
  }
  double at(double x, double y) const {
    const double left = std::floor(x), top = std::floor(y), u = fade(x - left), v = fade(y - top);
    const auto corner = [&](double cx, double cy) {
      const auto ix = static_cast<std::size_t>(cx) & 255u, iy = static_cast<std::size_t>(cy) & 255u;
      const double angle = angles_[order_[(order_[ix] + iy) & 255u]];
      return std::cos(angle) * (x - cx) + std::sin(angle) * (y - cy);
    };
    const double above = std::lerp(corner(left, top), corner(left + 1.0, top), u);
    const double below = std::lerp(corner(left, top + 1.0), corner(left + 1.0, top + 1.0), u);
    return std::lerp(above, below, v);
  }

 private:
  static double fade(double t) { return t * t * t * (t * (t * 6.0 - 15.0) + 10.0); }

  std::array<std::size_t, 256> order_;
  std::array<double, 256> angles_;
};

// Section 5.3: "10-dimensional vectors that simply trace out a 2D map of perlin noise over time"
Tensor perlin_paths(std::int64_t frames, std::int64_t dimensions, Rng& rng) {
  constexpr double kStep = 0.02, kApart = 0.37;  // of the noise's grid: a frame, and from number to number
  const Perlin noise(rng);
  const Tensor paths = torch::empty({frames, dimensions});
  for (std::int64_t t = 0; t < frames; ++t) {
    for (std::int64_t i = 0; i < dimensions; ++i)
      paths[t][i] = 2.0 * noise.at(static_cast<double>(t) * kStep, static_cast<double>(i) * kApart);
  }
  return paths;
}

// A dance in codes: 16 joint angles go from one random pose to the next in 3 to 6 frames, and nobody knows which comes
// next; 128 numbers show them.
Tensor unforeseeable_dance(std::int64_t frames, Rng& rng) {
  constexpr std::int64_t kAngles = 16, kCode = 128;
  const auto random = [&](std::int64_t rows, std::int64_t columns) {
    const Tensor x = torch::empty({rows, columns});
    for (std::int64_t i = 0; i < x.numel(); ++i) x.data_ptr<float>()[i] = static_cast<float>(rng.normal());
    return x;
  };
  std::vector<Tensor> poses;
  Tensor from = random(1, kAngles);
  while (static_cast<std::int64_t>(poses.size()) < frames) {
    const Tensor to = random(1, kAngles);
    const int length = 3 + rng.below(4);
    for (int k = 1; k <= length; ++k) {
      const double s = static_cast<double>(k) / length;
      poses.push_back(from + (to - from) * (s * s * (3.0 - 2.0 * s)));
    }
    from = to;
  }
  return torch::cat(poses).narrow(0, 0, frames).matmul(random(kAngles, kCode)) /
         std::sqrt(static_cast<double>(kAngles));
}

// ---- training

std::string replaced(std::string text, const std::string& from, const std::string& to) {
  auto at = text.find(from);
  EXPECT_NE(at, std::string::npos) << from;
  for (; at != std::string::npos; at = text.find(from, at + to.size())) text.replace(at, from.size(), to);
  return text;
}

std::string text_of(const std::string& name) {
  return read_text(fs::path(OMBRA_SOURCE) / "models/recipes" / (name + ".toml"), 1u << 20);
}

// Mean loss over passages from all over the codes [N, Z].
double loss_over(FrameDancer& dancer, const Recipe& recipe, const Tensor& codes) {
  const torch::NoGradGuard no_grad;
  const std::int64_t window = recipe.dancer.train.window;
  std::vector<Tensor> x;
  for (std::int64_t at = 0; at + window < codes.size(0); at += std::max<std::int64_t>(window, codes.size(0) / 100))
    x.push_back(codes.narrow(0, at, window + 1));
  const Tensor all = torch::stack(x);
  return dancer->loss(all.narrow(1, 0, window), all.narrow(1, 1, window)).item<double>();
}

class Findings : public ombra::test::FolderTest {
 protected:
  void SetUp() override { torch::manual_seed(1); }

  // -> loss before and after
  std::pair<double, double> teach(FrameDancer& dancer, const Recipe& recipe, const Tensor& codes) {
    Passage passage;
    passage.clip = "made up";
    passage.codes = codes;
    const Job job = frames_job(recipe, dancer, {&passage}, {});
    dancer->eval();
    const double before = loss_over(dancer, recipe, codes);
    EXPECT_TRUE(run(job, {.folder = folder, .seed = 2, .checkpoint_every_s = 1e9, .validate_every_s = 1e9}).finished);
    dancer->eval();
    return {before, loss_over(dancer, recipe, codes)};
  }

  // Codes [frames, Z] of a dance that goes on after `phrase` [L, Z], without chance
  Tensor danced(FrameDancer& dancer, const Tensor& phrase, int frames) {
    const torch::NoGradGuard no_grad;
    Rng rng(3);
    model::DancerMemory memory = dancer->remember(phrase.unsqueeze(0));
    std::vector<Tensor> out;
    for (int i = 0; i < frames; ++i) out.push_back(dancer->step(memory, 0.0, rng).flatten());
    return torch::stack(out);
  }
};

double variance_over_time(const Tensor& codes) { return codes.var(0).mean().item<double>(); }

// Section 5.3: "with the loss dropping 100-fold in just a few minutes". Here with 128 units a layer in place of 600.
TEST_F(Findings, TheRecurrentDancersLossOnPerlinNoiseFallsAHundredfold) {
  std::string text = replaced(text_of("huang-2017"), "code = 128 ", "code = 10 ");
  text = replaced(text, "{ layer = \"dense\", out = 128 },", "{ layer = \"dense\", out = 10 },");
  text = replaced(text, "{ layer = \"lstm\", out = 600 }", "{ layer = \"lstm\", out = 128 }");
  text = replaced(text, "steps = 3600", "steps = 1000");
  const Recipe recipe = model::parse_recipe(text, "perlin.toml");
  Rng rng(4);
  const Tensor paths = perlin_paths(6000, 10, rng);
  FrameDancer dancer(recipe, 0);
  const auto [before, after] = teach(dancer, recipe, paths);
  EXPECT_GT(before, 0.5 * variance_over_time(paths)) << "at first it knows nothing";
  EXPECT_LT(after, before / 100.0) << before << " -> " << after;
}

// Section 5.2: "the FNN kept generating the average of all the training data [...] regardless of the input".
TEST_F(Findings, TheFeedForwardDancerEndsInTheMeanPose) {
  const Recipe recipe =
      model::parse_recipe(replaced(text_of("huang-2017-fnn"), "steps = 10000 ", "steps = 2500 "), "fnn.toml");
  Rng rng(5);
  const Tensor codes = unforeseeable_dance(6000, rng);
  FrameDancer dancer(recipe, 0);
  const auto [before, after] = teach(dancer, recipe, codes);
  EXPECT_LT(after, 0.2 * before) << "what comes next it does foresee, one frame ahead";

  constexpr int kSeconds = 20, kSettle = 20;  // frames
  const double variance = variance_over_time(codes);
  std::vector<Tensor> ends;
  for (const std::int64_t from : {100, 2000, 4000}) {
    const Tensor dance = danced(dancer, codes.narrow(0, from, 2), kSeconds * 10);
    EXPECT_LT(variance_over_time(dance.slice(0, kSettle)), 0.1 * variance)
        << "from frame " << from << " it stands still";
    ends.push_back(dance[-1]);
  }
  const Tensor mean = codes.mean(0);
  const double apart = (codes - mean).pow(2).mean().item<double>();  // of a pose of the dance from the mean pose
  for (const Tensor& end : ends) {
    EXPECT_LT((end - mean).pow(2).mean().item<double>(), 0.5 * apart)
        << "in a pose nearer to the mean than the dance's";
    EXPECT_LT((end - ends.front()).pow(2).mean().item<double>(), 0.1 * apart) << "whatever it began with";
  }
}

}  // namespace
}  // namespace ombra::train
