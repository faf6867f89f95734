#include "audio/material/ear_material.hpp"

#include "core/error.hpp"

#include <nlohmann/json.hpp>

#include <cmath>

namespace ombra::audio {
namespace {

using model::DType;
using nlohmann::json;

constexpr const char* kFormat = "ombra-ear-material";
constexpr const char* kVersion = "1";
constexpr auto kBands = static_cast<std::int64_t>(EarBands::kBands);
constexpr const char* kHint = "hint: run `ombra prepare-music` again";

json to_json(const EarPiece& p) {
  return {{"name", p.name},           {"source", p.source},  {"group", p.group}, {"style", p.style},
          {"drummer", p.drummer},     {"split", p.split},    {"bpm", p.bpm},     {"hop_s", p.hop_s},
          {"condition", p.condition}, {"players", p.players}};
}

EarPiece from_json(const json& j) {
  EarPiece p;
  p.name = j.at("name").get<std::string>();
  p.source = j.at("source").get<std::string>();
  p.group = j.at("group").get<std::string>();
  p.style = j.at("style").get<std::string>();
  p.drummer = j.at("drummer").get<std::string>();
  p.split = j.at("split").get<std::string>();
  p.condition = j.at("condition").get<std::string>();
  p.players = j.at("players").get<std::string>();
  p.bpm = j.at("bpm").get<double>();
  p.hop_s = j.at("hop_s").get<double>();
  return p;
}

template <typename T>
std::span<const T> numbers(const model::SafetensorsFile& file, const char* name, DType dtype,
                           std::initializer_list<std::int64_t> shape) {
  const model::TensorView& tensor = file.tensor(name, dtype, std::vector<std::int64_t>(shape));
  if (reinterpret_cast<std::uintptr_t>(tensor.bytes.data()) % alignof(T) != 0)
    throw error("{}: tensor '{}' is not aligned\n{}", file.name(), name, kHint);
  return {reinterpret_cast<const T*>(tensor.bytes.data()), tensor.bytes.size() / sizeof(T)};
}

}  // namespace

void write_ear_material(const std::filesystem::path& path, std::span<const EarSequence> sequences) {
  std::vector<std::int64_t> start, length;
  std::int64_t hops = 0;
  json pieces = json::array();
  for (const EarSequence& s : sequences) {
    OMBRA_ASSERT(s.bands.size() == s.place.size() * EarBands::kBands && s.place.size() == s.beats_per_bar.size());
    start.push_back(hops);
    length.push_back(static_cast<std::int64_t>(s.place.size()));
    hops += length.back();
    pieces.push_back(to_json(s.about));
  }
  const auto count = static_cast<std::int64_t>(sequences.size());
  model::SafetensorsWriter writer;
  writer.add("start", DType::kI64, {count}, std::as_bytes(std::span(start)));
  writer.add("length", DType::kI64, {count}, std::as_bytes(std::span(length)));
  const auto add = [&](const char* name, DType dtype, std::vector<std::int64_t> shape, auto member) {
    writer.add_stream(name, dtype, std::move(shape), [sequences, member](const auto& append) {
      for (const EarSequence& s : sequences) append(std::as_bytes(std::span(s.*member)));
    });
  };
  add("place", DType::kF32, {hops}, &EarSequence::place);
  add("bands", DType::kU8, {hops, kBands}, &EarSequence::bands);
  add("beats_per_bar", DType::kU8, {hops}, &EarSequence::beats_per_bar);
  writer.set_metadata("format", kFormat);
  writer.set_metadata("version", kVersion);
  writer.set_metadata("bands", fmt::format("{}", kBands));
  writer.set_metadata("per_unit", fmt::format("{}", kEarUnits));
  writer.set_metadata("pieces", pieces.dump(-1, ' ', false, json::error_handler_t::replace));
  writer.write(path);
}

EarMaterial::EarMaterial(const std::filesystem::path& path) : file_(path) {
  const auto& meta = file_.metadata();
  const auto format = meta.find("format"), version = meta.find("version");
  if (format == meta.end() || version == meta.end() || format->second != kFormat || version->second != kVersion)
    throw error("{}: nothing that an ear learns from, of version {}\nhint: make it with `ombra prepare-music`",
                file_.name(), kVersion);
  bands_ = numbers<std::uint8_t>(file_, "bands", DType::kU8, {-1, kBands});
  const std::int64_t hops = file_.tensor("bands").shape[0];
  place_ = numbers<float>(file_, "place", DType::kF32, {hops});
  beats_per_bar_ = numbers<std::uint8_t>(file_, "beats_per_bar", DType::kU8, {hops});
  const auto start = numbers<std::int64_t>(file_, "start", DType::kI64, {-1});
  const auto length = numbers<std::int64_t>(file_, "length", DType::kI64, {static_cast<std::int64_t>(start.size())});
  try {
    for (const json& piece : json::parse(file_.metadata("pieces"))) pieces_.push_back(from_json(piece));
  } catch (const json::exception& e) {
    throw error("{}: its list of pieces is damaged ({})\n{}", file_.name(), e.what(), kHint);
  }
  if (pieces_.size() != start.size())
    throw error("{}: {} pieces described, {} in start\n{}", file_.name(), pieces_.size(), start.size(), kHint);
  for (std::size_t i = 0; i < pieces_.size(); ++i) {
    if (start[i] < 0 || length[i] < 1 || start[i] > hops || length[i] > hops - start[i])
      throw error("{}: piece '{}' has hops {} + {} of {}\n{}", file_.name(), pieces_[i].name, start[i], length[i], hops,
                  kHint);
    if (!(pieces_[i].hop_s > 0.005 && pieces_[i].hop_s < 0.02))
      throw error("{}: piece '{}' has hops of {} s\n{}", file_.name(), pieces_[i].name, pieces_[i].hop_s, kHint);
    pieces_[i].start = start[i];
    pieces_[i].length = length[i];
  }
  check_labels();
}

void EarMaterial::check_labels() const {
  for (std::size_t k = 0; k < place_.size(); ++k) {
    const int bar = beats_per_bar_[k];
    const bool no_beat = std::isnan(place_[k]) && bar == 0;
    const bool beat = place_[k] >= 0.0f && place_[k] < static_cast<float>(bar == 0 ? 1 : bar);
    if (bar > 4 || !(no_beat || beat))
      throw error("{}: hop {} has place {} in a bar of {}\n{}", file_.name(), k, place_[k], bar, kHint);
  }
}

}  // namespace ombra::audio
