// Styles that a dancer can be asked for: when it takes up what is asked, and how it mixes them.

#include "model/dancers/generator.hpp"
#include "model/figure/dance_controls.hpp"
#include "model/untrained_people.hpp"

#include <gtest/gtest.h>

#include <set>

namespace ombra::model {
namespace {

namespace fs = std::filesystem;

using Shares = std::array<float, 8>;

fs::path made() {
  const fs::path folder = fs::path(testing::TempDir()) / "ombra_untrained_styles";
  UntrainedPeople(fs::path(OMBRA_SOURCE) / "models/recipes/ombra.toml", folder, 1);
  return folder;
}

TEST(Styles, OfADancerAreThoseOfItsRecipe) {
  const fs::path folder = made();
  const Generator dancer(folder, "cpu", 1);
  EXPECT_EQ(dancer.info().styles, read_recipe(folder / "recipe.toml").choreographer.styles);
  EXPECT_FALSE(dancer.info().styles.empty());
  EXPECT_EQ(dancer.counters().styles, Shares{}) << "nothing is danced yet";
}

TEST(Styles, ChangeWhereAPhraseBeginsAndNowhereElse) {
  Generator dancer(made(), "cpu", 1);
  DanceControls controls;
  std::set<double> changes;  // beats
  Shares danced = dancer.counters().styles;
  for (double beat = 0.0; beat < 40.0; beat += 0.5) {
    controls.styles = {0.0f, static_cast<float>(beat / 80.0)};  // another wish all the time
    dancer.advance({0.5 * beat, beat, 0.0}, controls);
    if (dancer.counters().styles == danced) continue;
    danced = dancer.counters().styles;
    EXPECT_EQ(danced, controls.styles) << beat;
    changes.insert(beat);
  }
  ASSERT_GE(changes.size(), 4u);
  for (auto i = std::next(changes.begin()); std::next(i) != changes.end(); ++i)
    EXPECT_DOUBLE_EQ(*std::next(i) - *i, 8.0) << *i;
}

TEST(Styles, ThatAreMoreThanOneTogetherAreShares) {
  EXPECT_EQ(shares_of({0.25f, 0.5f}), (Shares{0.25f, 0.5f}));
  EXPECT_EQ(shares_of({1.0f, 1.0f, 2.0f, -3.0f, 1.0f}), (Shares{0.25f, 0.25f, 0.25f, 0.0f, 0.25f}));
  EXPECT_EQ(shares_of({}), Shares{});
}

TEST(Styles, BeyondThoseThatItKnowsSayNothing) {
  Generator dancer(made(), "cpu", 1);
  ASSERT_EQ(dancer.info().styles.size(), 7u);
  DanceControls controls;
  controls.styles.fill(1.0f);
  dancer.advance({0.0, 0.0, 0.0}, controls);
  EXPECT_NEAR(dancer.counters().styles[6], 1.0f / 7.0f, 1e-6f);
  EXPECT_EQ(dancer.counters().styles[7], 0.0f);
}

}  // namespace
}  // namespace ombra::model
