#pragma once
// Real dance in the picture space: what the dances of systems are held against, and how far real dance is from itself.
// T frames, W windows. Thread: one owner.

#include "evaluate/picture_space.hpp"
#include "footage/motion/pulse.hpp"
#include "model/layers/painter.hpp"
#include "train/frame_view.hpp"

#include <memory>

namespace ombra::train {

inline constexpr std::int64_t kNeutralSize = 96;  // pixels of the common picture, square

// Figures of a dance in the picture space; NaN where they cannot be had.
struct NeutralFigures {
  double frechet = NAN;  // of one-second windows, against the training footage
  double frozen = NAN;   // share of seconds with less than a quarter of the footage's speed
  double speed = NAN;    // over that of the footage
  Alignment alignment{NAN, NAN};
  double nearest = NAN;  // root mean square distance of one-second windows to the nearest of the training footage
};

class NeutralFootage {
 public:
  // Reads every picture of the data set once. Throws Error when no clip is left to learn from.
  explicit NeutralFootage(std::shared_ptr<const DataSet> data);

  double fps() const { return data_->fps(); }
  double explained() const { return space_->explained(); }  // share of the variance that the space holds
  // Frames of the data set as the common picture: [B, 1, 96, 96] in its heights
  torch::Tensor fields(std::span<const std::int64_t> frames) const;
  // What a painter draws of codes [B, Z], laid into the same square: [B, 1, 96, 96]
  torch::Tensor fields_of(model::Painter painter, const torch::Tensor& codes) const;
  // fields [B, 1, S, S] -> [B, K]
  torch::Tensor codes_of(const torch::Tensor& fields) const { return space_->codes_of(PictureSpace::small(fields)); }
  // -> figures of dances [T, K] a dancer at fps(); beats: frames on which a beat falls, the same for all
  NeutralFigures figures_of(const std::vector<torch::Tensor>& dances, const std::vector<double>& beats) const;

  // Real dance: Frechet distance of the two halves of the training takes
  double halves() const { return halves_; }
  // Real dance that was held out against the training footage; alignment NaN where no beats are known
  const NeutralFigures& held_out() const { return held_out_; }
  // The training footage itself; alignment NaN where no beats are known
  const NeutralFigures& training() const { return training_; }

 private:
  // immutable after construction
  std::shared_ptr<const DataSet> data_;
  double span_ = 1.0;  // side of the common picture in heights of the data set's: all that the dancers use
  std::unique_ptr<const PictureSpace> space_;
  torch::Tensor features_, windows_;  // of the training footage: [W, 48], [W, 10 K]
  double mean_speed_ = 1.0;
  double halves_ = NAN;
  NeutralFigures held_out_, training_;
};

}  // namespace ombra::train
