#include "show/params/output_mapping.hpp"

#include <algorithm>
#include <array>
#include <cstdint>
#include <optional>
#include <span>
#include <utility>

namespace ombra::show {
namespace {

constexpr std::array<const char*, stage::kSides> kBlends = {"blend_left", "blend_right", "blend_upper", "blend_lower"};

toml::array pair_of(glm::dvec2 value) { return toml::array{value.x, value.y}; }

toml::array places(std::span<const glm::dvec2> values) {
  toml::array out;
  for (const glm::dvec2 value : values) out.push_back(pair_of(value));
  return out;
}

// Writes what differs from no mapping, so that a file can be read by people.
class Writer {
 public:
  explicit Writer(toml::table& table) : table_(table) {}

  template <typename Value, typename Node>
  void put(const char* key, const Value& value, const Value& usual, Node&& node) {
    if (!(value == usual)) table_.insert(key, std::forward<Node>(node));
  }
  template <typename Value>
  void put(const char* key, const Value& value, const Value& usual) {
    put(key, value, usual, value);
  }

 private:
  toml::table& table_;
};

toml::array mask_tables(const std::vector<stage::Mask>& masks) {
  toml::array out;
  for (const stage::Mask& mask : masks) {
    out.push_back(toml::table{
        {"points", places(mask.points)}, {"feather", mask.feather}, {"inverted", mask.inverted}, {"on", mask.on}});
  }
  return out;
}

// Places in an array, at most so many. -> nothing, and a remark, where one is no pair of numbers
std::optional<std::vector<glm::dvec2>> read_places(const toml::node& node, std::size_t most, Remarks& remarks) {
  const toml::array* array = node.as_array();
  std::vector<glm::dvec2> out;
  for (std::size_t i = 0; array && i < array->size() && i < most; ++i) {
    glm::dvec2 place;
    if (!TableReader::numbers(*array->get(i), 2, &place.x)) {
      remarks.add(*array->get(i), "a place must be two numbers, left out with all that stand beside it");
      return std::nullopt;
    }
    out.push_back(place);
  }
  if (!array || array->size() > most) {
    remarks.add(node, array ? fmt::format("only {} places are read", most) : "must be a list of places, left out");
    if (!array) return std::nullopt;
  }
  return out;
}

void read_corners(const toml::node* node, stage::Quad& corners, Remarks& remarks) {
  const auto read = node ? read_places(*node, 4, remarks) : std::nullopt;
  if (!read) return;
  stage::Quad quad{};
  std::copy_n(read->begin(), std::min<std::size_t>(read->size(), 4), quad.begin());
  if (read->size() == 4 && stage::is_sane(quad)) return void(corners = quad);
  remarks.add(*node, "these corners span nothing that can be seen, left out");
}

void read_mesh(const toml::node* node, stage::Mesh& mesh, Remarks& remarks) {
  if (!node) return;
  const toml::table* table = node->as_table();
  if (!table) return remarks.add(*node, "mesh must be a table, left out");
  TableReader reader(*table, remarks);
  stage::Mesh read;
  reader.get("columns", read.columns);
  reader.get("rows", read.rows);
  const auto counts = [](int points) { return points >= stage::kMinMeshPoints && points <= stage::kMaxMeshPoints; };
  if (!counts(read.columns) || !counts(read.rows))
    return remarks.add(*node, fmt::format("a mesh has {} to {} columns and rows, left out", stage::kMinMeshPoints,
                                          stage::kMaxMeshPoints));
  const auto points = static_cast<std::size_t>(read.columns * read.rows);
  if (const toml::node* bend = reader.find("bend")) {
    auto places = read_places(*bend, points, remarks);
    if (places && (places->size() == points || places->empty()))
      read.bend = std::move(*places);
    else if (places)
      remarks.add(*bend, fmt::format("this mesh has {} points, left out", points));
  }
  reader.end();
  mesh = std::move(read);
}

void read_masks(const toml::node* node, std::vector<stage::Mask>& masks, Remarks& remarks) {
  if (!node) return;
  const toml::array* array = node->as_array();
  if (!array) return remarks.add(*node, "masks must be tables, left out");
  for (const toml::node& each : *array) {
    const toml::table* table = each.as_table();
    if (!table || masks.size() == stage::kMaxMasks) {
      remarks.add(each, table ? fmt::format("only {} masks are read", stage::kMaxMasks) : "a mask must be a table");
      if (table) break;
      continue;
    }
    stage::Mask mask;
    TableReader reader(*table, remarks);
    const toml::node* points = reader.find("points");
    auto places = points ? read_places(*points, stage::kMaxMaskPoints, remarks) : std::nullopt;
    reader.get("feather", mask.feather);
    reader.get("inverted", mask.inverted);
    reader.get("on", mask.on);
    reader.end();
    if (places && places->size() >= stage::kMinMaskPoints) {
      mask.points = std::move(*places);
      masks.push_back(std::move(mask));
    } else {
      remarks.add(each, fmt::format("a mask needs {} points, left out", stage::kMinMaskPoints));
    }
  }
}

}  // namespace

void write_mapping(const stage::Mapping& m, toml::table& table) {
  const stage::Mapping usual;
  Writer w(table);
  w.put("quarter_turns", std::int64_t{m.quarter_turns}, std::int64_t{0});
  w.put("flip_x", m.flip_x, false);
  w.put("flip_y", m.flip_y, false);
  w.put("source", m.source, usual.source, toml::array{m.source.x, m.source.y, m.source.width, m.source.height});
  w.put("keep_shape", m.keep_shape, usual.keep_shape);
  w.put("scale", m.scale, usual.scale, pair_of(m.scale));
  w.put("offset", m.offset, usual.offset, pair_of(m.offset));
  w.put("corners", m.corners, usual.corners, places(m.corners));
  if (!(m.mesh == usual.mesh)) {
    table.insert("mesh", toml::table{{"columns", std::int64_t{m.mesh.columns}},
                                     {"rows", std::int64_t{m.mesh.rows}},
                                     {"bend", places(m.mesh.bend)}});
  }
  w.put("brightness", m.colours.brightness, usual.colours.brightness);
  w.put("contrast", m.colours.contrast, usual.colours.contrast);
  w.put("gamma", m.colours.gamma, usual.colours.gamma);
  const glm::dvec3& gains = m.colours.gains;
  w.put("gains", gains, usual.colours.gains, toml::array{gains.x, gains.y, gains.z});
  w.put("light_gamma", m.light_gamma, usual.light_gamma);
  for (std::size_t side = 0; side < stage::kSides; ++side) {
    const stage::Blend& blend = m.blends[side];
    w.put(kBlends[side], blend, stage::Blend{}, toml::array{blend.width, blend.curve});
  }
  if (!m.masks.empty()) table.insert("mask", mask_tables(m.masks));
}

void read_mapping(TableReader& reader, stage::Mapping& m, Remarks& remarks) {
  reader.get("quarter_turns", m.quarter_turns);
  reader.get("flip_x", m.flip_x);
  reader.get("flip_y", m.flip_y);
  const auto several = [&](const char* key, std::size_t count, double* out) {
    const toml::node* node = reader.find(key);
    std::array<double, 4> read{};
    if (!node) return;
    if (!TableReader::numbers(*node, count, read.data()))
      return remarks.add(*node, fmt::format("{} must be {} numbers, left out", key, count));
    std::copy_n(read.begin(), count, out);
  };
  std::array<double, 4> source = {m.source.x, m.source.y, m.source.width, m.source.height};
  several("source", 4, source.data());
  m.source = {source[0], source[1], source[2], source[3]};
  reader.get("keep_shape", m.keep_shape);
  reader.get("scale", m.scale);
  reader.get("offset", m.offset);
  read_corners(reader.find("corners"), m.corners, remarks);
  read_mesh(reader.find("mesh"), m.mesh, remarks);
  reader.get("brightness", m.colours.brightness);
  reader.get("contrast", m.colours.contrast);
  reader.get("gamma", m.colours.gamma);
  several("gains", 3, &m.colours.gains.x);
  reader.get("light_gamma", m.light_gamma);
  for (std::size_t side = 0; side < stage::kSides; ++side) {
    std::array<double, 2> blend = {m.blends[side].width, m.blends[side].curve};
    several(kBlends[side], 2, blend.data());
    m.blends[side] = {blend[0], blend[1]};
  }
  read_masks(reader.find("mask"), m.masks, remarks);
}

}  // namespace ombra::show
