#pragma once
// A skinned figure as it stands at rest: an outline to be driven by a dance. Metres, y up; it faces +z, its left hand
// is at +x. Rest rotations are identity: a bone's place at rest is all that is kept of it. Thread: any (values).

#include "footage/people/body_bones.hpp"

#include <glm/glm.hpp>

#include <array>
#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

namespace ombra::train {

struct Bone {
  std::string name;
  int parent = -1;               // comes before it
  glm::vec3 rest{0.0f};          // where it begins
  glm::vec3 aim{0.0f, 1.0f, 0};  // unit; where it points at rest; of a foot where it points when it stands flat
  glm::vec3 hinge{0.0f};         // unit; turning about it flexes the joint; 0: it has none
  float length = 0.0f;           // to the next bone or to the tip
  std::optional<BoneRole> role;  // nothing: hair, clothes, helpers
};

struct SkinWeights {
  std::array<std::uint16_t, 4> bone{};
  std::array<float, 4> weight{};  // sum 1
};

using Triangle = std::array<std::uint32_t, 3>;

struct Person {
  std::string name;  // of the file, without folder and extension
  std::vector<Bone> bones;
  std::vector<glm::vec3> vertices;
  std::vector<SkinWeights> skin;  // a vertex each
  std::vector<Triangle> triangles;

  // -> index of the bone, -1: it has none
  int find(BodyBone bone, BodySide side = BodySide::kMiddle, int number = 0) const;
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
