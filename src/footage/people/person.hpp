#pragma once
// A skinned figure as it stands at rest: an outline to be driven by a dance. Thread: any (values).

#include "model/body/bone_tree.hpp"

#include <glm/glm.hpp>

#include <array>
#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

namespace ombra::train {

using model::BodyBone;
using model::BodySide;
using model::Bone;
using model::BoneRole;

struct SkinWeights {
  std::array<std::uint16_t, 4> bone{};
  std::array<float, 4> weight{};  // sum 1
};

using Triangle = std::array<std::uint32_t, 3>;

struct Person : model::BoneTree {
  std::string name;  // of the file, without folder and extension
  std::vector<glm::vec3> vertices;
  std::vector<SkinWeights> skin;  // a vertex each
  std::vector<Triangle> triangles;
};

// Limits that keep a broken or hostile file from filling the memory.
inline constexpr std::uintmax_t kMaxPersonBytes = 256u << 20;
inline constexpr std::size_t kMaxBones = 512, kMaxVertices = 500'000, kMaxTriangles = 1'000'000;

// Reads a skinned glTF 2.0 figure (.glb, .gltf, .vrm) of any of the rigs of body_bones.hpp, turned to face +z, and of
// human size where its own is none. Node extras "aim", "hinge" and "length" win over what the rest pose says.
// The file is read in a process of its own. Throws Error with the file and a hint, or what bones are missing.
Person read_person(const std::filesystem::path& path);

// -> the figures of a folder, in the order of their names. Throws Error where there are none.
std::vector<std::filesystem::path> people_of(const std::filesystem::path& folder);

}  // namespace ombra::train
