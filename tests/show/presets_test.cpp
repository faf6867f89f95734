#include "show/params/presets.hpp"

#include "core/error.hpp"
#include "core/file.hpp"
#include "core/rng.hpp"
#include "show/params/show_params.hpp"

#include <gtest/gtest.h>

#include <unistd.h>

#include <cstdlib>

namespace ombra::show {
namespace {

struct Desk {
  ShowParams params{{"ember", "paper", "neon"}};
  Modulation modulation;
  Desk() { modulation.set_rows(Modulation::default_rows(params), params); }

  std::vector<std::string> read(std::string_view text) { return read_preset(text, "my.toml", params, modulation); }
};

TEST(Presets, RoundTripKeepsEveryParameterAndRow) {
  Desk a;
  for (int i = 0; i < a.params.size(); ++i) {
    if (a.params.declaration(i).kind == Kind::kColour) a.params.set_colour(i, {0.2f, 0.4f, 0.6f});
    a.params.set(i, a.params.from_unit(i, 0.37));
  }
  a.params.set_text("look/name", "neon");
  auto rows = a.modulation.rows();
  rows.push_back(
      {.source = ModulationSource::kLfo, .amount = -0.25f, .beats = 8.0f, .target = a.params.figure_size.index});
  a.modulation.set_rows(rows, a.params);

  Desk b;
  EXPECT_TRUE(b.read(write_preset(a.params, a.modulation)).empty());
  for (int i = 0; i < a.params.size(); ++i) {
    if (a.params.declaration(i).transient) continue;
    EXPECT_EQ(b.params.text(i), a.params.text(i)) << a.params.declaration(i).path;
  }
  ASSERT_EQ(b.modulation.rows().size(), rows.size());
  for (std::size_t i = 0; i < rows.size(); ++i) {
    const ModulationRow &x = a.modulation.rows()[i], &y = b.modulation.rows()[i];
    EXPECT_EQ(x.source, y.source);
    EXPECT_EQ(x.target, y.target);
    EXPECT_FLOAT_EQ(x.amount, y.amount);
    EXPECT_FLOAT_EQ(x.attack_s, y.attack_s);
    EXPECT_FLOAT_EQ(x.release_s, y.release_s);
    EXPECT_FLOAT_EQ(x.beats, y.beats);
  }
}

TEST(Presets, ReportsWhatItDoesNotKnowAndTakesTheRest) {
  Desk desk;
  const auto remarks = desk.read(
      "shine = 3\n"
      "[dancer]\n"
      "temperature = 1.1\n"
      "swing = 0.5\n"
      "energy = \"high\"\n"
      "count = 99\n"
      "hold = true\n"
      "[look]\n"
      "name = \"disco\"\n"
      "trails = 0.6\n");
  ASSERT_EQ(remarks.size(), 6u);
  const auto has = [&](const std::string& start, const std::string& part) {
    for (const std::string& r : remarks) {
      if (r.rfind(start, 0) == 0 && r.find(part) != std::string::npos) return true;
    }
    return false;
  };
  EXPECT_TRUE(has("my.toml:1:", "shine"));
  EXPECT_TRUE(has("my.toml:4:", "dancer/swing"));
  EXPECT_TRUE(has("my.toml:5:", "dancer/energy must be a number"));
  EXPECT_TRUE(has("my.toml:6:", "taken as 16"));
  EXPECT_TRUE(has("my.toml:7:", "dancer/hold"));
  EXPECT_TRUE(has("my.toml:9:", "ember, paper, neon"));
  EXPECT_FLOAT_EQ(desk.params.get(desk.params.temperature), 1.1f);
  EXPECT_FLOAT_EQ(desk.params.get(desk.params.trails), 0.6f);
  EXPECT_EQ(desk.params.get(desk.params.count), 16);
  EXPECT_EQ(desk.modulation.rows().size(), 7u) << "a preset without a table leaves the table alone";
}

TEST(Presets, ReportsBadRowsAndTakesTheGoodOnes) {
  Desk desk;
  const auto remarks = desk.read(
      "version = 2\n"
      "[[modulation]]\nsource = \"bass\"\nto = \"look/size\"\namount = 0.2\n"
      "[[modulation]]\nsource = \"sun\"\nto = \"look/size\"\n"
      "[[modulation]]\nsource = \"bass\"\nto = \"dancer/count\"\n"
      "[[modulation]]\nsource = \"bass\"\n"
      "[[modulation]]\nsource = \"mid\"\nto = \"look/glow\"\nshape = 3\namount = \"big\"\n");
  ASSERT_EQ(desk.modulation.rows().size(), 2u);
  EXPECT_FLOAT_EQ(desk.modulation.rows()[0].amount, 0.2f);
  EXPECT_EQ(desk.modulation.rows()[1].source, ModulationSource::kMid);
  EXPECT_EQ(remarks.size(), 5u);
}

// -> the table as words
std::string table(const Desk& desk) {
  std::string words;
  for (const ModulationRow& row : desk.modulation.rows())
    words += fmt::format("{}>{} ", source_name(row.source), desk.params.declaration(row.target).path);
  return words;
}

TEST(Presets, AnEarlierTableGainsTheRowsOfTheLight) {
  const std::string light = "level>look/swell bass>look/throb onset>look/flash ";
  const std::string glow = "[[modulation]]\nsource = \"bass\"\nto = \"look/glow\"\n";
  for (const std::string version : {"", "version = 1\n"}) {
    Desk desk;
    EXPECT_TRUE(desk.read(version + glow).empty());
    EXPECT_EQ(table(desk), "bass>look/glow " + light);
    EXPECT_TRUE(desk.read(version + "modulation = []\n").empty());
    EXPECT_EQ(table(desk), light);
    desk.read(version + glow + "[[modulation]]\nsource = \"beat\"\nto = \"look/flash\"\n");
    EXPECT_EQ(table(desk), "bass>look/glow beat>look/flash level>look/swell bass>look/throb ") << "one that knows them";
    desk.modulation.set_rows({}, desk.params);
    desk.read(version + "[look]\nglow = 0.5\n");
    EXPECT_EQ(table(desk), "") << "a preset without a table leaves the table alone";
  }
}

TEST(Presets, NeitherGiveNorTakeABlackoutUnlessTheySaySo) {
  Desk a, b;
  a.params.set(a.params.blackout.index, 1.0);
  EXPECT_TRUE(b.read(write_preset(a.params, a.modulation)).empty());
  EXPECT_FALSE(b.params.get(b.params.blackout));
  EXPECT_TRUE(a.read(write_preset(b.params, b.modulation)).empty());
  EXPECT_TRUE(a.params.get(a.params.blackout)) << "the next scene is loaded in the dark";
  EXPECT_TRUE(b.read("[show]\nblackout = true\nfreeze = true\ntest_card = true\n").empty());
  for (const BoolParam each : {b.params.blackout, b.params.freeze, b.params.test_card}) EXPECT_TRUE(b.params.get(each));
}

TEST(Presets, AnEmptyTableStaysEmpty) {
  Desk silent, desk;
  silent.modulation.set_rows({}, silent.params);
  EXPECT_TRUE(desk.read(write_preset(silent.params, silent.modulation)).empty());
  EXPECT_EQ(table(desk), "");
  EXPECT_EQ(desk.read("version = \"two\"\n").size(), 1u);
}

TEST(Presets, ABrokenFileNamesFileAndLineAndChangesNothing) {
  Desk desk;
  try {
    desk.read("[dancer]\ntemperature = 1.5\nenergy = = 2\n");
    FAIL() << "not TOML, yet read";
  } catch (const Error& fault) {
    EXPECT_EQ(std::string(fault.what()).rfind("my.toml:3:", 0), 0u) << fault.what();
    EXPECT_NE(std::string(fault.what()).find("\nhint:"), std::string::npos);
  }
  EXPECT_FLOAT_EQ(desk.params.get(desk.params.temperature), 0.65f);
}

TEST(Presets, MissingAndOversizedFilesAreErrors) {
  Desk desk;
  const auto folder = std::filesystem::temp_directory_path();
  EXPECT_THROW(load_preset(folder / "ombra-no-such-preset.toml", desk.params, desk.modulation), Error);
  const auto big = folder / fmt::format("ombra-big-{}.toml", ::getpid());
  write_atomically(big, std::string(300 * 1024, '#'));
  EXPECT_THROW(load_preset(big, desk.params, desk.modulation), Error);
  std::filesystem::remove(big);
}

TEST(Presets, HostileSizesAreBounded) {
  Desk desk;
  std::string keys = "[dancer]\n", rows;
  for (int i = 0; i < 5000; ++i) keys += fmt::format("k{} = 1\n", i);
  EXPECT_EQ(desk.read(keys).size(), 20u);
  for (int i = 0; i < 500; ++i) rows += "[[modulation]]\nsource = \"bass\"\nto = \"look/glow\"\n";
  EXPECT_EQ(desk.read(rows).size(), 1u);
  EXPECT_EQ(desk.modulation.rows().size(), Modulation::kMaxRows);
  const auto remarks = desk.read("[look]\nname = \"" + std::string(100000, 'n') + "\"\n");
  ASSERT_EQ(remarks.size(), 1u);
  EXPECT_LT(remarks[0].size(), 300u);
  EXPECT_THROW(desk.read("a = " + std::string(20000, '[')), Error) << "deep nesting must not overflow the stack";
}

// Random damage to a valid preset: every outcome but a read or an Error is a fault.
TEST(Presets, SurvivesRandomDamage) {
  Desk source;
  const std::string good = write_preset(source.params, source.modulation);
  Rng rng(7);
  int read = 0, refused = 0;
  for (int round = 0; round < 3000; ++round) {
    std::string text = good;
    const int wounds = 1 + rng.below(4);
    for (int w = 0; w < wounds; ++w) {
      const auto at = static_cast<std::size_t>(rng.below(static_cast<int>(text.size())));
      switch (rng.below(4)) {
        case 0:
          text[at] = static_cast<char>(rng.below(256));
          break;
        case 1:
          text.erase(at, static_cast<std::size_t>(1 + rng.below(9)));
          break;
        case 2:
          text.insert(at, text.substr(static_cast<std::size_t>(rng.below(static_cast<int>(text.size()))), 12));
          break;
        default:
          text.insert(at, rng.below(2) ? "1e999" : "-inf");
          break;
      }
    }
    Desk desk;
    try {
      desk.read(text);
      ++read;
      for (int i = 0; i < desk.params.size(); ++i) {
        const Declaration& d = desk.params.declaration(i);
        ASSERT_GE(desk.params.base(i), d.low) << d.path;
        ASSERT_LE(desk.params.base(i), d.high) << d.path;
      }
    } catch (const Error&) {
      ++refused;
    }
  }
  EXPECT_GT(read, 100);
  EXPECT_GT(refused, 100);
}

TEST(Presets, TheSessionKeepsItsKeysAsTheyAreWritten) {
  Desk desk;
  Machine machine;
  const std::string text =
      "[keys]\nblackout = \"ctrl+b\"\nfreeze = [\"Keypad 0\", \"\\\"\"]\njump = \"\"\nno_such = \"Flower\"\n"
      "mirror = { a = 1 }\nhold = 3\ntap = [1]\nrecord = [[\"R\"]]\n";
  const auto remarks = read_preset(text, "my.toml", desk.params, desk.modulation, &machine);
  ASSERT_EQ(remarks.size(), 4u);
  EXPECT_EQ(remarks[0].rfind("my.toml:7: [keys] hold", 0), 0u) << remarks[0];
  const std::vector<KeyRow> rows = {
      {"blackout", {"ctrl+b"}}, {"freeze", {"Keypad 0", "\""}}, {"jump", {}}, {"no_such", {"Flower"}}};
  EXPECT_EQ(machine.keys, rows);
  EXPECT_EQ(machine.keys[1].line, 3);
  const std::string written = write_preset(desk.params, desk.modulation, &machine);
  EXPECT_NE(written.find("--list-keys"), std::string::npos) << "where to read about it";
  Machine again;
  EXPECT_TRUE(read_preset(written, "my.toml", desk.params, desk.modulation, &again).empty());
  EXPECT_EQ(again.keys, rows);
  EXPECT_EQ(write_preset(desk.params, desk.modulation).find("keys"), std::string::npos) << "none in a preset";
  EXPECT_TRUE(desk.read(text).empty()) << "and from one none are taken";
}

TEST(Presets, HostileTablesOfKeysAreBounded) {
  Desk desk;
  Machine machine;
  std::string text = "[keys]\n";
  for (int i = 0; i < 10000; ++i) text += fmt::format("k{:05} = \"X\"\n", i);
  EXPECT_EQ(read_preset(text, "my.toml", desk.params, desk.modulation, &machine).size(), 1u);
  EXPECT_EQ(machine.keys.size(), KeyRow::kMaxRows);
  std::string deep = "[keys]\nblackout = ";
  for (int i = 0; i < 60; ++i) deep += "[";
  for (int i = 0; i < 60; ++i) deep += "]";
  EXPECT_EQ(read_preset(deep, "my.toml", desk.params, desk.modulation, &machine).size(), 1u);
  EXPECT_TRUE(machine.keys.empty());
  const std::string longest(70, 'x');
  text = fmt::format(
      "[keys]\n{} = \"X\"\nfreeze = \"{}\"\ntap = [\"1\",\"2\",\"3\",\"4\",\"5\",\"6\",\"7\",\"8\",\"9\"]\n", longest,
      longest);
  EXPECT_EQ(read_preset(text, "my.toml", desk.params, desk.modulation, &machine).size(), 3u);
  EXPECT_TRUE(machine.keys.empty());
}

TEST(Presets, TheSessionComesBackWithItsMachine) {
  const auto folder = std::filesystem::temp_directory_path() / fmt::format("ombra-state-{}", ::getpid());
  ::setenv("XDG_STATE_HOME", folder.c_str(), 1);
  const auto path = session_path();
  EXPECT_EQ(path, folder / "ombra" / "session.toml");
  Desk a, b;
  a.params.set(a.params.trails.index, 0.77);
  const Machine left{.input = "Line \"In\"",
                     .midi = "Clock [A]",
                     .display = "Beamer 7\"",
                     .fullscreen = true,
                     .decoders = {{"A card, 3 steps", 0.12, 0.3}, {"Another, 3 steps", 2.5, 0.25}}};
  save_preset(path, a.params, a.modulation, &left);
  Machine found;
  EXPECT_TRUE(load_preset(path, b.params, b.modulation, &found).empty());
  EXPECT_FLOAT_EQ(b.params.get(b.params.trails), 0.77f);
  EXPECT_EQ(found, left);
  const std::string broken =
      "[machine]\n[[machine.decoder]]\nkey = 3\n[[machine.decoder]]\nkey = \"x\"\ngl_ms = nan\n"
      "torch_ms = 1.0\n[[machine.decoder]]\nkey = \"y\"\ngl_ms = 1.0\ntorch_ms = 2.0\n";
  read_preset(broken, "broken.toml", b.params, b.modulation, &found);
  ASSERT_EQ(found.decoders.size(), 1u) << "what is no time is left out";
  EXPECT_EQ(found.decoders[0].key, "y");
  std::filesystem::remove_all(folder);
}

}  // namespace
}  // namespace ombra::show
