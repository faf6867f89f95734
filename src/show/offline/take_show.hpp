#pragma once
// A take, drawn again: the dance is danced from its beginning as it was asked for, the frames are drawn with what they
// were drawn with. At its own times each frame is what was seen, on the same machine, program and model (to a level of
// 255: the driver rounds otherwise in a window than off-screen); at a constant rate the poses between two steps are
// interpolated, since no frame of the show lies exactly there. Thread: one owner; its OpenGL context becomes the
// current one, and denormal numbers count as zero from then on.

#include "gfx/window.hpp"
#include "show/dance/dancer_source.hpp"
#include "show/dance/figure_decoder.hpp"
#include "show/offline/picture_source.hpp"
#include "show/offline/take.hpp"
#include "stage/stage.hpp"

#include <deque>
#include <filesystem>
#include <functional>
#include <optional>
#include <string>
#include <vector>

namespace ombra::show {

struct TakeShowOptions {
  std::filesystem::path folder;
  std::function<DancerFactory(const TakeDancer&)> dancer;  // makes the dancer of the take
  int width = 0, height = 0;                               // 0: of the window at the beginning
  double fps = 60.0;                                       // 0: the frames that were seen, at their own times
  double from_s = 0.0, to_s = 0.0;                         // of the take; to_s 0: its end
  DecoderMode decoder = DecoderMode::kAuto;                // which is the processor here
  bool transparent = false;                                // as OfflineOptions::transparent
  std::vector<std::string> sets;                           // "path=value": title and logo, which takes do not hold
  std::string look;                                        // another one than was seen; "": as it was
  std::filesystem::path model;                             // where the dancer's model is now; "": where it was
  // called for every frame that is passed over on the way to from_s; false: give up
  std::function<bool()> while_waiting = {};
};

class TakeShow final : public PictureSource {
 public:
  // Throws Error: no take, another model than the one that danced, no OpenGL.
  explicit TakeShow(TakeShowOptions options);

  const TakeFacts& facts() const { return facts_; }
  int width() const { return canvas_->width(); }
  int height() const { return canvas_->height(); }
  // The part that is drawn, in seconds of the take; counted by reading it once.
  double from_s() const { return options_.from_s; }
  double to_s() const { return to_s_; }
  // Pictures in all; with fps 0 those that were seen.
  std::int64_t frames() const override { return frames_; }
  bool next(gfx::Image& picture) override;
  // When the newest picture was seen, in seconds of the take.
  double picture_s() const { return picture_s_; }

 private:
  struct Pose {
    double seen_s;
    int dancers, field_size;
    std::vector<float> latents;
  };
  void measure();
  void check_model() const;
  void find_decoder();
  double danced_s() const { return shown_.empty() ? 0.0 : shown_.back().shown_s() - facts_.start_s; }
  bool read_on();  // up to and with the next frame
  const Pose* pose_of(double field_s) const;
  void draw_pose(const Pose& pose);
  void between(double time_s);
  enum class Step { kOver, kUndrawn, kPicture };
  Step step_seen(gfx::Image& picture);
  Step step_even(gfx::Image& picture);
  void draw(const FrameRecord& frame, bool field, double time_s, double beat, double step_s, gfx::Image* picture);

  TakeShowOptions options_;
  TakeFacts facts_;
  stage::Titles titles_;
  double to_s_ = 0.0;
  std::int64_t frames_ = 0, drawn_ = 0, even_ = 0;
  int first_width_ = 0, first_height_ = 0;
  ScoreReader score_;
  DancerFactory factory_;
  std::optional<Dance> dance_;
  std::deque<Pose> poses_;             // the latest steps
  std::deque<FrameRecord> shown_;      // the latest frames, at most two
  std::optional<gfx::Window> window_;  // the context of what follows
  std::optional<stage::Stage> stage_;
  std::optional<gfx::Framebuffer> canvas_;
  std::unique_ptr<gfx::GlDecoder> decoder_;  // null: the processor decodes
  FieldImage field_;
  double field_of_ = -1.0;  // seen_s of the pose in field_
  double picture_s_ = 0.0, warm_s_ = 0.0;
};

}  // namespace ombra::show
