// What of a motion file is no dance is left out, pairs stay together, and data sets know poses in space.

#include "core/error.hpp"
#include "core/file.hpp"
#include "footage/data/data_set.hpp"
#include "footage/motion/manifest.hpp"
#include "footage/prepare/prepare.hpp"
#include "temp_folder.hpp"
#include "train/synthetic.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <map>

namespace ombra::train {
namespace {

class LeftOut : public ombra::test::FolderTest {
 protected:
  void write(const std::string& name, double seconds = 12.0) const {
    write_atomically(folder / "in" / (name + ".trc"), test::trc_text(test::dance(seconds, 60.0, 112.0), 60.0));
  }
  PrepareOptions options() const {
    PrepareOptions o;
    o.inputs = {folder / "in"};
    o.output = folder / "out/dance.safetensors";
    o.size = 32;
    o.yaws = {0.0};
    o.mirror = false;
    return o;
  }
};

TEST(Manifest, SaysStylePairAndWhatToLeaveOut) {
  const auto rows = parse_manifest(
      "clip,style,pair,exclude\na,salsa,p1,653-913 1286-1380\nb,,,\nc,hip hop,,\"5-5, 9-12\"\n", "m.csv");
  EXPECT_EQ(rows.at("a").style, "salsa");
  EXPECT_EQ(rows.at("a").pair, "p1");
  EXPECT_EQ(rows.at("a").left_out, (std::vector<FrameSpan>{{653, 913}, {1286, 1380}}));
  EXPECT_TRUE(rows.at("b").left_out.empty());
  EXPECT_EQ(rows.at("c").left_out, (std::vector<FrameSpan>{{5, 5}, {9, 12}}));
  for (const char* wrong : {"9-5", "5", "a-b", "-5", "5-6-7", "1e12-2e12", "nan-5"})
    EXPECT_THROW(parse_manifest(std::string("clip,exclude\na,") + wrong + "\n", "m.csv"), Error) << wrong;
}

TEST(Manifest, ListsOfFramesAreJson) {
  const auto lists = parse_excluded_frames(R"({"a": [[653, 913, "side splits"], [7, 7]]})", "x.json");
  EXPECT_EQ(lists.at("a"), (std::vector<FrameSpan>{{653, 913}, {7, 7}}));
  for (const char* wrong :
       {"", "[]1", R"({"a": [[5]]})", R"({"a": [[9, 5, ""]]})", R"({"a": 5})", R"({"a": [["x", 5]]})"})
    EXPECT_THROW(parse_excluded_frames(wrong, "x.json"), Error) << wrong;
}

TEST_F(LeftOut, AClipIsCutIntoPieces) {
  MotionClip clip;
  clip.name = "a", clip.fps = 60.0;
  clip.frames.resize(1000);
  for (std::size_t t = 0; t < clip.frames.size(); ++t) clip.frames[t][kHip].x = static_cast<float>(t);
  EXPECT_EQ(pieces_of(clip).size(), 1u);
  clip.left_out = {{700, 760}, {300, 399}, {480, 490}};  // what lies between the last two is too short
  const std::vector<MotionClip> pieces = pieces_of(clip);
  ASSERT_EQ(pieces.size(), 3u);
  EXPECT_EQ(pieces[0].name, "a");
  EXPECT_EQ(pieces[1].name, "a part 2");
  EXPECT_EQ(pieces[0].frames.size(), 300u);
  EXPECT_EQ(pieces[1].frames.front()[kHip].x, 491.0f);
  EXPECT_EQ(pieces[1].frames.back()[kHip].x, 699.0f);
  EXPECT_EQ(pieces[2].frames.front()[kHip].x, 761.0f);
  EXPECT_EQ(pieces[2].frames.back()[kHip].x, 999.0f);
  EXPECT_DOUBLE_EQ(pieces[1].from_s, 491.0 / 60.0);
  clip.left_out = {{-1000, 5000}};
  EXPECT_TRUE(pieces_of(clip).empty());
}

TEST_F(LeftOut, FilesBesideTheMotionAreHeeded) {
  write("a"), write("b");
  write_atomically(folder / "in/manifest.csv", "clip,style,exclude\na,salsa,0-119\n");
  write_atomically(folder / "in/my_exclude_frames.json", R"({"a": [[360, 419, "fell"]], "other": [[0, 9]]})");
  prepare(options());
  const DataSet data(folder / "out/dance.safetensors");
  std::map<std::string, std::int64_t> length;
  for (const DataClip& clip : data.clips()) {
    length[clip.name] = clip.length;
    EXPECT_EQ(clip.style, clip.name.starts_with("a") ? "salsa" : "");
  }
  EXPECT_NEAR(static_cast<double>(length["a"]), 120.0, 3.0);
  EXPECT_NEAR(static_cast<double>(length["a part 2"]), 150.0, 3.0);
  EXPECT_NEAR(static_cast<double>(length["b"]), 360.0, 3.0);
}

TEST_F(LeftOut, APairIsNotSplit) {
  write("lead_1", 4.0), write("follow_1", 4.0), write("alone", 4.0);
  write_atomically(folder / "in/manifest.csv", "clip,pair\nlead_1,one\nfollow_1,one\nalone,\n");
  PrepareOptions o = options();
  o.hold_out = {"lead_1"};
  EXPECT_THROW(prepare(o), UsageError);
  o.hold_out = {"lead_1", "follow_1"};
  prepare(o);
  o.hold_out = {"alone"};
  prepare(o);
}

TEST_F(LeftOut, PosesInSpaceAreThoseOfThePictureWithDepth) {
  write("a", 6.0);
  write_atomically(folder / "in/flat.trc", test::trc_text(test::dance(6.0, 30.0, 90.0), 30.0));
  write_atomically(folder / "in/manifest.csv", "clip,dims\nflat,2\n");
  PrepareOptions o = options();
  o.yaws = {0.0, 40.0};
  o.mirror = true;
  prepare(o);
  const DataSet data(o.output);
  ASSERT_EQ(data.poses_in_space().size(), static_cast<std::size_t>(data.frames()));
  for (const DataClip& clip : data.clips()) {
    for (std::int64_t t = clip.start; t < clip.start + clip.length; t += 11) {
      const Pose3& space = data.poses_in_space()[static_cast<std::size_t>(t)];
      const Pose2& picture = data.pose(t);
      for (std::size_t j = 0; j < kJoints; ++j) {
        if (clip.dims == 2) {
          EXPECT_TRUE(std::isnan(space[j].x));
          continue;
        }
        EXPECT_FLOAT_EQ(space[j].x, picture[j].x);
        EXPECT_FLOAT_EQ(space[j].y, picture[j].y);
      }
      if (clip.dims == 2 || clip.yaw != 40.0) continue;
      const float across = space[kLShoulder].x - space[kRShoulder].x, deep = space[kLShoulder].z - space[kRShoulder].z;
      EXPECT_NEAR(std::atan2(deep, across) * 180.0 / 3.14159, clip.mirrored ? 40.0 : -40.0, 3.0)
          << "turned by the camera's angle";
    }
  }
}

// What is said in --clips wins, cell by cell; the rest stays as the manifest in the folder says.
TEST_F(LeftOut, ATableOfClipsWinsOverTheManifestCellByCell) {
  write("a", 6.0), write("b", 6.0), write("c", 6.0);
  write_atomically(folder / "in/manifest.csv",
                   "clip,style,licence,party_score,exact_bpm,exclude\na,jazz,CC0,2,100,0-119\nb,house,CC0,3,,\n");
  write_atomically(folder / "clips.csv", "clip,style,pair,exact_bpm\na,salsa,one,112.5\nb,,,\nc,hip hop,one,\n");
  PrepareOptions o = options();
  o.clips = folder / "clips.csv";
  prepare(o);
  const DataSet data(o.output);
  std::map<std::string, DataClip> clips;
  for (const DataClip& clip : data.clips()) clips[clip.name] = clip;
  EXPECT_EQ(clips["a"].style, "salsa");
  EXPECT_EQ(clips["a"].pair, "one");
  EXPECT_EQ(clips["a"].licence, "CC0");
  EXPECT_EQ(clips["a"].party_score, 2);
  EXPECT_EQ(clips["a"].beat_source, "exact tempo");
  EXPECT_NEAR(clips["a"].bpm, 112.5, 2.0);
  EXPECT_NEAR(static_cast<double>(clips["a"].length), 120.0, 3.0) << "frames that the manifest leaves out";
  EXPECT_EQ(clips["b"].style, "house");
  EXPECT_EQ(clips["b"].party_score, 3);
  EXPECT_EQ(clips["c"].style, "hip hop") << "a clip that the manifest does not know";
  EXPECT_EQ(clips["c"].licence, "");
  o.hold_out = {"c"};
  EXPECT_THROW(prepare(o), UsageError) << "a is its pair";
}

TEST_F(LeftOut, ATableMayNameClipsThatAreNotThereAndThatIsTold) {
  write("a", 4.0);
  write_atomically(folder / "clips.csv", "clip,style\na,salsa\nb,house\n\"c, the second\",house\n");
  PrepareOptions o = options();
  o.clips = folder / "clips.csv";
  testing::internal::CaptureStdout();
  prepare(o);
  const std::string told = testing::internal::GetCapturedStdout();
  EXPECT_NE(told.find("clips.csv: no footage of that name: b, c, the second"), std::string::npos) << told;
}

TEST_F(LeftOut, ATableOfClipsIsCheckedAndNeverWrittenOver) {
  write("a", 4.0);
  PrepareOptions o = options();
  o.clips = folder / "none.csv";
  EXPECT_THROW(prepare(o), UsageError);
  write_atomically(folder / "clips.csv", "clip,exact_bpm\na,fast\n");
  o.clips = folder / "clips.csv";
  EXPECT_THROW(prepare(o), Error);
  write_atomically(folder / "clips.safetensors", "clip,style\na,salsa\n");
  o.clips = o.output = folder / "clips.safetensors";
  EXPECT_THROW(prepare(o), UsageError);
  EXPECT_EQ(read_text(o.clips), "clip,style\na,salsa\n");
}

}  // namespace
}  // namespace ombra::train
