#pragma once
// Where the parts of the desk stand in a window of its own: the header across it; the picture that leaves, outputs,
// sound and help at the left; columns of panels in the rest. Pure geometry, so that nothing that is shown can move it.
// Thread: any.

#include <optional>
#include <vector>

namespace ombra::show {

// Pixels from the window's upper left corner.
struct Area {
  float left = 0.0f, top = 0.0f, right = 0.0f, bottom = 0.0f;
  float width() const { return right - left; }
  float height() const { return bottom - top; }
  bool operator==(const Area&) const = default;
};

struct DeskPlan {
  Area header, preview, outputs, sound, help;
  std::vector<Area> columns;  // from the left
};

// width, height of the window and em, the height of its text: pixels. -> nothing where there is no room for it: under
// about 44 x 27 text heights. A window that is higher than wide has the picture above the columns.
std::optional<DeskPlan> plan_desk(float width, float height, float em);

}  // namespace ombra::show
