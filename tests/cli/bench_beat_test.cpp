// Runs `ombra bench beat` over files that the test writes.

#include "audio/material/composed.hpp"
#include "audio/material/sound_fonts.hpp"
#include "audio/midi_writer.hpp"
#include "cli/program.hpp"
#include "core/error.hpp"
#include "model/figure/safetensors.hpp"

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include <cmath>
#include <cstdint>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <vector>

namespace ombra {
namespace {

namespace fs = std::filesystem;

class BenchBeat : public test::ProgramTest {};

// Bass drums at 120 BPM and hats between them, as 16-bit WAV at 22050 Hz.
void write_drums(const fs::path& file, double seconds) {
  constexpr std::uint32_t kRate = 22050;
  std::vector<std::int16_t> samples;
  std::uint32_t noise = 1;
  for (std::uint32_t i = 0; i < static_cast<std::uint32_t>(seconds * kRate); ++i) {
    const double since = std::fmod(i / static_cast<double>(kRate), 0.5), hat = std::fmod(since + 0.25, 0.5);
    noise = noise * 1664525u + 1013904223u;
    const double white = noise / 2147483648.0 - 1.0;
    const double x =
        std::sin(2.0 * 3.14159265 * 55.0 * since) * std::exp(-since / 0.08) + 0.2 * white * std::exp(-hat / 0.02);
    samples.push_back(static_cast<std::int16_t>(20000.0 * x));
  }
  std::ofstream out(file, std::ios::binary);
  const auto number = [&](std::uint32_t value, int bytes) { out.write(reinterpret_cast<const char*>(&value), bytes); };
  const auto size = static_cast<std::uint32_t>(samples.size() * 2);
  out << "RIFF";
  number(36 + size, 4);
  out << "WAVEfmt ";
  number(16, 4), number(1, 2), number(1, 2), number(kRate, 4), number(kRate * 2, 4), number(2, 2), number(16, 2);
  out << "data";
  number(size, 4);
  out.write(reinterpret_cast<const char*>(samples.data()), size);
}

TEST_F(BenchBeat, MeasuresTheFilesOfAFolderAndLeavesOutWhatHasNoBeats) {
  write_drums(folder / "drums.wav", 16.0);
  nlohmann::json beats = nlohmann::json::array();
  for (int i = 0; i < 32; ++i) beats.push_back(0.5 * i);
  write_atomically(folder / "beats.json",
                   nlohmann::json{{"drums.wav", {{"beats", beats}}}, {"song.wav", {{"beats", nullptr}}}}.dump());
  ASSERT_EQ(
      run("bench beat --seeds 0 --audio " + folder.string() + " --json " + (folder / "figures.json").string()).status,
      0)
      << read_text(folder / "stderr");
  EXPECT_NE(read_text(folder / "stdout").find("song.wav: no beats known"), std::string::npos);
  const auto figures = nlohmann::json::parse(read_text(folder / "figures.json"));
  ASSERT_EQ(figures["rows"].size(), 4u) << "clean, crowd, room, phone";
  EXPECT_EQ(figures["rows"][0]["piece"], "drums");
  EXPECT_GT(figures["rows"][0]["ombra"]["f"].get<double>(), 0.95);
  EXPECT_GT(figures["cost_percent_of_a_core"]["ombra"].get<double>(), 0.0);
}

bool no_fonts() {
  try {
    return audio::sound_fonts().empty();
  } catch (const Error&) {
    return true;
  }
}

// Kicks on every beat, 35 s of them. -> the names of those that are held back for tests
std::vector<std::string> write_pieces(const fs::path& midi) {
  fs::create_directories(midi);
  std::vector<std::string> held_back;
  for (int i = 0; i < 8; ++i) {
    const fs::path file = midi / (std::to_string(i) + ".mid");
    write_atomically(file, test::kicks(110.0, 64));
    const std::string name = file.stem().string();
    if (audio::ComposedPiece{.name = name, .path = file}.split() == "test") held_back.push_back(name);
  }
  return held_back;
}

TEST_F(BenchBeat, PlaysWhatIsHeldBackOfAFolderOfPieces) {
  if (no_fonts()) GTEST_SKIP() << "no sound fonts on this system";
  ASSERT_FALSE(write_pieces(folder / "midi").empty());
  ASSERT_EQ(run("bench beat --seeds 0 --pieces 1 --midi " + (folder / "midi").string() + " --json " +
                (folder / "figures.json").string())
                .status,
            0)
      << read_text(folder / "stderr");
  const auto figures = nlohmann::json::parse(read_text(folder / "figures.json"));
  ASSERT_EQ(figures["rows"].size(), 4u);
  EXPECT_EQ(figures["rows"][0]["source"], "composed");
  for (const char* row : {"composed clean", "composed crowd", "composed room", "composed phone"})
    EXPECT_NE(read_text(folder / "stdout").find(row), std::string::npos) << row;
  EXPECT_GT(figures["rows"][0]["ombra"]["f"].get<double>(), 0.9) << "a kick on every beat";
  EXPECT_GT(figures["rows"][0]["ombra"]["aml_t"].get<double>(), 0.9);
  const auto& confidence = figures["confidence"]["composed"];
  EXPECT_EQ(confidence["beats"].size(), 10u);
}

TEST_F(BenchBeat, MixesRecordsDancesToThemAndDrawsWhatConfidenceWasWorth) {
  if (no_fonts()) GTEST_SKIP() << "no sound fonts on this system";
  if (test::shipped_model().empty()) GTEST_SKIP() << "no trained dancer";
  ASSERT_FALSE(write_pieces(folder / "midi").empty());
  const test::Outcome outcome = run("bench beat --seeds 0 --pieces 1 --mixes 1 --midi " + (folder / "midi").string() +
                                    " --dance " + test::shipped_model().string() + " --plot " +
                                    (folder / "plot.svg").string() + " --json " + (folder / "figures.json").string());
  ASSERT_EQ(outcome.status, 0) << outcome.text();
  const auto rows = nlohmann::json::parse(read_text(folder / "figures.json"))["rows"];
  ASSERT_EQ(rows.size(), 8u);
  EXPECT_EQ(rows[0]["source"], "mix");
  EXPECT_TRUE(rows[0]["mix"].get<bool>());
  EXPECT_FALSE(rows[4]["mix"].get<bool>());
  const double relock_s = rows[0]["ombra"]["relock_s"].get<double>();
  EXPECT_GE(relock_s, 0.0);
  EXPECT_LE(relock_s, 12.0) << "kicks on every beat, before and after";
  for (const auto& row : rows) {
    const double gap = row["dance_gap"].get<double>();
    EXPECT_TRUE(gap > -1.0 && gap < 1.0 && gap != 0.0) << row;
  }
  EXPECT_TRUE(says(outcome, "again in 6 s"));
  const std::string plot = read_text(folder / "plot.svg");
  EXPECT_TRUE(test::has(plot, "<svg") && test::has(plot, "<circle") && test::has(plot, "</svg>")) << plot;
}

TEST_F(BenchBeat, SaysWhatTheEarHasLearnedFrom) {
  if (no_fonts()) GTEST_SKIP() << "no sound fonts on this system";
  const fs::path shipped = fs::path(OMBRA_SOURCE) / "models" / "ear";
  if (!fs::exists(shipped / "weights.safetensors")) GTEST_SKIP() << "no trained ear";
  const std::vector<std::string> names = write_pieces(folder / "midi");
  ASSERT_FALSE(names.empty());
  const fs::path ear = folder / "models" / "ear";
  fs::create_directories(ear);
  fs::copy_file(shipped / "recipe.toml", ear / "recipe.toml");
  const model::SafetensorsFile weights(shipped / "weights.safetensors");
  model::SafetensorsWriter writer;
  for (const model::TensorView& tensor : weights.tensors())
    writer.add(tensor.name, tensor.dtype, tensor.shape, tensor.bytes);
  writer.set_metadata("learned_from", "composed " + names.front() + "\n");
  writer.write(ear / "weights.safetensors");
  const std::string words =
      "bench beat --seeds 0 --midi " + (folder / "midi").string() + " --json " + (folder / "figures.json").string();
  ASSERT_EQ(run(words, "OMBRA_DATA=" + folder.string()).status, 0) << read_text(folder / "stderr");
  for (const auto& row : nlohmann::json::parse(read_text(folder / "figures.json"))["rows"])
    EXPECT_EQ(row["learned_from"].get<bool>(), row["piece"].get<std::string>() == names.front() + " 1") << row;
}

TEST_F(BenchBeat, WritesOverNoPieceThatItHears) {
  write_pieces(folder / "midi");
  const std::string words = "bench beat --seeds 0 --pieces 1 --midi " + (folder / "midi").string();
  const fs::path piece = folder / "midi" / "0.mid";
  const std::string before = read_text(piece);
  for (const char* option : {" --json ", " --plot "}) {
    EXPECT_EQ(run(words + option + piece.string()).status, 2) << option;
    EXPECT_EQ(read_text(piece), before) << option;
  }
  const std::string same = (folder / "same").string();
  EXPECT_EQ(run(words + " --json " + same + " --plot " + same).status, 2);
}

TEST_F(BenchBeat, SaysWhatIsWrongWithAFolder) {
  EXPECT_EQ(run("bench beat --seeds 0").status, 2) << "nothing to listen to";
  EXPECT_EQ(run("bench beat --seeds 0 --audio " + folder.string()).status, 1) << "no beats.json";
  EXPECT_NE(read_text(folder / "stderr").find("beats.json"), std::string::npos);
  write_atomically(folder / "beats.json", "{\"a.wav\": {\"beats\": [0, 1");
  EXPECT_EQ(run("bench beat --seeds 0 --audio " + folder.string()).status, 1) << "cut off";
  write_atomically(folder / "beats.json", "{}");
  EXPECT_EQ(run("bench beat --seeds 0 --audio " + folder.string()).status, 1) << "no file";
}

}  // namespace
}  // namespace ombra
