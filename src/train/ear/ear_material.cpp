#include "train/ear/ear_material.hpp"

#include "core/error.hpp"

#include <nlohmann/json.hpp>

#include <array>
#include <cmath>

namespace ombra::train {
namespace {

std::span<const std::uint8_t> bytes_of(const model::TensorView& view) {
  return {reinterpret_cast<const std::uint8_t*>(view.bytes.data()), view.bytes.size()};
}

EarSplit split_of(const std::string& word) {
  if (word == "train") return EarSplit::kTraining;
  return word == "validation" ? EarSplit::kValidation : EarSplit::kTest;
}

}  // namespace

EarMaterial::EarMaterial(const std::filesystem::path& path) : file_(path) {
  constexpr auto kAll = static_cast<std::int64_t>(kBands);
  bands_ = bytes_of(file_.tensor("bands", model::DType::kU8, std::array<std::int64_t, 2>{-1, kAll}));
  const std::array<std::int64_t, 1> hops{static_cast<std::int64_t>(bands_.size() / kBands)}, any{-1};
  place_ = model::to_floats(file_.tensor("place", model::DType::kF32, hops));
  beats_per_bar_ = bytes_of(file_.tensor("beats_per_bar", model::DType::kU8, hops));
  for (const float place : place_) {
    if (!std::isnan(place) && !(place >= 0.0f && place < 256.0f))
      throw error("{}: place: {} is no place in a bar", file_.name(), place);
  }
  const auto start = file_.tensor("start", model::DType::kI64, any),
             length = file_.tensor("length", model::DType::kI64, std::array<std::int64_t, 1>{start.elements()});
  const auto json = nlohmann::json::parse(file_.metadata("pieces"), nullptr, false);
  if (!json.is_array() || static_cast<std::int64_t>(json.size()) != start.elements())
    throw error("{}: pieces: expected a list of {}", file_.name(), start.elements());
  const auto* starts = reinterpret_cast<const std::int64_t*>(start.bytes.data());
  const auto* lengths = reinterpret_cast<const std::int64_t*>(length.bytes.data());
  for (std::size_t i = 0; i < json.size(); ++i) {
    EarPiece piece;
    piece.start = starts[i], piece.length = lengths[i];
    if (piece.start < 0 || piece.length < 1 || piece.start > hops[0] || piece.length > hops[0] - piece.start)
      throw error("{}: piece {} lies outside of the hops", file_.name(), i);
    const auto text = [&](const char* key) {
      return json[i].is_object() && json[i].contains(key) && json[i][key].is_string() ? json[i][key].get<std::string>()
                                                                                      : std::string();
    };
    piece.split = split_of(text("split")), piece.source = text("source"), piece.group = text("group");
    pieces_.push_back(std::move(piece));
  }
}

}  // namespace ombra::train
