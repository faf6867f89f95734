#pragma once
// The stage: draws the dancers' distance fields as one of the looks, in shader passes, into a framebuffer of any size.
// A look that does not compile leaves the last good one on and says why. Shaders are reloaded when their file changes.
// Thread: render only.

#include "core/frames.hpp"
#include "stage/colour.hpp"
#include "stage/titles.hpp"

#include <memory>
#include <string>
#include <vector>

namespace ombra::gfx {
class GpuTimer;
struct GpuFields;
}  // namespace ombra::gfx

namespace ombra::stage {

// Everything that a look may read; each member is a parameter of the show (path look/<name>). Music moves them through
// the modulation table (show/params/modulation.hpp), and reaches the light in no other way.
struct LookControls {
  Colour ink{0.02f, 0.02f, 0.035f};  // the silhouette
  Colour light{1.0f, 0.62f, 0.30f};  // the light behind it
  Colour backdrop{0.10f, 0.05f, 0.16f};
  float glow = 0.5f;      // 0..1: light around the outline
  float swell = 0.0f;     // 0..1: the room's light, and how fast trails drift
  float throb = 0.0f;     // 0..1: how far the glow breathes, how far prints are apart
  float flash = 0.0f;     // 0..1: light of the tubes; where it rises a ripple begins
  float trails = 0.35f;   // 0..1: how long a moving outline lingers
  float softness = 0.0f;  // 0..1: edge from razor-sharp to a soft shadow
  float grain = 0.25f;    // 0..1: film grain, hides banding on projectors
  float size = 0.86f;     // height of the figure's picture against the screen's
  float spread = 0.5f;    // distance between dancers against their picture's width
  bool mirror = false;    // left and right swapped
};

struct Scene {
  const FieldImage* field = nullptr;        // null: as before; before the first picture the look is drawn empty
  const gfx::GpuFields* decoded = nullptr;  // instead, where OpenGL decodes (gfx/gl_decoder.hpp)
  LookControls controls;
  double time_s = 0.0;  // clock time at which this frame will be seen
  double beat = 0.0;
  double step_s = 1.0 / 60.0;      // since the frame before
  const Titles* titles = nullptr;  // null: none; what fades, fades on
  bool patient = false;            // waits for the pictures of titles: else they appear when they are ready
  bool transparent = false;        // only the figures and their own light, over nothing, with straight alpha
};

struct StageStatus {
  std::string look;
  std::string message;  // file, line and text of a shader that did not compile, or what is wrong with a title, or empty
};

class Stage {
 public:
  // Needs a current OpenGL 4.3 core context. shader_folder: watched for changes; the embedded shaders serve when empty.
  explicit Stage(const std::string& shader_folder);
  ~Stage();
  Stage(const Stage&) = delete;
  Stage& operator=(const Stage&) = delete;

  static const std::vector<std::string>& looks();  // names, the default first
  void set_look(const std::string& name);          // unknown name: stays, message
  // Draws the scene into framebuffer `target` (0: the window) at width x height pixels. scale: 0.1..1, below 1 the
  // room is drawn with so much of width and height, and enlarged; from 0.5 on the figures keep all pixels.
  void draw(const Scene& scene, unsigned target, int width, int height, double scale = 1.0);
  // Pixels that `length` of the target are drawn with at that scale.
  static int drawn_size(int length, double scale);
  // Each pass is marked in the timer from now on, between its begin() and end(); it outlives the stage. Null: none.
  void time_with(gfx::GpuTimer* timer);
  StageStatus status() const;

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace ombra::stage
