#pragma once
// Where recordings go and what they are called. Thread: any.

#include "media/record/live_file.hpp"

#include <ctime>
#include <filesystem>

namespace ombra::show {

// -> the desktop's folder for videos (user-dirs.dirs), else ~/Videos, else the working folder; it may not exist yet
std::filesystem::path videos_folder();

// -> "Ombra 2026-11-21 23.15.04.mp4" in folder, local time; with a number where that exists
std::filesystem::path dated_recording(const std::filesystem::path& folder, media::VideoKind kind, std::time_t time);

// What --record asks for. kind: as the parameter says, changed to what the name's ending says where they disagree.
// -> the file, or for numbered pictures the folder that the name without .png is. Throws UsageError for an ending that
// cannot be recorded or is an input; Error when there is no such folder, it cannot be written, or the file exists (and
// not overwrite).
std::filesystem::path asked_recording(const std::filesystem::path& name, bool overwrite, media::VideoKind& kind);

}  // namespace ombra::show
