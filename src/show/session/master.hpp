#pragma once
// What leaves, for the audience and for a recording: the live picture or the test card, as it is or as it was when a
// freeze began, and how much of its light the blackout lets through. The desk is drawn over it later. Dancer, looks and
// sound may have failed: a picture that could not be drawn gives way to the last good one, at most two seconds old, and
// the blackout fades that, too. While all is off nothing is drawn here, and one picture in two seconds is copied.
// Thread: render only.

#include "gfx/dimmer.hpp"
#include "gfx/held_picture.hpp"
#include "show/params/show_params.hpp"
#include "show/session/test_card.hpp"

#include <exception>
#include <functional>

namespace ombra::show {

class Master {
 public:
  // What it needs is made here, for pictures of this size. Throws Error.
  Master(int width, int height) : picture_(width, height) {}

  // Once a frame, before draw(): what is asked for now.
  void step(const ShowParams& params, double step_s);
  // Leaves what is to be seen in the surface. live: readies the picture, and where it is to be seen draws it there.
  // -> what went wrong on the way, or null
  using Live = std::function<void(bool seen)>;
  std::exception_ptr draw(const gfx::Surface& surface, const CardText& text, const Live& live);

  double black() const { return black_; }  // share of the light that is taken
  bool live() const { return live_; }      // was the live picture drawn in the last frame?

 private:
  gfx::HeldPicture picture_;  // of the freeze, else the last good one
  gfx::Dimmer dimmer_;
  TestCard card_;
  double black_ = -1.0;  // under 0: before the first step
  double since_kept_s_ = 1e9;
  bool frozen_ = false, held_ = false;  // asked for; picture_ is the one to be seen
  bool carded_ = false, live_ = true;
};

}  // namespace ombra::show
