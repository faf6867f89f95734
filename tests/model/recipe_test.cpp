#include "model/figure/recipe.hpp"

#include "core/embedded.hpp"
#include "core/file.hpp"
#include "model/tiny_recipes.hpp"

#include <gtest/gtest.h>

#include <cstdlib>
#include <fstream>

namespace ombra::model {
namespace {

std::string complaint(const std::string& text) {
  try {
    parse_recipe(text, "r.toml");
    return "";
  } catch (const UsageError& e) {
    return e.what();
  }
}

// The tiny recipe with one piece of text replaced.
std::string with(std::string from, const std::string& to) {
  std::string text = test::kTinyMoves;
  const auto at = text.find(from);
  EXPECT_NE(at, std::string::npos) << from;
  return text.replace(at, from.size(), to);
}

void expect_says(const std::string& text, const std::vector<std::string>& parts) {
  const std::string got = complaint(text);
  for (const std::string& part : parts) EXPECT_NE(got.find(part), std::string::npos) << "'" << part << "' in: " << got;
}

TEST(Recipe, ReadsEveryPartOfMovesAndFrames) {
  const Recipe moves = parse_recipe(test::kTinyMoves, "r.toml");
  EXPECT_EQ(moves.kind, "moves");
  EXPECT_EQ(moves.frames.width, 16);
  EXPECT_EQ(moves.painter.decoder.back().kind, "strokes");
  EXPECT_EQ(moves.mover.frames_per_beat / moves.mover.frames_per_move, 2);
  EXPECT_EQ(moves.mover.train.window, 4);
  EXPECT_EQ(moves.choreographer.coolness, (std::vector<double>{1.0, 0.5}));
  EXPECT_EQ(moves.text, test::kTinyMoves) << "the model folder gets the recipe unchanged";
  const Recipe frames = parse_recipe(test::kTinyFrames, "r.toml");
  EXPECT_EQ(frames.kind, "frames");
  EXPECT_EQ(frames.dancer.layers.size(), 2u);
  EXPECT_EQ(frames.dancer.loss, "mdn");
}

TEST(Recipe, AFaultSaysFileLineAndWhatWasExpected) {
  expect_says(with("kind = \"moves\"", "kind = \"dances\""), {"r.toml:2: ", "kind: expected one of moves, frames"});
  expect_says(with("kind = \"moves\"", ""), {"r.toml:", "kind: missing; expected one of moves, frames"});
  expect_says(with("size = 16", "size = 16.5"),
              {"r.toml:4: ", "[frames] size: expected a whole number from 16 to 1024"});
  expect_says(with("size = 16", "size = 16\nwidth = 3"),
              {"r.toml:5: ", "[frames] width: unknown key; known are fps, picture, size"});
  expect_says(with("fps = 30.0", ""), {"r.toml:3: ", "[frames] fps: missing; expected a number from 0.1 to 240"});
  expect_says(with("code = 8", "code = \"8\""), {"[painter] code: expected a whole number"});
  expect_says(with("[painter.train]", "[painter.training]"), {"[painter] train: missing; expected a table"});
  expect_says(with("frames_per_move = 3", "frames_per_move = 4"),
              {"[mover] frames_per_move: must divide frames_per_beat = 6"});
  expect_says(with("coolness = [1.0, 0.5]", "coolness = [1.0, \"cold\"]"),
              {"[choreographer] coolness: expected numbers from 0 to 10"});
  expect_says(with("optimiser = \"rmsprop\"", "optimiser = \"lion\""),
              {"expected one of adamw, adam, rmsprop, adadelta, sgd"});
  expect_says(with("[choreographer.train]", "[unused]\n[choreographer.train]"), {"recipe unused: unknown key"});
  expect_says(with("{ layer = \"flatten\" },", "{ kind = \"flatten\" },"),
              {"encoder: each entry must be a table with a key layer"});
  expect_says(with("{ layer = \"flatten\" },", "3,"), {"r.toml:9: ", "encoder: each entry must be a table"});
}

TEST(Recipe, MoreThanMemoryHoldsIsRefused) {
  EXPECT_EQ(complaint(with("entries = 8", "entries = 4096")), "") << "large is fine";
  expect_says(with("width = 6\nbooks = 2\nentries = 8", "width = 4096\nbooks = 16\nentries = 65536"),
              {"[mover] entries: ", "more than memory"});
  expect_says(with("hidden = 12", "hidden = 8192"), {"[choreographer] hidden: ", "more weights than memory"});
}

TEST(Recipe, GarbageIsOneErrorAndNoCrash) {
  const std::string good = test::kTinyMoves;
  for (std::size_t cut = 0; cut < good.size(); cut += 7) {
    const std::string got = complaint(good.substr(0, cut));
    const bool whole = cut > good.find("window = 6");  // only settings that have a default are cut away
    EXPECT_TRUE(got.rfind("r.toml:", 0) == 0 || (whole && got.empty())) << "cut at " << cut << ": " << got;
  }
  for (std::size_t at = 0; at < good.size(); at += 5) {
    std::string text = good;
    text[at] = '\x01';
    complaint(text);
  }
  EXPECT_NE(complaint("name = 1"), "");
  EXPECT_NE(complaint(std::string(1000, '[')), "");
}

TEST(Recipe, TheShippedRecipesAreValid) {
  setenv("OMBRA_DATA", OMBRA_SOURCE, 0);
  int found = 0;
  for (const auto& entry : std::filesystem::directory_iterator(data_folder() / "models" / "recipes")) {
    if (entry.path().extension() != ".toml") continue;
    const Recipe recipe = read_recipe(find_recipe(entry.path().stem().string()));
    EXPECT_EQ(recipe.name, entry.path().stem().string()) << "a recipe is found by its name";
    ++found;
  }
  EXPECT_GE(found, 1);
}

TEST(Recipe, ANameIsARecipeEvenWhereAFileIsCalledSo) {
  namespace fs = std::filesystem;
  setenv("OMBRA_DATA", OMBRA_SOURCE, 0);
  const fs::path before = fs::current_path(), here = fs::path(testing::TempDir()) / "ombra_recipe_names";
  fs::create_directories(here);
  fs::current_path(here);
  std::ofstream("ombra") << "#!/bin/sh";  // as in the program's own folder
  std::ofstream("mine.toml") << "name = 'mine'";
  EXPECT_EQ(find_recipe("ombra"), data_folder() / "models" / "recipes" / "ombra.toml");
  EXPECT_EQ(find_recipe("mine.toml"), "mine.toml");
  fs::current_path(before);
  fs::remove_all(here);
}

TEST(Recipe, ARecipeThatDoesNotExistIsNamed) {
  setenv("OMBRA_DATA", OMBRA_SOURCE, 0);
  try {
    find_recipe("no-such-recipe");
    FAIL();
  } catch (const UsageError& e) {
    EXPECT_NE(std::string(e.what()).find("no-such-recipe"), std::string::npos);
    EXPECT_NE(std::string(e.what()).find("hint: "), std::string::npos);
  }
}

}  // namespace
}  // namespace ombra::model
