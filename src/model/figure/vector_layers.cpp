// Layers over vectors [F], and between vectors and pictures.

#include "model/figure/body_numbers.hpp"
#include "model/figure/layer_reader.hpp"

#include <numeric>

namespace ombra::model {
namespace {

using Kind = LayerPlan::Kind;

std::int64_t count(const Shape& shape) {
  return std::accumulate(shape.begin(), shape.end(), std::int64_t{1}, std::multiplies<>());
}

LayerPlan dense(LayerReader& r) {
  if (r.shape.size() != 1 && r.shape.size() != 2) r.expect(1, "vectors [F] or sequences [T, F]");
  const std::int64_t out = r.in.integer("out", 1, 1 << 20);
  r.afford({r.shape.back(), out});
  r.shape.back() = out;
  return {.kind = Kind::kDense, .activation = r.activation("activation")};
}

LayerPlan flatten(LayerReader& r) {
  const bool channels_last = r.channels_last(r.shape.size());
  r.expect_known_length("does not flatten");
  r.shape = {count(r.shape)};
  return {.kind = Kind::kFlatten, .channels_last = channels_last};
}

LayerPlan reshape(LayerReader& r) {
  const Shape to = r.in.integers("shape", 1, 1 << 20);
  const bool channels_last = r.channels_last(to.size());
  r.expect_known_length("does not reshape");
  if (count(to) != count(r.shape))
    throw r.in.fault("shape", fmt::format("{} numbers do not fit the input {}", count(to), shape_text(r.shape)));
  r.shape = to;
  return {.kind = Kind::kReshape, .channels_last = channels_last, .shape = to};
}

// Once it is trained: the mean, a dense layer.
LayerPlan gaussian(LayerReader& r) {
  r.expect(1, "vectors [F]");
  const std::int64_t out = r.in.integer("out", 1, 1 << 20);
  r.afford({2, r.shape[0], out});
  r.shape = {out};
  return {.kind = Kind::kDense};
}

LayerPlan outer(LayerReader& r) {
  r.expect(1, "vectors [F]");
  const std::int64_t person = r.input.size() == 1 ? r.input[0] - kBodyNumbers : 0;
  if (person < 1) throw r.in.fault("layer", "is for painters of people: [painter] people");
  r.shape[0] += (kBodyNumbers + 1) * (person + 1);
  return {.kind = Kind::kOuter, .factor = static_cast<std::size_t>(person)};
}

LayerPlan strokes(LayerReader& r) {
  const std::int64_t number = r.in.integer("count", 1, 256);
  if (r.shape != Shape{number * 6}) {
    throw r.in.fault(
        "count", fmt::format("needs [{}] as its input, the layers before it give {}", number * 6, shape_text(r.shape)));
  }
  r.shape = {number, 6};
  return {.kind = Kind::kStrokes};
}

}  // namespace

bool LayerReader::vector_layer(LayerLayout& layer) {
  static constexpr std::pair<const char*, LayerPlan (*)(LayerReader&)> kKnown[] = {
      {"dense", dense},       {"flatten", flatten}, {"reshape", reshape},
      {"gaussian", gaussian}, {"outer", outer},     {"strokes", strokes}};
  for (const auto& [word, read] : kKnown) {
    if (layer.word != word) continue;
    layer.plan = read(*this);
    return true;
  }
  if (layer.word == "activation") {
    layer.plan = {.kind = Kind::kActivation, .activation = activation("of")};
  } else if (layer.word == "dropout") {
    layer.rate = in.number("rate", 0.0, 0.99, 0.5);
  } else if (layer.word == "l1") {
    layer.rate = in.number("weight", 0.0, 1e6);
  } else {
    return false;
  }
  return true;
}

}  // namespace ombra::model
