#pragma once
// PNG files with alpha, read with the suspicion that files from strangers deserve. Thread: any.

#include "stage/title/overlay_picture.hpp"

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <utility>

namespace ombra::stage {

struct LogoOrder {
  std::string file;  // as Logo::file
  int least_px = 0;  // lines that are needed: a larger picture is made smaller
  bool operator==(const LogoOrder&) const = default;
};

// -> where the file is
std::filesystem::path logo_path(const std::string& file);
// When a file was written, and its bytes; nothing where there is none.
using FileState = std::optional<std::pair<std::filesystem::file_time_type, std::uintmax_t>>;
FileState logo_state(const std::string& file);
// Size and length are looked at before anything is decoded: at most kMaxOverlaySide pixels a side, 24 million in all,
// and 64 MB. Throws Error with the file and why it cannot be read.
OverlayPicture read_logo(const LogoOrder& order);

}  // namespace ombra::stage
