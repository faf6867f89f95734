#include "train/bvh.hpp"

#include "core/error.hpp"
#include "train/joint_names.hpp"
#include "train/text.hpp"

#include <cmath>
#include <limits>
#include <numbers>
#include <vector>

namespace ombra::train {
namespace {

constexpr std::size_t kMaxNodes = 5000, kMaxChannels = 9;

enum class Channel { Xp, Yp, Zp, Xr, Yr, Zr };

struct Vec {
  double x = 0, y = 0, z = 0;
};

// A rotation and a shift: p -> r p + t
struct Frame {
  double r[9] = {1, 0, 0, 0, 1, 0, 0, 0, 1};
  Vec t;
};

Vec rotate(const double (&r)[9], Vec v) {
  return {r[0] * v.x + r[1] * v.y + r[2] * v.z, r[3] * v.x + r[4] * v.y + r[5] * v.z,
          r[6] * v.x + r[7] * v.y + r[8] * v.z};
}

// r <- r * (turn by degrees around axis 0, 1 or 2)
void turn(double (&r)[9], int axis, double degrees) {
  const double a = degrees * std::numbers::pi / 180.0, c = std::cos(a), s = std::sin(a);
  const int u = (axis + 1) % 3, v = (axis + 2) % 3;
  for (int row = 0; row < 3; ++row) {
    const double ru = r[3 * row + u], rv = r[3 * row + v];
    r[3 * row + u] = ru * c + rv * s;
    r[3 * row + v] = rv * c - ru * s;
  }
}

struct Node {
  std::string name;
  int parent = -1;
  Vec offset;
  std::vector<Channel> channels;
};

class Reader {
 public:
  Reader(std::string_view text, const std::string& origin) : words_(text), origin_(origin) {}

  MotionClip read() {
    read_hierarchy();
    return read_motion_part();
  }

 private:
  template <typename... Args>
  [[nodiscard]] Error fail(fmt::format_string<Args...> text, Args&&... args) {
    return error("{}:{}: {}", origin_, words_.line(), fmt::format(text, std::forward<Args>(args)...));
  }

  void expect(std::string_view want) {
    const std::string_view word = words_.next();
    if (word != want) throw fail("expected '{}', found '{}'\nhint: is it a BVH file?", want, word.substr(0, 40));
  }

  double number() {
    const std::string_view word = words_.next();
    double value = 0.0;
    if (!parse_number(word, value) || !std::isfinite(value) || std::abs(value) > 1e9) {
      throw fail("expected a number, found '{}'\nhint: is the file whole?",
                 word.empty() ? "its end" : word.substr(0, 40));
    }
    return value;
  }

  Channel channel(std::string_view word) {
    constexpr std::string_view kWords[] = {"Xposition", "Yposition", "Zposition",
                                           "Xrotation", "Yrotation", "Zrotation"};
    for (int i = 0; i < 6; ++i) {
      if (word == kWords[i]) return static_cast<Channel>(i);
    }
    throw fail("channel '{}' is unknown\nhint: X, Y or Zposition and X, Y or Zrotation are known", word.substr(0, 40));
  }

  int add_node(std::string name, int parent) {
    if (nodes_.size() == kMaxNodes) throw fail("more than {} joints\nhint: is the file damaged?", kMaxNodes);
    nodes_.push_back({std::move(name), parent, {}, {}});
    return static_cast<int>(nodes_.size()) - 1;
  }

  void read_hierarchy() {
    expect("HIERARCHY");
    std::vector<int> open;  // joints whose brace is open
    for (std::string_view word = words_.next();; word = words_.next()) {
      if (word == "MOTION" && open.empty() && !nodes_.empty()) return;
      if (word == "}" && !open.empty()) {
        open.pop_back();
      } else if (word == "OFFSET" && !open.empty()) {
        Vec& offset = nodes_[static_cast<std::size_t>(open.back())].offset;
        offset.x = number();
        offset.y = number();
        offset.z = number();
      } else if (word == "CHANNELS" && !open.empty()) {
        read_channels(nodes_[static_cast<std::size_t>(open.back())]);
      } else if ((word == "ROOT" && open.empty()) || (word == "JOINT" && !open.empty())) {
        const std::string name(words_.rest_of_line());
        open.push_back(add_node(name, open.empty() ? -1 : open.back()));
        expect("{");
      } else if (word == "End" && !open.empty()) {
        expect("Site");
        const std::string parent = nodes_[static_cast<std::size_t>(open.back())].name;
        open.push_back(add_node(parent + "End", open.back()));
        expect("{");
      } else {
        throw fail("'{}' is out of place in the hierarchy\nhint: is the file whole?",
                   word.empty() ? "the file's end" : word.substr(0, 40));
      }
    }
  }

  void read_channels(Node& node) {
    const double count = number();
    if (count < 0.0 || count > static_cast<double>(kMaxChannels) || count != std::floor(count)) {
      throw fail("{} channels\nhint: at most {} are expected", count, kMaxChannels);
    }
    node.channels.clear();
    for (int i = 0; i < static_cast<int>(count); ++i) node.channels.push_back(channel(words_.next()));
  }

  MotionClip read_motion_part() {
    expect("Frames:");
    const double frames = number();
    if (frames < 1.0 || frames > static_cast<double>(kMaxMotionFrames) || frames != std::floor(frames)) {
      throw fail("{} frames, expected 1 to {}\nhint: cut the file into pieces", frames, kMaxMotionFrames);
    }
    expect("Frame");
    expect("Time:");
    const double seconds = number();
    if (seconds < 0.001 || seconds > 1.0) throw fail("a frame of {} s\nhint: 0.001 to 1 s are expected", seconds);
    std::vector<std::string> names;
    for (const Node& node : nodes_) names.push_back(node.name);
    const std::array<int, kJoints> match = match_joints(names);
    MotionClip clip;
    clip.fps = 1.0 / seconds;
    std::vector<Frame> world(nodes_.size());
    for (int f = 0; f < static_cast<int>(frames); ++f) {
      for (std::size_t n = 0; n < nodes_.size(); ++n) read_node(n, world);
      Pose3& pose = clip.frames.emplace_back();
      constexpr float kMissing = std::numeric_limits<float>::quiet_NaN();
      for (std::size_t j = 0; j < kJoints; ++j) {
        if (match[j] < 0) {
          pose[j] = {kMissing, kMissing, kMissing};
          continue;
        }
        const Vec& t = world[static_cast<std::size_t>(match[j])].t;
        pose[j] = {static_cast<float>(t.x), static_cast<float>(t.y), static_cast<float>(t.z)};
      }
    }
    if (!words_.next().empty()) {
      throw fail("more numbers than {} frames need\nhint: do the channels fit the motion?", clip.frames.size());
    }
    return clip;
  }

  void read_node(std::size_t index, std::vector<Frame>& world) {
    const Node& node = nodes_[index];
    Frame local;
    local.t = node.offset;
    double* const place[3] = {&local.t.x, &local.t.y, &local.t.z};
    for (const Channel c : node.channels) {
      const double value = number();
      const int axis = static_cast<int>(c) % 3;
      if (c >= Channel::Xr) {
        turn(local.r, axis, value);
      } else if (node.parent < 0) {
        *place[axis] += value;
      } else {
        *place[axis] = value;
      }
    }
    if (node.parent < 0) {
      world[index] = local;
      return;
    }
    const Frame& parent = world[static_cast<std::size_t>(node.parent)];
    Frame& out = world[index];
    const Vec moved = rotate(parent.r, local.t);
    out.t = {parent.t.x + moved.x, parent.t.y + moved.y, parent.t.z + moved.z};
    for (int row = 0; row < 3; ++row) {
      for (int column = 0; column < 3; ++column) {
        out.r[3 * row + column] = 0.0;
        for (int k = 0; k < 3; ++k) out.r[3 * row + column] += parent.r[3 * row + k] * local.r[3 * k + column];
      }
    }
  }

  Words words_;
  const std::string& origin_;
  std::vector<Node> nodes_;
};

}  // namespace

MotionClip parse_bvh(std::string_view text, const std::string& origin) { return Reader(text, origin).read(); }

}  // namespace ombra::train
