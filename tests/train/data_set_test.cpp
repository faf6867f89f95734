#include "footage/data/data_set.hpp"

#include "core/error.hpp"
#include "core/file.hpp"
#include "core/interrupt.hpp"
#include "footage/prepare/prepare.hpp"
#include "temp_folder.hpp"
#include "train/synthetic.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <cstring>
#include <fstream>

namespace ombra::train {
namespace {

namespace fs = std::filesystem;

class DataSetTest : public ombra::test::FolderTest {
 protected:
  void TearDown() override { set_interrupted(false); }
  // two takes: one in space, one flat and with an exact tempo
  PrepareOptions footage() const {
    write_atomically(folder / "in/swing.trc", test::trc_text(test::dance(8.0, 60.0, 112.0), 60.0));
    std::vector<Pose3> flat = test::dance(6.0, 30.0, 90.0);
    for (Pose3& pose : flat) {
      for (Joint3& j : pose) j.z = 0.0f;
    }
    write_atomically(folder / "in/street.trc", test::trc_text(flat, 30.0));
    write_atomically(folder / "in/manifest.csv",
                     "clip,dims,exact_bpm,licence,source,party_score\nstreet,2,90,CC-BY-4.0,made up,3\n");
    PrepareOptions options;
    options.inputs = {folder / "in"};
    options.output = folder / "out/dance.safetensors";
    options.size = 32;
    options.hold_out = {"street"};
    options.threads = 2;
    return options;
  }
};

TEST_F(DataSetTest, GivesBackWhatWasWritten) {
  DataTable table;
  table.width = table.height = 16;
  table.fps = 25.0;
  for (int t = 0; t < 700; ++t) {  // more than one block
    Pose2 pose{};
    pose[kHead] = {0.1f, static_cast<float>(t)};
    table.pose.push_back(pose);
    table.beat.push_back(t < 10 ? std::nanf("") : 0.1f * static_cast<float>(t));
    table.beat_confidence.push_back(0.01f * static_cast<float>(t));
    table.energy.push_back(1.0f);
  }
  DataClip clip;
  clip.name = "a \"name\"";
  clip.licence = "CC0";
  clip.yaw = -40.0;
  clip.mirrored = clip.held_out = true;
  clip.bpm = 123.5;
  clip.phrase_confidence = 0.75;
  clip.beat_source = "motion";
  clip.start = 0;
  clip.length = 700;
  table.clips.push_back(clip);
  const fs::path path = folder / "a.safetensors";
  write_data_set(path, table, [&](std::int64_t first, std::span<std::uint8_t> pictures) {
    for (std::size_t i = 0; i < pictures.size(); ++i)
      pictures[i] = static_cast<std::uint8_t>((first + static_cast<std::int64_t>(i / 256)) % 100);
  });
  const DataSet data(path);
  EXPECT_EQ(data.frames(), 700);
  EXPECT_EQ(data.width(), 16);
  EXPECT_EQ(data.height(), 16);
  EXPECT_EQ(data.kind(), PictureKind::kDistance);
  EXPECT_EQ(data.fps(), 25.0);
  EXPECT_EQ(data.metres(), 2.4);
  EXPECT_EQ(data.picture(650)[255], 50);
  EXPECT_EQ(data.pose(699)[kHead].y, 699.0f);
  EXPECT_TRUE(std::isnan(data.beat()[9]));
  EXPECT_NEAR(data.beat()[10], 1.0f, 1e-6f);
  ASSERT_EQ(data.beat_confidence().size(), 700u);
  EXPECT_NEAR(data.beat_confidence()[50], 0.5f, 1e-6f);
  EXPECT_EQ(data.clips()[0].phrase_confidence, 0.75);
  ASSERT_EQ(data.clips().size(), 1u);
  EXPECT_EQ(data.clips()[0].name, "a \"name\"");
  EXPECT_EQ(data.clips()[0].yaw, -40.0);
  EXPECT_TRUE(data.clips()[0].mirrored && data.clips()[0].held_out);
  EXPECT_EQ(data.clips()[0].length, 700);
}

TEST_F(DataSetTest, HoldsPicturesOfEveryKind) {
  for (const PictureKind kind : {PictureKind::kBinary, PictureKind::kGray, PictureKind::kRgb}) {
    DataTable table;
    table.width = 24, table.height = 10, table.picture = kind;
    table.pose.resize(3), table.beat.resize(3), table.beat_confidence.clear(), table.energy.resize(3);
    DataClip clip;
    clip.length = 3;
    table.clips.push_back(clip);
    const fs::path path = folder / "kind.safetensors";
    write_data_set(path, table, [&](std::int64_t, std::span<std::uint8_t> pictures) {
      for (std::size_t i = 0; i < pictures.size(); ++i) pictures[i] = static_cast<std::uint8_t>(i % 251);
    });
    const DataSet data(path);
    EXPECT_EQ(data.kind(), kind);
    EXPECT_TRUE(data.beat_confidence().empty()) << "nobody said";
    EXPECT_EQ(data.width(), 24);
    EXPECT_EQ(data.height(), 10);
    const std::size_t bytes = kind == PictureKind::kRgb ? 720 : 240;
    ASSERT_EQ(data.picture(2).size(), bytes);
    EXPECT_EQ(data.picture(2)[5], (2 * bytes + 5) % 251);
  }
  EXPECT_THROW(model::picture_kind("sepia"), UsageError);
}

TEST_F(DataSetTest, RefusesDamagedFiles) {
  const PrepareOptions options = footage();
  prepare(options);
  const std::string good = read_text(options.output, std::size_t{1} << 30);
  const auto complaint = [&](std::string bytes) {
    write_atomically(folder / "bad.safetensors", bytes);
    try {
      const DataSet data(folder / "bad.safetensors");
      return std::string();
    } catch (const Error& e) {
      return std::string(e.what());
    }
  };
  const auto with = [&](const std::string& from, const std::string& to) {
    std::string bytes = good;
    EXPECT_EQ(from.size(), to.size());
    return bytes.replace(bytes.find(from), from.size(), to);
  };
  EXPECT_EQ(complaint(good), "");
  EXPECT_NE(complaint(good.substr(0, good.size() / 2)).find("bad.safetensors"), std::string::npos);
  EXPECT_NE(complaint(with("ombra-data-set", "ombra-data-sat")).find("no data set of version"), std::string::npos);
  EXPECT_NE(complaint(with("\"width\":\"32\"", "\"width\":\"33\"")).find("expected I8 [-1, 32, 33]"),
            std::string::npos);
  EXPECT_NE(complaint(with("\"fps\":\"30\"", "\"fps\":\"0x\"")).find("fps is '0x'"), std::string::npos);
  EXPECT_NE(complaint(with("\\\"party_score\\\"", "\\\"party_scare\\\"")).find("list of clips is damaged"),
            std::string::npos);
}

TEST_F(DataSetTest, PrepareSeesEveryTakeFromEverySide) {
  const PrepareOptions options = footage();
  const PrepareReport report = prepare(options);
  const DataSet data(options.output);
  EXPECT_EQ(report.takes, 2);
  ASSERT_EQ(data.clips().size(), 2u + 6u) << "flat: as it is and mirrored; in space: three sides, each mirrored";
  EXPECT_EQ(report.frames, data.frames());
  double energy = 0.0, count = 0.0;
  std::int64_t expected_start = 0;
  for (const DataClip& clip : data.clips()) {
    EXPECT_EQ(clip.held_out, clip.name == "street");
    EXPECT_EQ(clip.start, expected_start);
    expected_start += clip.length;
    EXPECT_NEAR(clip.bpm, clip.name == "street" ? 90.0 : 112.0, 3.0);
    EXPECT_EQ(clip.licence, clip.name == "street" ? "CC-BY-4.0" : "");
    EXPECT_EQ(clip.beat_source, clip.name == "street" ? "exact tempo" : "motion");
    for (std::int64_t t = clip.start; t < clip.start + clip.length; ++t) {
      if (!clip.held_out) energy += data.energy()[static_cast<std::size_t>(t)];
      count += clip.held_out ? 0.0 : 1.0;
    }
  }
  EXPECT_EQ(expected_start, data.frames());
  EXPECT_NEAR(energy / count, 1.0, 1e-3) << "energy is in parts of the mean";
  EXPECT_TRUE(fs::exists(report.contact_sheet));
  EXPECT_EQ(report.bytes, fs::file_size(options.output));
}

TEST_F(DataSetTest, PicturesAreOfTheirPoses) {
  const PrepareOptions options = footage();
  prepare(options);
  const DataSet data(options.output);
  std::vector<std::uint8_t> picture(32 * 32);
  for (std::int64_t i = 0; i < data.frames(); i += 37) {
    draw_picture(data.pose(i), 32, picture);
    ASSERT_TRUE(std::equal(picture.begin(), picture.end(), data.picture(i).begin())) << "frame " << i;
  }
  const DataClip &plain = data.clips()[0], &mirror = data.clips()[1];
  ASSERT_TRUE(!plain.mirrored && mirror.mirrored);
  for (int y = 0; y < 32; ++y) {
    for (int x = 0; x < 32; ++x) {
      const auto units = [&](const DataClip& clip, int column) {
        return static_cast<std::int8_t>(data.picture(clip.start + 20)[static_cast<std::size_t>(32 * y + column)]);
      };
      ASSERT_NEAR(units(plain, x), units(mirror, 31 - x), 1);
    }
  }
}

TEST_F(DataSetTest, TheNumberOfThreadsDoesNotMatter) {
  PrepareOptions options = footage();
  prepare(options);
  const std::string two = read_text(options.output, std::size_t{1} << 30);
  options.threads = 1;
  prepare(options);
  EXPECT_EQ(two, read_text(options.output, std::size_t{1} << 30));
}

TEST_F(DataSetTest, InterruptedLeavesNothing) {
  const PrepareOptions options = footage();
  set_interrupted(true);
  EXPECT_THROW(prepare(options), Error);
  EXPECT_FALSE(fs::exists(folder / "out") && !fs::is_empty(folder / "out"));
}

TEST_F(DataSetTest, SaysWhatIsWrongWithARequest) {
  const PrepareOptions good = footage();
  PrepareOptions o = good;
  o.inputs = {folder / "nowhere"};
  EXPECT_THROW(prepare(o), Error);
  o = good;
  o.inputs = {folder};
  EXPECT_THROW(prepare(o), Error) << "a folder without motion";
  o = good;
  o.output = folder / "data.zip";
  EXPECT_THROW(prepare(o), UsageError);
  o = good;
  o.size = 4;
  EXPECT_THROW(prepare(o), UsageError);
  o = good;
  o.yaws.clear();
  EXPECT_THROW(prepare(o), UsageError);
}

}  // namespace
}  // namespace ombra::train
