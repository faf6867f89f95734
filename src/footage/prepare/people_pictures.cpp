#include "footage/prepare/people_pictures.hpp"

#include "core/progress.hpp"
#include "footage/prepare/prepare_motion.hpp"
#include "model/figure/distance.hpp"

#include <algorithm>
#include <numbers>

namespace ombra::train {

PeoplePictures::PeoplePictures(const std::filesystem::path& folder) {
  const std::vector<std::filesystem::path> files = people_of(folder);
  Progress progress("figures", static_cast<std::int64_t>(files.size()));
  for (const std::filesystem::path& file : files) {
    cast_.push_back(std::make_shared<const Person>(read_person(file)));
    progress.add();
  }
}

std::vector<int> PeoplePictures::next(int count) {
  const std::size_t most = count == 0 ? size() : std::min(size(), static_cast<std::size_t>(count));
  std::vector<int> who;
  for (std::size_t k = 0; k < most; ++k) who.push_back(static_cast<int>(turn_++ % size()));
  return who;
}

void PeoplePictures::add_clip(int person, const DataClip& clip) {
  const auto yaw = static_cast<float>(clip.yaw * std::numbers::pi / 180.0);
  clips_.push_back({{takes_.size() - 1, person}, yaw, clip.mirrored, clip.fps});
}

void PeoplePictures::make_ready(std::size_t first_clip, std::size_t last_clip) {
  const auto first = clips_.begin() + static_cast<std::ptrdiff_t>(std::min(first_clip, clips_.size()));
  const auto last = clips_.begin() + static_cast<std::ptrdiff_t>(std::min(last_clip + 1, clips_.size()));
  const auto wanted = [&](const auto& made) {
    return std::any_of(first, last, [&](const Clip& clip) { return clip.dance == made.first; });
  };
  std::erase_if(ready_, [&](const auto& made) { return !wanted(made); });
  for (auto clip = first; clip < last; ++clip) {
    const auto& [take, person] = clip->dance;
    ready_.try_emplace(clip->dance, cast_[static_cast<std::size_t>(person)], takes_[take], clip->fps,
                       std::uint64_t{1000} * take + static_cast<std::uint64_t>(person) + 1);
  }
}

void PeoplePictures::draw(std::size_t clip, std::int64_t frame, const Pose2& pose, const DataTable& format,
                          std::span<std::uint8_t> picture) const {
  const Clip& what = clips_[clip];
  const PersonDance& dance = ready_.at(what.dance);
  const int side = side_of(format);
  const auto area = static_cast<std::size_t>(side) * static_cast<std::size_t>(side);
  thread_local std::vector<float> ink, field;
  ink.resize(area), field.resize(area);
  const float metres =
      static_cast<float>(kPictureMetres) * static_cast<float>(side) / static_cast<float>(format.height);
  dance.draw(static_cast<std::size_t>(frame), {what.yaw, what.mirrored, pose[kHip].x * dance.stride(), 0.0f, metres},
             side, ink);
  model::signed_distance(ink, side, side, field);
  for (float& d : field) d /= static_cast<float>(side);
  store_field(field, side, format, picture);
}

}  // namespace ombra::train
