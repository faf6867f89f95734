// The live ear: what it reads, and that what it says depends on what it has heard and on nothing else.

#include "audio/beat/ear.hpp"

#include "core/error.hpp"
#include "core/file.hpp"
#include "core/rng.hpp"
#include "model/figure/safetensors.hpp"
#include "temp_folder.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <numeric>

namespace ombra::audio {
namespace {

constexpr const char* kRecipe = R"(name = "small"
kind = "ear"
[ear]
delay = 2
layers = [
  { layer = "conv1d", out = 6, kernel = 3, causal = true, activation = "silu" },
  { layer = "residual1d", dilation = 4, causal = true },
  { layer = "dense", out = 43 },
]
[ear.train]
steps = 1
batch = 1
window = 400
rate = 1e-3
)";

class LiveEar : public test::FolderTest {
 protected:
  // A folder with a recipe and random weights for it.
  void write(const std::string& recipe) {
    write_atomically(folder / "recipe.toml", recipe);
    model::SafetensorsWriter writer;
    Rng rng(4);
    model::plans_of(model::ear_network(model::read_ear_recipe(folder / "recipe.toml")), "ear.",
                    [&](const std::string& name, const model::Shape& shape) {
                      const std::int64_t count =
                          std::accumulate(shape.begin(), shape.end(), std::int64_t{1}, std::multiplies<>());
                      std::vector<float> numbers(static_cast<std::size_t>(count));
                      for (float& x : numbers) x = 0.3f * static_cast<float>(rng.normal());
                      writer.add(name, model::DType::kF32, shape, std::as_bytes(std::span(numbers)));
                      return numbers;
                    });
    writer.write(folder / "weights.safetensors");
  }
};

TEST_F(LiveEar, SaysProbabilitiesAndBeginsAnewWhenItForgets) {
  write(kRecipe);
  const EarFile file(folder);
  EXPECT_EQ(file.delay_hops(), 2);
  Ear ear(file);
  Rng rng(1);
  std::vector<std::vector<float>> heard(30, std::vector<float>(EarBands::kBands));
  for (auto& hop : heard) {
    for (float& x : hop) x = static_cast<float>(rng.uniform(0.0, 3.0));
  }
  std::vector<EarSays> first;
  for (const auto& hop : heard) first.push_back(ear.hear(hop));
  for (const EarSays& says : first) {
    EXPECT_NEAR(std::accumulate(says.tempo.begin(), says.tempo.end(), 0.0f), 1.0f, 1e-5f);
    for (const float p : {says.beat, says.bar, says.pulse}) EXPECT_TRUE(p > 0.0f && p < 1.0f) << p;
  }
  EXPECT_NE(ear.hear(heard[0]).beat, first[0].beat) << "it remembers";
  ear.forget();
  for (std::size_t i = 0; i < heard.size(); ++i) EXPECT_EQ(ear.hear(heard[i]).beat, first[i].beat) << i;
}

TEST_F(LiveEar, NamesWhatIsWrongWithItsFiles) {
  const auto fault = [&]() -> std::string {
    try {
      EarFile file(folder);
    } catch (const Error& e) {
      return e.what();
    }
    return "";
  };
  EXPECT_NE(fault().find("recipe.toml"), std::string::npos) << "nothing is there";
  write(kRecipe);
  EXPECT_EQ(fault(), "");
  write_atomically(folder / "weights.safetensors", read_text(folder / "weights.safetensors").substr(0, 900));
  EXPECT_NE(fault().find("weights.safetensors"), std::string::npos) << "cut off";
  std::string ahead = kRecipe;
  ahead.replace(ahead.find("kernel = 3, causal = true"), 25, "kernel = 3, causal = false");
  write(ahead);
  EXPECT_NE(fault().find("causal"), std::string::npos) << "it would have to know the future";
  std::string other = kRecipe;
  other.replace(other.find("out = 43"), 8, "out = 3 ");
  write_atomically(folder / "recipe.toml", other);
  EXPECT_NE(fault().find("[ear]"), std::string::npos);
}

}  // namespace
}  // namespace ombra::audio
