// From motion to a dancer and its dance: prepare, train, save, load, dance.
#include "core/error.hpp"
#include "core/file.hpp"
#include "core/interrupt.hpp"
#include "footage/prepare/prepare.hpp"
#include "model/figure/safetensors.hpp"
#include "model/tiny_recipes.hpp"
#include "train/synthetic.hpp"
#include "train/tiny_world.hpp"

#include <gtest/gtest.h>

#include <unistd.h>

#include <map>
#include <set>
#include <thread>

namespace ombra::train {
namespace {

using namespace test;

class World : public testing::Environment {
 public:
  void SetUp() override {
    g_folder = fs::path(testing::TempDir()) / ("ombra_dance_" + std::to_string(getpid()));
    write_atomically(g_folder / "moves.toml", model::test::kTinyMoves);
    write_atomically(g_folder / "frames.toml", model::test::kTinyFrames);
    write_atomically(g_folder / "in/swing.trc", test::trc_text(test::dance(24.0, 30.0, 120.0), 30.0));
    write_atomically(g_folder / "in/other.trc", test::trc_text(test::dance(5.0, 30.0, 96.0), 30.0));
    write_atomically(
        g_folder / "in/manifest.csv",
        "clip,dims,exact_bpm,licence,source,party_score\nswing,3,120,CC0,made up,3\nother,3,96,CC0,made up,3\n");
    PrepareOptions footage;
    footage.inputs = {g_folder / "in"};
    footage.output = g_folder / "data.safetensors";
    footage.size = 16;
    footage.yaws = {0.0};
    footage.hold_out = {"other"};
    footage.threads = 1;
    prepare(footage);
    ASSERT_TRUE(train(options("moves", "model-moves")));
    ASSERT_TRUE(train(options("frames", "model-frames")));
  }
  void TearDown() override { fs::remove_all(g_folder); }
};
const auto* const kWorld = testing::AddGlobalTestEnvironment(new World);

// ---- training as a whole

TEST(Train, LeavesAModelFolderWithItsPapers) {
  for (const std::string kind : {"moves", "frames"}) {
    for (const char* file :
         {"recipe.toml", "weights.safetensors", "seeds.safetensors", "training/painter.csv", "training/painter.png"}) {
      EXPECT_TRUE(fs::exists(model_of(kind) / file)) << kind << " " << file;
    }
    const model::SafetensorsFile weights(model_of(kind) / "weights.safetensors");
    EXPECT_NE(weights.metadata("credits").find("swing: CC0; made up"), std::string::npos);
    EXPECT_EQ(weights.metadata("credits").find("other"), std::string::npos) << "held out: not learned from";
    for (const auto& tensor : weights.tensors()) EXPECT_EQ(tensor.dtype, model::DType::kF16) << tensor.name;
  }
}

TEST(Train, FinishedNetworksAreNotTrainedAgain) {
  const auto weights = [] { return read_text(model_of("moves") / "weights.safetensors"); };
  const std::string before = weights();
  ASSERT_TRUE(train(options("moves", "model-moves")));
  EXPECT_EQ(before, weights());
}

// A clock that goes on with every look at it: all that is done takes time, as on a machine that is busy.
TEST(Train, ABudgetIsDividedAmongAllNetworksAndKept) {
  for (const std::string kind : {"moves", "frames"}) {
    TrainOptions o = options(kind.c_str(), "model-budget-" + kind);
    o.budget_s = 40.0;
    double now = 0.0, stop = 15.0;
    o.clock = [&] {
      now += 0.02;
      if (now > stop) set_interrupted(true);
      return now;
    };
    ASSERT_FALSE(train(o));
    set_interrupted(false);
    stop = 1e9;
    const double first = now;
    now = 1000.0;
    ASSERT_TRUE(train(o));
    EXPECT_NEAR(first + now - 1000.0, 40.0, 4.0) << kind << ": what was spent before Ctrl-C counts";
    const model::SafetensorsFile weights(o.output / "weights.safetensors");
    for (const char* network : {"painter_steps", "mover_steps", "choreographer_steps", "dancer_steps"}) {
      if (weights.metadata().contains(network)) {
        EXPECT_NE(weights.metadata(network), "1") << kind << " " << network;
      }
    }
    EXPECT_EQ(weights.metadata("budget_s"), "40.0");
  }
}

TEST(Train, FootageWithoutJointsGoesOnFromAModelThatKnowsThem) {
  // the same dance, its joints forgotten
  const DataSet known(g_folder / "data.safetensors");
  DataTable table;
  table.width = table.height = 16;
  table.clips = known.clips();
  table.pose.assign(static_cast<std::size_t>(known.frames()), Pose2{});
  for (Pose2& pose : table.pose) pose.fill({NAN, NAN});
  table.beat.assign(known.beat().begin(), known.beat().end());
  table.energy.assign(known.energy().begin(), known.energy().end());
  write_data_set(g_folder / "footage.safetensors", table, [&](std::int64_t first, std::span<std::uint8_t> pictures) {
    for (std::size_t i = 0; i < pictures.size() / 256; ++i)
      std::ranges::copy(known.picture(first + static_cast<std::int64_t>(i)), pictures.subspan(i * 256).begin());
  });
  TrainOptions o = options("moves", "model-footage");
  o.data = g_folder / "footage.safetensors";
  o.from = model_of("moves");
  ASSERT_TRUE(train(o));
  const model::SafetensorsFile before(model_of("moves") / "weights.safetensors"),
      after(o.output / "weights.safetensors");
  const auto bytes = [](const model::SafetensorsFile& file, const char* name) {
    const auto view = file.tensor(name).bytes;
    return std::vector<std::byte>(view.begin(), view.end());
  };
  EXPECT_EQ(bytes(before, "painter.basis"), bytes(after, "painter.basis")) << "the codes mean the same poses";
  EXPECT_NE(bytes(before, "painter.encoder.1.dense.weight"), bytes(after, "painter.encoder.1.dense.weight"));
  Generator g(o.output, "cpu", 1);
  for (const auto& frame : danced(g, 60, controls())) ASSERT_TRUE(finite(frame));
}

TEST(Train, KeepsTheNetworksThatItIsToldToKeep) {
  TrainOptions o = options("moves", "model-kept");
  o.keep = {"painter", "mover"};
  EXPECT_THROW(train(o), UsageError) << "of which model?";
  o.output = g_folder / "model-kept-unknown";
  o.from = model_of("moves");
  o.keep = {"dancer"};
  EXPECT_THROW(train(o), UsageError) << "moves have none";
  o.output = g_folder / "model-kept-again";
  o.keep = {"painter", "mover"};
  o.seed = 99;
  ASSERT_TRUE(train(o));
  const model::SafetensorsFile before(o.from / "weights.safetensors"), after(o.output / "weights.safetensors");
  const auto same = [&](const char* name) {
    const auto a = before.tensor(name).bytes, b = after.tensor(name).bytes;
    return std::equal(a.begin(), a.end(), b.begin(), b.end());
  };
  EXPECT_TRUE(same("painter.encoder.1.dense.weight"));
  EXPECT_TRUE(same("mover.book"));
  EXPECT_FALSE(same("choreographer.place.weight"));
}

TEST(Generator, RehearsalMakesTheDanceStopOnTheBeat) {
  // log of the mean speed over the speed on the beat, mean over beats
  const auto fit = [](float pulse) {
    double sum = 0.0, beats = 0.0;
    for (const std::uint64_t seed : {1, 2, 3, 4, 5, 6}) {
      Generator g(model_of("moves"), "cpu", seed);
      DanceControls c = controls();
      c.pulse = pulse, c.tightness = 0.0f, c.temperature = 1.2f, c.top_p = 1.0f;
      const double a_tick = 60.0 / kBpm / g.info().frames_per_beat;
      const auto per_beat = static_cast<std::size_t>(g.info().frames_per_beat);
      const auto frames = danced(g, 90 * static_cast<int>(per_beat), c, 0.0, 1.0 / a_tick);
      for (std::size_t i = per_beat; i + per_beat < frames.size(); i += per_beat) {
        double mean = 0.0;
        for (std::size_t k = i - per_beat / 2; k < i + per_beat / 2; ++k)
          mean += apart(frames[k], frames[k + 1]) / static_cast<double>(per_beat);
        const double there = 0.5 * apart(frames[i - 1], frames[i]) + 0.25 * apart(frames[i - 2], frames[i - 1]) +
                             0.25 * apart(frames[i], frames[i + 1]);
        sum += std::log((mean + 1e-3) / (there + 1e-3)), beats += 1.0;
      }
    }
    return sum / beats;
  };
  const double alike = fit(0.0f), rehearsed = fit(2.5f);
  EXPECT_GT(rehearsed, alike + 0.03) << alike << " without, " << rehearsed << " with";
}

TEST(Generator, APhraseOpensWithSomethingNewAlsoWhenCold) {
  // how many different moves twelve cold dancers choose, who begin with the same phrase
  std::map<std::uint64_t, std::set<std::vector<std::int64_t>>> chosen;
  for (std::uint64_t seed = 1; seed <= 12; ++seed) {
    Generator g(model_of("moves"), "cpu", seed);
    DanceControls c = controls();
    c.temperature = 0.0f, c.freeze_guard = false;
    const int per_beat = static_cast<int>(g.info().frames_per_beat);
    g.jump(0, {0.0, 0.0}, c);
    for (int tick = 0; tick < 10 * per_beat; ++tick) {
      const double beat = static_cast<double>(tick) / per_beat;
      g.advance({beat * 60.0 / kBpm, beat}, c);
      chosen[g.counters().moves].insert(g.last_move(0));
    }
  }
  std::size_t most = 0, usual = 0, moves = 0;
  for (const auto& [number, different] : chosen) {
    if (number < 6) continue;  // the jump
    most = std::max(most, different.size());
    usual += different.size(), ++moves;
  }
  EXPECT_GE(most, 4u) << "where a phrase opens";
  EXPECT_LT(static_cast<double>(usual) / static_cast<double>(moves), 0.5 * static_cast<double>(most)) << "elsewhere";
}

TEST(Generator, BeginsAfterPicturesOfAVideo) {
  for (const std::string kind : {"moves", "frames"}) {
    std::vector<float> far(5 * 256, 0.08f), figure = far;
    for (std::size_t i = 0; i < figure.size(); ++i) figure[i] = i % 16 > 5 && i % 16 < 10 ? -0.02f : 0.05f;
    std::vector<std::vector<float>> starts;
    for (const auto& pictures : {far, figure, figure}) {
      Generator g(model_of(kind), "cpu", 4);
      const int seeds = g.info().seeds;
      g.begin_after(pictures, 5);
      EXPECT_EQ(g.info().seeds, seeds + 1);
      DanceControls c = controls();
      c.temperature = 0.0f;
      starts.push_back(danced(g, 20, c).back());
      EXPECT_TRUE(finite(starts.back()));
      EXPECT_EQ(g.seed_pictures(16).dancers, seeds + 1);
    }
    EXPECT_EQ(starts[1], starts[2]) << kind;
    if (kind == "frames") {  // a codebook of eight may call both the same move
      EXPECT_GT(apart(starts[0], starts[1]), 0.0) << "another beginning, another dance";
    }
  }
}

TEST(Train, AFolderWithAnotherRunIsRefused) {
  for (TrainOptions o : {options("frames", "model-moves"), [] {
                           TrainOptions other = options("moves", "model-moves");
                           other.seed = 2;
                           return other;
                         }()}) {
    try {
      train(o);
      FAIL();
    } catch (const UsageError& e) {
      EXPECT_NE(std::string(e.what()).find("model-moves"), std::string::npos);
      EXPECT_NE(std::string(e.what()).find("hint: choose another"), std::string::npos);
    }
  }
}

TEST(Train, AfterCtrlCItIsTakenUpAgain) {
  set_interrupted(true);
  EXPECT_FALSE(train(options("moves", "model-twice")));
  EXPECT_FALSE(fs::exists(g_folder / "model-twice/weights.safetensors")) << "half a dancer is not written";
  set_interrupted(false);
  std::jthread visitor([](const std::stop_token& stop) {  // Ctrl-C as soon as the painter is done
    while (!stop.stop_requested() && !fs::exists(g_folder / "model-twice/training/mover.safetensors"))
      std::this_thread::yield();
    set_interrupted(true);
  });
  while (!train(options("moves", "model-twice"))) set_interrupted(false);
  visitor.request_stop();
  visitor.join();
  set_interrupted(false);
  Generator g(g_folder / "model-twice", "cpu", 1);
  for (const auto& latents : danced(g, 60, controls())) ASSERT_TRUE(finite(latents));
}

TEST(Train, ADataSetOfAnotherSizeIsSeenAsTheRecipeWants) {
  PrepareOptions footage;
  footage.inputs = {g_folder / "in/swing.trc"};
  footage.output = g_folder / "large.safetensors";
  footage.size = 24;
  footage.width = 40;
  footage.picture = PictureKind::kBinary;
  footage.yaws = {0.0};
  prepare(footage);
  TrainOptions o = options("frames", "model-large");
  o.data = footage.output;
  ASSERT_TRUE(train(o));
  Generator g(o.output, "cpu", 1);
  for (const auto& latents : danced(g, 30, controls())) ASSERT_TRUE(finite(latents));
}

// ---- the dance

class Dance : public testing::TestWithParam<const char*> {
 protected:
  bool moves() const { return GetParam() == std::string("moves"); }
  fs::path folder() const { return model_of(GetParam()); }
};
INSTANTIATE_TEST_SUITE_P(Kinds, Dance, testing::Values("moves", "frames"),
                         [](const auto& kind) { return std::string(kind.param); });

TEST_P(Dance, IsFiniteAndMoves) {
  Generator g(folder(), "cpu", 1);
  EXPECT_EQ(g.info().kind, GetParam());
  EXPECT_EQ(g.info().latent_size, 8);
  const auto frames = danced(g, 200, controls());
  double way = 0.0;
  for (std::size_t i = 0; i < frames.size(); ++i) {
    ASSERT_TRUE(finite(frames[i]));
    if (i > 0) way += apart(frames[i], frames[i - 1]);
  }
  EXPECT_GT(way, 0.05);
  EXPECT_GT(g.counters().moves, 5u);
  EXPECT_EQ(g.last_move(0).size(), moves() ? 2u : 0u);
}

TEST_P(Dance, IsTheSameForASeedAndAnotherForAnother) {
  Generator a(folder(), "cpu", 7), same(folder(), "cpu", 7), other(folder(), "cpu", 8);
  const auto x = danced(a, 200, controls());
  EXPECT_EQ(x, danced(same, 200, controls()));
  EXPECT_NE(x, danced(other, 200, controls()));
}

TEST_P(Dance, DoesNotDependOnHowOftenItIsAskedFor) {
  Generator often(folder(), "cpu", 7), rarely(folder(), "cpu", 7);
  rarely.advance(timestamp(0.0), controls());  // both begin at the same moment
  danced(often, 120, controls());
  rarely.advance(timestamp(2.0), controls());
  often.advance(timestamp(2.0), controls());
  EXPECT_EQ(pulled(often, timestamp(2.0), controls()), pulled(rarely, timestamp(2.0), controls()));
}

TEST_P(Dance, PullNeverNeedsWhatAdvanceHasNotMade) {
  for (const float smoothness : {0.0f, 1.0f}) {
    for (const float accent : {0.0f, 1.0f}) {
      DanceControls c = controls();
      c.smoothness = smoothness, c.accent = accent;
      Generator tight(folder(), "cpu", 3), ahead(folder(), "cpu", 3);
      for (const double t : {0.0, 0.13, 0.4, 0.76, 1.2, 1.9}) {
        tight.advance(timestamp(t), c);
        ahead.advance(timestamp(t), c);
        ahead.advance(timestamp(t + 0.5), c);
        ASSERT_EQ(pulled(tight, timestamp(t), c), pulled(ahead, timestamp(t), c))
            << t << " s, smoothness " << smoothness << ", accent " << accent;
      }
    }
  }
}

TEST_P(Dance, AJumpLandsOnTheNextBeatWithoutATear) {
  Generator plain(folder(), "cpu", 5), jumped(folder(), "cpu", 5);
  const DanceControls c = controls();
  danced(plain, 1, c), danced(jumped, 1, c);
  const double now_s = 5.15, lands_s = moves() ? 5.5 : 155.0 / 30.0;  // beat 10.3: the next is 11
  plain.advance(timestamp(now_s), c);
  jumped.advance(timestamp(now_s), c);
  jumped.jump(0, timestamp(now_s), c);
  EXPECT_EQ(jumped.counters().jumps, 1u);
  const double tick_s = moves() ? 1.0 / 12.0 : 1.0 / 30.0;
  double most_apart = 0.0, usual = 0.0, most = 0.0;
  std::vector<float> last_plain, last_jumped;
  for (double t = now_s; t < lands_s + 1.0; t += 1.0 / 60.0) {
    plain.advance(timestamp(t), c), jumped.advance(timestamp(t), c);
    const auto a = pulled(plain, timestamp(t), c), b = pulled(jumped, timestamp(t), c);
    if (t < lands_s - 2.0 * tick_s) {  // the interpolation looks two ticks ahead
      EXPECT_EQ(a, b) << "before the beat nothing changes";
    }
    if (!last_plain.empty())
      usual = std::max(usual, apart(a, last_plain)), most = std::max(most, apart(b, last_jumped));
    most_apart = std::max(most_apart, apart(a, b));
    last_plain = a, last_jumped = b;
  }
  EXPECT_GT(most_apart, 1e-3) << "it dances on from elsewhere";
  EXPECT_LT(most, 2.0 * usual + 0.2 * most_apart) << "no frame leaps the whole way";
  // at the beat itself only the first share of the crossfade is over: the two dances are still close
  Generator again(folder(), "cpu", 5), unmoved(folder(), "cpu", 5);
  danced(again, 1, c), danced(unmoved, 1, c);
  again.advance(timestamp(now_s), c), unmoved.advance(timestamp(now_s), c);
  again.jump(0, timestamp(now_s), c);
  again.advance(timestamp(lands_s + 0.5), c), unmoved.advance(timestamp(lands_s + 0.5), c);
  const auto off = [&](double t) { return apart(pulled(again, timestamp(t), c), pulled(unmoved, timestamp(t), c)); };
  EXPECT_LT(off(lands_s), 0.3 * off(lands_s + (moves() ? 3.0 : 8.0) * tick_s));
}

TEST_P(Dance, AClockThatIsSetStartsTheDanceThere) {
  Generator g(folder(), "cpu", 1);
  danced(g, 10, controls());
  for (const double t : {1e5, 3.0, -500.0, 2e6}) {
    const auto before = g.counters().moves;
    for (const auto& latents : danced(g, 20, controls(), t)) ASSERT_TRUE(finite(latents)) << t;
    EXPECT_LT(g.counters().moves - before, 100u) << "it does not dance all the way there";
  }
}

TEST_P(Dance, DancersComeAndGo) {
  Generator alone(folder(), "cpu", 9), several(folder(), "cpu", 9);
  const DanceControls c = controls();
  const auto z = static_cast<std::size_t>(alone.info().latent_size);
  for (const int dancers : {1, 2, 4, 3, 1}) {
    several.set_dancers(dancers);
    ASSERT_EQ(several.dancers(), dancers);
    const double from_s = static_cast<double>(alone.counters().moves) * 0.01;
    for (int i = 0; i < 30; ++i) {
      const Timestamp m = timestamp(from_s + i / 60.0);
      alone.advance(m, c), several.advance(m, c);
      const auto one = pulled(alone, m, c), all = pulled(several, m, c);
      ASSERT_TRUE(finite(all));
      ASSERT_TRUE(std::equal(one.begin(), one.end(), all.begin())) << "the first dances on as if alone";
      if (dancers == 4 && i == 29) {
        EXPECT_NE(std::vector<float>(all.begin(), all.begin() + static_cast<long>(z)),
                  std::vector<float>(all.end() - static_cast<long>(z), all.end()));
      }
    }
  }
  several.set_dancers(1000);
  EXPECT_EQ(several.dancers(), 16);
  several.set_dancers(-3);
  EXPECT_EQ(several.dancers(), 1);
}

TEST_P(Dance, NoTwoDancersDanceAlike) {
  Generator several(folder(), "cpu", 4, 4);
  const auto all = danced(several, 60, controls()).back();
  for (int a = 0; a < 4; ++a) {
    for (int b = 0; b < a; ++b)
      EXPECT_FALSE(std::equal(all.begin() + 8 * a, all.begin() + 8 * a + 8, all.begin() + 8 * b)) << a << " and " << b;
  }
}

TEST_P(Dance, IsDrawnAtAnySize) {
  Generator g(folder(), "cpu", 1, 2);
  const auto latents = danced(g, 3, controls()).back();
  FieldImage image;
  for (const int size : {16, 50}) {
    g.decode(latents, size, image);
    EXPECT_EQ(image.dancers, 2);
    EXPECT_EQ(image.size, size);
    EXPECT_EQ(image.distance.size(), static_cast<std::size_t>(2 * size * size));
    EXPECT_TRUE(finite(image.distance));
  }
  image = g.seed_pictures(20);
  EXPECT_EQ(image.dancers, g.info().seeds);
  EXPECT_GT(g.info().seeds, 2);
  EXPECT_TRUE(finite(image.distance));
}

}  // namespace
}  // namespace ombra::train
