#include "model/figure/dancer_file.hpp"

#include "core/error.hpp"
#include "core/number.hpp"
#include "core/rng.hpp"
#include "model/figure/joints.hpp"

#include <fmt/ranges.h>
#include <nlohmann/json.hpp>

#include <algorithm>
#include <cmath>
#include <cstring>
#include <utility>

namespace ombra::model {
namespace {

bool is_floating(DType type) {
  return type == DType::kF64 || type == DType::kF32 || type == DType::kF16 || type == DType::kBF16;
}

bool all_finite(std::span<const float> numbers) {
  return std::all_of(numbers.begin(), numbers.end(), [](float x) { return std::isfinite(x); });
}

// Which of the recipe's alternatives was taken.
std::int64_t alternative_of(const SafetensorsFile& weights) {
  const auto found = weights.metadata().find("alternative");
  if (found == weights.metadata().end()) return 0;
  const auto number = parse_integer(found->second);
  if (!number || *number < 0 || *number > 99)
    throw error("{}: metadata alternative: expected a small whole number", weights.name());
  return *number;
}

std::vector<std::string> names_of(const SafetensorsFile& file, const std::string& key) {
  try {
    return nlohmann::json::parse(file.metadata(key)).get<std::vector<std::string>>();
  } catch (const nlohmann::json::exception& e) {
    throw error("{}: metadata {}: {}", file.name(), key, e.what());
  }
}

PoseCode read_pose_code(const PainterSpec& spec, const SafetensorsFile& weights) {
  const WeightSource painter = weights_in(weights, "painter.");
  const bool in_space = spec.people > 0;
  const std::int64_t numbers = in_space ? kSpaceNumbers : kPoseNumbers,
                     components = in_space ? spec.code - static_cast<std::int64_t>(kCarriage)
                                           : std::min<std::int64_t>(spec.code, kPoseNumbers);
  PoseCode code{painter("mean", {numbers}), painter("basis", {numbers, components}), painter("scale", {1})[0]};
  if (!in_space) return code;
  const std::vector<float> carriage = painter("carriage", {static_cast<std::int64_t>(kCarriage) + 1});
  std::copy_n(carriage.begin(), kCarriage, code.middle.begin());
  code.reach = carriage.back();
  if (!(code.reach > 0.0f) || !(code.scale > 0.0f))
    throw error("{}: tensor painter.carriage: its last number, and painter.scale, must be positive", weights.name());
  return code;
}

Cast read_cast(const PainterSpec& spec, const SafetensorsFile& weights) {
  constexpr std::int64_t kMost = 4096;
  Cast cast;
  cast.names = names_of(weights, "people");
  const auto n = static_cast<std::int64_t>(cast.names.size());
  if (n < 1 || n > kMost) throw error("{}: metadata people: expected 1 to {} names", weights.name(), kMost);
  cast.size = static_cast<std::size_t>(spec.people);
  cast.vectors = to_floats(checked_tensor(weights, "people", {n, spec.people}));
  if (weights.has("build_directions")) {
    const std::vector<float> both = to_floats(checked_tensor(weights, "build_directions", {2, spec.people}));
    const auto middle = both.begin() + static_cast<std::ptrdiff_t>(cast.size);
    cast.taller.assign(both.begin(), middle), cast.stouter.assign(middle, both.end());
  }
  cast.foot_pitch = static_cast<float>(parse_number(weights.metadata("foot_pitch")).value_or(0.0));
  return cast;
}

// Checked against what the networks can take.
SeedPhrases read_seeds(const std::filesystem::path& path, const Recipe& recipe) {
  const SafetensorsFile file(path);
  const auto fail = [&](const char* tensor, const std::string& expected) {
    throw error("{}: tensor {}: expected {}\nhint: the seeds belong to another model", file.name(), tensor, expected);
  };
  const TensorView &latents = file.tensor("latents"), &energy = file.tensor("energy");
  const auto n = latents.shape.empty() ? 0 : latents.shape[0];
  if (latents.shape.size() != 3 || n < 1 || latents.shape[1] < 1 || latents.shape[2] != recipe.painter.code ||
      !is_floating(latents.dtype))
    fail("latents", fmt::format("[n, L, {}] with n > 0", recipe.painter.code));
  if (energy.shape != Shape{n} || !is_floating(energy.dtype)) fail("energy", fmt::format("[{}]", n));
  SeedPhrases seeds;
  seeds.names = names_of(file, "names");
  if (static_cast<std::int64_t>(seeds.names.size()) != n) fail("names", fmt::format("{} names in the metadata", n));
  seeds.code = static_cast<std::size_t>(latents.shape[2]), seeds.length = static_cast<std::size_t>(latents.shape[1]);
  seeds.latents = to_floats(latents), seeds.energy = to_floats(energy);
  if (!all_finite(seeds.latents) || !all_finite(seeds.energy)) fail("latents", "finite numbers");
  if (recipe.kind != "moves") return seeds;

  const TensorView& moves = file.tensor("moves");
  const bool shaped = moves.shape.size() == 3 && moves.shape[0] == n && moves.shape[1] >= 2 &&
                      moves.shape[2] == recipe.mover.books && moves.dtype == DType::kI64;
  if (shaped) {
    seeds.moves_each = static_cast<std::size_t>(moves.shape[1]), seeds.books = static_cast<std::size_t>(moves.shape[2]);
    seeds.moves.resize(static_cast<std::size_t>(moves.elements()));
    std::memcpy(seeds.moves.data(), moves.bytes.data(), moves.bytes.size());
  }
  const auto known = [&](std::int64_t entry) { return entry >= 0 && entry < recipe.mover.entries; };
  if (!shaped || !std::all_of(seeds.moves.begin(), seeds.moves.end(), known))
    fail("moves", fmt::format("I64 [{}, M, {}] of 0 to {}", n, recipe.mover.books, recipe.mover.entries - 1));
  return seeds;
}

}  // namespace

const TensorView& checked_tensor(const SafetensorsFile& file, const std::string& name, const Shape& shape) {
  if (!file.has(name)) {
    throw error("{}: no tensor {}\nhint: the file belongs to another recipe, or was cut off", file.name(), name);
  }
  const TensorView& found = file.tensor(name);
  if (found.shape != shape) {
    throw error("{}: tensor {} is {}, expected [{}]\nhint: the weights belong to another recipe", file.name(), name,
                found.shape_text(), fmt::join(shape, ", "));
  }
  if (is_floating(found.dtype) && !all_finite(to_floats(found))) {
    throw error("{}: tensor {} holds NaN or infinity\nhint: the training diverged or the file is damaged", file.name(),
                name);
  }
  return found;
}

WeightSource weights_in(const SafetensorsFile& file, std::string prefix) {
  return [&file, prefix = std::move(prefix)](const std::string& name, const Shape& shape) {
    return to_floats(checked_tensor(file, prefix + name, shape));
  };
}

WeightSource fresh_weights(std::uint64_t seed) {
  return [rng = std::make_shared<Rng>(seed)](const std::string&, const Shape& shape) {
    std::size_t count = 1, inputs = 1;
    for (std::size_t d = 0; d < shape.size(); ++d) {
      count *= static_cast<std::size_t>(shape[d]);
      inputs *= d > 0 ? static_cast<std::size_t>(shape[d]) : 1;
    }
    const double limit = 1.0 / std::sqrt(static_cast<double>(inputs));
    std::vector<float> numbers(count);
    for (float& x : numbers) x = static_cast<float>(limit * (2.0 * rng->uniform() - 1.0));
    return numbers;
  };
}

DancerFile read_dancer(const std::filesystem::path& folder) {
  if (!std::filesystem::is_directory(folder)) {
    throw error("{}: no such model folder\nhint: `ombra train` makes one; models/ombra is the shipped one",
                folder.string());
  }
  DancerFile dancer;
  dancer.weights = std::make_shared<const SafetensorsFile>(folder / "weights.safetensors");
  dancer.recipe = read_recipe(folder / "recipe.toml");
  dancer.alternative = alternative_of(*dancer.weights);
  dancer.mean_speed = parse_number(dancer.weights->metadata("mean_speed")).value_or(-1.0);
  if (!(dancer.mean_speed > 0.0 && dancer.mean_speed < 1e6))
    throw error("{}: metadata mean_speed: expected a positive number", dancer.weights->name());
  dancer.seeds = read_seeds(folder / "seeds.safetensors", dancer.recipe);
  const std::int64_t code = dancer.recipe.painter.code;
  if (dancer.recipe.painter.guided) dancer.pose = read_pose_code(dancer.recipe.painter, *dancer.weights);
  if (const auto styles = static_cast<std::int64_t>(dancer.recipe.choreographer.styles.size()); styles > 0)
    dancer.style_middles = to_floats(checked_tensor(*dancer.weights, "style_middles", {styles, code}));
  if (dancer.recipe.painter.people > 0) dancer.cast = read_cast(dancer.recipe.painter, *dancer.weights);
  if (dancer.recipe.kind == "frames") {
    const WeightSource frames = weights_in(*dancer.weights, "dancer.");
    dancer.low = frames("low", {code}), dancer.high = frames("high", {code});
  }
  return dancer;
}

}  // namespace ombra::model
