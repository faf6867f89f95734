#pragma once
// Files that lie among footage in a folder and are none: what systems leave behind, and what Ombra made of the footage.
// Thread: any.

#include <filesystem>
#include <string>

namespace ombra::media {

// Written into pictures and videos that show a data set, by which they are known again whatever they are called.
inline constexpr const char* kOwnMark = "Ombra: pictures of a data set, no footage";

// -> why a file that a folder holds is passed over ("hidden", "empty", ...), or "" where it may be footage. Own files
// are known by their mark, or because the data set that they were made with lies beside them. Never throws.
std::string why_passed_over(const std::filesystem::path& file);

// -> is it such an own file, which a later run may replace? Never throws.
bool made_by_ombra(const std::filesystem::path& file);

}  // namespace ombra::media
