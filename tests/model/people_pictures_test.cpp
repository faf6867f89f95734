// Pictures of all the people that a dancer knows: who is where among them, and that they dance.

#include "model/dancers/embodiment.hpp"
#include "model/dancers/generator.hpp"
#include "model/untrained_people.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <memory>

namespace ombra::model {
namespace {

namespace fs = std::filesystem;

constexpr int kSize = 24, kPoses = 4;

class PeoplePictures : public testing::Test {
 protected:
  static fs::path made(int people) {
    const fs::path folder = fs::path(testing::TempDir()) / fmt::format("ombra_untrained_people_{}", people);
    UntrainedPeople(fs::path(OMBRA_SOURCE) / "models/recipes/ombra.toml", folder, people);
    return folder;
  }
  static std::span<const float> picture(const FieldImage& image, int n) {
    const auto each = static_cast<std::size_t>(image.size * image.size);
    return std::span(image.distance).subspan(static_cast<std::size_t>(n) * each, each);
  }
  static bool same(std::span<const float> a, std::span<const float> b) { return std::ranges::equal(a, b); }
};

TEST_F(PeoplePictures, ShowEveryOneInEveryPose) {
  Generator dancer(made(3), "cpu", 1);
  ASSERT_EQ(dancer.info().people.size(), 3u);
  const FieldImage image = dancer.people_pictures(kSize, kPoses);
  ASSERT_EQ(image.dancers, 3 * kPoses);
  ASSERT_EQ(image.distance.size(), static_cast<std::size_t>(3 * kPoses * kSize * kSize));
  for (const float d : image.distance) ASSERT_TRUE(std::isfinite(d));
  for (int a = 0; a < 3 * kPoses; ++a) {
    for (int b = 0; b < a; ++b) EXPECT_FALSE(same(picture(image, a), picture(image, b))) << a << " " << b;
  }
}

TEST_F(PeoplePictures, ShowSomebodyAsHeIsDrawnWhenHeDances) {
  const fs::path folder = made(3);
  Generator dancer(folder, "cpu", 1);
  const FieldImage image = dancer.people_pictures(kSize, 1);
  const auto file = std::make_shared<const DancerFile>(read_dancer(folder));
  std::vector<float> figure(static_cast<std::size_t>(dancer.info().figure_size));
  const int half_beat = static_cast<int>(dancer.info().frames_per_beat) / 2;
  for (int person = 1; person <= 3; ++person) {
    Embodiment body(file, 0);
    for (int tick = 0; tick < half_beat; ++tick) {
      body.embody(
          file->seeds.latents_of(0).subspan(static_cast<std::size_t>(tick) * file->seeds.code, file->seeds.code),
          0.5 * tick / dancer.info().frames_per_beat, 1, {.person = static_cast<float>(person)}, figure);
    }
    FieldImage one;
    dancer.decode(figure, kSize, one);
    for (std::size_t i = 0; i < one.distance.size(); ++i)
      ASSERT_NEAR(one.distance[i], picture(image, person - 1)[i], 1e-5f) << person;
  }
}

TEST_F(PeoplePictures, AreOfTheFirstOnesWhereThereAreMany) {
  Generator dancer(made(70), "cpu", 1);
  EXPECT_EQ(dancer.info().people.size(), 70u);
  EXPECT_EQ(dancer.people_pictures(8, 2).dancers, 2 * kPicturedPeople);
}

}  // namespace
}  // namespace ombra::model
