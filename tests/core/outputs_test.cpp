#include "core/outputs.hpp"

#include "core/error.hpp"
#include "core/file.hpp"
#include "core/new_file.hpp"

#include <gtest/gtest.h>

#include <filesystem>
#include <string>

namespace ombra {
namespace {

namespace fs = std::filesystem;

class OutputsTest : public testing::Test {
 protected:
  OutputsTest() : folder(fs::path(testing::TempDir()) / "ombra_outputs_test") {
    fs::remove_all(folder);
    fs::create_directories(folder / "inside");
    write_atomically(folder / "song.mp4", "a song");
  }
  ~OutputsTest() override { fs::remove_all(folder); }
  std::size_t files() const { return static_cast<std::size_t>(std::distance(fs::directory_iterator(folder), {})); }

  const fs::path folder;
};

TEST_F(OutputsTest, AnInputIsRefusedByWhateverName) {
  fs::create_symlink("song.mp4", folder / "soft.mp4");
  fs::create_hard_link(folder / "song.mp4", folder / "hard.mp4");
  const std::size_t before = files();
  {
    const Inputs inputs({folder / "song.mp4"});
    for (const char* name : {"song.mp4", "soft.mp4", "hard.mp4", "./song.mp4", "inside/../song.mp4"}) {
      EXPECT_THROW(claim(folder / name), UsageError) << name;
      EXPECT_THROW(write_atomically(folder / name, "x"), UsageError) << name;
    }
    claim(folder / "other.mp4");
    EXPECT_EQ(files(), before) << "nothing is left";
  }
  EXPECT_EQ(read_text(folder / "song.mp4"), "a song");
  write_atomically(folder / "soft.mp4", "no input any more");
  EXPECT_EQ(read_text(folder / "song.mp4"), "no input any more") << "through the link";
  EXPECT_TRUE(fs::is_symlink(folder / "soft.mp4"));
}

TEST_F(OutputsTest, NumberedPicturesAreLookedAtOneByOne) {
  write_atomically(folder / "x_00007.png", "a picture");
  const Inputs inputs({folder / "x_00007.png"});
  EXPECT_THROW(claim_numbered(folder / "x_%05d.png"), UsageError);
  claim_numbered(folder / "y_%05d.png");
  EXPECT_THROW(SetAside(folder / "x_%05d.png", true), UsageError);
}

TEST_F(OutputsTest, ANewFileIsThereWholeOrNotAtAll) {
  { const NewFile given_up(folder / "song.mp4"); }
  EXPECT_EQ(read_text(folder / "song.mp4"), "a song");
  EXPECT_EQ(files(), 2u);
  const std::string longest(251, 'n');
  write_atomically(folder / (longest + ".mp4"), "x");
  EXPECT_EQ(read_text(folder / (longest + ".mp4")), "x");
  write_atomically("/dev/null", "x");
  EXPECT_TRUE(fs::is_character_file("/dev/null"));
  EXPECT_THROW(NewFile(folder / "no" / "a.mp4"), Error);
}

TEST_F(OutputsTest, WhatIsReplacedStaysUntilTheNewOneIsComplete) {
  SetAside first(folder / "song.mp4");
  EXPECT_FALSE(fs::exists(folder / "song.mp4"));
  EXPECT_EQ(read_text(first.where()), "a song");
  first.restore();
  EXPECT_EQ(read_text(folder / "song.mp4"), "a song");
  SetAside second(folder / "song.mp4");
  second.forget();
  EXPECT_EQ(files(), 1u);
}

}  // namespace
}  // namespace ombra
