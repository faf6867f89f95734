// `ombra train` from the outside: what Ctrl-C leaves, and says.

#include "cli/program.hpp"
#include "model/tiny_recipes.hpp"
#include "train/synthetic.hpp"

#include <gtest/gtest.h>

#include <cstdlib>
#include <string>

namespace ombra {
namespace {

using test::Outcome;

class TrainCommand : public test::ProgramTest {
 protected:
  TrainCommand() {
    write_atomically(folder / "swing.trc", train::test::trc_text(train::test::dance(16.0, 30.0, 120.0), 30.0));
    write_atomically(folder / "tiny.toml", model::test::kTinyMoves);
  }
};

TEST_F(TrainCommand, CtrlCIsStatusOneAndTheSameCommandGoesOn) {
  const std::string data = (folder / "data.safetensors").string();
  const Outcome made = run("prepare '" + (folder / "swing.trc").string() + "' -o '" + data + "' --size 16 --yaw 0");
  ASSERT_EQ(made.status, 0) << made.err;
  // Ctrl-C as soon as there is something to go on from
  const std::string model = (folder / "model").string();
  const std::string words =
      "train --recipe '" + (folder / "tiny.toml").string() + "' --data '" + data + "' -o '" + model + "' --effort 1000";
  const std::string script = command(words) + " & pid=$!; until [ -e '" + model +
                             "/training/run.toml' ] || ! kill -0 $pid; do sleep 0.05; done; kill -INT $pid; wait $pid";
  const int code = std::system(script.c_str());
  ASSERT_TRUE(WIFEXITED(code));
  EXPECT_EQ(WEXITSTATUS(code), 1);
  const std::string said = read_text(folder / "stderr");
  EXPECT_PRED2(test::has, said, "interrupted: everything is saved");
  EXPECT_PRED2(test::has, said, "hint: ");
}

}  // namespace
}  // namespace ombra
