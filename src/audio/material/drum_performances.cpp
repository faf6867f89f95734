#include "audio/material/drum_performances.hpp"

#include "core/error.hpp"
#include "core/file.hpp"
#include "core/number.hpp"
#include "core/text.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <map>
#include <string_view>

namespace ombra::audio {
namespace {

constexpr double kShortestS = 8.0;
constexpr std::size_t kFewestBeats = 8;
constexpr std::size_t kMaxMidiBytes = 4u << 20;
constexpr std::string_view kTestDrummers[] = {"drummer3", "drummer6", "drummer10"}, kTestSession = "drummer7/session1";
constexpr std::string_view kValidationDrummer = "drummer2", kValidationSession = "drummer1/session3";

std::vector<std::string> cells(std::string_view line) {
  std::vector<std::string> out(1);
  for (const char c : line) {
    if (c == ',')
      out.emplace_back();
    else
      out.back() += c;
  }
  return out;
}

// the electronic kit's own notes -> those of General MIDI: edges of hats and toms
std::uint8_t general_midi(std::uint8_t note) {
  switch (note) {
    case 22:
      return 42;
    case 26:
      return 46;
    case 58:
      return 43;
    default:
      return note;
  }
}

}  // namespace

std::string DrumPerformance::split() const {
  if (std::ranges::find(kTestDrummers, drummer) != std::end(kTestDrummers) || session == kTestSession) return "test";
  return drummer == kValidationDrummer || session == kValidationSession ? "validation" : "train";
}

std::vector<DrumPerformance> read_performances(const std::filesystem::path& folder) {
  const std::filesystem::path list = folder / "info.csv";
  const std::string text = with_line_feeds(read_text(list), list.string());
  std::map<std::string, std::size_t> column;
  std::vector<DrumPerformance> out;
  int number = 0;
  for (std::size_t at = 0; at < text.size();) {
    const std::size_t end = std::min(text.find('\n', at), text.size());
    const std::vector<std::string> row = cells(std::string_view(text).substr(at, end - at));
    at = end + 1;
    if (++number == 1) {
      for (std::size_t i = 0; i < row.size(); ++i) column[row[i]] = i;
      for (const char* name :
           {"drummer", "session", "id", "style", "bpm", "beat_type", "time_signature", "midi_filename", "duration"})
        if (!column.contains(name))
          throw error("{}: no column '{}'\nhint: it is the list of the Groove MIDI Dataset", list.string(), name);
      continue;
    }
    if (row.size() < column.size()) {
      if (row.size() == 1 && row[0].empty()) continue;
      throw error("{}:{}: {} columns of {}\nhint: is the file whole?", list.string(), number, row.size(),
                  column.size());
    }
    const auto cell = [&](const char* name) { return row[column.at(name)]; };
    const auto bpm = parse_number(cell("bpm")), seconds = parse_number(cell("duration"));
    if (!bpm || !seconds || *bpm < 20.0 || *bpm > 400.0)
      throw error("{}:{}: no tempo or duration that can be\nhint: is the file whole?", list.string(), number);
    const std::string metre = cell("time_signature");
    if (cell("beat_type") != "beat" || *seconds < kShortestS || (metre != "4-4" && metre != "3-4")) continue;
    const std::filesystem::path midi = std::filesystem::path(cell("midi_filename")).lexically_normal();
    if (midi.empty() || midi.is_absolute() || *midi.begin() == "..")
      throw error("{}:{}: '{}' lies outside of the folder\nhint: is it the list of the Groove MIDI Dataset?",
                  list.string(), number, midi.string());
    out.push_back(
        {cell("id"), cell("drummer"), cell("session"), cell("style"), *bpm, *seconds, metre[0] - '0', folder / midi});
  }
  return out;
}

Score score_of(const DrumPerformance& performance) {
  const std::string name = performance.midi.string(), text = read_text(performance.midi, kMaxMidiBytes);
  MidiFile file = read_midi(std::as_bytes(std::span(text)), name);
  const auto as_listed = [&](const MidiTempo& t) { return std::abs(60.0 / t.quarter_s - performance.bpm) <= 1.0; };
  if (file.tempi.empty() || !std::ranges::all_of(file.tempi, as_listed))
    throw error("{}: not in one tempo of {} as its list says\nhint: was the file changed?", name, performance.bpm);
  Score score;
  score.tempi = file.tempi;
  for (MidiMessage m : file.messages) {
    if (!m.strikes() && !m.releases()) continue;
    m.status = static_cast<std::uint8_t>(m.kind() | MidiMessage::kDrumChannel);
    m.first = general_midi(m.first);
    score.messages.push_back(m);
  }
  const MidiMetre metre{0.0, performance.beats_per_bar, 4};
  score.beats = beats_of(std::span(&metre, 1), file.quarters, file.tempi[0].quarter_s);
  if (score.beats.size() < kFewestBeats)
    throw error("{}: it ends after {} beats\nhint: is it whole?", name, score.beats.size());
  return score;
}

}  // namespace ombra::audio
