#include "model/figure/picture_kind.hpp"

#include "core/error.hpp"

#include <utility>

namespace ombra::model {
namespace {

constexpr std::pair<PictureKind, const char*> kKinds[] = {{PictureKind::kDistance, "distance"},
                                                          {PictureKind::kBinary, "binary"},
                                                          {PictureKind::kGray, "gray"},
                                                          {PictureKind::kRgb, "rgb"}};

}  // namespace

const char* name_of(PictureKind kind) {
  for (const auto& [known, name] : kKinds) {
    if (known == kind) return name;
  }
  return "";
}

PictureKind picture_kind(const std::string& name) {
  for (const auto& [kind, its_name] : kKinds) {
    if (name == its_name) return kind;
  }
  throw UsageError(
      fmt::format("'{}' is not a kind of picture\nhint: distance, binary, gray or rgb", name.substr(0, 40)));
}

}  // namespace ombra::model
