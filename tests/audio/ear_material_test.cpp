// What the ear learns from is labelled where the sound is, split by its sources, and safe against damaged files.

#include "audio/material/ear_material.hpp"

#include "audio/material/accompaniment.hpp"
#include "audio/material/composed.hpp"
#include "audio/material/drum_performances.hpp"
#include "audio/material/groove_genres.hpp"
#include "audio/material/grooves.hpp"
#include "audio/material/listen.hpp"
#include "audio/material/made_up.hpp"
#include "audio/material/players.hpp"
#include "audio/material/prepare_music.hpp"
#include "audio/material/score.hpp"
#include "audio/material/sound_fonts.hpp"
#include "audio/material/synthesizer.hpp"
#include "audio/midi_writer.hpp"
#include "core/error.hpp"
#include "core/file.hpp"
#include "core/rng.hpp"
#include "temp_folder.hpp"

#include <gtest/gtest.h>
#include <sys/stat.h>

#include <cmath>
#include <limits>
#include <map>
#include <set>

namespace ombra::audio {
namespace {

using test::kicks;

MidiFile parsed(const std::string& bytes) { return read_midi(std::as_bytes(std::span(bytes)), "kicks.mid"); }

Score score_of_kicks(double bpm, int quarters) {
  const MidiFile file = parsed(kicks(bpm, quarters));
  Score score;
  score.messages = file.messages;
  score.tempi = file.tempi;
  score.beats = beats_of(file.metres, file.quarters, file.tempi.at(0).quarter_s);
  return score;
}

bool no_fonts() {
  try {
    return sound_fonts().empty();
  } catch (const Error&) {
    return true;
  }
}

EarSequence small_sequence() {
  EarSequence s;
  s.about.name = "a";
  s.about.split = "train";
  s.bands.assign(3 * EarBands::kBands, 7);
  s.place = {0.5f, 3.9f, std::numeric_limits<float>::quiet_NaN()};
  s.beats_per_bar = {0, 4, 0};
  return s;
}

class EarMaterialFile : public test::FolderTest {
 protected:
  // Drummers of all splits, each with a performance of kicks.
  void write_performances() {
    std::string list =
        "drummer,session,id,style,bpm,beat_type,time_signature,midi_filename,audio_filename,duration,split\n";
    for (const char* session : {"drummer1/session1", "drummer1/session3", "drummer2/session1", "drummer3/session1"}) {
      for (int i = 0; i < 2; ++i) {
        const std::string drummer = std::string(session).substr(0, 8), id = fmt::format("{}/{}", session, i);
        std::filesystem::create_directories(folder / session);
        write_atomically(folder / (id + ".mid"), kicks(120.0, 32));
        list += fmt::format("{},{},{},rock,120,beat,4-4,{}.mid,,16.0,train\n", drummer, session, id, id);
      }
    }
    write_atomically(folder / "info.csv", list);
  }
};

TEST(EarMaterial, LabelsLieOnTheAttacks) {
  if (no_fonts()) GTEST_SKIP() << "no sound fonts on this system";
  const Score score = score_of_kicks(120.0, 32);
  const Excerpt music = excerpt(score, 0.9, 1.3, 12.0);
  Synthesizer synthesizer(sound_fonts().back());
  EarSequence s;
  listen(synthesizer.play(music.messages, music.seconds, 0.0), Synthesizer::kRateHz, s);
  label(music.beats, 0.0, s.about.hop_s, s.place, s.beats_per_bar);
  int beats = 0;
  for (std::size_t k = 8; k + 8 < s.place.size(); ++k) {
    if (std::floor(s.place[k]) == std::floor(s.place[k - 1])) continue;
    ++beats;
    std::size_t steepest = 0;  // of the lowest two bands, within 60 ms
    int rise = -1000;
    for (std::size_t j = k - 6; j <= k + 6; ++j) {
      const auto bass = [&](std::size_t hop) {
        return s.bands[hop * EarBands::kBands] + s.bands[hop * EarBands::kBands + 1];
      };
      if (bass(j) - bass(j - 1) > rise) rise = bass(j) - bass(j - 1), steepest = j;
    }
    EXPECT_GT(rise, 30) << "hop " << k;
    EXPECT_LE(std::abs(static_cast<int>(steepest) - static_cast<int>(k)), 2) << "hop " << k;
  }
  EXPECT_NEAR(beats, 12.0 * 120.0 * 0.9 / 60.0, 2.0);
  EXPECT_EQ(s.beats_per_bar[100], 4);
}

TEST(EarMaterial, WhatIsHeardDoesNotDependOnTheLevel) {
  std::vector<float> loud(3 * 48000);
  Rng rng(5);
  for (std::size_t i = 0; i < loud.size(); ++i)
    loud[i] = static_cast<float>(0.5 * std::exp(-static_cast<double>(i % 24000) / 3000.0) * rng.uniform(-1.0, 1.0));
  std::vector<float> quiet = loud;
  for (float& x : quiet) x *= 0.05f;
  EarSequence a, b;
  listen(loud, 48000, a);
  listen(quiet, 48000, b);
  ASSERT_EQ(a.place.size(), 300u);
  int most = 0, different = 0;
  for (std::size_t i = 100 * EarBands::kBands; i < a.bands.size(); ++i) {
    most = std::max<int>(most, a.bands[i]);
    different = std::max(different, std::abs(a.bands[i] - b.bands[i]));
  }
  EXPECT_GT(most, 60);
  EXPECT_LE(different, 1);
}

TEST(EarMaterial, PlacesStayInTheirBarsAndGoOnOutsideTheMarks) {
  const std::vector<BeatMark> marks = {{1.0, 2, 3}, {1.5, 0, 3}, {2.0, 1, 3}};
  std::vector<float> place(300);
  std::vector<std::uint8_t> bars(300);
  label(marks, 0.0, 0.01, place, bars);
  EXPECT_NEAR(place[124], 2.5, 1e-3);  // 1.25 s
  EXPECT_NEAR(place[74], 1.5, 1e-3);   // 0.75 s: the tempo goes on backwards
  EXPECT_NEAR(place[224], 1.5, 1e-3);
  EXPECT_NEAR(place[274], 2.5, 1e-3);
  for (const float p : place) EXPECT_TRUE(p >= 0.0f && p < 3.0f) << p;
}

TEST(EarMaterial, EachRecordHasItsOwnBeatsUpToTheChange) {
  const std::vector<BeatMark> marks = {{0.0, 0, 4}, {0.5, 1, 4}, {1.2, 0, 4}, {1.6, 1, 4}};
  std::vector<float> place(160);
  std::vector<std::uint8_t> bars(160);
  label_records(marks, std::vector<double>{1.1}, 0.01, place, bars);
  EXPECT_NEAR(place[99], 2.0, 0.03);    // at 1.0 s the first record has its third beat
  EXPECT_NEAR(place[113], 3.85, 0.03);  // at 1.14 s the second is about to have its first
}

TEST(EarMaterial, PeopleCountDottedQuartersAndNothingFasterThanTwoHundred) {
  const auto beats = [](int number, int unit, double bpm) {
    const MidiMetre metre{0.0, number, unit};
    return beats_of(std::span(&metre, 1), 24.0, 60.0 / bpm);
  };
  EXPECT_EQ(beats(6, 8, 120)[1].at, 1.5);
  EXPECT_EQ(beats(6, 8, 120)[1].beats_per_bar, 2);
  EXPECT_EQ(beats(12, 8, 120)[3].in_bar, 3);
  EXPECT_EQ(beats(4, 4, 120)[1].at, 1.0);
  EXPECT_EQ(beats(4, 4, 290)[1].at, 2.0);
  EXPECT_EQ(beats(4, 4, 290)[1].beats_per_bar, 2);
  EXPECT_EQ(beats(3, 4, 120)[4].in_bar, 1);
  EXPECT_EQ(beats(5, 4, 120)[1].beats_per_bar, 0);
  EXPECT_TRUE(beats(7, 8, 120).empty());
  EXPECT_EQ(beats_of({}, 8.0, 0.5)[5].beats_per_bar, 0);
}

TEST(EarMaterial, ABandKeepsToTheDrummersBeatsAndSwing) {
  Score drums = score_of_kicks(120.0, 128);
  for (MidiMessage& m : drums.messages) {  // the hats come late
    if (m.first == 42) m.at += 0.15;
  }
  EXPECT_NEAR(swing_of(drums), 0.65, 0.001);
  int notes = 0;
  for (std::uint64_t seed = 1; seed <= 12; ++seed) {
    Score score = drums;
    Rng rng(seed);
    EXPECT_NE(accompany(score, rng), "drums");
    for (const MidiMessage& m : score.messages) {
      if (!m.strikes() || m.channel() == MidiMessage::kDrumChannel) continue;
      const double phase = m.at - std::floor(m.at);
      const double off = std::min({phase, 1.0 - phase, std::abs(phase - 0.65)});
      EXPECT_LT(off * 0.5, 0.025);
      ++notes;
    }
  }
  EXPECT_GT(notes, 1000);
}

TEST(EarMaterial, DamagedMidiIsAnErrorAndNoCrash) {
  const std::string whole = kicks(120.0, 8);
  EXPECT_EQ(parsed(whole).metres.at(0).beats, 4);
  EXPECT_NEAR(parsed(whole).quarters, 8.0, 1e-9);
  for (std::size_t size = 0; size + 1 < whole.size(); ++size)
    EXPECT_THROW(parsed(whole.substr(0, size)), Error) << size;
  Rng rng(3);
  for (int i = 0; i < 20000; ++i) {
    std::string bytes = whole;
    for (int k = 0; k < 3; ++k)
      bytes[static_cast<std::size_t>(rng.below(static_cast<int>(bytes.size())))] = static_cast<char>(rng.below(256));
    try {
      const MidiFile file = parsed(bytes);
      EXPECT_LE(file.messages.size(), bytes.size());
      EXPECT_LE(beats_of(file.metres, file.quarters, 0.5).size(), 1'000'000u);
    } catch (const Error&) {
    }
  }
}

TEST_F(EarMaterialFile, ComesBackAsItWasWritten) {
  const std::vector<EarSequence> all = {small_sequence(), small_sequence()};
  write_ear_material(folder / "ear.safetensors", all);
  const EarMaterial material(folder / "ear.safetensors");
  ASSERT_EQ(material.pieces().size(), 2u);
  const EarPiece& second = material.pieces()[1];
  EXPECT_EQ(second.start, 3);
  EXPECT_EQ(second.split, "train");
  EXPECT_EQ(material.bands(second).size(), 3 * EarBands::kBands);
  EXPECT_EQ(material.place(second)[1], 3.9f);
  EXPECT_EQ(material.beats_per_bar(second)[1], 4);
}

TEST_F(EarMaterialFile, GarbageIsRefused) {
  write_atomically(folder / "noise.safetensors", std::string(1000, 'x'));
  EXPECT_THROW(EarMaterial{folder / "noise.safetensors"}, Error);
  EXPECT_THROW(EarMaterial{folder / "nothing.safetensors"}, Error);
  const auto refused = [&](auto&& spoil) {
    std::vector<EarSequence> all = {small_sequence()};
    spoil(all[0]);
    write_ear_material(folder / "ear.safetensors", all);
    EXPECT_THROW(EarMaterial{folder / "ear.safetensors"}, Error);
  };
  refused([](EarSequence& s) { s.place[1] = 4.0f; });
  refused([](EarSequence& s) { s.place[0] = -0.1f; });
  refused([](EarSequence& s) { s.beats_per_bar[2] = 4; });
  refused([](EarSequence& s) { s.beats_per_bar[1] = 9; });
  refused([](EarSequence& s) { s.about.hop_s = 0.0; });
  write_ear_material(folder / "ear.safetensors", std::vector<EarSequence>{small_sequence()});
  std::string bytes = read_text(folder / "ear.safetensors");
  write_atomically(folder / "cut.safetensors", bytes.substr(0, bytes.size() - 1));
  EXPECT_THROW(EarMaterial{folder / "cut.safetensors"}, Error);
}

TEST_F(EarMaterialFile, AListNamesNoFileOutsideItsFolder) {
  write_performances();
  const std::string list = read_text(folder / "info.csv");
  for (const char* other : {"../secret.mid", "/etc/passwd", "drummer1/../../secret.mid", ""}) {
    std::string text = list;
    text.replace(text.find("drummer1/session1/0.mid"), std::string("drummer1/session1/0.mid").size(), other);
    write_atomically(folder / "info.csv", text);
    EXPECT_THROW(read_performances(folder), Error) << other;
  }
}

TEST_F(EarMaterialFile, WhatIsNoFileIsNoPiece) {
  std::filesystem::create_directories(folder / "midi" / "folder.mid");
  ASSERT_EQ(::mkfifo((folder / "midi/pipe.mid").c_str(), 0600), 0);  // whoever opens it waits for ever
  write_atomically(folder / "midi/piece.mid", kicks(100.0, 64));
  const std::vector<std::filesystem::path> folders = {folder / "midi"};
  std::vector<std::string> passed_over;
  EXPECT_EQ(find_composed(folders, passed_over).size(), 1u);
}

TEST(EarMaterial, APlainBeatSoundsOnItsBeatsAndItsBarsAreAnybodysGuess) {
  std::set<int> firsts;
  for (std::uint64_t seed = 1; seed <= 12; ++seed) {
    Rng rng(seed);
    const PlayedMusic music = plain_beat(20.0, rng);
    ASSERT_GT(music.beats.size(), 15u);
    EXPECT_TRUE(music.bpm >= 55.0 && music.bpm <= 200.0) << music.bpm;
    firsts.insert(music.beats[0].in_bar);
    EarSequence sequence;
    listen(music.sound, music.rate_hz, sequence);
    double on = 0.0, at_all = 0.0;  // how much louder the bands are than two hops before, at beats and anywhere
    const auto rise = [&](std::size_t hop) {
      double sum = 0.0;
      for (std::size_t band = 0; band < EarBands::kBands; ++band)
        sum += std::max(
            0, sequence.bands[hop * EarBands::kBands + band] - sequence.bands[(hop - 2) * EarBands::kBands + band]);
      return sum;
    };
    for (std::size_t i = 1; i + 1 < music.beats.size(); ++i) {
      const auto hop = static_cast<std::size_t>(music.beats[i].time_s / sequence.about.hop_s);
      on += std::max(rise(hop + 1), rise(hop + 2));
    }
    for (std::size_t hop = 2; hop < sequence.place.size(); ++hop) at_all += rise(hop);
    EXPECT_GT(on / static_cast<double>(music.beats.size()), 3.0 * at_all / static_cast<double>(sequence.place.size()))
        << seed;
  }
  EXPECT_EQ(firsts.size(), 4u);
}

TEST(EarMaterial, VariedDrumsKeepTheirTimesAndSomeOfThemRest) {
  const Score before = score_of_kicks(100.0, 64);
  std::set<int> notes;
  std::set<std::size_t> counts;
  for (std::uint64_t seed = 1; seed <= 60; ++seed) {
    Score score = before;
    Rng rng(seed);
    vary_drums(score, rng);
    std::set<double> times;
    for (const MidiMessage& m : before.messages) times.insert(m.at);
    std::size_t strikes = 0;
    for (const MidiMessage& m : score.messages) {
      EXPECT_TRUE(times.count(m.at) == 1);
      if (m.strikes()) notes.insert(m.first), ++strikes;
    }
    counts.insert(strikes);
  }
  EXPECT_GT(notes.size(), 4u) << "others play for them";
  EXPECT_TRUE(counts.count(128) == 1 && counts.count(64) == 1) << "both play, one rests";
}

TEST(EarMaterial, TwoDrummersPlayAsOne) {
  Score score = score_of_kicks(100.0, 64), other = score_of_kicks(140.0, 16);
  for (MidiMessage& m : other.messages) m.first = m.first == 42 ? 51 : m.first;  // a ride instead of hats
  share_drums(score, other);
  std::map<int, int> strikes;
  double last = 0.0;
  for (const MidiMessage& m : score.messages) {
    EXPECT_GE(m.at, last);
    last = m.at;
    if (!m.strikes()) continue;
    ++strikes[m.first];
    EXPECT_DOUBLE_EQ(m.at - std::floor(m.at), m.first == 36 ? 0.0 : 0.5);
  }
  EXPECT_EQ(strikes[36], 64);
  EXPECT_EQ(strikes[42], 0);
  EXPECT_NEAR(strikes[51], 64, 1) << "over and over";
}

TEST_F(EarMaterialFile, IsSplitByItsSources) {
  if (no_fonts()) GTEST_SKIP() << "no sound fonts on this system";
  write_performances();
  std::filesystem::create_directories(folder / "midi");
  for (int i = 0; i < 6; ++i) write_atomically(folder / fmt::format("midi/{}.mid", i), kicks(100.0, 64));
  write_atomically(folder / "midi/damaged.mid", kicks(100.0, 64).substr(0, 300));
  PrepareMusicOptions options;
  options.fonts = {sound_fonts().back()};  // the smallest
  options.drums = folder;
  options.midi = {folder / "midi"};
  options.output = folder / "ear.safetensors";
  options.made_up = false;
  options.versions = 1;
  const PrepareMusicReport report = prepare_music(options);
  EXPECT_EQ(report.passed_over.size(), 1u);
  std::map<std::string, std::set<std::string>> splits;
  std::map<std::string, int> pieces;
  for (const EarPiece& piece : report.pieces) {
    splits[piece.source + piece.group].insert(piece.split);
    ++pieces[piece.split];
    if (piece.drummer == "drummer3") {
      EXPECT_EQ(piece.split, "test");
    }
    if (piece.drummer == "drummer2" || piece.group == "drummer1/session3") {
      EXPECT_EQ(piece.split, "validation");
    }
    if (piece.group == "drummer1/session1") {
      EXPECT_EQ(piece.split, "train");
    }
  }
  for (const auto& [group, in] : splits) EXPECT_EQ(in.size(), 1u) << group;
  EXPECT_GE(pieces["train"], 2);
  EXPECT_GE(pieces["validation"], 4);
  EXPECT_GE(pieces["test"], 2);
}

TEST_F(EarMaterialFile, IsTheSameForTheSameSeedAndNeverAnInput) {
  if (no_fonts()) GTEST_SKIP() << "no sound fonts on this system";
  write_performances();
  PrepareMusicOptions options;
  options.fonts = {sound_fonts().back()};  // the smallest
  options.drums = folder;
  options.output = folder / "one.safetensors";
  options.made_up = false;
  options.versions = 1;
  prepare_music(options);
  options.output = folder / "two.safetensors";
  options.threads = 1;
  prepare_music(options);
  EXPECT_TRUE(read_text(folder / "one.safetensors") == read_text(folder / "two.safetensors"));
  std::filesystem::create_directories(folder / "midi" / "deep");
  write_atomically(folder / "midi/deep/piece.mid", kicks(100.0, 64));
  options.midi = {folder / "midi"};
  for (const char* input : {"info.csv", "drummer1/session1/0.mid", "midi/deep/piece.mid"}) {
    const std::string before = read_text(folder / input);
    options.output = folder / input;
    EXPECT_THROW(prepare_music(options), UsageError) << input;
    EXPECT_TRUE(read_text(folder / input) == before) << input;
  }
}

TEST(Grooves, EveryGenreStrikesWhereItsRulesSay) {
  for (const GrooveGenre& genre : groove_table()) {
    const auto steps = static_cast<std::size_t>(genre.beats_per_bar * genre.steps_per_beat);
    for (const std::span<const GrooveLane> lanes : {genre.lanes(), genre.time}) {
      ASSERT_FALSE(lanes.empty()) << genre.name;
      for (const GrooveLane& lane : lanes)
        ASSERT_EQ(std::string(lane.chance).size(), steps) << genre.name << " " << lane.chance;
    }
    Rng rng(5);
    const Score score = draw_groove(genre.name, rng);
    const double bpm = usual_bpm(score, 1.0);
    EXPECT_GE(bpm, genre.slow_bpm - 0.1) << genre.name;
    EXPECT_LE(bpm, genre.fast_bpm + 0.1) << genre.name;
    EXPECT_EQ(score.beats.front().beats_per_bar, genre.beats_per_bar);
    EXPECT_GT(share_on_grid(score.messages), 0.6) << genre.name << ": strikes lie on sixteenths or triplets";
    Rng again(5);
    EXPECT_EQ(draw_groove(genre.name, again).messages.size(), score.messages.size()) << "same seed, same groove";
  }
  Rng rng(1);
  EXPECT_THROW(draw_groove("yodel", rng), Error);
}

TEST(Grooves, ABackbeatIsOnTwoAndFourWhereverTheBassDrumIs) {
  int on = 0, elsewhere = 0;
  for (std::uint64_t seed = 0; seed < 20; ++seed) {
    Rng rng(seed);
    for (const MidiMessage& m : draw_groove("pushed rock", rng).messages) {
      if (!m.strikes() || m.first != 38) continue;
      const double in_bar = m.at - 4.0 * std::floor(m.at / 4.0);
      (std::abs(in_bar - 1.0) < 0.1 || std::abs(in_bar - 3.0) < 0.1 ? on : elsewhere) += 1;
    }
  }
  EXPECT_GT(on, 4 * elsewhere) << "all but fills";
}

}  // namespace
}  // namespace ombra::audio
