#include "model/body/usual_body.hpp"

#include <string_view>
#include <utility>

namespace ombra::model {
namespace {

struct Row {
  std::string_view name, parent;
  glm::vec3 rest, aim, hinge;
  float length;
};
constexpr glm::vec3 kNone(0.0f);

constexpr Row kTrunk[] = {
    {"hips", "", {0, .938f, 0}, {0, .891f, -.442f}, kNone, .090f},
    {"spine", "hips", {0, 1.018f, -.039f}, {0, .989f, .095f}, kNone, .150f},
    {"chest", "spine", {0, 1.165f, -.023f}, {0, .996f, .049f}, kNone, .326f},
    {"neck", "chest", {0, 1.489f, 0}, {0, .992f, .124f}, kNone, .108f},
    {"head", "neck", {0, 1.590f, .039f}, {0, .999f, -.034f}, kNone, .157f},
    {"hair_1", "head", {0, 1.599f, -.069f}, {0, -.971f, -.231f}, kNone, .150f},
    {"hair_2", "hair_1", {0, 1.454f, -.105f}, {0, -1, .022f}, kNone, .146f},
    {"hair_3", "hair_2", {0, 1.308f, -.101f}, {0, -1, 0}, kNone, .143f},
};
// of the left side; the right one is its mirror image
constexpr Row kLeftSide[] = {
    {"shoulder", "chest", {.023f, 1.416f, .017f}, {.988f, -.146f, -.033f}, kNone, .152f},
    {"upper_arm", "shoulder", {.173f, 1.393f, .011f}, {.669f, -.743f, .018f}, {-.742f, -.668f, .047f}, .253f},
    {"lower_arm", "upper_arm", {.343f, 1.205f, .011f}, {.510f, -.517f, .686f}, {-.742f, -.668f, .047f}, .244f},
    {"hand", "lower_arm", {.467f, 1.077f, .176f}, {.427f, -.501f, .752f}, kNone, .109f},
    {"thumb_1", "hand", {.468f, 1.069f, .220f}, {-.675f, -.279f, .682f}, {.366f, .676f, .639f}, .032f},
    {"thumb_2", "thumb_1", {.447f, 1.059f, .242f}, {-.342f, -.380f, .859f}, {.366f, .676f, .639f}, .066f},
    {"index_1", "hand", {.495f, 1.034f, .271f}, {.131f, -.577f, .806f}, {.644f, -.569f, -.511f}, .026f},
    {"index_2", "index_1", {.497f, 1.018f, .292f}, {-.024f, -.701f, .712f}, {.644f, -.569f, -.511f}, .050f},
    {"middle_1", "hand", {.512f, 1.023f, .253f}, {.218f, -.761f, .610f}, {.350f, -.522f, -.777f}, .035f},
    {"middle_2", "middle_1", {.515f, .995f, .273f}, {.094f, -.775f, .624f}, {.350f, -.522f, -.777f}, .051f},
    {"ring_1", "hand", {.519f, 1.016f, .236f}, {.319f, -.817f, .479f}, {.341f, -.373f, -.862f}, .030f},
    {"ring_2", "ring_1", {.523f, .988f, .248f}, {.172f, -.841f, .512f}, {.341f, -.373f, -.862f}, .045f},
    {"pinky_1", "hand", {.521f, 1.007f, .216f}, {.282f, -.888f, .360f}, {.131f, -.334f, -.931f}, .022f},
    {"pinky_2", "pinky_1", {.522f, .987f, .223f}, {.113f, -.921f, .372f}, {.131f, -.334f, -.931f}, .029f},
    {"upper_leg", "hips", {.105f, .926f, -.008f}, {.100f, -.992f, .078f}, {1, 0, 0}, .412f},
    {"lower_leg", "upper_leg", {.146f, .517f, .024f}, {.092f, -.994f, -.049f}, {1, 0, 0}, .427f},
    {"foot", "lower_leg", {.185f, .092f, .003f}, {-.022f, -.312f, .949f}, kNone, .147f},
    {"toes", "foot", {.182f, .036f, .136f}, {.086f, -.162f, .982f}, kNone, .061f},
};
constexpr Row kSkirt[] = {
    {"skirt_front_1", "hips", {0, .919f, -.007f}, {0, -.755f, .656f}, kNone, .369f},
    {"skirt_front_2", "skirt_front_1", {0, .640f, .229f}, {0, -1, 0}, kNone, .228f},
    {"skirt_back_1", "hips", {0, .919f, -.007f}, {0, -.788f, -.615f}, kNone, .356f},
    {"skirt_back_2", "skirt_back_1", {0, .640f, -.221f}, {0, -1, 0}, kNone, .228f},
    {"skirt_left_1", "hips", {.102f, .919f, -.007f}, {.551f, -.834f, .026f}, kNone, .336f},
    {"skirt_left_2", "skirt_left_1", {.282f, .640f, 0}, {0, -1, 0}, kNone, .228f},
    {"skirt_right_1", "hips", {-.102f, .919f, -.007f}, {-.551f, -.834f, .026f}, kNone, .336f},
    {"skirt_right_2", "skirt_right_1", {-.282f, .640f, 0}, {0, -1, 0}, kNone, .228f},
};

glm::vec3 unit_or_none(const glm::vec3& v) {
  const float size = glm::length(v);
  return size > 0.0f ? v / size : v;
}

void add(const Row& row, std::string_view suffix, BoneTree& body) {
  const bool right = suffix == "_r";
  const glm::vec3 across(right ? -1.0f : 1.0f, 1.0f, 1.0f), about(1.0f, right ? -1.0f : 1.0f, right ? -1.0f : 1.0f);
  Bone bone;
  bone.name = std::string(row.name) + std::string(suffix);
  for (std::size_t i = 0; i < body.bones.size(); ++i) {
    const std::string& name = body.bones[i].name;
    if (name == row.parent || name == std::string(row.parent) + std::string(suffix)) bone.parent = static_cast<int>(i);
  }
  bone.rest = across * row.rest;
  bone.aim = unit_or_none(across * row.aim);
  bone.hinge = unit_or_none(about * row.hinge);
  bone.length = row.length;
  bone.role = bone_role(bone.name);
  body.bones.push_back(std::move(bone));
}

BoneTree made() {
  BoneTree body;
  for (const Row& row : kTrunk) add(row, "", body);
  for (const std::string_view side : {"_l", "_r"}) {
    for (const Row& row : kLeftSide) add(row, side, body);
  }
  for (const Row& row : kSkirt) add(row, "", body);
  return body;
}

}  // namespace

const BoneTree& usual_body() {
  static const BoneTree body = made();
  return body;
}

}  // namespace ombra::model
