#pragma once
// What the numbers of a picture mean, in data sets and in recipes. Thread: any (values).

#include <string>

namespace ombra::model {

enum class PictureKind { kDistance, kBinary, kGray, kRgb };

// -> as recipes and data sets spell it: distance, binary, gray, rgb
const char* name_of(PictureKind kind);
// -> the kind of that name; throws UsageError
PictureKind picture_kind(const std::string& name);

inline int channels_of(PictureKind kind) { return kind == PictureKind::kRgb ? 3 : 1; }

}  // namespace ombra::model
