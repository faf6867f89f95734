// The offline show with a dancer that needs no trained model: exact times, the beat known from the first picture on,
// the same pictures every time.

#include "show/offline/offline.hpp"

#include "audio/beat/hindsight.hpp"
#include "audio/signals.hpp"
#include "core/error.hpp"
#include "core/file.hpp"
#include "pictures.hpp"
#include "show/capsule_dancer.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <cstdlib>
#include <filesystem>

namespace ombra::show {
namespace {

constexpr double kBpm = 120.0, kFirstS = 0.1;

const std::vector<AudioFrame>& music() {
  static const auto hops = audio::analyse_whole(test::house_beat(kBpm, 14.0, kFirstS), 48000);
  return hops;
}

OfflineOptions short_show(double from_s, double to_s, double fps = 30.0) {
  OfflineOptions options;
  options.dancer = capsule_dancers();
  options.model = "capsules";
  options.width = 320, options.height = 180;
  options.fps = fps;
  options.from_s = from_s, options.to_s = to_s;
  return options;
}

std::vector<gfx::Image> all_pictures(OfflineOptions options) {
  OfflineShow show(std::move(options), music());
  std::vector<gfx::Image> pictures;
  gfx::Image picture;
  while (show.next(picture)) pictures.push_back(picture);
  EXPECT_EQ(pictures.size(), static_cast<std::size_t>(show.frames()));
  return pictures;
}

double difference(const gfx::Image& a, const gfx::Image& b) { return test::difference(a.pixels, b.pixels); }

TEST(OfflineShow, CoversTheMusicAtExactTimes) {
  EXPECT_EQ(OfflineShow(short_show(0.0, 2.0), music()).frames(), 60);
  EXPECT_EQ(OfflineShow(short_show(1.0, 2.01), music()).frames(), 31) << "the last picture covers the rest";
  EXPECT_EQ(OfflineShow(short_show(0.0, 1.0, 30000.0 / 1001.0), music()).frames(), 30);
  const OfflineShow show(short_show(3.0, 6.0, 24.0), music());
  EXPECT_EQ(show.frames(), 72);
  EXPECT_DOUBLE_EQ(show.time_of(36), 4.5);
}

TEST(OfflineShow, DrawsPicturesThatMove) {
  const auto pictures = all_pictures(short_show(0.0, 1.0));
  for (const gfx::Image& picture : pictures) {
    ASSERT_EQ(picture.width, 320);
    ASSERT_EQ(picture.height, 180);
    ASSERT_GT(test::mean_light(picture.pixels), 3.0) << "black";
  }
  for (std::size_t i = 5; i < pictures.size(); i += 5)
    EXPECT_GT(test::difference(pictures[i - 5].pixels, pictures[i].pixels), 0.3) << i;
}

TEST(OfflineShow, GivesTheSamePicturesEveryTime) {
  const auto preset = std::filesystem::path(testing::TempDir()) / "ombra_offline_preset.toml";
  write_atomically(preset,
                   "[look]\nname = \"lantern\"\n[[modulation]]\nsource = \"noise\"\namount = 0.8\nto = \"look/glow\"\n"
                   "[[modulation]]\nsource = \"bass\"\namount = 0.5\nto = \"look/size\"\n");
  OfflineOptions two = short_show(2.0, 2.8), pushed = short_show(1.0, 1.6, 25.0), many = short_show(2.0, 2.4, 50.0);
  two.sets = {"look/name=neon", "dancer/count=2"};
  pushed.preset = preset;
  many.sets = {"look/name=paper", "dancer/count=5"};
  many.width = 211, many.height = 333;
  many.transparent = true;
  std::vector<gfx::Image> last;
  for (const OfflineOptions& options : {two, pushed, many}) {
    const auto first = all_pictures(options), second = all_pictures(options);
    ASSERT_EQ(first.size(), second.size());
    for (std::size_t i = 0; i < first.size(); ++i) EXPECT_EQ(first[i].pixels, second[i].pixels) << "picture " << i;
    last.push_back(first.back());
  }
  EXPECT_EQ(last[2].channels, 4);
  pushed.preset.clear();
  EXPECT_GT(difference(last[1], all_pictures(pushed).back()), 0.5) << "the preset's modulation counts";
  EXPECT_GT(difference(last[0], last[1]), 5.0);
  std::filesystem::remove(preset);
}

// An empty table: whatever is heard, the light is the same.
TEST(OfflineShow, TheLightListensThroughTheTableAndInNoOtherWay) {
  const auto preset = std::filesystem::path(testing::TempDir()) / "ombra_empty_table.toml";
  write_atomically(preset, "version = 2\nmodulation = []\n");
  std::vector<AudioFrame> silence = music();
  for (AudioFrame& hop : silence) {
    const AudioFrame heard = hop;
    hop = AudioFrame{};
    hop.time_s = heard.time_s, hop.grid = heard.grid;
  }
  const auto pictures = [](const OfflineOptions& options, const std::vector<AudioFrame>& hops) {
    OfflineShow show(options, hops);
    std::vector<gfx::Image> all(static_cast<std::size_t>(show.frames()));
    for (gfx::Image& picture : all) EXPECT_TRUE(show.next(picture));
    return all;
  };
  for (const std::string look : {"lantern", "neon", "paper"}) {
    OfflineOptions options = short_show(2.0, 2.7);
    options.sets = {"look/name=" + look};
    const auto loud = pictures(options, music()), quiet = pictures(options, silence);
    options.preset = preset;
    const auto deaf = pictures(options, music()), alone = pictures(options, silence);
    double apart = 0.0;
    ASSERT_EQ(loud.size(), alone.size());
    for (std::size_t i = 0; i < loud.size(); ++i) {
      apart = std::max(apart, difference(loud[i], quiet[i]));
      EXPECT_EQ(deaf[i].pixels, alone[i].pixels) << look << ", picture " << i;
    }
    EXPECT_GT(apart, 0.3) << look << " does not listen at all";
  }
  std::filesystem::remove(preset);
}

// The arms of the capsule dancer are level on every whole beat of the dance: as it is asked for moments, so it dances.
TEST(OfflineShow, DancesOnTheBeatFromTheFirstPictureOn) {
  struct Watch {
    std::vector<model::Timestamp> timestamps;
  };
  class Watched final : public DancerSource {
   public:
    explicit Watched(std::shared_ptr<Watch> watch) : watch_(std::move(watch)) {}
    const model::DancerInfo& info() const override { return dancer_.info(); }
    int dancers() const override { return dancer_.dancers(); }
    void set_dancers(int dancers) override { dancer_.set_dancers(dancers); }
    void advance(const model::Timestamp& until, const model::DanceControls& controls) override {
      dancer_.advance(until, controls);
    }
    void jump(int seed, const model::Timestamp& now, const model::DanceControls& controls) override {
      dancer_.jump(seed, now, controls);
    }
    void pull(const model::Timestamp& timestamp, const model::DanceControls& controls,
              std::span<float> latents) override {
      watch_->timestamps.push_back(timestamp);
      dancer_.pull(timestamp, controls, latents);
    }
    void embody(std::span<const float> latents, double time_s, const model::FigureControls& controls,
                std::span<float> figures) override {
      dancer_.embody(latents, time_s, controls, figures);
    }
    void decode(std::span<const float> figures, int size, FieldImage& image) override {
      dancer_.decode(figures, size, image);
    }
    FieldImage seed_pictures(int size) override { return dancer_.seed_pictures(size); }
    model::DanceCounters counters() const override { return dancer_.counters(); }

   private:
    CapsuleDancer dancer_;
    std::shared_ptr<Watch> watch_;
  };
  const auto watch = std::make_shared<Watch>();
  OfflineOptions options = short_show(0.0, 4.0);
  options.dancer = [watch](const std::filesystem::path&) { return std::make_unique<Watched>(watch); };
  options.sets = {"show/offset_ms=0"};
  const auto pictures = all_pictures(options);
  ASSERT_EQ(watch->timestamps.size(), pictures.size());
  for (std::size_t i = 0; i < pictures.size(); ++i) {
    const double beat = (static_cast<double>(i) / 30.0 - kFirstS) * kBpm / 60.0, off = watch->timestamps[i].beat - beat;
    EXPECT_LT(std::abs(off - std::round(off)) * 60.0 / kBpm, 0.03) << "picture " << i << " is off the beat, in s";
  }
}

TEST(OfflineShow, ObeysParametersAndReports) {
  OfflineOptions options = short_show(4.0, 5.0);
  options.sets = {"dancer/count=3", "look/name=neon"};
  OfflineShow show(options, music());
  gfx::Image picture;
  while (show.next(picture)) {
  }
  const OfflineReport report = show.report();
  EXPECT_EQ(report.frames, 30);
  EXPECT_NEAR(report.tempo_bpm, kBpm, 1.0);
  EXPECT_NEAR(report.beats, kBpm / 60.0, 0.1);
  EXPECT_EQ(report.look, "neon");
  EXPECT_EQ(report.model, "capsules");
  EXPECT_FALSE(show.next(picture)) << "it is over";
}

TEST(OfflineShow, NamesTheTempoOfTheMusicHoweverShortThePart) {
  for (const double from_s : {0.0, 5.0, 12.5}) {
    OfflineShow show(short_show(from_s, from_s + 1.0, 10.0), music());
    gfx::Image picture;
    while (show.next(picture)) {
    }
    EXPECT_NEAR(show.report().tempo_bpm, kBpm, 0.005 * kBpm) << "from " << from_s << " s on";
  }
}

TEST(OfflineShow, SaysWhatIsWrong) {
  OfflineOptions options = short_show(0.0, 1.0);
  options.sets = {"dancer/temprature=1"};
  EXPECT_THROW(OfflineShow(options, music()), UsageError);
  options = short_show(0.0, 1.0);
  options.model = "broken";
  EXPECT_THROW(OfflineShow(options, music()), Error);
  options = short_show(0.0, 1.0);
  const auto script = std::make_shared<CapsuleDancer::Script>();
  options.dancer = capsule_dancers(script);
  OfflineShow show(options, music());
  gfx::Image picture;
  ASSERT_TRUE(show.next(picture));
  script->throws = true;
  EXPECT_THROW(show.next(picture), Error) << "a render without its dancer is no render";
}

}  // namespace
}  // namespace ombra::show
