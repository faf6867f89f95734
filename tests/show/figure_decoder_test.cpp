// Who decodes: the choice between OpenGL and the processor, what is remembered of it, and a show in which OpenGL does it,
// with the dancer that comes with the program.

#include "show/dance/figure_decoder.hpp"

#include "audio/beat/hindsight.hpp"
#include "audio/signals.hpp"
#include "core/embedded.hpp"
#include "core/error.hpp"
#include "gfx/gl_context.hpp"
#include "pictures.hpp"
#include "show/headless_show.hpp"
#include "show/offline/offline.hpp"

#include <cmath>

namespace ombra::show {
namespace {

using gfx::GlTest;

std::filesystem::path model_folder() { return data_folder() / "models" / "ombra"; }

// A plan of one dense layer and two strokes, of which nothing comes but that it runs.
DecoderOffer offer(std::uint64_t dancer, int kernel = 0) {
  const auto plan = std::make_shared<model::DecoderPlan>();
  model::PlanStep step;
  plan->code = 3;
  if (kernel == 0) {
    step.layer.kind = model::LayerPlan::Kind::kDense;
    step.in = {3, 1, 1}, step.out = {12, 1, 1};
    step.layer.dense = {{3, 12, std::vector<float>(36, 0.1f), std::vector<float>(12, 0.0f)}};
  } else {
    step.layer.kind = model::LayerPlan::Kind::kConv;
    step.layer.kernel_height = step.layer.kernel_width = kernel;
    step.in = step.out = {3, 1, 1};
    const auto taps = static_cast<std::size_t>(3 * kernel * kernel);
    step.layer.dense = {{taps, 3, std::vector<float>(3 * taps, 0.1f), std::vector<float>(3, 0.0f)}};
  }
  plan->steps.push_back(step);
  plan->output = step.out;
  plan->end = model::PlanEnd::kStrokes, plan->strokes = 2;
  return {dancer, {plan, ""}};
}

LatentFrame latents_of(std::uint64_t dancer, float value) { return {dancer, 1, 32, {value, value, value}, 0.0}; }

class Choice : public GlTest {
 protected:
  // Frames of a show in which the processor needs so long.
  static void frames(FigureDecoder& decoder, const DecoderOffer& offered, double cpu_ms, int n = 40,
                     int dancers = 1) {
    DanceStatus dance;
    dance.counters.decode_ms = cpu_ms;
    for (int i = 0; i < n; ++i) {
      ++dance.frames;
      decoder.step(offered, dance, dancers, 32);
    }
  }
};

constexpr const char* kCard = "A graphics card";

TEST_F(Choice, IsMeasuredOnceAndRemembered) {
  FigureDecoder slow_cpu(DecoderMode::kAuto, kCard, {});
  EXPECT_EQ(slow_cpu.wants(), 0u);
  frames(slow_cpu, offer(1), 1e4);
  EXPECT_EQ(slow_cpu.wants(), 1u);
  EXPECT_TRUE(slow_cpu.draws());
  ASSERT_EQ(slow_cpu.remembered().size(), 1u);
  EXPECT_DOUBLE_EQ(slow_cpu.remembered().front().cpu_ms, 1e4);

  FigureDecoder again(DecoderMode::kAuto, kCard, slow_cpu.remembered());
  frames(again, offer(1), 0.0);  // the processor has drawn nothing yet
  EXPECT_TRUE(again.draws());
  FigureDecoder other_card(DecoderMode::kAuto, "Another card", slow_cpu.remembered());
  frames(other_card, offer(1), 0.0);
  EXPECT_FALSE(other_card.draws()) << "it has to be measured there first";
}

TEST_F(Choice, IsMadeAnewForMoreDancers) {
  FigureDecoder decoder(DecoderMode::kAuto, kCard, {});
  frames(decoder, offer(1), 1e4);
  ASSERT_TRUE(decoder.draws());
  ASSERT_NE(decoder.decode(latents_of(1, 0.5f)), nullptr);
  frames(decoder, offer(1), 1e4, 1, 16);
  EXPECT_FALSE(decoder.draws()) << "the processor draws while it is measured with sixteen dancers";
  EXPECT_EQ(decoder.wants(), 0u);
  EXPECT_NE(decoder.fields(), nullptr) << "and until its first picture is there the last one stays";
  frames(decoder, offer(1), 1e4, 40, 16);
  EXPECT_TRUE(decoder.draws());
  EXPECT_EQ(decoder.remembered().size(), 2u);
  frames(decoder, offer(1), 0.0, 40, 1);
  EXPECT_TRUE(decoder.draws()) << "one dancer's times are remembered";
  EXPECT_EQ(decoder.remembered().size(), 2u);
}

TEST_F(Choice, GoesToTheProcessorWhereThatIsFaster) {
  DecoderTimes times{"", 1.0, 0.6};
  EXPECT_TRUE(gl_is_better(times)) << "what OpenGL does the processor need not";
  times.gl_ms = 1.2;
  EXPECT_FALSE(gl_is_better(times));
  EXPECT_FALSE(gl_is_better({"", 9.0, 60.0})) << "no picture may be late for its figures";
  FigureDecoder first(DecoderMode::kAuto, kCard, {});
  frames(first, offer(1), 1e4);
  std::vector<DecoderTimes> remembered = first.remembered();
  remembered.front().gl_ms = 2e4;
  FigureDecoder decoder(DecoderMode::kAuto, kCard, remembered);
  frames(decoder, offer(1), 0.2);
  EXPECT_EQ(decoder.wants(), 0u);
  DanceStatus dance;
  dance.counters.decode_ms = 0.2;
  EXPECT_NE(decoder.line(dance).find("processor, 0.20 ms"), std::string::npos) << decoder.line(dance);
}

TEST_F(Choice, IsTheProcessorWithSoftwareOpenGlUnlessAskedOtherwise) {
  FigureDecoder chosen(DecoderMode::kAuto, "llvmpipe (LLVM 15.0.6, 256 bits)", {});
  frames(chosen, offer(1), 1e4);
  EXPECT_FALSE(chosen.draws());
  EXPECT_NE(chosen.line({}).find("software OpenGL"), std::string::npos) << chosen.line({});
  FigureDecoder asked(DecoderMode::kGl, "llvmpipe (LLVM 15.0.6, 256 bits)", {});
  frames(asked, offer(1), 0.1);
  EXPECT_TRUE(asked.draws());
  FigureDecoder refused(DecoderMode::kCpu, kCard, {});
  frames(refused, offer(1), 1e4);
  EXPECT_FALSE(refused.draws());
  EXPECT_TRUE(refused.message().empty());
}

TEST_F(Choice, FallsBackAndSaysWhy) {
  FigureDecoder decoder(DecoderMode::kGl, kCard, {});
  frames(decoder, offer(1, 100), 0.1);
  EXPECT_FALSE(decoder.draws());
  EXPECT_NE(decoder.message().find("kernel"), std::string::npos) << decoder.message();
  frames(decoder, {2, {nullptr, "it dreams"}}, 0.1);
  EXPECT_NE(decoder.message().find("it dreams"), std::string::npos) << decoder.message();
  frames(decoder, offer(3), 0.1);
  EXPECT_TRUE(decoder.draws()) << "the next dancer is given another chance";
  EXPECT_TRUE(decoder.message().empty()) << decoder.message();
}

TEST_F(Choice, TheOldDecoderStaysUntilTheNewOneIsThere) {
  FigureDecoder decoder(DecoderMode::kGl, kCard, {});
  frames(decoder, offer(1), 0.1);
  ASSERT_EQ(decoder.wants(), 1u);
  ASSERT_NE(decoder.decode(latents_of(1, 0.5f)), nullptr);
  decoder.step(offer(2), {}, 1, 32);
  EXPECT_EQ(decoder.wants(), 1u);
  EXPECT_NE(decoder.decode(latents_of(1, 0.4f)), nullptr);
  EXPECT_NE(decoder.decode(latents_of(2, 0.4f)), nullptr) << "the last picture stays";
  frames(decoder, offer(2), 0.1);
  EXPECT_EQ(decoder.wants(), 2u);
}

// ---- shows

const std::vector<AudioFrame>& music() {
  static const auto hops = audio::analyse_whole(test::house_beat(120.0, 4.0, 0.1), 48000);
  return hops;
}

std::vector<gfx::Image> pictures(DecoderMode decoder, int dancers) {
  OfflineOptions options;
  options.dancer = model_dancers("cpu", 5);
  options.model = model_folder();
  options.decoder = decoder;
  options.sets = {"dancer/count=" + std::to_string(dancers)};
  options.width = 320, options.height = 180;
  options.fps = 10.0, options.to_s = 1.5;
  OfflineShow show(options, music());
  std::vector<gfx::Image> all;
  gfx::Image picture;
  while (show.next(picture)) all.push_back(picture);
  return all;
}

TEST(DecodedShow, LooksAsTheProcessorDrawsIt) {
  for (const int dancers : {1, 3}) {
    const auto gl = pictures(DecoderMode::kGl, dancers), cpu = pictures(DecoderMode::kCpu, dancers);
    ASSERT_EQ(gl.size(), cpu.size());
    for (std::size_t i = 0; i < gl.size(); ++i) {
      double sum = 0.0;
      int largest = 0;
      for (std::size_t p = 0; p < gl[i].pixels.size(); ++p) {
        const int d = std::abs(gl[i].pixels[p] - cpu[i].pixels[p]);
        sum += d, largest = std::max(largest, d);
      }
      EXPECT_LT(sum / static_cast<double>(gl[i].pixels.size()), 0.05) << "picture " << i << " of " << dancers;
      EXPECT_LT(largest, 20) << "picture " << i << " of " << dancers;
    }
  }
}

TEST(DecodedShow, IsTheSameEveryTime) {
  const auto first = pictures(DecoderMode::kGl, 2), again = pictures(DecoderMode::kGl, 2);
  ASSERT_EQ(first.size(), again.size());
  for (std::size_t i = 0; i < first.size(); ++i) EXPECT_EQ(first[i].pixels, again[i].pixels) << "picture " << i;
  const auto usual = pictures(DecoderMode::kAuto, 2), cpu = pictures(DecoderMode::kCpu, 2);
  for (std::size_t i = 0; i < usual.size(); ++i) EXPECT_EQ(usual[i].pixels, cpu[i].pixels) << "picture " << i;
}

TEST(DecodedShow, GoesOnWhenTheModelIsChanged) {
  SessionOptions options = headless_options();
  options.dancer = model_dancers("cpu", 5);
  options.model = model_folder();
  options.decoder = DecoderMode::kGl;
  Session show(options);
  const auto until_gl = [&show] {
    for (int i = 0; i < 600; ++i) {
      EXPECT_TRUE(show.frame());
      if (show.report().decoder == "gl") return i;
    }
    return -1;
  };
  ASSERT_GE(until_gl(), 0);
  for (int i = 0; i < 30; ++i) show.frame();
  const double light = test::mean_light(gfx::read_pixels(0, 320, 180).pixels);
  EXPECT_GT(light, 5.0);

  drop_file(model_folder().c_str());
  int by_cpu = 0;
  for (int i = 0; i < 300; ++i) {
    show.frame();
    by_cpu += show.report().decoder == "cpu" ? 1 : 0;
    EXPECT_GT(test::mean_light(gfx::read_pixels(0, 320, 180).pixels), 0.3 * light)
        << "never a black screen: frame " << i;
    if (by_cpu > 0 && show.report().decoder == "gl") break;
  }
  EXPECT_GT(by_cpu, 0) << "the new dancer has come";
  EXPECT_EQ(show.report().decoder, "gl");
  EXPECT_EQ(show.report().faults, 0u);
  gfx::gl_check("the show");
}

}  // namespace
}  // namespace ombra::show
