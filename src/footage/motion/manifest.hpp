#pragma once
// manifest.csv beside motion files: licence, source, exact tempo and more per clip.
// Thread: any.

#include "footage/motion/motion.hpp"

#include <filesystem>
#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace ombra::train {

struct ManifestRow {
  int dims = 0;            // 2 or 3; 0: not said
  int party_score = 0;     // 1..3; 0: not said
  double exact_bpm = 0.0;  // 0: not said
  std::string licence, source;
  std::string style, pair;           // MotionClip
  std::vector<FrameSpan> left_out;   // MotionClip
  std::filesystem::path soundtrack;  // from the folder of the manifest; empty: not said
};

// Columns by name: clip (needed), dims, party_score, exact_bpm, licence, source, style, pair, exclude (frames, "653-913
// 1286-1380"), soundtrack; others are ignored. Cells may be quoted. Throws Error with origin:line, also for a
// soundtrack that lies outside the folder.
std::map<std::string, ManifestRow> parse_manifest(std::string_view text, const std::string& origin);

// Lists of frames to leave out, as JSON: {"clip": [[first, last, "why"], ...], ...}. Throws Error with origin.
std::map<std::string, std::vector<FrameSpan>> parse_excluded_frames(std::string_view text, const std::string& origin);

// -> what over says, cell by cell; where it says nothing, what under says
ManifestRow merged(const ManifestRow& over, ManifestRow under);

// Adds what folder/manifest.csv says about clip.name, and files *exclude_frames.json beside it; nothing happens where
// there is no manifest or no such row. more: said elsewhere, wins; its soundtrack counts from the same folder; null:
// nothing. Throws Error when it cannot be read, or when the soundtrack is a link that leads out of the folder.
void add_manifest(MotionClip& clip, const std::filesystem::path& folder, const ManifestRow* more = nullptr);

}  // namespace ombra::train
