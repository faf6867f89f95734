// What the show draws, frame by frame: the stage or what stands in for it, the recording's picture, the desk.

#include "core/clock.hpp"
#include "drawing/png.hpp"
#include "gfx/framebuffer.hpp"
#include "show/session/session.hpp"

#include <algorithm>
#include <exception>

namespace ombra::show {
namespace {

// What the calibration shows where the desk is elsewhere: light in the middle of the dark.
void draw_flash(const gfx::Surface& picture, bool flash) {
  glBindFramebuffer(GL_FRAMEBUFFER, picture.framebuffer);
  glDisable(GL_SCISSOR_TEST);
  glClearColor(0.0f, 0.0f, 0.0f, 1.0f);
  glClear(GL_COLOR_BUFFER_BIT);
  if (!flash) return;
  const int side = std::min(picture.width, picture.height) / 2;
  glEnable(GL_SCISSOR_TEST);
  glScissor((picture.width - side) / 2, (picture.height - side) / 2, side, side);
  glClearColor(1.0f, 1.0f, 1.0f, 1.0f);
  glClear(GL_COLOR_BUFFER_BIT);
  glDisable(GL_SCISSOR_TEST);
}

}  // namespace

// Whatever cannot be drawn: desk and recording go on.
void Session::draw(double now) {
  master_->step(params(), step_s_, outputs_->editor().editing());
  const CalibrationView calibration = calibrate(now);
  outputs_->begin();
  const std::exception_ptr fault = draw_picture(now, calibration);
  outputs_->show(now, [&] { busy_s_ = now_s() - now; });
  const double shown_s = now_s();
  const bool desk = draw_desk(now, calibration);
  timer_->end();
  cost_.add(*timer_);

  sums_.add(audio_, params(), step_s_);
  save_picture();
  if (options_.watcher) options_.watcher->drawn(now, outputs_->picture());
  // where there is one window its display is waited for now, else the desk shows itself and waits for nobody
  if (!outputs_->apart()) busy_s_ = now_s() - now;
  if (desk) outputs_->show_desk();
  if (outputs_->apart()) busy_s_ += now_s() - shown_s;
  if (fault) std::rethrow_exception(fault);
}

// -> is there a desk to be shown?
bool Session::draw_desk(double now, const CalibrationView& calibration) {
  if (!outputs_->begin_desk(now)) return false;
  DeskView view = desk_view(now);
  view.calibration = calibration;
  view.black = master_->black();
  look_for_presets(now);
  desk_->draw(params(), director_.modulation(), view, actions_);
  if (!outputs_->apart()) timer_->mark("desk");  // apart the wait for the output's display lies between
  return true;
}

// The dance and the take go on when their picture is not to be seen. -> what went wrong, or null
std::exception_ptr Session::draw_picture(double now, const CalibrationView& calibration) {
  const ShowParams& p = params();
  const gfx::Surface picture = outputs_->picture();
  if (calibration.on) {
    if (outputs_->apart()) draw_flash(picture, calibration.flash);
    return nullptr;
  }
  const CardText text = {outputs_->display_name(), 1.0 / refresh_s_};
  stage_->set_look(director_.look());
  timer_->begin();
  const std::exception_ptr fault = master_->draw(picture, text, [&](bool seen) {
    const stage::Scene scene = this->scene(now);
    timer_->mark("decoder");
    keep_frame(scene);
    if (seen) stage_->draw(scene, picture.framebuffer, picture.width, picture.height, governor_.scale());
  });
  // the dance is drawn so much ahead that it is seen with the music
  const double seen_s = now + stats_.mean_s() + p.get(p.offset_ms) / 1000.0;
  recording_->picture(p, picture, seen_s);
  sharing_->picture(p, picture, seen_s);
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
  r.width = outputs_->picture().width, r.height = outputs_->picture().height;
  r.time_s = scene.time_s, r.beat = scene.beat, r.step_s = scene.step_s;
  r.controls = scene.controls, r.audio = audio_;
  take_->frame(r);
}

void Session::save_picture() {
  if (options_.save_frames.empty() || (sums_.frames() - 1) % static_cast<std::uint64_t>(options_.save_every) != 0)
    return;
  const gfx::Surface& picture = outputs_->picture();
  const gfx::Image image = gfx::read_pixels(picture.framebuffer, picture.width, picture.height);
  write_png(options_.save_frames / fmt::format("frame_{:06}.png", sums_.frames()), image.width, image.height,
            image.channels, image.pixels);
}

}  // namespace ombra::show
