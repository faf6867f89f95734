#include "show/params/preset_shelf.hpp"

#include "core/error.hpp"
#include "core/file.hpp"

#include <gtest/gtest.h>
#include <unistd.h>

#include <algorithm>
#include <cstdlib>

namespace ombra::show {
namespace {

class PresetShelf : public ::testing::Test {
 protected:
  void SetUp() override {
    home_ = std::filesystem::temp_directory_path() / fmt::format("ombra-shelf-{}", ::getpid());
    std::filesystem::create_directories(home_ / "ombra" / "presets");
    ::setenv("XDG_CONFIG_HOME", home_.c_str(), 1);
  }
  void TearDown() override { std::filesystem::remove_all(home_); }
  std::filesystem::path home_;
};

TEST_F(PresetShelf, ANameIsKeptAsItIs) {
  const std::vector<std::string> names = {"Küche 2.0", "intro: warm & dark", ".hidden", "夜", "a##b", " spaced ", "%s",
                                          "x.toml",    std::string(250, 'n')};
  for (const std::string& name : names) {
    write_atomically(preset_file(name), "[look]\nglow = 0.5\n");
    EXPECT_EQ(preset_file(name).parent_path(), preset_folder());
    EXPECT_EQ(find_preset(name), preset_file(name)) << name;
  }
  std::vector<std::string> sorted = names;
  std::ranges::sort(sorted);
  EXPECT_EQ(preset_names(), sorted);
}

TEST_F(PresetShelf, WhatNoFileCanBeCalledIsRefused) {
  for (const std::string& name :
       {std::string(), std::string("."), std::string(".."), std::string("a/b"), std::string("/"),
        std::string("../../x"), std::string("a\0b", 3), std::string(251, 'n')}) {
    EXPECT_THROW(preset_file(name), UsageError) << name;
  }
}

TEST_F(PresetShelf, APresetIsDeletedAndOneThatIsNotThereIsNoFault) {
  for (const char* name : {"night", "day"}) write_atomically(preset_file(name), "");
  delete_preset("night");
  EXPECT_EQ(preset_names(), std::vector<std::string>{"day"});
  EXPECT_NO_THROW(delete_preset("night"));
  EXPECT_THROW(delete_preset("../presets"), UsageError);
}

TEST_F(PresetShelf, AFileGoesBeforeAPresetAndANameThatIsNeitherIsExplained) {
  write_atomically(preset_file("night"), "");
  EXPECT_EQ(find_preset("night"), preset_file("night"));
  EXPECT_EQ(find_preset("night.toml"), preset_file("night"));
  try {
    find_preset("day");
    ADD_FAILURE() << "there is none of that name";
  } catch (const UsageError& e) {
    EXPECT_NE(std::string(e.what()).find("there are: night"), std::string::npos) << e.what();
    EXPECT_NE(std::string(e.what()).find(preset_folder().string()), std::string::npos) << e.what();
  }
  EXPECT_EQ(find_preset("some/night"), "some/night");
  const std::filesystem::path file = home_ / "night.toml";
  write_atomically(file, "");
  EXPECT_EQ(find_preset(file), file);
}

}  // namespace
}  // namespace ombra::show
