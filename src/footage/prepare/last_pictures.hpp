#pragma once
// The end of somebody's video, as a dancer would see it, so that it can go on from there.
// Thread: one caller.

#include "footage/video/one_figure.hpp"

#include <cstddef>
#include <filesystem>
#include <vector>

namespace ombra::train {

struct LastPictures {
  // [framings][count][C][H][W]; distances in picture heights, or light from 0 to 1
  std::vector<float> numbers;
  std::size_t count = 0;     // pictures, in time order; the last one is the video's last
  std::size_t framings = 1;  // how tall the dancer is cannot be seen for sure: so many guesses, the likeliest first
  Silhouette end;            // of the one who is followed, in the video's last picture
};

// The last pictures of a video, at the rate, size and key that the model's recipe asks for, with one figure of those it
// shows: as many as a dance can begin with, fewer where the video is shorter or the figure cannot be told from others
// before. Throws Error: no video, no figure in its last second; UsageError: no such figure.
LastPictures last_pictures(const std::filesystem::path& video, const std::filesystem::path& model,
                           const FigureChoice& figure = {});

}  // namespace ombra::train
