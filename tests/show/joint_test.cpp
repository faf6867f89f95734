// `--continue`: the dance sets out from the pose in which the film ends, of the one who is meant.

#include "core/error.hpp"
#include "footage/prepare/last_pictures.hpp"
#include "show/dance/dance.hpp"
#include "temp_folder.hpp"
#include "train/scene.hpp"

#include <gtest/gtest.h>

#include <cstdlib>
#include <filesystem>

namespace ombra::show {
namespace {

namespace fs = std::filesystem;
using train::Silhouette;

fs::path shipped_model() {
  const char* given = std::getenv("OMBRA_TEST_MODEL");
  return given ? given : OMBRA_SOURCE "/models/ombra";
}

// A dancer of a film: where she stands, how tall she is, and how many frames ahead of the others.
struct Seen {
  double middle, tall;
  int ahead;
};

class JointTest : public test::FolderTest {
 protected:
  static constexpr int kWidth = 480, kHeight = 240, kFrames = 110;
  // The film shows a mannequin, the dance goes on as somebody of the cast in a dress: the pose is the same.
  static constexpr double kAlike = 0.7;

  void SetUp() override {
    if (!fs::exists(shipped_model() / "weights.safetensors")) GTEST_SKIP() << "no trained dancer is there";
  }

  static train::test::Scene scene_of(const Seen& dancer) {
    train::test::Scene scene;
    scene.width = kWidth, scene.height = kHeight, scene.tall = dancer.tall, scene.floor = 0.94 * kHeight;
    return scene;
  }
  // [height][width], 0..1
  static std::vector<float> cover_of(const Seen& dancer, int frame) {
    const std::vector<float> middle = scene_of(dancer).cover(frame + dancer.ahead);
    std::vector<float> moved(middle.size(), 0.0f);
    const int by = static_cast<int>(dancer.middle) - kWidth / 2;
    for (int y = 0; y < kHeight; ++y) {
      for (int x = std::max(0, by); x < std::min(kWidth, kWidth + by); ++x)
        moved[static_cast<std::size_t>(y * kWidth + x)] = middle[static_cast<std::size_t>(y * kWidth + x - by)];
    }
    return moved;
  }
  static Silhouette end_of(const Seen& dancer) {
    Silhouette s{kWidth, kHeight, {}};
    for (const float c : cover_of(dancer, kFrames - 1)) s.inside.push_back(c > 0.5f ? 1 : 0);
    return s;
  }
  fs::path film(const std::vector<Seen>& dancers) const {
    const fs::path path = folder / "film.mp4";
    media::VideoWriter video(path, {.width = kWidth, .height = kHeight, .fps = 25.0});
    for (int frame = 0; frame < kFrames; ++frame) {
      std::vector<std::uint8_t> rgb(static_cast<std::size_t>(kWidth) * kHeight * 3, 240);
      for (const Seen& dancer : dancers) {
        const std::vector<float> cover = cover_of(dancer, frame);
        for (std::size_t i = 0; i < rgb.size(); ++i)
          rgb[i] = static_cast<std::uint8_t>(static_cast<float>(rgb[i]) * (1.0f - 0.9f * cover[i / 3]));
      }
      video.write(rgb);
    }
    video.finish();
    return path;
  }
  // -> the dance's first picture after a film
  static Silhouette first_of(const fs::path& path, const std::string& figure) {
    constexpr int kSide = 256;
    const DancerFactory make = model_dancers("cpu", 1, [&](const fs::path& model) {
      train::LastPictures last = train::last_pictures(path, model, train::parse_figure(figure));
      return Beginning{std::move(last.numbers), last.count, last.framings};
    });
    Dance dance(make(shipped_model()));
    FieldImage image;
    DanceRequest request;
    request.field_size = kSide;
    dance.step(request, image);
    Silhouette first{kSide, kSide, {}};
    for (std::size_t i = 0; i < static_cast<std::size_t>(kSide) * kSide; ++i)
      first.inside.push_back(image.distance[i] < 0.0f ? 1 : 0);
    return first;
  }
};

TEST_F(JointTest, TakesUpTheLastPoseOfOneDancer) {
  for (const Seen& dancer : {Seen{240, 220, 0}, Seen{120, 110, 6}, Seen{330, 160, 11}}) {
    EXPECT_GE(train::pose_overlap(end_of(dancer), first_of(film({dancer}), "largest")), kAlike)
        << "the dancer " << dancer.tall << " pixels tall";
  }
}

TEST_F(JointTest, FollowsTheOneWhoIsMeant) {
  const Seen left{90, 170, 0}, middle{240, 220, 8}, right{390, 190, 14};
  const fs::path path = film({left, middle, right});
  const std::pair<const char*, Seen> wanted[] = {{"largest", middle}, {"left", left}, {"3", right}};
  for (const auto& [figure, dancer] : wanted)
    EXPECT_GE(train::pose_overlap(end_of(dancer), first_of(path, figure)), kAlike) << figure;
  EXPECT_THROW(train::last_pictures(path, shipped_model(), train::parse_figure("4")), UsageError);
}

TEST_F(JointTest, AFilmWithoutAFigureIsRefused) {
  const fs::path path = film({});
  try {
    train::last_pictures(path, shipped_model());
    FAIL();
  } catch (const Error& fault) {
    const std::string text = fault.what();
    EXPECT_NE(text.find("film.mp4: no figure"), std::string::npos) << text;
    EXPECT_NE(text.find("hint: "), std::string::npos) << text;
  }
}

}  // namespace
}  // namespace ombra::show
