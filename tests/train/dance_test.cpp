// From motion to a dancer and its dance: prepare, train, save, load, dance. What is hostile is refused in one sentence.
#include "core/error.hpp"
#include "core/file.hpp"
#include "core/interrupt.hpp"
#include "model/generator.hpp"
#include "model/safetensors.hpp"
#include "model/tiny_recipes.hpp"
#include "train/prepare.hpp"
#include "train/synthetic.hpp"
#include "train/train.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <cstring>
#include <map>
#include <thread>

#include <unistd.h>

namespace ombra::train {
namespace {

namespace fs = std::filesystem;
using model::DanceControls;
using model::Generator;
using model::Moment;

fs::path g_folder;  // of this run of the program: footage, data set, two models

TrainOptions options(const char* kind, const std::string& output) {
  TrainOptions o;
  o.recipe = (g_folder / (std::string(kind) + ".toml")).string();
  o.data = g_folder / "data.safetensors";
  o.output = g_folder / output;
  o.device = "cpu";
  return o;
}

class World : public testing::Environment {
 public:
  void SetUp() override {
    g_folder = fs::path(testing::TempDir()) / ("ombra_dance_" + std::to_string(getpid()));
    write_atomically(g_folder / "moves.toml", model::test::kTinyMoves);
    write_atomically(g_folder / "frames.toml", model::test::kTinyFrames);
    write_atomically(g_folder / "in/swing.trc", test::trc_text(test::dance(24.0, 30.0, 120.0), 30.0));
    write_atomically(g_folder / "in/other.trc", test::trc_text(test::dance(12.0, 30.0, 96.0), 30.0));
    write_atomically(
        g_folder / "in/manifest.csv",
        "clip,dims,exact_bpm,licence,source,party_score\nswing,3,120,CC0,made up,3\nother,3,96,CC0,made up,3\n");
    PrepareOptions footage;
    footage.inputs = {g_folder / "in"};
    footage.output = g_folder / "data.safetensors";
    footage.size = 16;
    footage.yaws = {0.0, 40.0};
    footage.hold_out = {"other"};
    footage.threads = 1;
    prepare(footage);
    ASSERT_TRUE(train(options("moves", "model-moves")));
    ASSERT_TRUE(train(options("frames", "model-frames")));
  }
  void TearDown() override { fs::remove_all(g_folder); }
};
const auto* const kWorld = testing::AddGlobalTestEnvironment(new World);

fs::path model_of(const std::string& kind) { return g_folder / ("model-" + kind); }

constexpr double kBpm = 120.0;
Moment moment(double time_s) { return {time_s, time_s * kBpm / 60.0}; }

DanceControls controls() {
  DanceControls c;
  c.accent = 0.0f;
  c.freeze_guard = false;
  return c;
}

std::vector<float> pulled(const Generator& g, const Moment& m, const DanceControls& c) {
  std::vector<float> latents(static_cast<std::size_t>(g.info().latent_size * g.dancers()), NAN);
  g.pull(m, c, latents);
  return latents;
}

std::vector<std::vector<float>> danced(Generator& g, int frames, const DanceControls& c, double from_s = 0.0,
                                       double fps = 60.0) {
  std::vector<std::vector<float>> all;
  for (int i = 0; i < frames; ++i) {
    const Moment m = moment(from_s + i / fps);
    g.advance(m, c);
    all.push_back(pulled(g, m, c));
  }
  return all;
}

double apart(const std::vector<float>& a, const std::vector<float>& b) {
  double sum = 0.0;
  for (std::size_t i = 0; i < a.size(); ++i) sum += (a[i] - b[i]) * (a[i] - b[i]);
  return std::sqrt(sum);
}

bool finite(const std::vector<float>& v) {
  return std::all_of(v.begin(), v.end(), [](float x) { return std::isfinite(x); });
}

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
    for (const auto& tensor : weights.tensors()) EXPECT_EQ(tensor.dtype, model::DType::F16) << tensor.name;
  }
}

TEST(Train, FinishedNetworksAreNotTrainedAgain) {
  const auto weights = [] { return read_text(model_of("moves") / "weights.safetensors"); };
  const std::string before = weights();
  ASSERT_TRUE(train(options("moves", "model-moves")));
  EXPECT_EQ(before, weights());
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

TEST(Train, ADataSetOfAnotherSizeIsRefused) {
  PrepareOptions footage;
  footage.inputs = {g_folder / "in/swing.trc"};
  footage.output = g_folder / "large.safetensors";
  footage.size = 24;
  footage.yaws = {0.0};
  prepare(footage);
  TrainOptions o = options("moves", "model-large");
  o.data = footage.output;
  try {
    train(o);
    FAIL();
  } catch (const Error& e) {
    EXPECT_NE(std::string(e.what()).find("24 pixels"), std::string::npos) << e.what();
    EXPECT_NE(std::string(e.what()).find("--size 16"), std::string::npos) << e.what();
  }
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
  rarely.advance(moment(0.0), controls());  // both begin at the same moment
  danced(often, 120, controls());
  rarely.advance(moment(2.0), controls());
  often.advance(moment(2.0), controls());
  EXPECT_EQ(pulled(often, moment(2.0), controls()), pulled(rarely, moment(2.0), controls()));
}

TEST_P(Dance, PullNeverNeedsWhatAdvanceHasNotMade) {
  for (const float smoothness : {0.0f, 1.0f}) {
    for (const float accent : {0.0f, 1.0f}) {
      DanceControls c = controls();
      c.smoothness = smoothness, c.accent = accent;
      Generator tight(folder(), "cpu", 3), ahead(folder(), "cpu", 3);
      for (const double t : {0.0, 0.13, 0.4, 0.76, 1.2, 1.9}) {
        tight.advance(moment(t), c);
        ahead.advance(moment(t), c);
        ahead.advance(moment(t + 0.5), c);
        ASSERT_EQ(pulled(tight, moment(t), c), pulled(ahead, moment(t), c))
            << t << " s, smoothness " << smoothness << ", accent " << accent;
      }
    }
  }
}

TEST_P(Dance, AJumpLandsOnTheNextBeatWithoutATear) {
  Generator plain(folder(), "cpu", 5), jumped(folder(), "cpu", 5);
  const DanceControls c = controls();
  danced(plain, 1, c), danced(jumped, 1, c);
  const double now_s = 5.15, lands_s = moves() ? 5.5 : 5.15 + 1.0 / 30.0;  // beat 10.3: the next is 11
  plain.advance(moment(now_s), c);
  jumped.advance(moment(now_s), c);
  jumped.jump(0, moment(now_s), c);
  EXPECT_EQ(jumped.counters().jumps, 1u);
  double most_apart = 0.0, usual = 0.0, most = 0.0;
  std::vector<float> last_plain, last_jumped;
  for (double t = now_s; t < lands_s + 1.0; t += 1.0 / 60.0) {
    plain.advance(moment(t), c), jumped.advance(moment(t), c);
    const auto a = pulled(plain, moment(t), c), b = pulled(jumped, moment(t), c);
    const double reach_s = moves() ? 2.0 / 12.0 : 2.0 / 30.0;  // two ticks, which the interpolation looks ahead
    if (t < lands_s - reach_s) {
      EXPECT_EQ(a, b) << "before the beat nothing changes";
    }
    if (!last_plain.empty())
      usual = std::max(usual, apart(a, last_plain)), most = std::max(most, apart(b, last_jumped));
    most_apart = std::max(most_apart, apart(a, b));
    last_plain = a, last_jumped = b;
  }
  EXPECT_GT(most_apart, 1e-3) << "it dances on from elsewhere";
  EXPECT_LT(most, 2.0 * usual + 0.2 * most_apart) << "no frame leaps the whole way";
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
  Generator alone(folder(), "cpu", 9), crowd(folder(), "cpu", 9);
  const DanceControls c = controls();
  const auto z = static_cast<std::size_t>(alone.info().latent_size);
  for (const int dancers : {1, 2, 4, 3, 1}) {
    crowd.set_dancers(dancers);
    ASSERT_EQ(crowd.dancers(), dancers);
    const double from_s = static_cast<double>(alone.counters().moves) * 0.01;
    for (int i = 0; i < 30; ++i) {
      const Moment m = moment(from_s + i / 60.0);
      alone.advance(m, c), crowd.advance(m, c);
      const auto one = pulled(alone, m, c), all = pulled(crowd, m, c);
      ASSERT_TRUE(finite(all));
      ASSERT_TRUE(std::equal(one.begin(), one.end(), all.begin())) << "the first dances on as if alone";
      if (dancers == 4 && i == 29) {
        EXPECT_NE(std::vector<float>(all.begin(), all.begin() + static_cast<long>(z)),
                  std::vector<float>(all.end() - static_cast<long>(z), all.end()));
      }
    }
  }
  crowd.set_dancers(1000);
  EXPECT_EQ(crowd.dancers(), 16);
  crowd.set_dancers(-3);
  EXPECT_EQ(crowd.dancers(), 1);
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

// ---- folders that were changed

class Changed : public testing::Test {
 protected:
  void SetUp() override {
    folder = g_folder / "changed";
    take("moves");
  }
  void take(const std::string& kind) {
    fs::remove_all(folder);
    fs::create_directories(folder);
    for (const char* file : {"recipe.toml", "weights.safetensors", "seeds.safetensors"})
      fs::copy_file(model_of(kind) / file, folder / file);
  }
  // Writes the file anew, each tensor through change(name, shape, bytes); false leaves it out.
  template <typename Change>
  void rewrite(const char* name, Change change, const std::map<std::string, std::string>& metadata = {}) {
    model::SafetensorsWriter writer;
    {
      const model::SafetensorsFile file(folder / name);
      for (const auto& tensor : file.tensors()) {
        auto shape = tensor.shape;
        std::vector<std::byte> bytes(tensor.bytes.begin(), tensor.bytes.end());
        if (change(tensor.name, shape, bytes)) writer.add(tensor.name, tensor.dtype, shape, bytes);
      }
      for (const auto& [key, value] : file.metadata())
        writer.set_metadata(key, metadata.contains(key) ? metadata.at(key) : value);
    }
    writer.write(folder / name);
  }
  using Shape = std::vector<std::int64_t>;
  using Bytes = std::vector<std::byte>;
  static bool keep(const std::string&, Shape&, Bytes&) { return true; }

  void expect_refused(const std::vector<std::string>& parts) {
    try {
      Generator g(folder, "cpu", 1);
      FAIL() << "expected an error with " << parts.front();
    } catch (const Error& e) {
      for (const std::string& part : parts)
        EXPECT_NE(std::string(e.what()).find(part), std::string::npos) << "'" << part << "' in: " << e.what();
    }
    take("moves");
  }
  fs::path folder;
};

TEST_F(Changed, DamagedWeightsAreNamed) {
  fs::remove(folder / "weights.safetensors");
  expect_refused({"weights.safetensors"});
  fs::resize_file(folder / "weights.safetensors", fs::file_size(folder / "weights.safetensors") * 6 / 10);
  expect_refused({"weights.safetensors"});
  fs::resize_file(folder / "weights.safetensors", 0);
  expect_refused({"weights.safetensors"});
  rewrite("weights.safetensors", [](const std::string& name, Shape&, Bytes&) { return name != "painter.basis"; });
  expect_refused({"weights.safetensors: no tensor painter.basis", "hint: "});
  rewrite("weights.safetensors", [](const std::string& name, Shape& shape, Bytes& bytes) {
    if (name == "mover.decoder.0.taps.bias") shape = {13}, bytes.resize(26);
    return true;
  });
  expect_refused({"weights.safetensors: tensor mover.decoder.0.taps.bias is F16 [13], expected [12]", "hint: "});
  rewrite("weights.safetensors", [](const std::string& name, Shape&, Bytes& bytes) {
    if (name == "choreographer.input.weight") bytes[2] = std::byte{0x00}, bytes[3] = std::byte{0x7e};
    return true;
  });
  expect_refused({"weights.safetensors: tensor choreographer.input.weight holds NaN"});
  for (const char* speed : {"nan", "-1", "fast", "1e99999", ""}) {
    rewrite("weights.safetensors", keep, {{"mean_speed", speed}});
    expect_refused({"weights.safetensors: metadata mean_speed"});
  }
}

TEST_F(Changed, SeedsOfAnotherModelAreNamed) {
  fs::remove(folder / "seeds.safetensors");
  expect_refused({"seeds.safetensors"});
  rewrite("seeds.safetensors", [](const std::string& name, Shape&, Bytes& bytes) {
    if (name == "moves") bytes[0] = std::byte{8};  // entries are 0 to 7
    return true;
  });
  expect_refused({"seeds.safetensors: tensor moves: expected I64", "0 to 7"});
  rewrite("seeds.safetensors", [](const std::string& name, Shape& shape, Bytes&) {
    if (name == "latents") shape = {shape[0], shape[1] * 2, shape[2] / 2};
    return true;
  });
  expect_refused({"seeds.safetensors: tensor latents: expected [n, L, 8]"});
  rewrite("seeds.safetensors", [](const std::string& name, Shape&, Bytes& bytes) {
    if (name == "energy") std::fill(bytes.begin(), bytes.end(), std::byte{0xff});
    return true;
  });
  expect_refused({"seeds.safetensors", "finite"});
  rewrite("seeds.safetensors", [](const std::string& name, Shape&, Bytes&) { return name != "moves"; });
  expect_refused({"seeds.safetensors", "moves"});
  rewrite("seeds.safetensors", keep, {{"names", "[\"one\"]"}});
  expect_refused({"seeds.safetensors", "names"});
  rewrite("seeds.safetensors", keep, {{"names", "{not json"}});
  expect_refused({"seeds.safetensors", "names"});
  fs::copy_file(model_of("frames") / "seeds.safetensors", folder / "seeds.safetensors",
                fs::copy_options::overwrite_existing);
  expect_refused({"seeds.safetensors"});
}

TEST_F(Changed, RecipesThatDoNotFitAreNamed) {
  const std::string good = read_text(folder / "recipe.toml");
  const auto with = [&](const std::string& from, const std::string& to) {
    std::string text = good;
    write_atomically(folder / "recipe.toml", text.replace(text.find(from), from.size(), to));
  };
  with("hidden = 12", "hidden = 13");
  expect_refused({"weights.safetensors: tensor choreographer.", "expected [13"});
  with("entries = 8", "entries = 9");
  expect_refused({"weights.safetensors: tensor mover.book is F16 [2, 8, 6], expected [2, 9, 6]"});
  with("hidden = 12", "hidden = [");
  expect_refused({"recipe.toml:"});
  with("kind = \"moves\"", "kind = \"frames\"");
  expect_refused({"recipe.toml:", "dancer: missing"});
  write_atomically(folder / "recipe.toml", std::string("\0\xff garbage", 11));
  expect_refused({"recipe.toml:"});
  fs::remove(folder / "recipe.toml");
  expect_refused({"recipe.toml"});
  fs::remove_all(folder);
  expect_refused({"changed: no such model folder", "hint: "});
}

TEST_F(Changed, ADancerThatStandsStillIsWokenUp) {
  for (const std::string kind : {"moves", "frames"}) {
    take(kind);
    const std::string last = kind == "moves" ? "mover.decoder.4.taps." : "dancer.network.1.dense.";
    rewrite("weights.safetensors", [&](const std::string& name, Shape&, Bytes& bytes) {
      if (name.rfind(last, 0) == 0) std::fill(bytes.begin(), bytes.end(), std::byte{0});
      return true;
    });
    DanceControls c = controls();
    c.temperature = 0.0f;
    Generator left_alone(folder, "cpu", 1), guarded(folder, "cpu", 1);
    danced(left_alone, 600, c, 0.0, 30.0);
    EXPECT_EQ(left_alone.counters().freezes, 0u);
    EXPECT_EQ(left_alone.counters().jumps, 0u);
    c.freeze_guard = true;
    for (const auto& latents : danced(guarded, 600, c, 0.0, 30.0)) ASSERT_TRUE(finite(latents));
    EXPECT_GE(guarded.counters().freezes, 2u) << kind << ": twenty seconds of standing still";
    EXPECT_GE(guarded.counters().jumps, guarded.counters().freezes);
  }
}

// ---- the dancer that Ombra ships

TEST(Shipped, DancesForAMinute) {
  const fs::path folder = fs::path(OMBRA_SOURCE) / "models" / "ombra";
  if (!fs::exists(folder / "weights.safetensors")) GTEST_SKIP() << "models/ombra is not in this tree";
  EXPECT_LE(fs::file_size(folder / "weights.safetensors"), 20'000'000u);
  Generator g(folder, "cpu", 1);
  DanceControls c;
  const auto frames = danced(g, 3600, c);
  int still = 0;
  for (std::size_t i = 0; i < frames.size(); ++i) ASSERT_TRUE(finite(frames[i])) << "frame " << i;
  for (std::size_t second = 0; second < 60; ++second) {
    double way = 0.0;
    for (std::size_t i = second * 60 + 1; i < (second + 1) * 60; ++i) way += apart(frames[i], frames[i - 1]);
    still += way < 0.5 ? 1 : 0;  // the whole code has a spread of about five
  }
  EXPECT_LE(still, 6) << "seconds in which it hardly moves";
  FieldImage image;
  g.decode(frames.back(), 96, image);
  const auto inside = std::count_if(image.distance.begin(), image.distance.end(), [](float d) { return d < 0.0f; });
  EXPECT_GT(inside, 96 * 96 / 40) << "a body is seen";
  EXPECT_LT(inside, 96 * 96 / 3);
}

}  // namespace
}  // namespace ombra::train
