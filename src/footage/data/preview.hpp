#pragma once
// A short video of what a network will see: passages of every clip, each pixel enlarged.
// Thread: any.

#include "footage/data/data_set.hpp"

#include <filesystem>
#include <span>
#include <vector>

namespace ombra::train {

// A picture of a data set as one looks at it: dark figure on light ground, [H][W][3].
void viewable(const DataSet& data, std::int64_t frame, std::span<std::uint8_t> rgb);

// -> the frames that a preview of at most so many seconds shows: passages of the same length out of every take, from
// its middle; mirrored copies and further camera angles are left out
std::vector<std::int64_t> preview_frames(const DataSet& data, double seconds);

// Written whole or not at all (data.preview.mp4 beside data.safetensors). Throws Error.
void write_preview(const std::filesystem::path& path, const DataSet& data);

}  // namespace ombra::train
