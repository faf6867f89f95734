// Data sets of motion that figures dance: who dances what, and that the pictures are theirs.

#include "core/error.hpp"
#include "core/file.hpp"
#include "footage/data/data_set.hpp"
#include "footage/prepare/prepare.hpp"
#include "temp_folder.hpp"
#include "train/synthetic.hpp"
#include "train/toy_figure.hpp"

#include <gtest/gtest.h>

#include <map>
#include <set>

namespace ombra::train {
namespace {

class PreparePeople : public ombra::test::FolderTest {
 protected:
  // two takes, three figures
  PrepareOptions footage(int people) const {
    write_atomically(folder / "in/one.trc", test::trc_text(test::dance(4.0, 30.0, 112.0), 30.0));
    write_atomically(folder / "in/two.trc", test::trc_text(test::dance(4.0, 30.0, 100.0), 30.0));
    std::filesystem::create_directories(folder / "figures");
    ombra::test::write_toy_figure(folder / "figures/anna.glb");
    ombra::test::write_toy_figure(folder / "figures/bert.glb", {.hair = true});
    ombra::test::write_toy_figure(folder / "figures/cleo.glb", {.skirt = true});
    PrepareOptions options;
    options.inputs = {folder / "in"};
    options.output = folder / "out/people.safetensors";
    options.bodies = folder / "figures";
    options.people = people;
    options.size = 48;
    options.yaws = {0.0, 60.0};
    options.threads = 2;
    return options;
  }
};

TEST_F(PreparePeople, FiguresAreDealtOutInTurn) {
  prepare(footage(2));
  const DataSet data(folder / "out/people.safetensors");
  std::map<std::string, std::set<std::string>> who;
  for (const DataClip& clip : data.clips()) who[clip.name].insert(clip.person);
  EXPECT_EQ(who["one"], (std::set<std::string>{"anna", "bert"}));
  EXPECT_EQ(who["two"], (std::set<std::string>{"anna", "cleo"}));
  EXPECT_EQ(data.clips().size(), 2u * 2u * 2u * 2u) << "takes, figures, sides, mirrors";
}

TEST_F(PreparePeople, AllOfThemDanceWhereNothingElseIsSaid) {
  prepare(footage(0));
  const DataSet data(folder / "out/people.safetensors");
  EXPECT_EQ(data.clips().size(), 2u * 3u * 2u * 2u);
}

TEST_F(PreparePeople, ThePicturesAreTheirsAndTheMirrorsExact) {
  prepare(footage(0));
  const DataSet data(folder / "out/people.safetensors");
  std::map<std::string, const DataClip*> plain, mirrored;
  for (const DataClip& clip : data.clips()) {
    if (clip.name == "one" && clip.yaw == 60.0) (clip.mirrored ? mirrored : plain)[clip.person] = &clip;
  }
  const auto unlike = [&](const DataClip& a, const DataClip& b, bool turned) {
    int count = 0;
    for (std::int64_t t = 0; t < a.length; t += 7) {
      for (int i = 0; i < 48 * 48; ++i) {
        const int column = i % 48, other = turned ? i - column + 47 - column : i;
        const auto units = [&](const DataClip& clip, int at) {
          return static_cast<int>(static_cast<std::int8_t>(data.picture(clip.start + t)[static_cast<std::size_t>(at)]));
        };
        count += std::abs(units(a, i) - units(b, other)) > 3;
      }
    }
    return count;
  };
  for (const char* name : {"anna", "bert", "cleo"})
    EXPECT_EQ(unlike(*plain.at(name), *mirrored.at(name), true), 0) << name;
  EXPECT_GT(unlike(*plain.at("anna"), *plain.at("cleo"), false), 300) << "a skirt is seen";
  EXPECT_GT(unlike(*plain.at("anna"), *plain.at("bert"), false), 50) << "hair is seen from the side";
}

TEST_F(PreparePeople, TheNumberOfThreadsDoesNotMatter) {
  PrepareOptions options = footage(1);
  prepare(options);
  const std::string two = read_text(options.output, std::size_t{1} << 30);
  options.threads = 1;
  prepare(options);
  EXPECT_EQ(two, read_text(options.output, std::size_t{1} << 30));
}

TEST_F(PreparePeople, AFolderWithoutFiguresIsAnErrorBeforeAnythingIsWritten) {
  PrepareOptions options = footage(1);
  options.bodies = folder / "in";
  EXPECT_THROW(prepare(options), Error);
  EXPECT_FALSE(std::filesystem::exists(options.output));
}

}  // namespace
}  // namespace ombra::train
