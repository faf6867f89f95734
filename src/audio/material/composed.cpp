#include "audio/material/composed.hpp"

#include "core/error.hpp"
#include "core/file.hpp"
#include "core/text.hpp"

#include <algorithm>
#include <system_error>

namespace ombra::audio {
namespace {

constexpr std::size_t kMaxBytes = 4u << 20, kMaxFiles = 10000, kFewNotes = 100;
constexpr double kOnGrid = 0.5, kShortestS = 15.0, kSlowestBpm = 50.0, kFastestBpm = 220.0;

// Fowler, Noll and Vo: the same on every machine
std::uint32_t hash(const std::string& text) {
  std::uint32_t h = 2166136261u;
  for (const char c : text) h = (h ^ static_cast<unsigned char>(c)) * 16777619u;
  return h ^ (h >> 15);
}

}  // namespace

std::string ComposedPiece::split() const {
  const std::uint32_t part = hash(name) % 10;
  return part < 6 ? "train" : part < 7 ? "validation" : "test";
}

Score read_composed(const std::filesystem::path& path) {
  const std::string name = path.string(), text = read_text(path, kMaxBytes);
  MidiFile file = read_midi(std::as_bytes(std::span(text)), name);
  const auto notes = std::ranges::count_if(file.messages, [](const MidiMessage& m) { return m.strikes(); });
  if (static_cast<std::size_t>(notes) < kFewNotes) throw error("{}: no more than {} notes", name, notes);
  const double on_grid = share_on_grid(file.messages);
  if (on_grid < kOnGrid)
    throw error("{}: {:.0f} % of its notes lie on its own beats, chance is 30 %", name, 100.0 * on_grid);
  Score score;
  score.messages = std::move(file.messages);
  score.tempi = std::move(file.tempi);
  const TempoMap map(score.tempi, 1.0);
  const double end_s = map.seconds(file.quarters);
  score.beats = beats_of(file.metres, file.quarters, end_s / std::max(1.0, file.quarters));
  const double bpm = usual_bpm(score, 1.0);
  if (score.beats.size() < 8 || end_s < kShortestS || bpm < kSlowestBpm || bpm > kFastestBpm)
    throw error("{}: its beats cannot be told ({:.0f} a minute for {:.0f} s)", name, bpm, end_s);
  return score;
}

std::vector<ComposedPiece> find_composed(std::span<const std::filesystem::path> folders,
                                         std::vector<std::string>& passed_over) {
  std::vector<std::filesystem::path> files;
  for (const auto& folder : folders) {
    std::error_code code;
    for (auto at = std::filesystem::recursive_directory_iterator(folder, code);
         !code && at != std::filesystem::recursive_directory_iterator() && files.size() < kMaxFiles;
         at.increment(code)) {
      const std::string ending = lower(at->path().extension().string());
      if ((ending == ".mid" || ending == ".midi") && at->is_regular_file(code)) files.push_back(at->path());
    }
    if (code) throw error("{}: cannot be read ({})\nhint: a folder with MIDI files", folder.string(), code.message());
  }
  std::ranges::sort(files);
  std::vector<ComposedPiece> out;
  for (const auto& file : files) {
    try {
      const Score score = read_composed(file);
      const double seconds = TempoMap(score.tempi, 1.0).seconds(score.beats.back().at);
      out.push_back({file.stem().string(), file, seconds, usual_bpm(score, 1.0)});
    } catch (const Error& e) {
      passed_over.push_back(first_line(e.what()));
    }
  }
  return out;
}

}  // namespace ombra::audio
