#pragma once
// A data set as the networks want it: poses, codes over time, and motion resampled to beats.
// T frames, Z code, M moves, Q books. Thread: one owner.

#include "model/layers/mover.hpp"
#include "model/layers/painter.hpp"
#include "train/frame_view.hpp"
#include "train/lift.hpp"

#include <functional>

namespace ombra::train {

struct Passage {
  std::string clip;
  bool held_out = false, mirrored = false;
  bool choreography = true;  // dance as one does it at a party: stage dances teach how to move, not what comes next
  double yaw_degrees = 0.0;
  std::string style;               // DataClip
  torch::Tensor codes;             // [T, Z] at the recipe's frame rate
  std::vector<double> beat;        // T: beat count at each frame; empty where no beat was found
  double phrase_confidence = 0.0;  // how sure it is that beats 0, 8, 16 ... begin phrases
  torch::Tensor in_beats;       // [frames_per_beat * beats, Z], starting on a beat; undefined where no beat was found
  std::int64_t first_beat = 0;  // the count of that beat
  // 0..1, how clearly the movement is on the beat: one a frame, after add_beat_time one a beat; empty where not known
  std::vector<float> beat_confidence;
  torch::Tensor moves;       // [M, Q]; after add_moves
  torch::Tensor conditions;  // [M, 2] energy and pulse from each move on, in standard deviations; after add_moves
};

// Are the joints of a clip known, in space where that is asked for? Footage has none.
bool has_poses(const DataSet& data, const DataClip& clip, bool in_space = false);
// Of every clip?
bool has_poses(const DataSet& data, bool in_space = false);

// All joints that the data set knows [N, 40], in space [N, 60], of training clips only or of held-out ones only; N may
// be 0.
torch::Tensor poses_of(const DataSet& data, bool held_out, bool in_space = false);

// Codes of every clip at the view's rate: guided, from the joints of clips that have them; else from the pictures
// through the encoder. Where that would take longer than the limit says, clips are cut short or left out, mirror images
// and side views first, but never all that teach or all that are held out.
struct EncodeLimit {
  std::function<double()> left_s = {};  // seconds until it should be done; empty: as long as it takes
  std::int64_t least = 0;               // frames that a clip which is cut short keeps
};
// Codes in space of clips with joints in the picture plane alone: those are lifted first.
std::vector<Passage> encode_clips(const FrameView& view, model::Painter painter, bool guided,
                                  const EncodeLimit& limit = {}, const Lift* lift = nullptr);

// Resamples every passage with beats to frames_per_beat.
void add_beat_time(std::vector<Passage>& passages, std::int64_t frames_per_beat, std::int64_t frames_per_move);

// Tokenises every passage that is in beat time and describes each of its moves:
//   energy  log of the mean speed of the two beats that begin there
//   pulse   how clearly the movement stops on the beat around there, and not between beats
// both standardised over the training moves and clamped to +-2.5.
// Movement is measured as it is seen from the front (model/figure/seen_joints.hpp).
void add_moves(std::vector<Passage>& passages, model::Mover mover, const model::Painter& painter,
               const model::MoverSpec& spec);

}  // namespace ombra::train
