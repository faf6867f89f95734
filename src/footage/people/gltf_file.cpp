#include "footage/people/gltf_file.hpp"

#include "core/error.hpp"
#include "core/file.hpp"
#include "footage/people/gltf_numbers.hpp"

#include <tiny_gltf.h>

#include <algorithm>
#include <cmath>

namespace ombra::train {
namespace {

using tinygltf::Value;

// The direction under a key of the extras; zero where there is none.
glm::vec3 direction(const Value& extras, const char* key) {
  if (!extras.IsObject() || !extras.Has(key)) return glm::vec3(0.0f);
  const Value& list = extras.Get(key);
  glm::vec3 v(0.0f);
  for (int k = 0; k < 3 && list.IsArray() && list.ArrayLen() == 3; ++k) {
    const Value& each = list.Get(k);
    if (each.IsNumber()) v[k] = static_cast<float>(each.GetNumberAsDouble());
  }
  const float size = glm::length(v);
  return size > 1e-3f && std::isfinite(size) ? v / size : glm::vec3(0.0f);
}

float length_in(const Value& extras) {
  if (!extras.IsObject() || !extras.Has("length") || !extras.Get("length").IsNumber()) return 0.0f;
  const auto length = static_cast<float>(extras.Get("length").GetNumberAsDouble());
  return length > 0.0f && length < 1e6f ? length : 0.0f;
}

glm::mat4 transform_of(const tinygltf::Node& node) {
  glm::mat4 m(1.0f);
  if (node.matrix.size() == 16) {
    for (int i = 0; i < 16; ++i) m[i / 4][i % 4] = static_cast<float>(node.matrix[static_cast<std::size_t>(i)]);
    return m;
  }
  const auto part = [](const std::vector<double>& values, std::size_t i, float usual) {
    return i < values.size() ? static_cast<float>(values[i]) : usual;
  };
  const auto q = [&](std::size_t i) { return part(node.rotation, i, i == 3 ? 1.0f : 0.0f); };
  const float x = q(0), y = q(1), z = q(2), w = q(3);
  m[0] = {1 - 2 * (y * y + z * z), 2 * (x * y + w * z), 2 * (x * z - w * y), 0};
  m[1] = {2 * (x * y - w * z), 1 - 2 * (x * x + z * z), 2 * (y * z + w * x), 0};
  m[2] = {2 * (x * z + w * y), 2 * (y * z - w * x), 1 - 2 * (x * x + y * y), 0};
  for (int k = 0; k < 3; ++k) m[k] *= part(node.scale, static_cast<std::size_t>(k), 1.0f);
  m[3] = {part(node.translation, 0, 0), part(node.translation, 1, 0), part(node.translation, 2, 0), 1};
  return m;
}

// Collects a file into a Person.
class Collector {
 public:
  Collector(const tinygltf::Model& model, const std::string& origin)
      : model_(model), numbers_(model, origin), origin_(origin) {
    bone_of_.assign(model.nodes.size(), -1);
    std::vector<bool> hangs(model.nodes.size(), false);  // under another node
    for (const tinygltf::Node& node : model.nodes) {
      for (const int child : node.children) {
        if (child >= 0 && static_cast<std::size_t>(child) < hangs.size()) hangs[static_cast<std::size_t>(child)] = true;
      }
    }
    for (std::size_t i = 0; i < hangs.size(); ++i) {
      if (!hangs[i]) add_node(static_cast<int>(i), glm::mat4(1.0f), -1);
    }
    name_by_vrm();
    for (std::size_t i = 0; i < model.nodes.size(); ++i) {
      if (model.nodes[i].mesh >= 0 && bone_of_[i] >= 0) add_meshes(static_cast<int>(i));
    }
    if (person_.triangles.empty()) throw error("{}: it shows nothing\nhint: a skinned figure is needed", origin);
  }
  Person take() { return std::move(person_); }

 private:
  // Every node is a bone: weights name nodes, and a hat may hang on any of them.
  void add_node(int index, const glm::mat4& above, int parent) {
    if (index < 0 || static_cast<std::size_t>(index) >= model_.nodes.size())
      throw error("{}: a node is not there", origin_);
    if (bone_of_[static_cast<std::size_t>(index)] >= 0) throw error("{}: a node hangs on two others", origin_);
    if (person_.bones.size() >= kMaxBones)
      throw error("{}: more than {} nodes\nhint: export the figure alone", origin_, kMaxBones);
    const tinygltf::Node& node = model_.nodes[static_cast<std::size_t>(index)];
    const int bone = static_cast<int>(person_.bones.size());
    bone_of_[static_cast<std::size_t>(index)] = bone;
    place_.push_back(above * transform_of(node));
    person_.bones.push_back({node.name.substr(0, 200),
                             parent,
                             glm::vec3(place_.back()[3]),
                             direction(node.extras, "aim"),
                             direction(node.extras, "hinge"),
                             length_in(node.extras),
                             {}});
    for (const int child : node.children) add_node(child, glm::mat4(place_[static_cast<std::size_t>(bone)]), bone);
  }

  void name_bone(const std::string& name, const Value& node) {
    if (!node.IsInt()) return;
    const int index = node.GetNumberAsInt();
    if (index < 0 || static_cast<std::size_t>(index) >= bone_of_.size() ||
        bone_of_[static_cast<std::size_t>(index)] < 0)
      return;
    person_.bones[static_cast<std::size_t>(bone_of_[static_cast<std::size_t>(index)])].name = name.substr(0, 200);
  }

  // VRM says which node is which part of a human: 0.x in a list of {bone, node}, 1.0 in an object of {node} by name.
  void name_by_vrm() {
    for (const char* extension : {"VRM", "VRMC_vrm"}) {
      const auto found = model_.extensions.find(extension);
      if (found == model_.extensions.end() || !found->second.IsObject()) continue;
      const Value& bones = found->second.Get("humanoid").Get("humanBones");
      for (std::size_t i = 0; bones.IsArray() && i < bones.ArrayLen(); ++i) {
        const Value& each = bones.Get(static_cast<int>(i));
        if (each.IsObject() && each.Get("bone").IsString())
          name_bone(each.Get("bone").Get<std::string>(), each.Get("node"));
      }
      if (!bones.IsObject()) continue;
      for (const std::string& name : bones.Keys()) name_bone(name, bones.Get(name).Get("node"));
    }
  }

  void add_meshes(int index) {
    const tinygltf::Node& node = model_.nodes[static_cast<std::size_t>(index)];
    if (static_cast<std::size_t>(node.mesh) >= model_.meshes.size()) throw error("{}: a mesh is not there", origin_);
    for (const tinygltf::Primitive& primitive : model_.meshes[static_cast<std::size_t>(node.mesh)].primitives) {
      if (primitive.mode != TINYGLTF_MODE_TRIANGLES && primitive.mode != -1) continue;  // points and lines: no shadow
      add_primitive(primitive, bone_of_[static_cast<std::size_t>(index)], node.skin);
    }
  }

  // Joints of a skin as bones, and what takes a vertex to the rest pose with each.
  void use_skin(int index) {
    joints_.clear(), moves_.clear();
    if (index < 0) return;
    if (static_cast<std::size_t>(index) >= model_.skins.size()) throw error("{}: a skin is not there", origin_);
    const tinygltf::Skin& skin = model_.skins[static_cast<std::size_t>(index)];
    std::vector<float> inverse;
    if (skin.inverseBindMatrices >= 0) inverse = numbers_.floats(skin.inverseBindMatrices, 16);
    for (std::size_t k = 0; k < skin.joints.size(); ++k) {
      const int node = skin.joints[k];
      const bool known = node >= 0 && static_cast<std::size_t>(node) < bone_of_.size();
      const int bone = known ? bone_of_[static_cast<std::size_t>(node)] : -1;
      if (bone < 0) throw error("{}: a joint of the skin is no node", origin_);
      glm::mat4 bind(1.0f);
      for (std::size_t i = 0; i < 16 && 16 * k + 16 <= inverse.size(); ++i)
        bind[static_cast<int>(i / 4)][static_cast<int>(i % 4)] = inverse[16 * k + i];
      joints_.push_back(bone);
      moves_.push_back(place_[static_cast<std::size_t>(bone)] * bind);
    }
  }

  void add_primitive(const tinygltf::Primitive& primitive, int node, int skin) {
    const auto attribute = [&](const char* name) {
      const auto found = primitive.attributes.find(name);
      return found == primitive.attributes.end() ? -1 : found->second;
    };
    const int where = attribute("POSITION");
    if (where < 0) return;
    const std::vector<float> at = numbers_.floats(where, 3);
    const std::size_t first = person_.vertices.size(), count = at.size() / 3;
    if (first + count > kMaxVertices) {
      throw error("{}: more than {} vertices\nhint: reduce the figure, its outline needs no more than 20000", origin_,
                  kMaxVertices);
    }
    use_skin(skin);
    std::vector<float> joints, weights;  // of several sets, one after the other: [sets][count][4]
    for (const auto& [joint, weight] : {std::pair("JOINTS_0", "WEIGHTS_0"), {"JOINTS_1", "WEIGHTS_1"}}) {
      if (joints_.empty() || attribute(joint) < 0 || attribute(weight) < 0) continue;
      const std::vector<float> j = numbers_.floats(attribute(joint), 4), w = numbers_.floats(attribute(weight), 4);
      if (j.size() != 4 * count || w.size() != 4 * count) throw error("{}: weights are missing", origin_);
      joints.insert(joints.end(), j.begin(), j.end());
      weights.insert(weights.end(), w.begin(), w.end());
    }
    for (std::size_t i = 0; i < count; ++i)
      add_vertex({at[3 * i], at[3 * i + 1], at[3 * i + 2]}, node, i, count, joints, weights);
    add_triangles(primitive, first, count);
  }

  // The four heaviest bones of a vertex, and where they put it at rest.
  void add_vertex(const glm::vec3& at, int node, std::size_t i, std::size_t count, const std::vector<float>& joints,
                  const std::vector<float>& weights) {
    SkinWeights skin;
    glm::vec4 placed(0.0f);
    float sum = 0.0f;
    std::array<std::size_t, 4> joint{};
    for (std::size_t k = 0; k < weights.size() / (4 * std::max<std::size_t>(count, 1)) * 4; ++k) {
      const std::size_t from = (k / 4 * count + i) * 4 + k % 4;
      const auto least = static_cast<std::size_t>(std::ranges::min_element(skin.weight) - skin.weight.begin());
      if (!(weights[from] > skin.weight[least])) continue;
      if (!(joints[from] >= 0.0f && joints[from] < static_cast<float>(joints_.size())))
        throw error("{}: a weight names a joint that is not there", origin_);
      skin.weight[least] = std::min(weights[from], 1e6f);
      joint[least] = static_cast<std::size_t>(joints[from]);
    }
    for (std::size_t k = 0; k < 4; ++k) sum += skin.weight[k];
    if (sum > 1e-4f) {
      for (std::size_t k = 0; k < 4; ++k) {
        skin.weight[k] /= sum;
        if (skin.weight[k] <= 0.0f) continue;
        skin.bone[k] = static_cast<std::uint16_t>(joints_[joint[k]]);
        placed += skin.weight[k] * (moves_[joint[k]] * glm::vec4(at, 1.0f));
      }
    } else {  // moves with the node that it hangs on
      skin = {{static_cast<std::uint16_t>(node)}, {1.0f}};
      placed = place_[static_cast<std::size_t>(node)] * glm::vec4(at, 1.0f);
    }
    if (!std::isfinite(placed.x + placed.y + placed.z)) throw error("{}: a vertex is nowhere (not a number)", origin_);
    person_.vertices.emplace_back(placed);
    person_.skin.push_back(skin);
  }

  void add_triangles(const tinygltf::Primitive& primitive, std::size_t first, std::size_t count) {
    std::vector<std::uint32_t> indices;
    if (primitive.indices >= 0) {
      indices = numbers_.indices(primitive.indices);
    } else {
      for (std::size_t i = 0; i < count; ++i) indices.push_back(static_cast<std::uint32_t>(i));
    }
    if (person_.triangles.size() + indices.size() / 3 > kMaxTriangles)
      throw error("{}: more than {} triangles\nhint: reduce the figure", origin_, kMaxTriangles);
    for (std::size_t i = 0; i + 2 < indices.size(); i += 3) {
      Triangle triangle;
      for (std::size_t k = 0; k < 3; ++k) {
        if (indices[i + k] >= count) throw error("{}: a triangle names a vertex that is not there", origin_);
        triangle[k] = static_cast<std::uint32_t>(first) + indices[i + k];
      }
      person_.triangles.push_back(triangle);
    }
  }

  const tinygltf::Model& model_;
  const GltfNumbers numbers_;
  const std::string& origin_;
  Person person_;
  std::vector<int> bone_of_;      // of each node
  std::vector<glm::mat4> place_;  // of each bone, from its own to the world
  // of the skin in use
  std::vector<int> joints_;
  std::vector<glm::mat4> moves_;
};

// Textures say nothing of an outline.
bool no_picture(tinygltf::Image*, int, std::string*, std::string*, int, int, const unsigned char*, int, void*) {
  return true;
}

}  // namespace

Person read_gltf(const std::filesystem::path& path) {
  const std::string origin = path.string(), bytes = read_text(path, kMaxPersonBytes);
  tinygltf::TinyGLTF loader;
  loader.SetImageLoader(no_picture, nullptr);
  tinygltf::Model model;
  std::string fault, warning;
  const auto size = static_cast<unsigned>(bytes.size());
  const std::string folder = path.parent_path().string();
  const bool read =
      bytes.starts_with("glTF")
          ? loader.LoadBinaryFromMemory(&model, &fault, &warning, reinterpret_cast<const unsigned char*>(bytes.data()),
                                        size, folder)
          : loader.LoadASCIIFromString(&model, &fault, &warning, bytes.data(), size, folder);
  if (!read) {
    const std::string why = fault.substr(0, fault.find('\n'));
    throw error("{}: {}\nhint: a glTF 2.0 figure is needed (.glb, .gltf, .vrm)", origin,
                why.empty() ? "it is no glTF 2.0" : why);
  }
  return Collector(model, origin).take();
}

}  // namespace ombra::train
