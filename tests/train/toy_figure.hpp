#pragma once
// A skinned figure made of boxes, one a bone, written as .glb with the names of any rig: nobody's artwork, for tests.

#include <nlohmann/json.hpp>

#include <cmath>
#include <cstdint>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <functional>
#include <map>
#include <string>
#include <vector>

namespace ombra::test {

struct ToyBone {
  const char* part;    // our word for it
  const char* parent;  // "": none
  float x, y, z;       // where it begins: a T-pose, m
  float tx, ty, tz;    // where it ends
};

inline const std::vector<ToyBone>& toy_bones() {
  static const std::vector<ToyBone> bones = [] {
    std::vector<ToyBone> all = {{"hips", "", 0, 0.95f, 0, 0, 1.05f, 0},
                                {"spine", "hips", 0, 1.05f, 0, 0, 1.2f, 0},
                                {"chest", "spine", 0, 1.2f, 0, 0, 1.45f, 0},
                                {"neck", "chest", 0, 1.45f, 0, 0, 1.55f, 0},
                                {"head", "neck", 0, 1.55f, 0, 0, 1.75f, 0}};
    const std::vector<ToyBone> left = {{"shoulder", "chest", 0.03f, 1.42f, 0, 0.18f, 1.42f, 0},
                                       {"upper_arm", "shoulder", 0.18f, 1.42f, 0, 0.46f, 1.42f, 0},
                                       {"lower_arm", "upper_arm", 0.46f, 1.42f, 0, 0.71f, 1.42f, 0},
                                       {"hand", "lower_arm", 0.71f, 1.42f, 0, 0.80f, 1.42f, 0},
                                       {"index1", "hand", 0.80f, 1.42f, 0.03f, 0.84f, 1.42f, 0.03f},
                                       {"index2", "index1", 0.84f, 1.42f, 0.03f, 0.88f, 1.42f, 0.03f},
                                       {"pinky1", "hand", 0.80f, 1.42f, -0.03f, 0.84f, 1.42f, -0.03f},
                                       {"upper_leg", "hips", 0.1f, 0.92f, 0, 0.1f, 0.5f, 0},
                                       {"lower_leg", "upper_leg", 0.1f, 0.5f, 0, 0.1f, 0.08f, 0},
                                       {"foot", "lower_leg", 0.1f, 0.08f, 0, 0.1f, 0.03f, 0.12f},
                                       {"toes", "foot", 0.1f, 0.03f, 0.12f, 0.1f, 0.03f, 0.18f}};
    static std::vector<std::string> names;
    names.reserve(4 * left.size());
    for (const char side : {'l', 'r'}) {
      const float flip = side == 'l' ? 1.0f : -1.0f;
      for (ToyBone bone : left) {
        const std::string parent = bone.parent;
        names.push_back(std::string(bone.part) + "_" + side);
        bone.part = names.back().c_str();
        if (parent != "chest" && parent != "hips") {
          names.push_back(parent + "_" + side);
          bone.parent = names.back().c_str();
        }
        bone.x *= flip, bone.tx *= flip;
        all.push_back(bone);
      }
    }
    return all;
  }();
  return bones;
}

struct ToyFigure {
  std::function<std::string(const std::string& part)> name = [](const std::string& part) { return part; };
  int weights = 5126;         // component type of the weights: float, 5121 or 5123 as normalised integers
  float scale = 1.0f;         // of everything
  float yaw = 0.0f;           // radians about y
  bool lying = false;         // z is up
  bool turned_bones = false;  // bones have rest rotations of their own, as Mixamo's do
  bool skirt = false, hair = false;
  std::function<void(nlohmann::json&, std::vector<std::uint8_t>&)> spoil = {};
};

namespace toy {

inline void put(std::vector<std::uint8_t>& bytes, const void* from, std::size_t size) {
  const auto* at = static_cast<const std::uint8_t*>(from);
  bytes.insert(bytes.end(), at, at + size);
}

inline void write_glb(const std::filesystem::path& path, const nlohmann::json& json, std::vector<std::uint8_t> bin) {
  std::string text = json.dump();
  while (text.size() % 4 != 0) text += ' ';
  while (bin.size() % 4 != 0) bin.push_back(0);
  std::ofstream out(path, std::ios::binary);
  const auto word = [&](std::uint32_t value) { out.write(reinterpret_cast<const char*>(&value), 4); };
  word(0x46546C67), word(2), word(static_cast<std::uint32_t>(28 + text.size() + bin.size()));
  word(static_cast<std::uint32_t>(text.size())), word(0x4E4F534A), out << text;
  word(static_cast<std::uint32_t>(bin.size())), word(0x004E4942);
  out.write(reinterpret_cast<const char*>(bin.data()), static_cast<std::streamsize>(bin.size()));
}

}  // namespace toy

inline void write_toy_figure(const std::filesystem::path& path, const ToyFigure& figure = {}) {
  using nlohmann::json;
  std::vector<ToyBone> bones = toy_bones();
  if (figure.hair) {
    bones.push_back({"hair_1", "head", 0, 1.70f, -0.1f, 0, 1.55f, -0.12f});
    bones.push_back({"hair_2", "hair_1", 0, 1.55f, -0.12f, 0, 1.35f, -0.13f});
  }
  if (figure.skirt) {
    bones.push_back({"skirt_front_1", "hips", 0, 0.95f, 0.12f, 0, 0.7f, 0.2f});
    bones.push_back({"skirt_front_2", "skirt_front_1", 0, 0.7f, 0.2f, 0, 0.45f, 0.25f});
  }
  std::map<std::string, int> index;
  for (std::size_t i = 0; i < bones.size(); ++i) index[bones[i].part] = static_cast<int>(i);
  const float c = std::cos(figure.yaw), s = std::sin(figure.yaw);
  const auto world = [&](float x, float y, float z) {
    std::array<float, 3> p = {figure.scale * (c * x + s * z), figure.scale * y, figure.scale * (c * z - s * x)};
    return figure.lying ? std::array<float, 3>{p[0], -p[2], p[1]} : p;
  };
  // A quarter turn about z: the bone's own x is the world's y.
  const float half = figure.turned_bones ? std::sqrt(0.5f) : 0.0f;
  json nodes = json::array(), joints = json::array();
  std::vector<std::uint8_t> positions, joint_bytes, weight_bytes, index_bytes, inverse;
  int vertices = 0, triangles = 0;
  for (std::size_t i = 0; i < bones.size(); ++i) {
    const ToyBone& bone = bones[i];
    const int parent = std::string(bone.parent).empty() ? -1 : index.at(bone.parent);
    const auto at = world(bone.x, bone.y, bone.z);
    std::array<float, 3> from{};
    if (parent >= 0) {
      const ToyBone& up = bones[static_cast<std::size_t>(parent)];
      from = world(up.x, up.y, up.z);
    }
    std::array<float, 3> step = {at[0] - from[0], at[1] - from[1], at[2] - from[2]};
    if (figure.turned_bones && parent >= 0) step = {step[1], -step[0], step[2]};  // in the parent's own axes
    json node = {{"name", figure.name(bone.part)}, {"translation", step}};
    if (figure.turned_bones && parent < 0) node["rotation"] = {0.0, 0.0, half, half};
    nodes.push_back(node);
    if (parent >= 0) nodes[static_cast<std::size_t>(parent)]["children"].push_back(i);
    joints.push_back(i);
    float bind[16] = {1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1, 0, -at[0], -at[1], -at[2], 1};
    if (figure.turned_bones) {
      const float turned[16] = {0, -1, 0, 0, 1, 0, 0, 0, 0, 0, 1, 0, -at[1], at[0], -at[2], 1};
      std::memcpy(bind, turned, sizeof(bind));
    }
    toy::put(inverse, bind, sizeof(bind));
    const float r = 0.03f;
    for (int corner = 0; corner < 8; ++corner) {
      const auto p = world(((corner & 1) != 0 ? std::max(bone.x, bone.tx) + r : std::min(bone.x, bone.tx) - r),
                           ((corner & 2) != 0 ? std::max(bone.y, bone.ty) + r : std::min(bone.y, bone.ty) - r),
                           ((corner & 4) != 0 ? std::max(bone.z, bone.tz) + r : std::min(bone.z, bone.tz) - r));
      toy::put(positions, p.data(), sizeof(p));
      const std::uint8_t j[4] = {static_cast<std::uint8_t>(i), 0, 0, 0};
      toy::put(joint_bytes, j, sizeof(j));
      if (figure.weights == 5121) {
        const std::uint8_t w[4] = {255, 0, 0, 0};
        toy::put(weight_bytes, w, sizeof(w));
      } else if (figure.weights == 5123) {
        const std::uint16_t w[4] = {65535, 0, 0, 0};
        toy::put(weight_bytes, w, sizeof(w));
      } else {
        const float w[4] = {1, 0, 0, 0};
        toy::put(weight_bytes, w, sizeof(w));
      }
    }
    constexpr std::uint16_t kBox[36] = {0, 2, 1, 1, 2, 3, 4, 5, 6, 5, 7, 6, 0, 1, 4, 1, 5, 4,
                                        2, 6, 3, 3, 6, 7, 0, 4, 2, 2, 4, 6, 1, 3, 5, 3, 7, 5};
    for (const std::uint16_t k : kBox) {
      const auto vertex = static_cast<std::uint16_t>(vertices + k);
      toy::put(index_bytes, &vertex, sizeof(vertex));
    }
    vertices += 8, triangles += 12;
  }
  json skeleton = {{"asset", {{"version", "2.0"}}}, {"scene", 0}};
  nodes.push_back({{"name", "Body"}, {"mesh", 0}, {"skin", 0}});
  skeleton["scenes"] = {{{"nodes", {0, nodes.size() - 1}}}};
  skeleton["nodes"] = nodes;
  std::vector<std::uint8_t> bin;
  json views = json::array();
  for (const auto* part : {&positions, &joint_bytes, &weight_bytes, &index_bytes, &inverse}) {
    while (bin.size() % 4 != 0) bin.push_back(0);
    views.push_back({{"buffer", 0}, {"byteOffset", bin.size()}, {"byteLength", part->size()}});
    bin.insert(bin.end(), part->begin(), part->end());
  }
  skeleton["bufferViews"] = views;
  skeleton["accessors"] = {{{"bufferView", 0}, {"componentType", 5126}, {"count", vertices}, {"type", "VEC3"}},
                           {{"bufferView", 1}, {"componentType", 5121}, {"count", vertices}, {"type", "VEC4"}},
                           {{"bufferView", 2},
                            {"componentType", figure.weights},
                            {"count", vertices},
                            {"type", "VEC4"},
                            {"normalized", figure.weights != 5126}},
                           {{"bufferView", 3}, {"componentType", 5123}, {"count", 3 * triangles}, {"type", "SCALAR"}},
                           {{"bufferView", 4}, {"componentType", 5126}, {"count", bones.size()}, {"type", "MAT4"}}};
  skeleton["meshes"] = {
      {{"primitives",
        {{{"attributes", {{"POSITION", 0}, {"JOINTS_0", 1}, {"WEIGHTS_0", 2}}}, {"indices", 3}, {"mode", 4}}}}}};
  skeleton["skins"] = {{{"joints", joints}, {"inverseBindMatrices", 4}}};
  if (figure.spoil) figure.spoil(skeleton, bin);
  skeleton["buffers"] = {{{"byteLength", bin.size()}}};
  toy::write_glb(path, skeleton, bin);
}

}  // namespace ombra::test
