#pragma once
// Many small pictures of dancers on one sheet, to look at.
// Thread: any.

#include "footage/data/data_set.hpp"

#include <cstdint>
#include <filesystem>
#include <span>
#include <vector>

namespace ombra::train {

// One picture as a data set stores it; tinted pictures get a warm ground.
struct SheetPicture {
  std::span<const std::uint8_t> bytes;
  bool tinted = false;
};

// What all pictures of a sheet have in common.
struct SheetFormat {
  PictureKind kind = PictureKind::kDistance;
  int width = 96, height = 96;
  int columns = 12;
};

// Writes a PNG with format.columns pictures a row, dark figures on light ground. Throws Error.
void write_contact_sheet(const std::filesystem::path& path, std::span<const SheetPicture> pictures,
                         const SheetFormat& format);

}  // namespace ombra::train
