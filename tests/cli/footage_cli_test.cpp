// `ombra prepare` on films, as a user would run it.

#include "cli/program.hpp"
#include "footage/data/data_set.hpp"
#include "train/scene.hpp"

#include <gtest/gtest.h>
#include <unistd.h>

#include <chrono>
#include <csignal>
#include <cstdlib>
#include <filesystem>
#include <string>
#include <thread>

namespace ombra {
namespace {

namespace fs = std::filesystem;
using test::Outcome, test::says;

class PrepareFootage : public test::ProgramTest {
 protected:
  void SetUp() override {
    ::setenv("OMBRA_DATA", OMBRA_SOURCE, 1);  // where recipes are
  }

  fs::path film(const std::string& name, double seconds) const {
    train::test::Scene scene;
    scene.walk = 30.0;
    scene.film(folder / name, seconds);
    return folder / name;
  }
  std::size_t files_in(const fs::path& path) const {
    if (!fs::exists(path)) return 0;
    return static_cast<std::size_t>(std::distance(fs::directory_iterator(path), fs::directory_iterator()));
  }
};

TEST_F(PrepareFootage, AFilmBecomesADataSetASheetAndAPreview) {
  const fs::path data = folder / "out/friend.safetensors";
  const Outcome done = run("prepare " + film("friend.mp4", 12.0).string() + " -o " + data.string());
  ASSERT_EQ(done.status, 0) << done.text();
  EXPECT_PRED2(says, done, "key below") << "says what was chosen";
  EXPECT_PRED2(says, done, "of the edge is bright") << "and why";
  EXPECT_PRED2(says, done, " MB") << "how large it will be";
  EXPECT_PRED2(says, done, "preview " + (folder / "out/friend.preview.mp4").string());
  const train::DataSet set(data);
  EXPECT_EQ(set.width(), 96);
  EXPECT_EQ(set.fps(), 25.0);
  ASSERT_EQ(set.clips().size(), 4u) << "clip and end, each mirrored";
  EXPECT_EQ(set.clips()[2].name, "friend (end)");
  EXPECT_TRUE(fs::exists(folder / "out/friend.png"));
  const std::string probe =
      "ffprobe -v error -select_streams v -show_entries stream=codec_name,width,height -of csv=p=0 '" +
      (folder / "out/friend.preview.mp4").string() + "' >" + (folder / "probe.txt").string() + " 2>/dev/null";
  if (std::system("ffprobe -version >/dev/null 2>&1") == 0) {
    ASSERT_EQ(std::system(probe.c_str()), 0);
    EXPECT_EQ(read_text(folder / "probe.txt"), "h264,384,384\n");
  }
}

TEST_F(PrepareFootage, WhatIsPassedOverInAFolderIsNamed) {
  film("friend.mp4", 3.0);
  write_atomically(folder / "._friend.mp4", "x");
  const Outcome done = run("prepare " + folder.string() + " -o " + (folder / "a.safetensors").string());
  ASSERT_EQ(done.status, 0) << done.text();
  EXPECT_PRED2(says, done, "1 take");
  EXPECT_PRED2(says, done, "passed over: ._friend.mp4 (hidden)");
}

TEST_F(PrepareFootage, NothingOfTheUsersIsWrittenOver) {
  const fs::path named = film("clip.preview.mp4", 3.0);
  const std::string bytes = read_text(named);
  const Outcome itself = run("prepare " + named.string() + " -o " + (folder / "clip.safetensors").string());
  EXPECT_EQ(itself.status, 2) << itself.text();
  EXPECT_PRED2(says, itself, "read as an input");
  EXPECT_TRUE(read_text(named) == bytes);
  fs::create_directories(folder / "in");
  fs::rename(named, folder / "in/friend.mp4");
  write_atomically(folder / "other.png", "a picture of somebody's");
  const Outcome beside = run("prepare " + (folder / "in").string() + " -o " + (folder / "other.safetensors").string());
  EXPECT_EQ(beside.status, 2) << beside.text();
  EXPECT_PRED2(says, beside, "other.png");
  EXPECT_EQ(read_text(folder / "other.png"), "a picture of somebody's");
  EXPECT_FALSE(fs::exists(folder / "other.safetensors"));
}

// Its own sheet and preview of an earlier run are no footage, and make way for the new ones.
TEST_F(PrepareFootage, ASecondRunIntoTheSameFolderDoesTheSame) {
  film("friend.mp4", 3.0);
  for (const char* name : {"data.safetensors", ".hidden.safetensors"}) {
    for (int i = 0; i < 2; ++i) {
      const Outcome done = run("prepare " + folder.string() + " -o " + (folder / name).string());
      ASSERT_EQ(done.status, 0) << done.text();
      EXPECT_PRED2(says, done, "1 take");
    }
  }
}

TEST_F(PrepareFootage, ARecipeSaysHowAndOptionsWin) {
  write_atomically(folder / "mine.toml",
                   "[frames]\nwidth = 64\nheight = 40\nfps = 5.0\npicture = \"binary\"\n[frames.key]\nkey = \"below\"\n"
                   "threshold = 60\ncrop = \"none\"\n");
  const std::string start = "prepare " + film("a.mp4", 4.0).string() + " -o " + (folder / "a.safetensors").string() +
                            " --recipe " + (folder / "mine.toml").string();
  Outcome done = run(start);
  ASSERT_EQ(done.status, 0) << done.text();
  EXPECT_PRED2(says, done, "key below at 60");
  {
    const train::DataSet set(folder / "a.safetensors");
    EXPECT_EQ(set.width(), 64);
    EXPECT_EQ(set.height(), 40);
    EXPECT_EQ(set.fps(), 5.0);
    EXPECT_EQ(set.kind(), model::PictureKind::kBinary);
  }
  done = run(start + " --picture gray --key auto --size 48x32 --every 5 --no-mirror --hold-out-last 25%");
  ASSERT_EQ(done.status, 0) << done.text();
  const train::DataSet set(folder / "a.safetensors");
  EXPECT_EQ(set.width(), 48);
  EXPECT_EQ(set.kind(), model::PictureKind::kGray);
  ASSERT_EQ(set.clips().size(), 2u);
  EXPECT_EQ(set.clips()[1].length, 5);
}

TEST_F(PrepareFootage, WrongWordsAreStatusTwoWithAHint) {
  const std::string start =
      "prepare " + film("a.mp4", 0.4).string() + " -o " + (folder / "a.safetensors").string() + " ";
  for (const char* words :
       {"--key purple", "--size 5000", "--size 20x", "--crop 1,2,3", "--picture sepia", "--start 1:99", "--colour red",
        "--hold-out-last much", "--recipe no-such-recipe", "--fps 10 --every 2", "--key none", "--start 5 --end 3"}) {
    const Outcome wrong = run(start + words);
    EXPECT_EQ(wrong.status, 2) << words << "\n" << wrong.text();
    EXPECT_PRED2(says, wrong, "hint: ") << words;
  }
  EXPECT_EQ(run(start + "--threshold 900").status, 2);
  EXPECT_FALSE(fs::exists(folder / "a.safetensors"));
}

TEST_F(PrepareFootage, WhatIsNoFilmIsStatusOneWithAHint) {
  write_atomically(folder / "letter.mp4", "Dear reader,\nthis is no film.\n");
  const Outcome wrong =
      run("prepare " + (folder / "letter.mp4").string() + " -o " + (folder / "out/a.safetensors").string());
  EXPECT_EQ(wrong.status, 1) << wrong.text();
  EXPECT_PRED2(says, wrong, "letter.mp4");
  EXPECT_PRED2(says, wrong, "hint: ");
  EXPECT_EQ(files_in(folder / "out"), 0u);
}

TEST_F(PrepareFootage, InterruptedLeavesNothing) {
  const fs::path path = film("long.mp4", 30.0);
  for (const int wait_ms : {600, 1800}) {
    const pid_t child = ::fork();
    if (child == 0) {
      const std::string line =
          "exec " + command("prepare " + path.string() + " -o " + (folder / "out/a.safetensors").string() +
                            " --size 512 --crop none --picture rgb");
      ::execl("/bin/sh", "sh", "-c", line.c_str(), nullptr);
      ::_exit(127);
    }
    std::this_thread::sleep_for(std::chrono::milliseconds(wait_ms));
    ::kill(child, SIGINT);
    int status = 0;
    ::waitpid(child, &status, 0);
    const bool in_time = !WIFEXITED(status) || WEXITSTATUS(status) != 0;
    ASSERT_TRUE(in_time) << "it was done before it was interrupted";
    EXPECT_EQ(files_in(folder / "out"), 0u) << "after " << wait_ms << " ms";
  }
}

}  // namespace
}  // namespace ombra
