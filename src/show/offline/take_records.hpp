#pragma once
// What a take keeps of a show, moment by moment: what the dance was asked for, and what every frame was drawn with. The
// dancer's choices follow from the requests and the seed, so that no picture and no latent has to be kept.
// A record is packed as the bytes of its numbers, in the order of fields(); another order or number of them is another
// version of takes (take_score.cpp), and those before are still read (take_earlier.hpp). Thread: any (values).

#include "show/dance/dance.hpp"
#include "show/params/controls.hpp"
#include "stage/stage.hpp"

#include <cstdint>
#include <cstring>
#include <span>
#include <string>
#include <string_view>
#include <type_traits>

namespace ombra::show {

// A frame as the audience saw it.
struct FrameRecord {
  double field_s = -1.0;               // FieldImage::seen_s of the dancers that were shown; negative: none yet
  double offset_s = 0.0;               // the operator's, between time_s and when it is seen
  std::uint8_t look = 0;               // its place among the looks of the take
  std::int32_t width = 0, height = 0;  // of the window, in pixels
  double time_s = 0.0, beat = 0.0, step_s = 0.0;  // as in stage::Scene
  stage::LookControls controls;
  AudioFrame audio;

  double shown_s() const { return time_s + offset_s; }
};

enum class RecordKind : std::uint8_t {
  kStep = 1,     // DanceRequest: a step of the dance, drawn
  kUndrawn = 2,  // DanceRequest: a step while nobody looked
  kModel = 3,    // the path of a model folder: another dancer took over
  kFrame = 4,    // FrameRecord
};

// f is called with every number in turn.
template <class F>
void fields(BeatGrid& g, F&& f) {
  f(g.anchor_s), f(g.anchor_beat), f(g.bpm), f(g.confidence), f(g.downbeat), f(g.beats_per_bar), f(g.bar_confidence);
}
template <class F>
void fields(model::DanceControls& c, F&& f) {
  for_each_control(kDanceControls, [&](const auto& control) { f(c.*control.field); });
}
template <class F>
void fields(model::FigureControls& c, F&& f) {
  for_each_control(kFigureControls, [&](const auto& control) { f(c.*control.field); });
}
// What version 3 added to requests, at their end: those of before end where it begins.
template <class F>
void added_fields(DanceRequest& r, F&& f) {
  fields(r.figure, f);
  for (float& style : r.controls.styles) f(style);
}
template <class F>
void fields(DanceRequest& r, F&& f) {
  f(r.seen_s), f(r.offset_s), fields(r.grid, f), fields(r.controls, f), f(r.speed), f(r.dancers), f(r.field_size),
      f(r.hold), f(r.jumps), f(r.seed), added_fields(r, f);
}
template <class F>
void fields(stage::Colour& c, F&& f) {
  f(c.r), f(c.g), f(c.b);
}
template <class F>
void fields(stage::LookControls& c, F&& f) {
  for_each_control(kLookControls, [&](const auto& control) {
    auto& value = c.*control.field;
    if constexpr (std::is_same_v<decltype(value), stage::Colour&>) {
      fields(value, f);
    } else {
      f(value);
    }
  });
}
template <class F>
void fields(AudioFrame& a, F&& f) {
  f(a.time_s), f(a.level), f(a.bass), f(a.mid), f(a.treble), f(a.onset), f(a.flux), f(a.drop), f(a.input_dbfs),
      f(a.gain_db), f(a.silent), f(a.clipping), f(a.onset_count), f(a.drop_count), fields(a.grid, f);
}
template <class F>
void fields(FrameRecord& r, F&& f) {
  f(r.field_s), f(r.offset_s), f(r.look), f(r.width), f(r.height), f(r.time_s), f(r.beat), f(r.step_s),
      fields(r.controls, f), fields(r.audio, f);
}

template <class Record>
std::string packed(Record record) {
  std::string bytes;
  fields(record, [&bytes](auto& number) { bytes.append(reinterpret_cast<const char*>(&number), sizeof number); });
  return bytes;
}

// -> false when bytes are not a Record's, or hold numbers that no show makes (not finite, out of all bounds)
bool unpack(std::string_view bytes, DanceRequest& record);
bool unpack(std::string_view bytes, FrameRecord& record);

}  // namespace ombra::show
