#pragma once
// A data set as the networks want it: poses, codes over time, and motion resampled to beats.
// T frames, Z code, M moves, Q books. Thread: one owner.

#include "model/mover.hpp"
#include "model/painter.hpp"
#include "train/data_set.hpp"

namespace ombra::train {

struct Passage {
  std::string clip;
  bool held_out = false, mirrored = false;
  bool choreography = true;  // dance as one does it at a party: stage dances teach how to move, not what comes next
  double yaw_degrees = 0.0;
  torch::Tensor codes;       // [T, Z] at the data set's frame rate
  std::vector<double> beat;  // T: beat count at each frame; empty where no beat was found
  torch::Tensor in_beats;    // [frames_per_beat * beats, Z], starting on a beat; undefined where no beat was found
  torch::Tensor moves;       // [M, Q]; after add_moves
  torch::Tensor conditions;  // [M, 2] energy and pulse from each move on, in standard deviations; after add_moves
};

// Does every frame of the data set know its joints?
bool has_poses(const DataSet& data);

// Frames first .. first + count - 1 as stored: [count, 1, S, S] in picture heights
torch::Tensor stored_fields(const DataSet& data, std::int64_t first, std::int64_t count);

// All joints of the data set [N, 40], training clips only or held-out ones only; throws Error when it has no joints.
torch::Tensor poses_of(const DataSet& data, bool held_out);

// Codes of every clip: from the joints where the data set has them, else from the pictures through the encoder.
std::vector<Passage> encode_clips(const DataSet& data, model::Painter painter, bool guided);

// Resamples every passage with beats to frames_per_beat.
void add_beat_time(std::vector<Passage>& passages, std::int64_t frames_per_beat, std::int64_t frames_per_move);

// Tokenises every passage that is in beat time and describes each of its moves:
//   energy  log of the mean speed of the two beats that begin there
//   pulse   how clearly the movement stops on the beat around there, and not between beats
// both standardised over the training moves and clamped to +-2.5.
void add_moves(std::vector<Passage>& passages, model::Mover mover, const model::MoverSpec& spec);

}  // namespace ombra::train
