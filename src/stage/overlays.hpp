#pragma once
// Title and logo of a scene, drawn over what the look has drawn, or behind its figures: the pictures that the maker has
// ready, in linear light. The flash guard sees them before they are shown, and its gain dims them as it dims the look.
// The mirror leaves them as they are, and they have all pixels of the output. Thread: render only.

#include "gfx/framebuffer.hpp"
#include "gfx/program.hpp"
#include "stage/fade.hpp"
#include "stage/stage.hpp"
#include "stage/title/overlay_maker.hpp"

#include <array>
#include <memory>
#include <optional>
#include <string>

namespace ombra::stage {

// A rectangle of the output in pixels, y up.
struct OverlayPlace {
  double left = 0.0, bottom = 0.0, right = 0.0, top = 0.0;
};
// Where a picture lies on an output of that size. One that is as large as its pixels lies on whole ones, so that it
// stays sharp.
OverlayPlace place_overlay(const Overlay& overlay, const OverlayPicture& picture, int width, int height);

class Overlays {
 public:
  // Once a frame, first: fades, asks for pictures, and takes those that are ready.
  void prepare(const Scene& scene, int width, int height);
  // Is there anything to be seen in this frame?
  bool any() const { return title_.seen || logo_.seen; }
  // Into the small picture that the flash guard measures, which is bound.
  void measure(const gfx::Program& program, const gfx::EmptyVertices& vertices) const;
  // Over the target, width x height pixels as in prepare(). The flash guard's newest state and the mask are bound as in
  // common.glsl.
  void draw(const gfx::Program& program, const gfx::EmptyVertices& vertices, unsigned target);
  std::string message() const { return maker_.message(); }

 private:
  struct Layer {
    Fade fade;
    std::shared_ptr<const OverlayPicture> picture;
    std::optional<gfx::Texture> texture;
    OverlayPlace place;
    float opacity = 0.0f;
    bool behind = false, seen = false;
    int asked_px = 0;        // size of the newest order
    double pushed_s = -1e9;  // when the music last pushed its size
    std::string file = {};   // of the logo
  };
  TextOrder text_order(const Title& title, double time_s);
  LogoOrder logo_order(const Logo& logo);
  void take(Layer& layer, const Overlay& overlay, const MadeOverlay& made, double time_s);
  void show(Layer& layer, const MadeOverlay& made);
  void bind(const gfx::Program& program, const Layer& layer) const;
  void copy_under(const Layer& layer, unsigned target);
  std::array<const Layer*, 2> in_order() const;

  int width_ = 0, height_ = 0;
  Layer title_, logo_;
  gfx::Framebuffer under_;  // what the target has where an overlay comes
  OverlayMaker maker_;      // its thread is stopped first
};

}  // namespace ombra::stage
