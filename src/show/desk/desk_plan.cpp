#include "show/desk/desk_plan.hpp"

#include "show/desk/desk.hpp"

#include <algorithm>
#include <cmath>

namespace ombra::show {
namespace {

// In text heights.
constexpr float kGap = 0.5f, kHeader = 4.3f;
constexpr float kColumn = 21.5f, kWideColumn = 27.0f;  // the narrowest, and how wide they grow while the picture grows
constexpr float kSound = 7.4f, kMoreSound = 9.4f, kHelp = 6.2f, kOutputs = 5.0f;
constexpr float kMuch = 46.0f;         // height of a window that has room for more sound
constexpr float kPictureShare = 0.3f;  // of the width, at least
constexpr float kPicture = 16.0f / 9.0f;
constexpr float kLeast = 26.5f;  // height of the window

// Areas of text heights, rounded to whole pixels.
class Sheet {
 public:
  explicit Sheet(float em) : em_(em) {}
  Area area(float left, float top, float right, float bottom) const {
    return {pixels(left), pixels(top), pixels(right), pixels(bottom)};
  }

 private:
  float pixels(float ems) const { return std::round(ems * em_); }
  float em_;
};

std::vector<Area> columns(const Sheet& sheet, float left, float top, float right, float bottom, int count) {
  std::vector<Area> all;
  const float width = (right - left - kGap * static_cast<float>(count - 1)) / static_cast<float>(count);
  for (int i = 0; i < count; ++i) {
    const float at = left + static_cast<float>(i) * (width + kGap);
    all.push_back(sheet.area(at, top, at + width, bottom));
  }
  return all;
}

int fitting(float width) {
  const int count = static_cast<int>(std::floor((width + kGap) / (kColumn + kGap)));
  return std::clamp(count, 1, static_cast<int>(DeskMemory::kMaxColumns));
}

DeskPlan wide(const Sheet& sheet, float width, float height) {
  const float top = kHeader + 2.0f * kGap, end = width - kGap, bottom = height - kGap;
  const float least = std::max(kColumn, kPictureShare * width);
  const int count = fitting(end - 2.0f * kGap - least);
  const float heard = height > kMuch ? kMoreSound : kSound, below = kOutputs + heard + kHelp + 3.0f * kGap;
  const auto n = static_cast<float>(count);
  float left = std::max(least, end - 2.0f * kGap - n * (kWideColumn + kGap) + kGap);
  // as high as the outputs leave it
  left = std::max(least, std::min(left, kPicture * (bottom - top - below)));
  const float picture = std::min(left / kPicture, bottom - top - below);
  const float help = bottom - kHelp, sound = help - kGap - heard;
  return {.header = sheet.area(kGap, kGap, end, kGap + kHeader),
          .preview = sheet.area(kGap, top, kGap + left, top + picture),
          .outputs = sheet.area(kGap, top + picture + kGap, kGap + left, sound - kGap),
          .sound = sheet.area(kGap, sound, kGap + left, sound + heard),
          .help = sheet.area(kGap, help, kGap + left, bottom),
          .columns = columns(sheet, 2.0f * kGap + left, top, end, bottom, count)};
}

DeskPlan high(const Sheet& sheet, float width, float height) {
  const float top = kHeader + 2.0f * kGap, end = width - kGap, bottom = height - kGap;
  const float side = std::max(kColumn, 0.4f * width), left = end - side - kGap;
  const float band = std::max((left - kGap) / kPicture, kOutputs + kSound + kHelp + 2.0f * kGap);
  const float help = top + band - kHelp, sound = help - kGap - kSound;
  return {.header = sheet.area(kGap, kGap, end, kGap + kHeader),
          .preview = sheet.area(kGap, top, left, top + band),
          .outputs = sheet.area(left + kGap, top, end, sound - kGap),
          .sound = sheet.area(left + kGap, sound, end, sound + kSound),
          .help = sheet.area(left + kGap, help, end, help + kHelp),
          .columns = columns(sheet, kGap, top + band + kGap, end, bottom, fitting(end - kGap))};
}

}  // namespace

std::optional<DeskPlan> plan_desk(float width, float height, float em) {
  const float w = width / em, h = height / em;
  if (w < 2.0f * kColumn + 3.0f * kGap || h < kLeast) return std::nullopt;
  const Sheet sheet(em);
  return h > 1.15f * w ? high(sheet, w, h) : wide(sheet, w, h);
}

}  // namespace ombra::show
