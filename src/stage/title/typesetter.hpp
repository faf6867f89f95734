#pragma once
// A line of text as a picture, in any script and any installed font: Pango shapes it, fontconfig finds the fonts.
// Nobody else knows them. Thread: one owner at a time.

#include "stage/title/overlay_picture.hpp"

#include <array>
#include <memory>
#include <string>

namespace ombra::stage {

struct TextOrder {
  std::string text;                            // UTF-8
  std::string font;                            // as Title::font
  std::array<float, 3> rgb{1.0f, 1.0f, 1.0f};  // sRGB 0..1, of letters that have no colours of their own
  int size_px = 0;                             // font size
  int most_px = 4096;                          // a wider line is set smaller
  bool operator==(const TextOrder&) const = default;
};

class Typesetter {
 public:
  // Looks for all fonts when the first text is set, which may take seconds where fontconfig has not done so before.
  Typesetter();
  ~Typesetter();
  Typesetter(const Typesetter&) = delete;
  Typesetter& operator=(const Typesetter&) = delete;

  // No levels where the text has nothing to show. At most kMaxOverlaySide pixels a side, whatever is asked for.
  // Throws Error.
  OverlayPicture set(const TextOrder& order);

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace ombra::stage
