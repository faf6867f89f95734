// Runs the program itself, as a user would.

#include "cli/program.hpp"
#include "footage/data/data_set.hpp"
#include "train/synthetic.hpp"

#include <gtest/gtest.h>

#include <csignal>
#include <filesystem>
#include <string>

namespace ombra {
namespace {

namespace fs = std::filesystem;
using test::Outcome, test::says;

class PrepareCommand : public test::ProgramTest {
 protected:
  void SetUp() override {
    write_atomically(folder / "swing.trc", train::test::trc_text(train::test::dance(5.0, 30.0, 120.0), 30.0));
  }
};

TEST_F(PrepareCommand, MakesADataSetAndAContactSheet) {
  const fs::path data = folder / "data/swing.safetensors";
  const Outcome done =
      run("prepare " + (folder / "swing.trc").string() + " -o " + data.string() + " --size 48 --yaw 0 30 --fps 25");
  ASSERT_EQ(done.status, 0) << done.text();
  EXPECT_PRED2(says, done, "1 take");
  EXPECT_PRED2(says, done, data.string());
  const train::DataSet set(data);
  EXPECT_EQ(set.width(), 48);
  EXPECT_EQ(set.fps(), 25.0);
  EXPECT_EQ(set.clips().size(), 4u);
  EXPECT_TRUE(fs::exists(folder / "data/swing.png"));
}

TEST_F(PrepareCommand, WrongUsageIsStatusTwo) {
  EXPECT_EQ(run("prepare").status, 2);
  EXPECT_EQ(run("no-such-command").status, 2);
  EXPECT_EQ(run("prepare x -o y.safetensors --no-such-option").status, 2);
  EXPECT_EQ(run("--log-level loud prepare x -o y.safetensors").status, 2);
  const Outcome named = run("prepare " + (folder / "swing.trc").string() + " -o data.zip");
  EXPECT_EQ(named.status, 2);
  EXPECT_PRED2(says, named, "hint: ");
}

TEST_F(PrepareCommand, FailureIsStatusOneWithAHint) {
  const Outcome missing =
      run("prepare " + (folder / "nothing").string() + " -o " + (folder / "a.safetensors").string());
  EXPECT_EQ(missing.status, 1);
  EXPECT_PRED2(says, missing, (folder / "nothing").string());
  EXPECT_PRED2(says, missing, "hint: ");
  write_atomically(folder / "broken.bvh", "HIERARCHY\nROOT a\n{\nOFFSET 0 0\n");
  const Outcome broken =
      run("prepare " + (folder / "broken.bvh").string() + " -o " + (folder / "a.safetensors").string());
  EXPECT_EQ(broken.status, 1);
  EXPECT_PRED2(says, broken, "broken.bvh:");
  EXPECT_FALSE(fs::exists(folder / "a.safetensors"));
}

TEST_F(PrepareCommand, HelpAndVersionAreStatusZero) {
  const Outcome help = run("prepare --help");
  EXPECT_EQ(help.status, 0);
  EXPECT_PRED2(says, help, "example: ombra prepare");
  EXPECT_PRED2(says, help, "--hold-out");
  const Outcome version = run("--version");
  EXPECT_EQ(version.status, 0);
  EXPECT_PRED2(says, version, "ombra 0.");
  EXPECT_PRED2(says, run("--help"), "prepare");
}

}  // namespace
}  // namespace ombra
