// What the show draws, frame by frame: the stage or what stands in for it, the recording's picture, the desk.

#include "drawing/png.hpp"
#include "gfx/framebuffer.hpp"
#include "show/session/session.hpp"

#include <algorithm>
#include <exception>

namespace ombra::show {

// Whatever cannot be drawn: desk and recording go on.
void Session::draw(double now) {
  ShowParams& p = params();
  master_->step(p, step_s_);
  const CalibrationView calibration = calibrate(now);
  const std::exception_ptr fault = calibration.on ? nullptr : draw_picture(now);
  DeskView view = desk_view(now);
  view.calibration = calibration;
  view.black = master_->black();
  look_for_presets(now);
  desk_->draw(p, director_.modulation(), view, actions_);
  timer_->mark("desk");
  timer_->end();
  cost_.add(*timer_);

  sums_.add(audio_, p, step_s_);
  save_picture();
  if (fault) std::rethrow_exception(fault);
}

// The dance and the take go on when their picture is not to be seen. -> what went wrong, or null
std::exception_ptr Session::draw_picture(double now) {
  const ShowParams& p = params();
  const int width = window_->width(), height = window_->height();
  const CardText text = {p.get(p.test_card) ? window_->display() : "", 1.0 / refresh_s_};
  stage_->set_look(director_.look());
  timer_->begin();
  const std::exception_ptr fault = master_->draw(width, height, text, [&](bool seen) {
    const stage::Scene scene = this->scene(now);
    timer_->mark("decoder");
    keep_frame(scene);
    if (seen) stage_->draw(scene, 0, width, height, governor_.scale());
  });
  // the dance is drawn so much ahead that it is seen with the music
  const double seen_s = now + stats_.mean_s() + p.get(p.offset_ms) / 1000.0;
  recording_->picture(p, width, height, seen_s);
  sharing_->picture(p, {0, width, height}, seen_s);
  timer_->mark("recording");
  return fault;
}

// With the newest fields of the dance thread, or with its latents, decoded here.
stage::Scene Session::scene(double now) {
  const ShowParams& p = params();
  decoder_->step(dance_->offer(), dance_->status(), p.get(p.count), p.field_size());
  bool fresh = false;
  const DanceFrame& frame = dance_->newest(&fresh);
  stage::Scene scene = director_.scene(frame.field, audio_.grid, now + stats_.mean_s(), step_s_);
  if (!frame.drawn) {
    scene.field = nullptr;
    scene.decoded = fresh ? decoder_->decode(frame.latents) : decoder_->fields();
  }
  const bool any = scene.field || scene.decoded;
  field_s_ = !any ? -1.0 : frame.drawn ? frame.field.seen_s : frame.latents.seen_s;
  return scene;
}

void Session::keep_frame(const stage::Scene& scene) {
  if (!take_) return;
  const ShowParams& p = params();
  FrameRecord r;
  r.field_s = field_s_;
  r.offset_s = p.get(p.offset_ms) / 1000.0;
  r.look = static_cast<std::uint8_t>(p.get(p.look));
  r.width = window_->width(), r.height = window_->height();
  r.time_s = scene.time_s, r.beat = scene.beat, r.step_s = scene.step_s;
  r.controls = scene.controls, r.audio = audio_;
  take_->frame(r);
}

void Session::save_picture() {
  if (options_.save_frames.empty() || (sums_.frames() - 1) % static_cast<std::uint64_t>(options_.save_every) != 0)
    return;
  const gfx::Image image = gfx::read_pixels(0, window_->width(), window_->height());
  write_png(options_.save_frames / fmt::format("frame_{:06}.png", sums_.frames()), image.width, image.height,
            image.channels, image.pixels);
}

}  // namespace ombra::show
