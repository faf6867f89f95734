#pragma once
// A contact sheet of dances: a row a dancer and a stretch of time; painters of people draw each row as another one.
// Inside of evaluate/ only. Thread: one owner.

#include "model/layers/model_folder.hpp"

#include <filesystem>
#include <vector>

namespace ombra::train {

class DanceSheet {
 public:
  explicit DanceSheet(model::Model& m) : m_(m) {}
  // codes [T, Z], every `step` frames; the last one again where they are over
  void add_row(const torch::Tensor& codes, std::int64_t step);
  void write(const std::filesystem::path& path) const;

 private:
  model::Model& m_;
  std::int64_t rows_ = 0;
  std::vector<std::vector<std::uint8_t>> kept_;
};

// So many rows of the dancers, one after another, each for twenty pictures; where all of them were there, they go on
// later, or where they have danced no longer, at moments between.
void write_dances(model::Model& m, const std::vector<torch::Tensor>& dancers, std::int64_t step, std::size_t rows,
                  const std::filesystem::path& path);

}  // namespace ombra::train
