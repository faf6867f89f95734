#pragma once
// The end of somebody's video, as a dancer would see it, so that it can go on from there.
// Thread: one caller.

#include <cstddef>
#include <filesystem>
#include <vector>

namespace ombra::train {

struct LastPictures {
  std::vector<float> numbers;  // [count][C][H][W]; distances in picture heights, or light from 0 to 1
  std::size_t count = 0;
};

// The last pictures of a video, at the rate, size and key that the model's recipe asks for: as many as a dance can begin
// with, fewer where the video is shorter. Throws Error: no video, no figure in it.
LastPictures last_pictures(const std::filesystem::path& video, const std::filesystem::path& model);

}  // namespace ombra::train
