#pragma once
// Where each dancer stands on the screen. Pure arithmetic, no OpenGL.
// Screen coordinates of all shaders: in screen heights, x to the right from the middle, y up from the lower edge.
// Thread: one owner.

#include <vector>

namespace ombra::stage {

// One dancer's picture (square, kPictureMetres wide) on the screen.
struct Place {
  float x = 0.0f;       // middle of the picture
  float bottom = 0.0f;  // lower edge of the picture
  float height = 0.0f;  // and width
  float haze = 0.0f;    // 0 in front .. 1 far behind: how much of the light lies in front of the figure
  int layer = 0;        // number of the dancer in FieldImage
};

struct LayoutRequest {
  int dancers = 0;
  float aspect = 16.0f / 9.0f;  // width / height of the screen
  float size = 0.86f;           // height of the front picture against the screen's
  float spread = 0.5f;          // distance between dancers against their picture's width
};

struct Layout {
  float floor = 0.0f;         // y of the floor line that all dancers share
  float height = 0.0f;        // of the front picture, after it has been made to fit
  std::vector<Place> places;  // back to front
};

// Dancer 0 stands in the middle and in front; the others go left and right in turn, each pair a little further behind.
// Where they do not fit they move together a little, then shrink, until the outermost dancer's arms stay on the screen.
Layout place_dancers(const LayoutRequest& request);

}  // namespace ombra::stage
