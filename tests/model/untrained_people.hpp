#pragma once
// A dancer that draws people, as training begins with one: the recipe ombra with small random weights, somebody who
// stands as its mean pose, and one seed phrase in which he sways.

#include "core/file.hpp"
#include "model/figure/body_numbers.hpp"
#include "model/figure/dancer_file.hpp"
#include "model/inference/fast_choreographer.hpp"

#include <fmt/format.h>

#include <cmath>
#include <filesystem>
#include <memory>
#include <string>
#include <vector>

namespace ombra::model {

class UntrainedPeople {
 public:
  // recipe: models/recipes/ombra.toml. Writes a model folder.
  UntrainedPeople(const std::filesystem::path& recipe, const std::filesystem::path& folder, int people)
      : recipe_(read_recipe(recipe)) {
    std::filesystem::create_directories(folder);
    write_atomically(folder / "recipe.toml", read_text(recipe));
    add_networks();
    add_pose();
    add_people(people);
    weights_.set_metadata("mean_speed", "1");
    weights_.set_metadata("foot_pitch", "0");
    weights_.write(folder / "weights.safetensors");
    write_seeds(folder / "seeds.safetensors");
  }

 private:
  void add(SafetensorsWriter& to, const std::string& name, const Shape& shape, const std::vector<float>& numbers) {
    to.add(name, DType::kF32, shape, std::as_bytes(std::span(numbers)));
  }
  WeightSource fresh(const std::string& prefix) {
    return [this, prefix](const std::string& name, const Shape& shape) {
      std::vector<float> numbers = any_(name, shape);
      add(weights_, prefix + name, shape, numbers);
      return numbers;
    };
  }
  void add_networks() {
    const MoverSpec& m = recipe_.mover;
    plans_of(painter_decoder(recipe_), "decoder.", fresh("painter."));
    plans_of(read_layers(m.decoder, Shape{-1, m.width}, recipe_.painter.code, recipe_.file, "[mover] decoder"),
             "decoder.", fresh("mover."));
    fresh("mover.")("book", {m.books, m.entries, m.width});
    choreographer_plan(recipe_.choreographer, m.books, m.entries, fresh("choreographer."));
  }
  void add_pose() {
    const float up[kJoints] = {0.0f, 0.25f, 0.5f, 0.65f, 0.45f, 0.2f,   0.0f, -0.1f, 0.45f, 0.2f,
                               0.0f, -0.1f, 0.0f, -0.4f, -0.8f, -0.85f, 0.0f, -0.4f, -0.8f, -0.85f};
    const float aside[kJoints] = {0.0f,   0.0f,  0.0f, 0.0f, 0.2f, 0.25f, 0.28f, 0.3f,  -0.2f, -0.25f,
                                  -0.28f, -0.3f, 0.1f, 0.1f, 0.1f, 0.1f,  -0.1f, -0.1f, -0.1f, -0.1f};
    std::vector<float> mean;
    for (int j = 0; j < kJoints; ++j)
      mean.insert(mean.end(), {aside[j], up[j], j == kLBigToe || j == kRBigToe ? 0.15f : 0.0f});
    const std::int64_t components = recipe_.painter.code - static_cast<std::int64_t>(kCarriage);
    add(weights_, "painter.mean", {kSpaceNumbers}, mean);
    fresh("painter.")("basis", {kSpaceNumbers, components});
    add(weights_, "painter.scale", {1}, {0.2f});
    add(weights_, "painter.carriage", {kCarriage + 1}, {1.0f, 0.0f, 0.0f, 0.9f, 0.0f, 1.0f});
  }
  void add_people(int people) {
    std::string names;
    for (int n = 0; n < people; ++n) names += fmt::format("{}\"person{}\"", n == 0 ? "" : ", ", n + 1);
    weights_.set_metadata("people", "[" + names + "]");
    fresh("")("people", {people, recipe_.painter.people});
    if (const auto styles = static_cast<std::int64_t>(recipe_.choreographer.styles.size()); styles > 0)
      fresh("")("style_middles", {styles, recipe_.painter.code});
  }
  void write_seeds(const std::filesystem::path& path) {
    const std::int64_t code = recipe_.painter.code, per_move = recipe_.mover.frames_per_move, length = 8 * per_move;
    std::vector<float> latents;
    for (std::int64_t i = 0; i < length * code; ++i)
      latents.push_back(0.8f * std::sin(0.1f * static_cast<float>(i / code) + static_cast<float>(i % code)));
    const std::vector<std::int64_t> moves(static_cast<std::size_t>(8 * recipe_.mover.books), 1);
    SafetensorsWriter seeds;
    seeds.set_metadata("names", "[\"sway\"]");
    add(seeds, "latents", {1, length, code}, latents);
    add(seeds, "energy", {1}, {0.0f});
    seeds.add("moves", DType::kI64, {1, 8, recipe_.mover.books}, std::as_bytes(std::span(moves)));
    seeds.write(path);
  }

  const Recipe recipe_;
  const WeightSource any_ = fresh_weights(3);
  SafetensorsWriter weights_;
};

}  // namespace ombra::model
