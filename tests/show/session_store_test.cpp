#include "show/session/session_store.hpp"

#include "core/file.hpp"
#include "temp_folder.hpp"

#include <gtest/gtest.h>

#include <cstdlib>
#include <string>

namespace ombra::show {
namespace {

class SessionStoreTest : public ::testing::Test {
 protected:
  void SetUp() override { setenv("XDG_STATE_HOME", folder.path().c_str(), 1); }
  void TearDown() override { unsetenv("XDG_STATE_HOME"); }

  test::TempFolder folder;
};

TEST_F(SessionStoreTest, OutputsAreKeptForTheNextShow) {
  OutputSettings wall{.display = "Wall", .connector = "HDMI-1", .on = true};
  wall.mapping.flip_x = true;
  EXPECT_EQ(SessionStore(true).keep_outputs({wall}), "");
  std::vector<std::string> remarks;
  EXPECT_EQ(SessionStore(true).restore_outputs(remarks), std::vector{wall});
  EXPECT_TRUE(remarks.empty());
}

TEST_F(SessionStoreTest, AFileOfOutputsThatIsBrokenIsSaidAndNotWrittenOver) {
  const std::string broken = "[[output]]\ndisplay = \"Wall\ncorners = an evening's work\n";
  std::filesystem::create_directories(outputs_path().parent_path());
  write_atomically(outputs_path(), broken);
  SessionStore store(true);
  std::vector<std::string> remarks;
  EXPECT_TRUE(store.restore_outputs(remarks).empty());
  ASSERT_EQ(remarks.size(), 1u);
  EXPECT_NE(remarks[0].find("outputs.toml:2"), std::string::npos) << remarks[0];
  EXPECT_EQ(store.keep_outputs({{.display = "Other"}}), "");
  EXPECT_EQ(read_text(outputs_path()), broken);
}

TEST_F(SessionStoreTest, WhatCouldNotBeWrittenIsTriedAgain) {
  SessionStore store(true);
  write_atomically(folder / "ombra", "no folder");
  EXPECT_NE(store.keep_outputs({{.display = "Wall"}}), "");
  std::filesystem::remove(folder / "ombra");
  EXPECT_EQ(store.keep_outputs({{.display = "Wall"}}), "");
  std::vector<std::string> remarks;
  EXPECT_EQ(SessionStore(true).restore_outputs(remarks).size(), 1u);
}

}  // namespace
}  // namespace ombra::show
