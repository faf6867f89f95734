#include "footage/people/person.hpp"

#include "core/apart/apart.hpp"
#include "core/error.hpp"
#include "core/text.hpp"
#include "footage/people/gltf_file.hpp"
#include "footage/people/rig.hpp"

#include <algorithm>
#include <cstring>
#include <type_traits>

namespace ombra::train {
namespace {

namespace fs = std::filesystem;

// From the process that reads to the one that asked, both the same program: plain memory, each list after its length.
class Sender {
 public:
  explicit Sender(const Send& send) : send_(send) {}
  template <typename T>
  void list(const std::vector<T>& values) {
    static_assert(std::is_trivially_copyable_v<T>);
    const std::uint64_t count = values.size();
    send_(&count, sizeof(count));
    send_(values.data(), count * sizeof(T));
  }

 private:
  const Send& send_;
};

class Receiver {
 public:
  Receiver(const std::string& bytes, const std::string& origin) : bytes_(bytes), origin_(origin) {}
  template <typename T>
  std::vector<T> list(std::size_t most) {
    std::uint64_t count = 0;
    take(&count, sizeof(count));
    if (count > most) throw error("{}: reading it went wrong", origin_);
    std::vector<T> values(count);
    take(values.data(), count * sizeof(T));
    return values;
  }

 private:
  void take(void* into, std::size_t size) {
    if (size > bytes_.size() - at_) throw error("{}: reading it went wrong", origin_);
    if (size > 0) std::memcpy(into, bytes_.data() + at_, size);
    at_ += size;
  }

  const std::string& bytes_;
  const std::string& origin_;
  std::size_t at_ = 0;
};

// What of a bone can be sent as it lies in memory; the names follow, each ended by a zero.
struct PlainBone {
  int parent;
  glm::vec3 rest, aim, hinge;
  float length;
};

void send_person(const Person& person, const Send& send) {
  Sender out(send);
  std::vector<PlainBone> bones;
  std::vector<char> names;
  for (const Bone& bone : person.bones) {
    bones.push_back({bone.parent, bone.rest, bone.aim, bone.hinge, bone.length});
    names.insert(names.end(), bone.name.begin(), bone.name.end());
    names.push_back('\0');
  }
  out.list(bones);
  out.list(names);
  out.list(person.vertices);
  out.list(person.skin);
  out.list(person.triangles);
}

Person receive_person(const std::string& bytes, const std::string& origin) {
  Receiver in(bytes, origin);
  Person person;
  const auto bones = in.list<PlainBone>(kMaxBones);
  const auto names = in.list<char>(std::size_t{1} << 20);
  auto name = names.begin();
  for (const PlainBone& each : bones) {
    const auto end = std::find(name, names.end(), '\0');
    if (end == names.end()) throw error("{}: reading it went wrong", origin);
    Bone bone;
    bone.name.assign(name, end);
    bone.parent = each.parent;
    bone.rest = each.rest, bone.aim = each.aim, bone.hinge = each.hinge, bone.length = each.length;
    person.bones.push_back(std::move(bone));
    name = end + 1;
  }
  person.vertices = in.list<glm::vec3>(kMaxVertices);
  person.skin = in.list<SkinWeights>(kMaxVertices);
  person.triangles = in.list<Triangle>(kMaxTriangles);
  return person;
}

}  // namespace

Person read_person(const fs::path& path) {
  const std::string origin = path.string();
  std::error_code code;
  const std::uintmax_t size = fs::file_size(path, code);
  if (code) throw error("{}: {}", origin, code.message());
  if (size > kMaxPersonBytes)
    throw error("{}: it is larger than {} MB\nhint: export the figure without its textures", origin,
                kMaxPersonBytes >> 20);
  // Assimp trusts what a file says of itself
  const std::string bytes = run_apart(origin, "the file is damaged, or no glTF 2.0: export the figure again",
                                      [&](const Send& send) { send_person(read_gltf(path), send); });
  Person person = receive_person(bytes, origin);
  person.name = path.stem().string();
  fit_rig(person, origin);
  return person;
}

std::vector<fs::path> people_of(const fs::path& folder) {
  std::vector<fs::path> found;
  std::error_code code;
  for (fs::directory_iterator at(folder, code), end; !code && at != end; at.increment(code)) {
    const std::string kind = lower(at->path().extension().string());
    std::error_code ignored;
    if (at->path().filename().string().starts_with('.') || !at->is_regular_file(ignored)) continue;  // of desktops
    if (kind == ".glb" || kind == ".gltf" || kind == ".vrm") found.push_back(at->path());
  }
  if (code) throw error("{}: {}\nhint: give the folder of the figures", folder.string(), code.message());
  if (found.empty())
    throw error("{}: no figure is there\nhint: skinned glTF 2.0 figures are needed (.glb, .gltf, .vrm)",
                folder.string());
  std::ranges::sort(found);
  return found;
}

}  // namespace ombra::train
