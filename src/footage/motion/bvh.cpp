#include "footage/motion/bvh.hpp"

#include "core/error.hpp"
#include "core/text.hpp"
#include "footage/motion/joint_names.hpp"
#include "footage/motion/text.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <numbers>
#include <optional>
#include <vector>

namespace ombra::train {
namespace {

constexpr std::size_t kMaxNodes = 5000, kMaxChannels = 9;

enum class Channel { kXp, kYp, kZp, kXr, kYr, kZr, kScale };

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
  Reader(std::string_view text, const std::string& origin) : words_(plain_text(text, origin)), origin_(origin) {}

  MotionClip read() {
    read_hierarchy();
    return read_motion_part();
  }

 private:
  template <typename... Args>
  [[nodiscard]] Error fail(fmt::format_string<Args...> text, Args&&... args) {
    return error("{}:{}: {}", origin_, words_.line(), fmt::format(text, std::forward<Args>(args)...));
  }

  // Programs differ in capitals: "ROOT", "Root". name: in small letters, shown: as most programs write it.
  void expect(std::string_view name, std::string_view shown) {
    const std::string_view word = words_.next();
    if (!same_word(word, name))
      throw fail("expected '{}', found '{}'\nhint: is it a BVH file?", shown, word.substr(0, 40));
  }

  double number() {
    const std::string_view word = words_.next();
    double value = 0.0;
    if (!parse_number(word, value) || !std::isfinite(value) || std::abs(value) > 1e9) {
      throw fail("expected a number, found '{}'\nhint: {}", word.empty() ? "its end" : word.substr(0, 40),
                 number_hint(word));
    }
    if (first_line_ == 0) first_line_ = words_.line();
    return value;
  }

  Channel channel(std::string_view word) {
    constexpr std::string_view kWords[] = {"xposition", "yposition", "zposition", "xrotation", "yrotation",
                                           "zrotation", "xscale",    "yscale",    "zscale"};
    for (int i = 0; i < 9; ++i) {
      if (same_word(word, kWords[i])) return static_cast<Channel>(std::min(i, static_cast<int>(Channel::kScale)));
    }
    throw fail("channel '{}' is unknown\nhint: X, Y or Zposition and X, Y or Zrotation are known", word.substr(0, 40));
  }

  int add_node(std::string name, int parent) {
    if (nodes_.size() == kMaxNodes) throw fail("more than {} joints\nhint: is the file damaged?", kMaxNodes);
    nodes_.push_back({std::move(name), parent, {}, {}});
    return static_cast<int>(nodes_.size()) - 1;
  }

  void read_hierarchy() {
    expect("hierarchy", "HIERARCHY");
    std::vector<int> open;  // joints whose brace is open
    for (std::string_view word = words_.next();; word = words_.next()) {
      if (same_word(word, "motion") && open.empty() && !nodes_.empty()) return;
      if (word == "}" && !open.empty()) {
        open.pop_back();
      } else if (same_word(word, "offset") && !open.empty()) {
        Vec& offset = nodes_[static_cast<std::size_t>(open.back())].offset;
        offset.x = number();
        offset.y = number();
        offset.z = number();
      } else if (same_word(word, "channels") && !open.empty()) {
        read_channels(nodes_[static_cast<std::size_t>(open.back())]);
      } else if ((same_word(word, "root") && open.empty()) || (same_word(word, "joint") && !open.empty())) {
        const std::string name(words_.rest_of_line());
        open.push_back(add_node(name, open.empty() ? -1 : open.back()));
        expect("{", "{");
      } else if ((same_word(word, "end") || same_word(word, "endsite")) && !open.empty()) {
        words_.rest_of_line();  // "Site", in any capitals, with or without a name behind it
        const std::string parent = nodes_[static_cast<std::size_t>(open.back())].name;
        open.push_back(add_node(parent + "End", open.back()));
        expect("{", "{");
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
    expect("frames", "Frames:");
    words_.pass(':');
    const double frames = number();
    if (frames < 1.0 || frames > static_cast<double>(kMaxMotionFrames) || frames != std::floor(frames)) {
      throw fail("{} frames, expected 1 to {}\nhint: cut the file into pieces", frames, kMaxMotionFrames);
    }
    const std::string_view time = words_.next();
    if (!same_word(time, "frametime")) {
      if (!same_word(time, "frame"))
        throw fail("expected 'Frame Time:', found '{}'\nhint: is the file whole?", time.substr(0, 40));
      expect("time", "Frame Time:");
    }
    words_.pass(':');
    const double seconds = number();
    if (numbers_a_row() == 0) throw fail("no joint has channels\nhint: is there motion in the file?");
    if (seconds < 0.001 || seconds > 1.0) throw fail("a frame of {} s\nhint: 0.001 to 1 s are expected", seconds);
    std::vector<std::string> names;
    std::vector<int> parents;
    for (const Node& node : nodes_) {
      names.push_back(node.name);
      parents.push_back(node.parent);
    }
    const std::array<int, kJoints> match = match_joints(names, parents);
    MotionClip clip;
    clip.unused_names = unused_names(names, match);
    clip.fps = 1.0 / seconds;
    std::vector<Frame> world(nodes_.size());
    for (int f = 0; f < static_cast<int>(frames); ++f) {
      read_row(world);
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

  // One frame. Where the first has a line of its own, each must have: else a number that is missing in one line and too
  // many in the next would turn other joints than it is meant for.
  void read_row(std::vector<Frame>& world) {
    const std::size_t before = words_.line();
    first_line_ = 0;
    for (std::size_t n = 0; n < nodes_.size(); ++n) read_node(n, world);
    const bool own_line = first_line_ > before && words_.line() == first_line_ && words_.at_line_end();
    if (!rows_are_lines_) rows_are_lines_ = own_line;
    if (*rows_are_lines_ && !own_line && first_line_ != 0) {
      throw fail("a line with other than {} numbers\nhint: do the channels fit the motion?", numbers_a_row());
    }
  }

  std::size_t numbers_a_row() const {
    std::size_t count = 0;
    for (const Node& node : nodes_) count += node.channels.size();
    return count;
  }

  void read_node(std::size_t index, std::vector<Frame>& world) {
    const Node& node = nodes_[index];
    Frame local;
    local.t = node.offset;
    double* const place[3] = {&local.t.x, &local.t.y, &local.t.z};
    for (const Channel c : node.channels) {
      const double value = number();
      const int axis = static_cast<int>(c) % 3;
      if (c == Channel::kScale) {
        if (std::abs(value - 1.0) > 0.01) {
          throw fail("a joint is scaled by {}\nhint: export the skeleton without scale", value);
        }
      } else if (c >= Channel::kXr) {
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
  std::size_t first_line_ = 0;          // of the first number of this frame; 0: none so far
  std::optional<bool> rows_are_lines_;  // as the first frame is written
};

}  // namespace

MotionClip parse_bvh(std::string_view text, const std::string& origin) { return Reader(text, origin).read(); }

}  // namespace ombra::train
