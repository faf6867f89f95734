#include "model/dancers/generator.hpp"
#include "model/dancers/grounding.hpp"
#include "model/layers/model_folder.hpp"
#include "model/oracle.hpp"
#include "model/tiny_recipes.hpp"
#include "train/optimiser.hpp"

#include <gtest/gtest.h>

#include <set>

namespace ombra::model {
namespace {

using test::expect_near;
using test::expected;
using torch::Tensor;

Recipe tiny(const char* text = test::kTinyMoves) { return parse_recipe(text, "tiny.toml"); }

std::string complaint(std::string text, const std::string& from, const std::string& to) {
  const auto at = text.find(from);
  EXPECT_NE(at, std::string::npos) << from;
  try {
    make_model(parse_recipe(text.replace(at, from.size(), to), "r.toml"));
    return "";
  } catch (const UsageError& e) {
    return e.what();
  }
}

std::int64_t weights_of(const torch::nn::Module& network) {
  std::int64_t sum = 0;
  for (const Tensor& p : network.parameters()) sum += p.numel();
  return sum;
}

// ---- building

TEST(Networks, TheShippedRecipesBuild) {
  for (const auto& entry :
       std::filesystem::directory_iterator(std::filesystem::path(OMBRA_SOURCE) / "models/recipes")) {
    if (entry.path().extension() != ".toml") continue;
    Model m = make_model(read_recipe(entry.path()));
    EXPECT_GT(weights_of(*m.painter), 4'000) << entry.path();
    if (m.recipe.name != "ombra" && m.recipe.name != "mannequin") continue;
    const std::int64_t numbers = weights_of(*m.painter) + weights_of(*m.mover) + weights_of(*m.choreographer);
    EXPECT_LT(numbers * 2, 24'000'000) << "in 16 bit the shipped dancer stays under 24 MB";
    EXPECT_TRUE(m.painter->draws_strokes());
  }
}

TEST(Networks, HaveTheWeightsThatTheirShapesSay) {
  Model m = make_model(tiny());
  EXPECT_EQ(weights_of(*m.painter), (256 * 16 + 16) + (16 * 8 + 8) + (8 * 16 + 16) + (16 * 168 + 168));
  const std::int64_t encoder = (3 * 8 * 8 + 8) + (3 * 8 * 6 + 6);
  const std::int64_t decoder =
      (3 * 6 * 12 + 12) + 2 * (3 * 12 * 12 + 12 + 12 * 12 + 12) + (12 * 36 + 36) + (3 * 12 * 8 + 8);
  EXPECT_EQ(weights_of(*m.mover), encoder + decoder);
  const std::int64_t lstm = 4 * 12 * (12 + 12 + 2), in = (6 + 2 + 3) * 12 + 12, tables = 2 * 9 * 6 + 4 * 3;
  const std::int64_t heads = (12 + 2 + 3) * 12 + 12 + (12 + 2 + 3 + 6) * 12 + 12 + 2 * (12 * 8 + 8);
  EXPECT_EQ(weights_of(*m.choreographer), lstm + in + tables + heads);
}

TEST(Networks, WhatDoesNotFitTogetherIsNamed) {
  const auto expect_says = [](const std::string& got, const std::vector<std::string>& parts) {
    for (const std::string& part : parts)
      EXPECT_NE(got.find(part), std::string::npos) << "'" << part << "' in: " << got;
  };
  expect_says(complaint(test::kTinyMoves, "  { layer = \"dense\", out = 8 },\n", ""),
              {"r.toml: [painter] encoder gives [16], expected the code [8]"});
  expect_says(complaint(test::kTinyMoves, "count = 28", "count = 27"),
              {"r.toml:16: ", "[painter] decoder strokes count", "needs [162]", "[168]"});
  expect_says(complaint(test::kTinyMoves, "  { layer = \"strokes\", count = 28 },\n", ""),
              {"[painter] decoder gives [168], expected a picture [1, 16, 16] or strokes"});
  expect_says(complaint(test::kTinyMoves, "code = 8", "code = 41"), {"r.toml", "at most 40 numbers"});
  expect_says(complaint(test::kTinyMoves, "width = 6", "width = 7"),
              {"[mover] encoder gives [-1, 6], expected [-1, 7]"});
  expect_says(complaint(test::kTinyMoves, "kernel = 3, stride = 3", "kernel = 2, stride = 2"),
              {"[mover] encoder: 12 ticks must become 4"});
  expect_says(complaint(test::kTinyMoves, "kernel = 3, stride = 3", "kernel = 5, stride = 5"),
              {"[mover] encoder: 12 ticks must become 4"});
  expect_says(complaint(test::kTinyMoves, "factor = 3", "factor = 2"), {"[mover] decoder: 4 ticks must become 12"});
  expect_says(complaint(test::kTinyFrames, "  { layer = \"mdn\", components = 3 },\n", ""),
              {"[dancer] layers give [-1, 16], expected an mdn layer"});
  expect_says(complaint(test::kTinyFrames, "loss = \"mdn\"", "loss = \"mse\""),
              {"[dancer] layers give [-1, 51], expected [-1, 8]"});
}

// ---- the painter's code

TEST(Painter, TheCodeIsThePrincipalComponentsOfThePose) {
  torch::manual_seed(1);
  Model m = make_model(tiny());
  // poses that vary in eight directions only: nothing is lost in eight numbers
  const Tensor poses =
      torch::randn({300, 8}).matmul(torch::randn({8, kPoseNumbers})) * 0.1 + torch::randn({kPoseNumbers});
  m.painter->fit_code(poses);
  const Tensor code = m.painter->code_of(poses);
  expect_near(m.painter->pose_of(code), poses, 1e-4);
  const Tensor variance = code.var(0, false);
  EXPECT_NEAR(variance.sum().item<double>(), 24.0, 0.05) << "scaled to the spread of 24 unit variances";
  EXPECT_TRUE((variance.slice(0, 1) <= variance.slice(0, 0, -1) + 1e-4).all().item<bool>())
      << "the largest component first";
  const Tensor centred = code - code.mean(0), together = centred.t().matmul(centred) / 300.0;
  EXPECT_LT((together - torch::diag(variance)).abs().max().item<double>(), 1e-3) << "components do not vary together";
  const Tensor a = poses[3] - poses[7], b = code[3] - code[7], c = poses[5] - poses[9], d = code[5] - code[9];
  EXPECT_NEAR((a.norm() / b.norm()).item<double>(), (c.norm() / d.norm()).item<double>(), 1e-4)
      << "distances keep their proportion";
}

TEST(Painter, DrawsAtAnySize) {
  const torch::NoGradGuard no_grad;
  for (const char* text : {test::kTinyMoves, test::kTinyFrames}) {
    Model m = make_model(tiny(text));
    m.painter->eval();
    const Tensor z = m.painter->encode(torch::randn({2, 1, 16, 16}) * 0.05);
    EXPECT_EQ(z.sizes(), torch::IntArrayRef({2, 8}));
    for (const std::int64_t size : {16, 40})
      EXPECT_EQ(m.painter->decode(z, size).sizes(), torch::IntArrayRef({2, 1, size, size}));
  }
}

TEST(Painter, LookingCloselyDrawsCloser) {
  torch::manual_seed(2);
  Model m = make_model(tiny());
  m.painter->eval();
  const Tensor wanted = m.painter->decode(torch::randn({3, 8}), 16).detach();
  const auto error = [&](const Tensor& code) {
    const torch::NoGradGuard no_grad;
    return (m.painter->decode(code, 16) - wanted).abs().mean().item<double>();
  };
  EXPECT_LT(error(m.painter->encode_closely(wanted, 40)), error(m.painter->encode(wanted)));
}

// ---- the mover

TEST(Mover, MovesAreTheNearestEntriesBookByBook) {
  const torch::NoGradGuard no_grad;
  torch::manual_seed(3);
  Model m = make_model(tiny());
  m.mover->eval();
  Rng rng(1);
  const Tensor codes = torch::randn({2, 24, 8});
  const auto out = m.mover->forward(codes, rng);
  EXPECT_EQ(out.moves.sizes(), torch::IntArrayRef({2, 8, 2}));
  EXPECT_TRUE(torch::equal(out.moves, m.mover->moves_of(codes)));
  expect_near(m.mover->codes_of(out.moves), out.codes, 1e-5);
  const auto encoder = std::dynamic_pointer_cast<NetworkImpl>(m.mover->named_children()["encoder"]);
  Tensor rest = encoder->forward(codes).flatten(0, 1);
  const Tensor book = m.mover->named_buffers()["book"], moves = out.moves.flatten(0, 1);
  for (std::int64_t q = 0; q < 2; ++q) {
    EXPECT_TRUE(torch::equal(torch::cdist(rest, book[q]).argmin(1), moves.select(1, q)));
    rest = rest - book[q].index_select(0, moves.select(1, q));
  }
  EXPECT_NEAR(out.commit.item<double>(), rest.pow(2).mean().item<double>(), 1e-5) << "what no book says";
}

TEST(Mover, BooksLearnWhatIsThereAndComeIntoUse) {
  torch::manual_seed(4);
  Model m = make_model(tiny());
  Rng rng(4);
  const Tensor codes = torch::randn({8, 48, 8}).cumsum(1) * 0.2;
  m.mover->eval();
  const double before = m.mover->forward(codes, rng).commit.item<double>();
  m.mover->train();
  const Tensor book = m.mover->named_buffers()["book"].clone();
  for (int i = 0; i < 300; ++i) m.mover->forward(codes, rng);
  m.mover->eval();
  const auto out = m.mover->forward(codes, rng);
  EXPECT_FALSE(torch::equal(book, m.mover->named_buffers()["book"]));
  EXPECT_LT(out.commit.item<double>(), 0.6 * before);
  for (std::int64_t q = 0; q < 2; ++q) {
    const Tensor used = out.moves.select(2, q).flatten();
    std::set<std::int64_t> distinct;
    for (std::int64_t i = 0; i < used.numel(); ++i) distinct.insert(used[i].item<std::int64_t>());
    EXPECT_GE(distinct.size(), 5u) << "of 8 entries in book " << q;
  }
}

// What the live dance relies on: after move k only move k + 1 is seen, and a window of nine moves decodes as the whole.
void expect_streams(Model& m, std::int64_t history) {
  const torch::NoGradGuard no_grad;
  m.mover->eval();
  const std::int64_t count = 24, per_move = m.recipe.mover.frames_per_move, books = m.recipe.mover.books;
  const Tensor moves = torch::randint(m.recipe.mover.entries, {1, count, books}, torch::kLong);
  const Tensor whole = m.mover->codes_of(moves);
  const double size = whole.abs().max().item<double>();
  for (const std::int64_t k : {9, 14, 20}) {
    Tensor other = moves.clone();
    other.narrow(1, k + 2, count - k - 2)
        .copy_(torch::randint(m.recipe.mover.entries, {1, count - k - 2, books}, torch::kLong));
    const Tensor changed = m.mover->codes_of(other);
    EXPECT_LT((changed - whole).narrow(1, 0, (k + 1) * per_move).abs().max().item<double>(), 1e-5 * size)
        << "one move ahead, no more";
    const Tensor window = m.mover->codes_of(moves.narrow(1, k + 2 - history, history));
    const Tensor played = window.narrow(1, (history - 2) * per_move, per_move),
                 same = whole.narrow(1, k * per_move, per_move);
    EXPECT_LT((played - same).abs().max().item<double>(), 1e-5 * size) << "a history of " << history << " moves";
  }
}

TEST(Mover, StreamsWithOneMoveOfLookAhead) {
  torch::manual_seed(5);
  Model small = make_model(tiny());
  expect_streams(small, 9);
  Model shipped = make_model(read_recipe(std::filesystem::path(OMBRA_SOURCE) / "models/recipes/mannequin.toml"));
  expect_streams(shipped, 9);
}

TEST(Generator, PlaysExactlyTheMovesThatWereChosen) {
  torch::manual_seed(10);
  const auto folder = std::filesystem::path(testing::TempDir()) / "ombra_generator_window";
  Model m = make_model(tiny());
  m.seeds.names = {"made up"};
  m.seeds.moves = torch::randint(8, {1, 8, 2}, torch::kLong);
  m.seeds.latents = torch::zeros({1, 24, 8});
  m.seeds.energy = torch::zeros({1});
  save_model(m, folder);
  m = load_model(folder, torch::kCPU);  // with the weights in 16 bits, as the generator has them
  Generator g(folder, "cpu", 1);
  DanceControls controls;
  controls.accent = 0.0f, controls.freeze_guard = false, controls.grounded = false;
  controls.temperature = 1.3f, controls.top_p = 1.0f;
  const torch::NoGradGuard no_grad;
  controls.tightness = 0.0f;
  std::vector<Tensor> chosen;  // from move `first` on: the first call chooses all up to it
  std::int64_t first = -1;
  std::vector<std::vector<float>> danced;
  for (int tick = 0; tick < 90; ++tick) {
    const auto known = g.counters().moves;
    const Timestamp now{tick / 12.0, tick / 6.0};
    g.advance(now, controls);
    if (first < 0) first = static_cast<std::int64_t>(g.counters().moves) - 1;
    if (g.counters().moves != known) chosen.push_back(torch::tensor(g.last_move(0), torch::kLong));
    danced.emplace_back(8);
    g.pull(now, controls, danced.back());
  }
  ASSERT_GE(chosen.size(), 29u);
  const Tensor whole = m.mover->codes_of(torch::stack(chosen).unsqueeze(0))[0];
  // the eighth of them is the first that has its whole past, seven moves, among the chosen
  for (auto tick = (first + 7) * 3; tick < 90 - 3; ++tick) {
    const Tensor wanted = whole[tick - 3 * first];
    EXPECT_LT((torch::tensor(danced[static_cast<std::size_t>(tick)]) - wanted).abs().max().item<double>(), 1e-5)
        << "tick " << tick;
  }
  std::filesystem::remove_all(folder);
}

TEST(Grounding, BringsFeetDownQuicklyAndLetsHopsBe) {
  const torch::NoGradGuard no_grad;
  const Recipe recipe = read_recipe(std::filesystem::path(OMBRA_SOURCE) / "models/recipes/mannequin.toml");
  Painter painter(recipe);
  Tensor poses = torch::randn({400, kPoseNumbers}) * 0.1;
  for (std::int64_t foot : {14, 15, 18, 19}) poses.select(1, 2 * foot + 1).fill_(0.0);
  painter->fit_code(poses + torch::randn({400, kPoseNumbers}) * 1e-3);
  const auto kept = painter->named_buffers();
  Grounding grounding(PoseCode{numbers_of(kept["mean"]), numbers_of(kept["basis"]), numbers_of(kept["scale"])[0]}, 12.0);
  Tensor pose = torch::zeros({kPoseNumbers});
  for (std::int64_t foot : {14, 18}) pose[2 * foot + 1] = 0.08;  // standing: ankles 8 cm, toes 2 cm above the floor
  for (std::int64_t toe : {15, 19}) pose[2 * toe + 1] = 0.02;
  const auto height = [&](double lift) {
    Tensor lifted = pose.clone();
    for (std::int64_t y = 1; y < kPoseNumbers; y += 2) lifted[y] += lift;
    const Tensor code = painter->code_of(lifted).contiguous();
    const std::span<float> numbers(code.data_ptr<float>(), 40);
    EXPECT_NEAR(grounding.lowest(numbers), lift, 1e-3);
    grounding.ground(numbers);
    return grounding.lowest(numbers);
  };
  EXPECT_NEAR(height(0.10), 0.0, 1e-3);  // a dance that begins in the air is set down
  for (int i = 0; i < 12; ++i) height(0.0);
  EXPECT_NEAR(height(0.0), 0.0, 1e-3);  // and comes back up out of the floor
  double hop = 0.0;
  for (int i = 0; i < 4; ++i) hop = height(0.15);
  EXPECT_GT(hop, 0.11);  // a hop of a third of a beat stays one
  for (int i = 0; i < 96; ++i) hop = height(0.15);
  EXPECT_LT(hop, 0.01);  // floating for bars does not
}

// ---- learning

// Ten steps on one batch with our own optimiser; -> the losses
template <typename Loss>
std::vector<double> ten_steps(const torch::nn::Module& network, double rate, Loss loss) {
  TrainSpec spec;
  spec.steps = 10, spec.rate = rate, spec.warmup = 1, spec.weight_decay = 0.0;
  train::Optimiser optimiser(network.parameters(), spec);
  std::vector<double> losses;
  for (int i = 0; i < 10; ++i) {
    const Tensor l = loss();
    losses.push_back(l.template item<double>());
    l.backward();
    optimiser.step(static_cast<double>(i));
  }
  return losses;
}

void expect_falls(const std::vector<double>& losses, double share) {
  for (const double l : losses) EXPECT_TRUE(std::isfinite(l));
  EXPECT_LT(losses.back(), share * losses.front());
}

TEST(Learning, ThePainterLearnsToDraw) {
  for (const char* text : {test::kTinyMoves, test::kTinyFrames}) {
    torch::manual_seed(6);
    Model m = make_model(tiny(text));
    const Tensor fields = torch::linspace(-0.08, 0.08, 256).view({1, 1, 16, 16}).repeat({4, 1, 1, 1});
    expect_falls(ten_steps(*m.painter, 0.02,
                           [&] { return (m.painter->decode(m.painter->encode(fields), 16) - fields).abs().mean(); }),
                 0.9);
  }
}

TEST(Learning, TheMoverLearnsToMove) {
  torch::manual_seed(7);
  Model m = make_model(tiny());
  const Tensor codes = torch::randn({6, 24, 8}).cumsum(1) * 0.3;
  Rng rng(7);
  expect_falls(ten_steps(*m.mover, 0.01,
                         [&] {
                           const auto out = m.mover->forward(codes, rng);
                           return torch::mse_loss(out.codes, codes) + 0.05 * out.commit;
                         }),
               0.9);
}

TEST(Learning, TheChoreographerLearnsWhatComesNext) {
  torch::manual_seed(8);
  Recipe recipe = tiny();
  recipe.choreographer.dropout = 0.0;
  Model m = make_model(recipe);
  const Tensor moves = torch::randint(8, {4, 9, 2}, torch::kLong),
               place = torch::arange(8).remainder(4).expand({4, 8}).contiguous();
  const auto loss = [&] {
    const Tensor context = m.choreographer->forward(moves.narrow(1, 0, 8), torch::zeros({4, 8, 2}), place, {}, nullptr),
                 next = moves.narrow(1, 1, 8);
    Tensor sum = torch::zeros({});
    for (std::int64_t q = 0; q < 2; ++q) {
      sum = sum + torch::cross_entropy_loss(m.choreographer->logits(context, next, q).flatten(0, 1),
                                            next.select(2, q).flatten());
    }
    return sum;
  };
  const auto losses = ten_steps(*m.choreographer, 0.03, loss);
  EXPECT_NEAR(losses.front(), 2.0 * std::log(8.0), 0.3)
      << "at first it knows nothing: the entropy of two draws among eight";
  expect_falls(losses, 0.9);
}

TEST(Choreographer, GivesTheSameStepByStep) {
  const torch::NoGradGuard no_grad;
  Model m = make_model(tiny());
  m.choreographer->eval();
  const Tensor moves = torch::randint(9, {1, 7, 2}, torch::kLong), conditions = torch::randn({1, 7, 2}),
               place = torch::arange(7).remainder(4).unsqueeze(0);
  const Tensor whole = m.choreographer->forward(moves, conditions, place, {}, nullptr);
  ChoreographerImpl::State state;
  for (std::int64_t t = 0; t < 7; ++t) {
    const Tensor step =
        m.choreographer->forward(moves.narrow(1, t, 1), conditions.narrow(1, t, 1), place.narrow(1, t, 1), {}, &state);
    expect_near(step, whole.narrow(1, t, 1), 1e-5);
  }
}

TEST(Choreographer, KnowsItsPlaceInThePhraseOnlyWhereItIsTold) {
  const torch::NoGradGuard no_grad;
  Recipe recipe = tiny();
  recipe.choreographer.phrase = 16;
  Model m = make_model(recipe);
  m.choreographer->eval();
  const Tensor moves = torch::randint(8, {1, 3, 2}, torch::kLong), conditions = torch::zeros({1, 3, 2}),
               place = torch::arange(3).unsqueeze(0);
  const auto at = [&](const Tensor& phrase) {
    return m.choreographer->forward(moves, conditions, place, phrase, nullptr);
  };
  const Tensor first = torch::arange(3).unsqueeze(0), later = first + 8,
               unknown = torch::full({1, 3}, 16, torch::kLong);
  EXPECT_GT((at(first) - at(later)).abs().max().item<double>(), 1e-3);
  expect_near(at({}), at(unknown), 1e-6);
}

TEST(Mover, TheLastMovesAreAsInTheWholeDance) {
  const torch::NoGradGuard no_grad;
  const Recipe recipe = read_recipe(std::string(OMBRA_SOURCE) + "/models/recipes/mannequin.toml");
  Mover mover(recipe.mover, recipe.painter.code, recipe.file);
  mover->eval();
  const Tensor moves = torch::randint(256, {3, 12, 4}, torch::kLong), whole = mover->codes_of(moves);
  for (const std::int64_t count : {1, 3, 12}) {
    const Tensor last = mover->last_codes_of(moves, count);
    ASSERT_EQ(last.size(1), count * 6);
    expect_near(last, whole.narrow(1, 72 - count * 6, count * 6), 1e-5);
  }
}

// ---- mixture density, against PyTorch

FrameDancer oracle_dancer() {
  static const test::Layers layers("{layer='lstm', out=8}, {layer='mdn', components=3}");
  Recipe recipe;
  recipe.file = "test.toml";
  recipe.painter.code = 4;
  recipe.dancer.layers = layers.list;
  FrameDancer dancer(recipe, 0);
  load_module(test::oracle(), "mdn", *dancer);
  return dancer;
}

TEST(FrameDancer, LearnsAsPyTorchDoes) {
  FrameDancer dancer = oracle_dancer();
  TrainSpec spec;
  spec.steps = 10, spec.rate = 0.03, spec.warmup = 3, spec.weight_decay = 0.02, spec.clip = 0.5, spec.beta2 = 0.98;
  train::Optimiser optimiser(dancer->parameters(), spec);
  const Tensor codes = expected("mdn.codes"), wanted = expected("mdn.losses");
  for (std::int64_t step = 0; step < 10; ++step) {
    const Tensor loss = dancer->loss(codes.narrow(1, 0, 6), codes.narrow(1, 1, 6));
    EXPECT_NEAR(loss.item<double>(), wanted[step].item<double>(), 2e-4) << "step " << step;
    loss.backward();
    optimiser.step(static_cast<double>(step));
  }
}

TEST(FrameDancer, ColdStepsRepeatAndHotStepsDoNot) {
  const torch::NoGradGuard no_grad;
  FrameDancer dancer = oracle_dancer();
  const auto dance = [&](double temperature, std::uint64_t seed) {
    Rng rng(seed);
    DancerMemory memory = dancer->remember(expected("mdn.codes").narrow(0, 0, 1).narrow(1, 0, 1));
    Tensor code;
    for (int i = 0; i < 5; ++i) code = dancer->step(memory, temperature, rng);
    return code;
  };
  EXPECT_TRUE(torch::equal(dance(0.0, 1), dance(0.0, 2)));
  EXPECT_TRUE(torch::equal(dance(1.0, 1), dance(1.0, 1)));
  EXPECT_FALSE(torch::equal(dance(1.0, 1), dance(1.0, 2)));
}

// A network whose last step of a window depends on all of it, told by hand what to remember.
TEST(FrameDancer, AWindowSeesItsLastCodesAndNothingElse) {
  const torch::NoGradGuard no_grad;
  torch::manual_seed(5);
  static const test::Layers layers("{layer='flatten'}, {layer='dense', out=4, activation='tanh'}");
  Recipe recipe;
  recipe.file = "test.toml";
  recipe.painter.code = 4;
  recipe.dancer.layers = layers.list;
  recipe.dancer.loss = "mse", recipe.dancer.memory = "window", recipe.dancer.context = 3;
  FrameDancer dancer(recipe, 0);
  Rng rng(1);
  const Tensor phrase = torch::randn({1, 7, 4});
  DancerMemory all = dancer->remember(phrase), last = dancer->remember(phrase.narrow(1, 4, 3));
  const Tensor first = dancer->step(all, 1.0, rng);
  EXPECT_TRUE(torch::equal(first, dancer->step(last, 1.0, rng))) << "what lies before the window is forgotten";
  expect_near(dancer->step(all, 1.0, rng), dancer->forward(torch::cat({phrase.narrow(1, 5, 2), first}, 1)), 1e-6);
  const DancerMemory shorter = dancer->remember(phrase.narrow(1, 0, 1));
  EXPECT_TRUE(torch::equal(shorter.seen, phrase.narrow(1, 0, 1).expand({1, 3, 4}))) << "filled up with the first";
}

TEST(FrameDancer, CodesAreScaledAsTheRecipeSays) {
  static const test::Layers layers("{layer='dense', out=2}");
  const Tensor codes = torch::tensor({1.0f, -4.0f, 3.0f, 0.0f, 2.0f, 4.0f}).view({3, 2});
  for (const std::string scaling : {"none", "standard", "minmax"}) {
    Recipe recipe;
    recipe.file = "test.toml";
    recipe.painter.code = 2;
    recipe.dancer.layers = layers.list;
    recipe.dancer.loss = "mse", recipe.dancer.scaling = scaling;
    FrameDancer dancer(recipe, 0);
    dancer->fit_scale(codes);
    const Tensor scaled = dancer->scaled(codes);
    if (scaling == "none") {
      EXPECT_TRUE(torch::equal(scaled, codes));
    }
    if (scaling == "standard") expect_near(scaled.std(0), torch::ones({2}), 1e-5);
    if (scaling == "minmax")
      expect_near(scaled, torch::tensor({0.0f, 0.0f, 1.0f, 0.5f, 0.5f, 1.0f}).view({3, 2}), 1e-6);
    Rng rng(2);
    const Tensor random = dancer->random_phrase(500, rng);
    EXPECT_GE((random - torch::tensor({1.0f, -4.0f})).min().item<double>(), 0.0) << "within the range of the codes";
    EXPECT_LE((random - torch::tensor({3.0f, 4.0f})).max().item<double>(), 0.0);
    EXPECT_GT(random.select(2, 1).std().item<double>(), 1.5);
  }
}

// ---- painters that draw pictures

// A decoder that gives back what it is told: the code is the picture.
Painter picture_painter(const std::string& picture, int width, int height) {
  static std::vector<std::unique_ptr<test::Layers>> kept;
  const int code = width * height;
  kept.push_back(std::make_unique<test::Layers>("{layer='flatten'}"));
  Recipe recipe;
  recipe.painter.encoder = kept.back()->list;
  kept.push_back(std::make_unique<test::Layers>(fmt::format("{{layer='reshape', shape=[1, {}, {}]}}", height, width)));
  recipe.painter.decoder = kept.back()->list;
  recipe.painter.code = code;
  recipe.painter.guided = false;
  recipe.frames.picture = picture_kind(picture);
  recipe.frames.width = width, recipe.frames.height = height;
  recipe.file = "test.toml";
  return Painter(recipe);
}

TEST(Painter, PicturesBecomeDistancesForTheShow) {
  const torch::NoGradGuard no_grad;
  Painter painter = picture_painter("binary", 40, 20);
  Tensor pictures = torch::ones({2, 1, 20, 40});
  pictures.slice(2, 6, 20).slice(3, 18, 23).zero_();  // five wide in the middle, standing on the lower edge
  EXPECT_EQ(painter->span(), 1.0);
  const Tensor field = painter->decode(painter->encode(pictures), 20);
  ASSERT_EQ(field.sizes(), (torch::IntArrayRef{2, 1, 20, 20})) << "the middle of a wide picture";
  EXPECT_NEAR(field[1][0][15][10].item<double>() * 20.0, -2.5, 0.6 + 1.0);
  EXPECT_LT(field[0][0][19][10].item<double>(), 0.0) << "it stands on the floor";
  EXPECT_NEAR(field[0][0][15][14].item<double>() * 20.0, 1.5, 0.1);
  EXPECT_NEAR(field[0][0][2][10].item<double>(), 8.0 / 96.0, 1e-6) << "clamped as all fields are";
}

TEST(Painter, TheShowSeesAsMuchOfAWidePictureAsTheFootageUses) {
  Painter painter = picture_painter("gray", 60, 20);
  Tensor pictures = torch::ones({50, 1, 20, 60});
  for (std::int64_t i = 0; i < 50; ++i) pictures[i].slice(1, 5, 20).slice(2, 8 + i / 2, 14 + i / 2).zero_();
  painter->widen_span(pictures);  // from column 8 on: 22 from the middle
  EXPECT_NEAR(painter->span(), 2.0 * (22.0 + 0.5) / 20.0, 0.06);
  const Tensor field = painter->fields_of(pictures, 45);
  EXPECT_LT(field[0][0][43].min().item<double>(), 0.0) << "the leftmost dancer is not cut off, and stands below";
  EXPECT_GT(field[0][0][10].min().item<double>(), 0.0);
  painter->widen_span(torch::ones({3, 1, 20, 60}));
  EXPECT_GT(painter->span(), 2.0) << "an empty picture takes nothing back";
}

}  // namespace
}  // namespace ombra::model
