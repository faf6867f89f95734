#pragma once
// The desk's colours, measures and font.
// Thread: render only.

#include <imgui.h>

#include <string>

namespace ombra::show::theme {

inline const ImVec4 kPanel{0.050f, 0.045f, 0.065f, 1.0f};
inline const ImVec4 kCard{0.072f, 0.066f, 0.092f, 1.0f};  // behind a column of a desk in a window of its own
inline const ImVec4 kBars{0.110f, 0.110f, 0.110f, 1.0f};  // beside a picture of another shape
inline const ImVec4 kWell{0.115f, 0.105f, 0.140f, 1.0f};  // where values lie
inline const ImVec4 kWellHover{0.165f, 0.150f, 0.195f, 1.0f};
inline const ImVec4 kText{0.940f, 0.920f, 0.895f, 1.0f};
inline const ImVec4 kDim{0.620f, 0.590f, 0.620f, 1.0f};
inline const ImVec4 kWarm{1.000f, 0.640f, 0.330f, 1.0f};  // the operator's hand
inline const ImVec4 kCool{0.430f, 0.780f, 0.980f, 1.0f};  // what the music does
inline const ImVec4 kWarning{1.000f, 0.800f, 0.300f, 1.0f};
inline const ImVec4 kNote{0.600f, 0.820f, 0.660f, 1.0f};
inline const ImVec4 kAlarm{1.000f, 0.420f, 0.360f, 1.0f};

// -> colour for a draw list, with another opacity
ImU32 ink(const ImVec4& colour, float alpha = 1.0f);

// -> from a to b, part 0..1 of the way
ImVec4 mix(const ImVec4& a, const ImVec4& b, float part);
// Sets the style for a text height in pixels.
void apply(float text_height);
// -> the letters that names of files and devices are written in: Latin, Greek, Cyrillic, signs; ends with a 0
const ImWchar* letters();
// -> a sans-serif font file on this machine, or "" (then ImGui's own is scaled)
std::string font_file();

}  // namespace ombra::show::theme
