#include "evaluate/dance_sheet.hpp"

#include "evaluate/metrics.hpp"
#include "footage/data/contact_sheet.hpp"

#include <algorithm>

namespace ombra::train {

using torch::Tensor;

namespace {

constexpr int kSize = 96;
constexpr std::int64_t kColumns = 20;

}  // namespace

void DanceSheet::add_row(const Tensor& codes, std::int64_t step) {
  const torch::NoGradGuard no_grad;
  if (!m_.people.names.empty()) m_.painter->set_person(m_.people.vectors[rows_ % m_.people.vectors.size(0)]);
  for (std::int64_t i = 0; i < kColumns; ++i)
    kept_.push_back(
        sheet_picture(m_.painter->decode(codes.narrow(0, std::min(i * step, codes.size(0) - 1), 1), kSize)));
  if (!m_.people.names.empty()) m_.painter->set_person(m_.people.vectors.mean(0));
  ++rows_;
}

void DanceSheet::write(const std::filesystem::path& path) const {
  std::vector<SheetPicture> pictures;
  for (std::size_t i = 0; i < kept_.size(); ++i) pictures.push_back({kept_[i], (i / kColumns) % 2 == 1});
  write_contact_sheet(path, pictures, {PictureKind::kDistance, kSize, kSize, static_cast<int>(kColumns)});
}

void write_dances(model::Model& m, const std::vector<Tensor>& dancers, std::int64_t step, std::size_t rows,
                  const std::filesystem::path& path) {
  DanceSheet sheet(m);
  for (std::size_t row = 0; row < rows; ++row) {
    const Tensor& codes = dancers[row % dancers.size()];
    const auto turn = static_cast<std::int64_t>(row / dancers.size());
    std::int64_t first = turn * kColumns * step;
    if (first + kColumns * step > codes.size(0)) first = turn * step / 2;  // between the pictures of before
    sheet.add_row(codes.slice(0, std::min(first, codes.size(0) - 1)), step);
  }
  sheet.write(path);
}

}  // namespace ombra::train
