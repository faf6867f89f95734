// The networks that run without LibTorch give what LibTorch gives.

#include "model/dancers/frame_stepper.hpp"
#include "model/dancers/frames_stream.hpp"
#include "model/dancers/generator.hpp"
#include "model/dancers/latent_decoder.hpp"
#include "model/dancers/move_networks.hpp"
#include "model/dancers/moves_stream.hpp"
#include "model/inference/fast_pictures.hpp"
#include "model/inference/fields.hpp"
#include "model/inference/stream_network.hpp"
#include "model/layers/model_folder.hpp"
#include "model/oracle.hpp"
#include "model/tiny_recipes.hpp"
#include "model/torch_dancer/torch_dancer.hpp"
#include "temp_folder.hpp"

#include <gtest/gtest.h>

namespace ombra::model {
namespace {

using test::expect_near;
using torch::Tensor;

Recipe shipped() { return read_recipe(std::string(OMBRA_SOURCE) + "/models/recipes/mannequin.toml"); }

// As after a training: a fresh network's biases are too small to be missed.
void shake(torch::nn::Module& network) {
  const torch::NoGradGuard no_grad;
  for (Tensor& p : network.parameters()) {
    if (p.dim() == 1) p.normal_(0.0, 0.3);
  }
  network.eval();
}

// x [B, T, F] -> [B, out] of the last step
Tensor run(FastNetwork& network, const Tensor& x, std::span<FastNetwork::Memory* const> memories = {}) {
  const Tensor here = x.contiguous(), y = torch::zeros({x.size(0), static_cast<std::int64_t>(network.out())});
  std::vector<const float*> from;
  std::vector<float*> to;
  for (std::int64_t b = 0; b < x.size(0); ++b) {
    from.push_back(here[b].data_ptr<float>());
    to.push_back(y[b].data_ptr<float>());
  }
  network.forward(from, memories, to);
  return y;
}

// ---- layers

struct Case {
  const char* name;
  const char* layers;
};
void PrintTo(const Case& c, std::ostream* out) { *out << c.name; }

class FastLayers : public testing::TestWithParam<Case> {};

TEST_P(FastLayers, GiveWhatLibTorchGives) {
  torch::manual_seed(3);
  const torch::NoGradGuard no_grad;
  const test::Layers layers(GetParam().layers);
  for (const std::int64_t steps : {1, 4}) {
    Network network = layers.network({steps, 5}, 2);
    shake(*network);
    const auto fast = FastNetwork::make(network->plan(), 5, static_cast<std::size_t>(steps));
    ASSERT_NE(fast, nullptr);
    for (const std::int64_t dancers : {1, 7}) {
      const Tensor x = torch::randn({dancers, steps, 5}), y = network->forward(x);
      expect_near(run(*fast, x), y.dim() == 3 ? y.select(1, y.size(1) - 1) : y, 1e-5);
    }
  }
}

TEST(FastNetworks, AnOuterLayerGivesWhatLibTorchGives) {
  torch::manual_seed(3);
  const torch::NoGradGuard no_grad;
  const test::Layers layers("{layer='dense', out=7, activation='silu'}, {layer='outer'}, {layer='dense', out=11}");
  Network network = layers.network({kBodyNumbers + 3}, 2);
  shake(*network);
  const auto fast = FastNetwork::make(network->plan(), kBodyNumbers + 3, 1);
  ASSERT_NE(fast, nullptr);
  for (const std::int64_t dancers : {1, 7}) {
    const Tensor x = torch::randn({dancers, 1, kBodyNumbers + 3});
    expect_near(run(*fast, x), network->forward(x.squeeze(1)), 1e-4);
  }
}

INSTANTIATE_TEST_SUITE_P(
    All, FastLayers,
    testing::Values(Case{"dense", "{layer='dense', out=9}"}, Case{"relu", "{layer='dense', out=9, activation='relu'}"},
                    Case{"elu", "{layer='dense', out=9, activation='elu'}"},
                    Case{"silu", "{layer='dense', out=9, activation='silu'}"},
                    Case{"gelu", "{layer='dense', out=9, activation='gelu'}"},
                    Case{"sigmoid", "{layer='dense', out=9, activation='sigmoid'}"},
                    Case{"tanh", "{layer='dense', out=9, activation='tanh'}"},
                    Case{"activation", "{layer='activation', of='elu'}"},
                    Case{"dropout_and_l1", "{layer='dropout'}, {layer='l1', weight=0.1}"},
                    Case{"flatten", "{layer='flatten'}, {layer='dense', out=3}"}, Case{"lstm", "{layer='lstm', out=6}"},
                    Case{"gru", "{layer='gru', out=6}"},
                    Case{"two_lstms", "{layer='lstm', out=6}, {layer='dense', out=4}, {layer='lstm', out=20}"},
                    Case{"gru_lstm_flatten", "{layer='gru', out=6}, {layer='lstm', out=3}, {layer='flatten'}"},
                    Case{"mixture", "{layer='lstm', out=6}, {layer='mdn', components=3}"},
                    Case{"mixture_elu", "{layer='dense', out=6}, {layer='mdn', components=3, deviation='elu'}"}),
    [](const auto& test_case) { return std::string(test_case.param.name); });

TEST(FastNetwork, CarriesItsStateFromStepToStep) {
  torch::manual_seed(4);
  const torch::NoGradGuard no_grad;
  const test::Layers layers("{layer='lstm', out=8}, {layer='gru', out=7}, {layer='dense', out=3, activation='tanh'}");
  Network network = layers.network({-1, 5});
  shake(*network);
  const auto fast = FastNetwork::make(network->plan(), 5, 1);
  ASSERT_NE(fast, nullptr);
  const Tensor x = torch::randn({3, 6, 5}), wanted = network->forward(x);
  std::vector<FastNetwork::Memory> memories(3);
  std::vector<FastNetwork::Memory*> all = {&memories[0], &memories[1], &memories[2]};
  for (std::int64_t t = 0; t < 6; ++t) expect_near(run(*fast, x.narrow(1, t, 1), all), wanted.select(1, t), 1e-5);
  // one who joins later begins anew beside those who are warm
  memories[1].clear();
  expect_near(run(*fast, x.narrow(1, 0, 1), all)[1], wanted[1][0], 1e-5);
}

TEST(StreamNetwork, GivesStepByStepWhatLibTorchGivesOfTheWholeSequence) {
  torch::manual_seed(6);
  const torch::NoGradGuard no_grad;
  const test::Layers layers(
      "{layer='conv1d', out=6, kernel=3, causal=true, activation='silu'}, {layer='residual1d', causal=true}, "
      "{layer='residual1d', dilation=4, causal=true, activation='elu'}, {layer='dropout', rate=0.2}, "
      "{layer='conv1d', out=7, kernel=1}, {layer='activation', of='tanh'}, {layer='dense', out=3}");
  Network network = layers.network({-1, 5});
  shake(*network);
  const auto fast = StreamNetwork::make(network->plan(), 5);
  ASSERT_NE(fast, nullptr);
  for (int twice = 0; twice < 2; ++twice) {
    const Tensor x = torch::randn({1, 40, 5}), wanted = network->forward(x)[0];
    std::vector<float> y(3);
    for (std::int64_t t = 0; t < 40; ++t) {
      fast->step({x[0][t].contiguous().data_ptr<float>(), 5}, y);
      expect_near(torch::tensor(y), wanted[t], 1e-5);
    }
    fast->forget();  // the second sequence begins as if there had been no first one
  }
}

TEST(StreamNetwork, RefusesWhatLooksAheadOrHasAnotherMemory) {
  torch::manual_seed(6);
  for (const char* layers : {"{layer='conv1d', out=6}", "{layer='residual1d'}", "{layer='lstm', out=4}",
                             "{layer='conv1d', out=6, kernel=2, stride=2}"}) {
    Network network = test::Layers(layers).network({4, 5});
    EXPECT_EQ(StreamNetwork::make(network->plan(), 5), nullptr) << layers;
  }
}

TEST(FastNetwork, DrawsTheStrokesOfThePainter) {
  torch::manual_seed(5);
  const torch::NoGradGuard no_grad;
  Model m = make_model(shipped());
  shake(*m.painter);
  const Tensor codes = 2.0 * torch::randn({5, 40}), strokes = m.painter->strokes(codes);
  expect_near(run(*FastNetwork::make(m.painter->decoder().plan(), 40, 1), codes.unsqueeze(1)).view_as(strokes), strokes,
              1e-5);
}

TEST(FastNetwork, LeavesWhatItDoesNotKnowToLibTorch) {
  EXPECT_EQ(FastNetwork::make(test::Layers("{layer='conv', out=2}").network({1, 4, 4})->plan(), 16, 1), nullptr);
  EXPECT_EQ(FastNetwork::make(test::Layers("{layer='conv1d', out=2}").network({4, 3})->plan(), 3, 4), nullptr);
  EXPECT_EQ(FastNetwork::make(test::Layers("{layer='reshape', shape=[2, 2, 1]}").network({4})->plan(), 4, 1), nullptr);
}

// ---- pictures

class FastPictureLayers : public testing::TestWithParam<Case> {};

// Over 24 numbers, as the first layers of a decoder
TEST_P(FastPictureLayers, GiveWhatLibTorchGives) {
  torch::manual_seed(11);
  const torch::NoGradGuard no_grad;
  const test::Layers layers(GetParam().layers);
  Network network = layers.network({24});
  shake(*network);
  const PlanOrReason made = decoder_plan(network->layout(), network->plan());
  ASSERT_TRUE(made.plan) << made.reason;
  FastPictures fast(made.plan);
  for (int i = 0; i < 2; ++i) {  // the second over the scratch of the first
    const Tensor x = torch::randn({1, 24}), y = network->forward(x)[0];
    const std::vector<float> latent = numbers_of(x);
    const auto got = fast.picture(latent);
    const Tensor picture = torch::tensor(std::vector<float>(got.begin(), got.end()));
    expect_near(y.dim() == 3 ? picture.view({y.size(1), y.size(2), y.size(0)}).permute({2, 0, 1}) : picture.view_as(y),
                y, 2e-5);
  }
}

#define AS_PICTURE "{layer='reshape', shape=[6, 2, 2]}, "
INSTANTIATE_TEST_SUITE_P(
    All, FastPictureLayers,
    testing::Values(
        Case{"dense", "{layer='dense', out=9, activation='relu'}"},
        Case{"reshape", "{layer='reshape', shape=[2, 3, 4]}"},
        Case{"reshape_hwc", "{layer='reshape', shape=[2, 3, 4], order='hwc'}"},
        Case{"conv", AS_PICTURE "{layer='conv', out=20, activation='relu'}"},
        Case{"conv_to_one", AS_PICTURE "{layer='upsample', factor=12}, {layer='conv', out=1, activation='sigmoid'}"},
        Case{"conv_to_three", AS_PICTURE "{layer='upsample', factor=5}, {layer='conv', out=3, kernel=[2, 5]}"},
        Case{"conv_even", AS_PICTURE "{layer='upsample'}, {layer='conv', out=17, kernel=4, activation='elu'}"},
        Case{"conv_strided", AS_PICTURE "{layer='upsample', factor=4}, {layer='conv', out=7, stride=2}"},
        Case{"conv_valid", AS_PICTURE "{layer='upsample', factor=3}, {layer='conv', out=5, padding='valid'}"},
        Case{"two_convs", AS_PICTURE "{layer='conv', out=5, kernel=5}, {layer='conv', out=33}"},
        Case{"conv_transpose", AS_PICTURE "{layer='conv_transpose', out=5, activation='tanh'}"},
        Case{"conv_transpose_wide", AS_PICTURE "{layer='conv_transpose', out=18, kernel=5, stride=2}"},
        Case{"conv_transpose_one", AS_PICTURE "{layer='conv_transpose', out=4, kernel=3, stride=1}"},
        Case{"nearest", AS_PICTURE "{layer='upsample', factor=3}"},
        Case{"bilinear", AS_PICTURE "{layer='upsample', factor=3, mode='bilinear'}"},
        Case{"maxpool", AS_PICTURE "{layer='upsample', factor=3, mode='bilinear'}, {layer='maxpool', size=4}"},
        Case{"pixel_shuffle", "{layer='reshape', shape=[12, 1, 2]}, {layer='pixel_shuffle'}"},
        Case{"crop", AS_PICTURE "{layer='upsample', factor=3}, {layer='crop', size=[4, 5]}"},
        Case{"flatten", AS_PICTURE "{layer='conv', out=3}, {layer='flatten'}, {layer='dense', out=7}"},
        Case{"flatten_hwc", AS_PICTURE "{layer='conv', out=3}, {layer='flatten', order='hwc'}"},
        Case{"activation", AS_PICTURE "{layer='conv', out=3}, {layer='activation', of='silu'}"}),
    [](const auto& test_case) { return std::string(test_case.param.name); });

// Every published painter whose decoder ends in a picture: the field that the show draws.
TEST(FastPictures, DrawTheFieldsOfEveryPublishedPainter) {
  torch::manual_seed(12);
  const torch::NoGradGuard no_grad;
  int painters = 0;
  for (const auto& entry : std::filesystem::directory_iterator(OMBRA_SOURCE "/models/recipes")) {
    const Recipe recipe = read_recipe(entry.path());
    Painter painter(recipe);
    if (painter->draws_strokes()) continue;
    ++painters;
    shake(*painter);
    const Tensor code = torch::randn({1, recipe.painter.code});
    const auto decoder = LatentDecoder::make(painter->decoder_plan().plan);
    ASSERT_NE(decoder, nullptr) << entry.path();
    for (const int size : {64, 192}) {
      const Tensor wanted = painter->decode(code, size).flatten();
      FieldImage image;
      decoder->decode(numbers_of(code), 1, size, image);
      const Tensor apart = (torch::tensor(image.distance) - wanted).abs();
      // a fresh network's pictures are nearly even, so a rounding error can move an outline
      EXPECT_LT(apart.mean().item<double>(), 2e-4) << entry.path() << " at " << size;
      EXPECT_LT((apart > 1e-3).to(torch::kFloat).mean().item<double>(), 0.01) << entry.path() << " at " << size;
    }
  }
  EXPECT_GE(painters, 6);
}

TEST(ResizeBicubic, GivesWhatLibTorchGives) {
  const Tensor from = torch::rand({1, 1, 37, 37});
  for (const std::int64_t size : {20, 37, 96}) {
    std::vector<float> to(static_cast<std::size_t>(size * size));
    resize_bicubic(numbers_of(from), 37, to, static_cast<int>(size));
    expect_near(torch::tensor(to), torch::upsample_bicubic2d(from, {size, size}, false).flatten(), 1e-5);
  }
}

// ---- moves

std::unique_ptr<FastMover> fast_mover(const MoverImpl& mover, const MoverSpec& spec) {
  return FastMover::make(mover.decoder_plan(), mover.book(), static_cast<std::size_t>(spec.books),
                         static_cast<std::size_t>(spec.entries), static_cast<std::size_t>(spec.frames_per_move));
}

// Continuations of two dances, one of them taken each time, against the decoder over all moves so far.
void expect_rehearses(Mover& mover, const MoverSpec& spec, std::int64_t reach) {
  const std::int64_t books = spec.books, entries = spec.entries;
  const torch::NoGradGuard no_grad;
  shake(*mover);
  const auto fast = fast_mover(*mover, spec);
  ASSERT_NE(fast, nullptr);
  const auto ticks = static_cast<std::int64_t>(fast->ticks_per_move()), z = static_cast<std::int64_t>(fast->code());
  std::vector<FastMover::Memory> memories = {fast->begin(), fast->begin()};
  std::vector<Tensor> pasts(2, torch::zeros({0, books}, torch::kLong));
  for (std::int64_t move = 0; move < reach + 6; ++move) {
    const Tensor samples = torch::randint(entries, {5, books}, torch::kLong);
    std::vector<FastMover::Candidate> candidates;
    for (std::int64_t k = 0; k < 5; ++k)
      candidates.push_back({&memories[k < 2 ? 0 : 1], samples[k].data_ptr<std::int64_t>()});
    fast->rehearse(candidates);
    for (std::int64_t k = 0; k < 5 && move >= reach; ++k) {
      const Tensor all = torch::cat({pasts[k < 2 ? 0 : 1], samples.narrow(0, k, 1)}).unsqueeze(0);
      const Tensor codes = torch::zeros({3 * ticks, z});
      fast->play(static_cast<std::size_t>(k), {codes.data_ptr<float>(), static_cast<std::size_t>(codes.numel())});
      const Tensor whole = mover->codes_of(all)[0];
      expect_near(codes, whole.narrow(0, whole.size(0) - 3 * ticks, 3 * ticks), 1e-5);
    }
    for (const std::int64_t k : {1, 3}) {
      fast->take(static_cast<std::size_t>(k));
      pasts[k < 2 ? 0 : 1] = torch::cat({pasts[k < 2 ? 0 : 1], samples.narrow(0, k, 1)});
    }
  }
}

TEST(FastMover, RehearsesAsTheWholeDecoderPlays) {
  torch::manual_seed(6);
  const Recipe ours = shipped(), tiny = parse_recipe(test::kTinyMoves, "tiny.toml");
  Mover full(ours.mover, ours.painter.code, ours.file), small(tiny.mover, tiny.painter.code, tiny.file);
  expect_rehearses(full, ours.mover, 10);
  expect_rehearses(small, tiny.mover, 6);
}

// Even kernels, dilation at move rate, looking ahead before and after the ticks, dense layers in between.
TEST(FastMover, KnowsEveryShapeOfConvolution) {
  torch::manual_seed(7);
  const test::Layers encoder("{layer='conv1d', out=6, kernel=3, stride=3}"),
      decoder(
          "{layer='conv1d', out=10, kernel=4, activation='tanh'}, {layer='residual1d', dilation=2, causal=true}, "
          "{layer='dense', out=9, activation='elu'}, {layer='dropout'}, "
          "{layer='conv1d_transpose', out=7, factor=3, activation='silu'}, {layer='activation', of='tanh'}, "
          "{layer='residual1d', dilation=3, activation='elu'}, {layer='conv1d', out=5, kernel=2, dilation=2}, "
          "{layer='conv1d', out=8, kernel=1}");
  MoverSpec spec = parse_recipe(test::kTinyMoves, "tiny.toml").mover;
  spec.encoder = encoder.list, spec.decoder = decoder.list;
  Mover mover(spec, 8, "test.toml");
  expect_rehearses(mover, spec, 12);
}

TEST(FastMover, LeavesWhatItDoesNotKnowToLibTorch) {
  const test::Layers decoder("{layer='lstm', out=6}, {layer='conv1d_transpose', out=8, factor=3}");
  Recipe recipe = parse_recipe(test::kTinyMoves, "tiny.toml");
  recipe.mover.decoder = decoder.list;
  EXPECT_EQ(fast_mover(*Mover(recipe.mover, 8, "test.toml"), recipe.mover), nullptr);
}

TEST(FastChoreographer, PredictsAsLibTorchDoes) {
  torch::manual_seed(8);
  const torch::NoGradGuard no_grad;
  Model m = make_model(shipped());
  shake(*m.choreographer);
  FastChoreographer fast(m.choreographer->plan());
  std::vector<FastChoreographer::Memory> memories(3);
  std::vector<ChoreographerImpl::State> states(3);
  for (std::int64_t t = 0; t < 4; ++t) {
    const Tensor moves = torch::randint(256, {3, 4}, torch::kLong), chosen = torch::randint(256, {6, 4}, torch::kLong);
    std::vector<FastChoreographer::Step> steps;
    std::vector<FastChoreographer::Query> queries;
    std::vector<Tensor> contexts;
    for (std::int64_t b = 0; b < 3; ++b) {
      const auto energy = 0.3f * static_cast<float>(b);
      const std::int64_t place = (t + b) % 4, phrase = b == 1 ? -1 : 3 * b + t;
      steps.push_back(
          {&memories[static_cast<std::size_t>(b)], moves[b].data_ptr<std::int64_t>(), {energy, 1.5f}, place, phrase});
      contexts.push_back(m.choreographer->forward(
          moves[b].view({1, 1, 4}), torch::tensor({energy, 1.5f}).view({1, 1, 2}),
          torch::full({1, 1}, place, torch::kLong), phrase < 0 ? Tensor() : torch::full({1, 1}, phrase, torch::kLong),
          &states[static_cast<std::size_t>(b)])[0]);
      for (std::int64_t k = 0; k < 2; ++k)
        queries.push_back({static_cast<std::size_t>(b), chosen[2 * b + k].data_ptr<std::int64_t>()});
    }
    fast.forward(steps);
    for (std::int64_t q = 0; q < 4; ++q) {
      const auto logits = fast.logits(static_cast<std::size_t>(q), queries);
      for (std::int64_t k = 0; k < 6; ++k) {
        const Tensor wanted =
            m.choreographer->logits(contexts[static_cast<std::size_t>(k / 2)], chosen.narrow(0, k, 1), q)[0];
        expect_near(torch::from_blob(const_cast<float*>(logits.data()) + k * 256, {256}), wanted, 1e-5);
      }
    }
  }
}

Model dancing(const char* text) {
  torch::manual_seed(9);
  Model m = make_model(parse_recipe(text, "tiny.toml"));
  shake(*m.painter);
  if (m.mover) {
    shake(*m.mover);
    shake(*m.choreographer);
    m.seeds.moves = torch::randint(8, {3, 8, 2}, torch::kLong);
  } else {
    shake(*m.dancer);
  }
  m.seeds.names = {"a", "b", "c"};
  m.seeds.latents = torch::randn({3, 24, 8});
  m.seeds.energy = torch::tensor({-1.0f, 0.0f, 1.0f});
  return m;
}

// Latents of a dance with a jump in it, tick by tick.
template <typename Make>
std::vector<float> danced(Make&& make) {
  const std::unique_ptr<DanceStream> stream = make();
  DanceStream* const me = stream.get();
  DanceControls controls;
  controls.temperature = 1.0f, controls.grounded = false;
  stream->start(0, 1);
  std::vector<float> all;
  for (std::int64_t tick = 0; tick < 150; ++tick) {
    controls.energy = tick < 70 ? 0.0f : 1.0f;
    me->advance({&me, 1}, static_cast<double>(tick), controls);
    if (tick == 90) stream->jump(96, 2, controls);
    const auto latent = stream->track().at(tick);
    all.insert(all.end(), latent.begin(), latent.end());
  }
  EXPECT_EQ(stream->counters.jumps, 1u);
  return all;
}

void expect_same_dance(const std::vector<float>& a, const std::vector<float>& b) {
  ASSERT_EQ(a.size(), b.size());
  for (std::size_t i = 0; i < a.size(); ++i) ASSERT_NEAR(a[i], b[i], 1e-4) << "number " << i;
}

// One folder, danced by each executor.
template <typename Dance>
void expect_same_dance_of(const char* text, const Tensor& scale, Dance dance) {
  const ombra::test::TempFolder folder;
  Model model = dancing(text);
  if (scale.defined()) model.dancer->fit_scale(scale);
  save_model(model, folder.path());
  const auto file = std::make_shared<DancerFile>(read_dancer(folder.path()));
  const auto libtorch = torch_dancer(folder.path(), "cpu");
  expect_same_dance(dance(file, nullptr), dance(file, libtorch.get()));
}

TEST(MoveNetworks, DanceTheSameDanceAsLibTorch) {
  expect_same_dance_of(test::kTinyMoves, {}, [](const auto& file, LibTorchDancer* libtorch) {
    return danced([&] {
      auto networks = libtorch ? libtorch->moves() : MoveNetworks::make(*file);
      return std::make_unique<MovesStream>(file, std::shared_ptr(std::move(networks)), 5, 0.0);
    });
  });
}

TEST(FrameStepper, DancesTheSameDanceAsLibTorch) {
  std::string window = test::kTinyFrames;
  window.insert(window.find("context = 5"), "memory = \"window\"\n");
  torch::manual_seed(10);
  const Tensor scale = torch::randn({50, 8}) * 2.0 + 0.5;
  for (const std::string& text : {std::string(test::kTinyFrames), window}) {
    expect_same_dance_of(text.c_str(), scale, [](const auto& file, LibTorchDancer* libtorch) {
      return danced([&] {
        auto stepper = libtorch ? libtorch->frames() : FrameStepper::make(*file);
        return std::make_unique<FramesStream>(file, std::shared_ptr(std::move(stepper)), 5);
      });
    });
  }
}

// Everybody's moves are computed together where they fall due together, and nobody's dance depends on who dances
// beside.
TEST(Generator, ADancerDancesTheSameAloneAndBesideOthers) {
  const auto folder = std::filesystem::path(testing::TempDir()) / "ombra_batches";
  for (const char* text : {test::kTinyMoves, test::kTinyFrames}) {
    save_model(dancing(text), folder);
    Generator alone(folder, "cpu", 3, 1), many(folder, "cpu", 3, 16);
    const DanceControls controls;
    std::vector<float> one(8), all(16 * 8);
    for (int frame = 0; frame < 60; ++frame) {
      const Timestamp now{frame / 10.0, frame / 5.0};  // so few pictures that several moves are due in each
      alone.advance(now, controls);
      many.advance(now, controls);
      alone.pull(now, controls, one);
      many.pull(now, controls, all);
      ASSERT_TRUE(std::equal(one.begin(), one.end(), all.begin())) << text << "frame " << frame;
    }
    std::filesystem::remove_all(folder);
  }
}

}  // namespace
}  // namespace ombra::model
