#pragma once
// Motion danced by people: which figure dances which clip of a data set, and the pictures of it. Figures are dealt out
// to the takes in turn. Thread: one owner; draw: any, once the dances are ready.

#include "footage/data/data_set.hpp"
#include "footage/people/person_dance.hpp"

#include <cstdint>
#include <filesystem>
#include <map>
#include <memory>
#include <span>
#include <string>
#include <utility>
#include <vector>

namespace ombra::train {

class PeoplePictures {
 public:
  PeoplePictures() = default;  // nobody
  // Everybody of a folder. Throws Error.
  explicit PeoplePictures(const std::filesystem::path& folder);

  std::size_t size() const { return cast_.size(); }
  const std::string& name(int person) const { return cast_[static_cast<std::size_t>(person)]->name; }
  // -> the figures whose turn it is, as many as there are where count is 0 or more than that
  std::vector<int> next(int count);

  // A take, as to_space() gives it, and then the clips of it (a figure, a side, a mirror each), in the order of the
  // table, of which they are the first.
  void add_take(std::vector<Pose3> space) { takes_.push_back(std::move(space)); }
  void add_clip(int person, const DataClip& clip);

  // Dances of these clips are made, others forgotten.
  void make_ready(std::size_t first_clip, std::size_t last_clip);
  // One frame of a clip that is ready; pose: of the table, the figure stands where its hip is.
  void draw(std::size_t clip, std::int64_t frame, const Pose2& pose, const DataTable& format,
            std::span<std::uint8_t> picture) const;

 private:
  struct Clip {
    std::pair<std::size_t, int> dance;  // take, figure
    float yaw;                          // radians
    bool mirrored;
    double fps;
  };
  std::vector<std::shared_ptr<const Person>> cast_;
  std::size_t turn_ = 0;
  std::vector<std::vector<Pose3>> takes_;
  std::vector<Clip> clips_;
  std::map<std::pair<std::size_t, int>, PersonDance> ready_;
};

}  // namespace ombra::train
