#pragma once
// The dance, one frame at a time: clock, jumps, hold, latents, picture. Runs on the dance thread in the live show and
// on the caller's thread where a run must be the same every time (render, tests). Thread: one owner.

#include "core/frames.hpp"
#include "show/dance/dance_clock.hpp"
#include "show/dance/dancer_source.hpp"

#include <cstdint>
#include <memory>
#include <span>
#include <vector>

namespace ombra::show {

// Everything that the dance needs to know for one frame: a snapshot, made by the show once a frame.
struct DanceRequest {
  double seen_s = 0.0;    // when the frame will be seen, on the clock of core/clock.hpp
  double offset_s = 0.0;  // the operator's correction, added to it
  BeatGrid grid;
  model::DanceControls controls;
  model::FigureControls figure;
  double speed = 1.0;  // dance beats per beat of the music; 0: as the tempo asks for
  int dancers = 1;
  int field_size = 192;
  bool hold = false;
  std::uint64_t jumps = 0;    // a number other than the last one: jump at the next beat ...
  int seed = -1;              // ... to this phrase, -1: one that fits the energy
  std::uint64_t decodes = 0;  // number of the dancer whose latents the asker decodes by itself: no field is drawn then
  std::uint64_t styles_of = 0;  // and of the one that controls.styles are for, in its order: others hear none
};

class Dance {
 public:
  explicit Dance(std::unique_ptr<DancerSource> source);

  // Another dancer takes over at the next step.
  void swap(std::unique_ptr<DancerSource> source);
  // Draws the frame into image. Numbers that are not finite are replaced and counted; what the source throws passes on.
  void step(const DanceRequest& request, FieldImage& image);
  // The same in two: -> what the frame is decoded from [dancers][figure_size], valid until the next call ...
  std::span<const float> pose(const DanceRequest& request);
  // ... and its picture, of field_size samples a side.
  void draw(std::span<const float> figures, int field_size, FieldImage& image);
  // For a decoder elsewhere: what the frame is decoded from, and what goes with it.
  void step(const DanceRequest& request, LatentFrame& frame);
  // Lets the dance go on without drawing, while nobody looks.
  void advance(const DanceRequest& request);

  const DancerSource& source() const { return *source_; }
  std::uint64_t scrubbed() const { return scrubbed_; }

 private:
  model::Timestamp go_on(const DanceRequest& request);
  void hold(const DanceRequest& request);

  std::unique_ptr<DancerSource> source_;
  DanceClock clock_;
  std::uint64_t jumps_ = 0, scrubbed_ = 0;
  std::vector<float> latents_, last_good_, held_, figures_;
  double held_share_ = 0.0;    // 1 while holding, falls to 0 after it ...
  double let_go_s_;            // ... in so long
  double last_seen_s_ = -1.0;  // under 0: before the first frame
};

}  // namespace ombra::show
