#pragma once
// Many small pictures of dancers on one sheet, to look at.
// Thread: any.

#include <cstdint>
#include <filesystem>
#include <span>
#include <vector>

namespace ombra::train {

// One picture: [size][size] distances in 1/15 pixel as in a data set; tinted pictures get a warm background.
struct SheetPicture {
  std::span<const std::int8_t> distances;
  bool tinted = false;
};

// Writes a PNG with `columns` pictures a row, dark figures on light ground. Throws Error.
void write_contact_sheet(const std::filesystem::path& path, std::span<const SheetPicture> pictures, int size,
                         int columns);

}  // namespace ombra::train
