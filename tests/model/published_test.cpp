// The published systems (models/recipes/): their shapes, their numbers of parameters and their conventions, each
// against what its source prints or, where it prints none, against the sum over its layers.
#include "core/file.hpp"
#include "model/layers/model_folder.hpp"
#include "model/oracle.hpp"

#include <gtest/gtest.h>

#include <regex>

namespace ombra::model {
namespace {

using torch::Tensor;

// ---- what the sources say

// Parameters as Keras counts them: one bias a unit, four gates of an LSTM.
constexpr std::int64_t conv(std::int64_t in, std::int64_t out, std::int64_t kernel = 3) {
  return in * out * kernel * kernel + out;
}
constexpr std::int64_t dense(std::int64_t in, std::int64_t out) { return in * out + out; }
constexpr std::int64_t lstm(std::int64_t in, std::int64_t out) { return 4 * out * (in + out + 1); }

struct Published {
  const char* name;
  std::int64_t width, height;
  double fps;
  std::int64_t code, encoder, decoder, dancer;  // numbers of parameters
  const char *loss = "bce", *reduction = "mean", *memory = "carried", *seeding = "pose", *scaling = "none";
  std::int64_t context = 1;
  std::int64_t smallest_at = 0;  // the layer of the encoder after which the picture is smallest
  Shape smallest;                // [C, H, W] there
};

constexpr std::int64_t kHuangEncoder = conv(1, 32) + 3 * conv(32, 32) + dense(32 * 4 * 6, 128);
constexpr std::int64_t kHuangDecoder = dense(128, 32 * 4 * 6) + 4 * conv(32, 32) + conv(32, 1);
constexpr std::int64_t kCharRnn64 = lstm(64, 128) + lstm(128, 128) + dense(128, 64);

const Published kPublished[] = {
    {.name = "huang-2017",
     .width = 96,
     .height = 54,
     .fps = 10.0,
     .code = 128,
     .encoder = kHuangEncoder,
     .decoder = kHuangDecoder,
     .dancer = lstm(128, 600) + lstm(600, 600) + dense(600, 128),
     .smallest_at = 8,
     .smallest = {32, 4, 6}},
    {.name = "huang-2017-fnn",
     .width = 96,
     .height = 54,
     .fps = 10.0,
     .code = 128,
     .encoder = kHuangEncoder,
     .decoder = kHuangDecoder,
     .dancer = dense(256, 128) + dense(128, 128),
     .memory = "window",
     .seeding = "phrase",
     .scaling = "minmax",
     .context = 2,
     .smallest_at = 8,
     .smallest = {32, 4, 6}},
    {.name = "dancenet-2018",
     .width = 208,
     .height = 120,
     .fps = 7.5,
     .code = 128,
     .encoder = conv(1, 128) + conv(128, 64) + conv(64, 32) + dense(15 * 26 * 32, 128) + 2 * dense(128, 128),
     .decoder = dense(128, 12480) + dense(32, 128) + conv(128, 32) + conv(32, 64) + conv(64, 128) + conv(128, 1),
     .dancer = 12'198'336,  // the summary in the project's notebook
     .reduction = "sum",
     .memory = "window",
     .scaling = "minmax",
     .smallest_at = 6,
     .smallest = {32, 15, 26}},
    {.name = "deepdance-2020",
     .width = 200,
     .height = 120,
     .fps = 3.0,
     .code = 128,
     .encoder = conv(1, 32) + 6 * conv(32, 32) + conv(32, 8) + dense(15 * 25 * 8, 512) + dense(512, 128),
     .decoder = dense(128, 512) + dense(512, 1500) + conv(4, 4) + conv(4, 32) + 6 * conv(32, 32) + conv(32, 1),
     .dancer = lstm(128, 256) + 3 * lstm(256, 256) + dense(256, 128),
     .loss = "mse",
     .memory = "window",
     .seeding = "vector",
     .context = 10,
     .smallest_at = 11,
     .smallest = {8, 15, 25}},
    {.name = "karroqe-2020-simple",
     .width = 51,
     .height = 47,
     .fps = 30.0,
     .code = 64,
     .encoder = 153'472,
     .decoder = 155'805,
     .dancer = kCharRnn64,  // summary, dense_13 and dense_14
     .smallest = {1, 47, 51}},
    {.name = "karroqe-2020-sparse",
     .width = 51,
     .height = 47,
     .fps = 30.0,
     .code = 64,
     .encoder = 153'472,
     .decoder = 155'805,
     .dancer = kCharRnn64,
     .smallest = {1, 47, 51}},
    {.name = "karroqe-2020-deep",
     .width = 51,
     .height = 47,
     .fps = 30.0,
     .code = 32,
     .encoder = 1'227'776 + 65'664 + 8'256 + 2'080,  // summary, dense_1 to dense_8
     .decoder = 2'112 + 8'320 + 66'048 + 1'229'661,
     .dancer = lstm(32, 128) + lstm(128, 128) + dense(128, 32),
     .smallest = {1, 47, 51}},
    {.name = "karroqe-2020-conv",
     .width = 51,
     .height = 47,
     .fps = 30.0,
     .code = 4992,
     .encoder = 160 + 1'160 + 584,
     .decoder = 584 + 584 + 1'168 + 145,  // summary
     .dancer = lstm(4992, 128) + lstm(128, 128) + dense(128, 4992),
     .smallest_at = 4,
     .smallest = {8, 24, 26}},
    {.name = "nguyen-2023",
     .width = 96,
     .height = 64,
     .fps = 15.0,
     .code = 128,
     .encoder = conv(1, 128, 4) + conv(128, 64) + conv(64, 64) + 3 * conv(64, 32, 2) + 2 * conv(32, 64) + conv(32, 32) +
                dense(768, 256) + dense(256, 128),
     .decoder = dense(128, 256) + dense(256, 768) + conv(32, 32, 2) + conv(32, 64) + conv(64, 32, 2) + conv(32, 64) +
                conv(64, 64, 2) + conv(64, 128) + conv(128, 64, 2) + conv(64, 64, 4) + conv(64, 128) +
                conv(128, 64, 4) + conv(64, 32) + conv(32, 16, 2) + conv(16, 1, 2),
     .dancer = lstm(128, 256) + dense(256, 128),  // the first of the alternatives
     .loss = "mse",
     .memory = "window",
     .seeding = "phrase",
     .context = 5,
     .smallest_at = 12,
     .smallest = {32, 4, 6}},
};

std::filesystem::path file_of(const std::string& name) {
  return std::filesystem::path(OMBRA_SOURCE) / "models/recipes" / (name + ".toml");
}

// Trainable numbers under a prefix. LibTorch's second bias of an LSTM stays zero, as Keras has none.
std::int64_t weights_of(const torch::nn::Module& network, const std::string& prefix = "") {
  std::int64_t sum = 0;
  for (const auto& entry : network.named_parameters()) {
    if (entry.value().requires_grad() && entry.key().rfind(prefix, 0) == 0) sum += entry.value().numel();
  }
  return sum;
}

class PublishedRecipe : public testing::TestWithParam<Published> {
 protected:
  Recipe recipe() const { return read_recipe(file_of(GetParam().name)); }
};
INSTANTIATE_TEST_SUITE_P(Recipes, PublishedRecipe, testing::ValuesIn(kPublished), [](const auto& p) {
  std::string name = p.param.name;
  std::replace(name.begin(), name.end(), '-', '_');
  return name;
});

// ---- each of them

TEST_P(PublishedRecipe, HasThePapersFramesLossesAndSeeding) {
  const Published& p = GetParam();
  const Recipe r = recipe();
  EXPECT_EQ(r.name, p.name);
  EXPECT_EQ(r.kind, "frames");
  EXPECT_TRUE(r.keras);
  EXPECT_EQ(r.frames.width, p.width);
  EXPECT_EQ(r.frames.height, p.height);
  EXPECT_DOUBLE_EQ(r.frames.fps, p.fps);
  EXPECT_NE(r.frames.picture, PictureKind::kDistance) << "no paper has distance fields";
  EXPECT_FALSE(r.painter.guided) << "no paper has joints";
  EXPECT_EQ(r.painter.loss, p.loss);
  EXPECT_EQ(r.painter.reduction, p.reduction);
  EXPECT_EQ(r.dancer.memory, p.memory);
  EXPECT_EQ(r.dancer.seeding, p.seeding);
  EXPECT_EQ(r.dancer.scaling, p.scaling);
  EXPECT_EQ(r.dancer.context, p.context);
}

TEST_P(PublishedRecipe, HasAsManyParametersAsPublished) {
  const Published& p = GetParam();
  Model m = make_model(recipe());
  EXPECT_EQ(weights_of(*m.painter, "encoder."), p.encoder);
  EXPECT_EQ(weights_of(*m.painter, "decoder."), p.decoder);
  EXPECT_EQ(weights_of(*m.painter), p.encoder + p.decoder);
  EXPECT_EQ(weights_of(*m.dancer), p.dancer);
}

TEST_P(PublishedRecipe, NarrowsThePictureAsPublished) {
  const Published& p = GetParam();
  const Recipe r = recipe();
  const LayerList head(r.painter.encoder.begin(), r.painter.encoder.begin() + p.smallest_at);
  EXPECT_EQ(read_layers(head, Shape{1, p.height, p.width}, p.code, r.file, "head", true).output, p.smallest);
}

TEST_P(PublishedRecipe, EncodesAndDecodes) {
  const torch::NoGradGuard no_grad;
  torch::manual_seed(2);
  const Published& p = GetParam();
  Model m = make_model(recipe());
  m.painter->eval();
  const Tensor pictures = torch::rand({2, 1, p.height, p.width}).round(), codes = m.painter->encode(pictures);
  ASSERT_EQ(codes.sizes(), (std::vector<std::int64_t>{2, p.code}));
  const Tensor again = m.painter->decode_pictures(codes);
  ASSERT_EQ(again.sizes(), pictures.sizes());
  EXPECT_GE(again.min().item<double>(), 0.0);
  EXPECT_LE(again.max().item<double>(), 1.0);
  EXPECT_FALSE(torch::equal(codes[0], codes[1])) << "the code depends on the picture";
  EXPECT_FALSE(torch::equal(again[0], again[1])) << "the picture depends on the code";
  const Tensor fields = m.painter->decode(codes, 48);
  ASSERT_EQ(fields.sizes(), (std::vector<std::int64_t>{2, 1, 48, 48})) << "distances for the show, whatever the recipe";
  EXPECT_TRUE(torch::isfinite(fields).all().item<bool>());
}

TEST_P(PublishedRecipe, DancesOnFromItsContext) {
  const torch::NoGradGuard no_grad;
  torch::manual_seed(3);
  const Published& p = GetParam();
  const Recipe r = recipe();
  const auto alternatives = std::max<std::int64_t>(1, static_cast<std::int64_t>(r.dancer.alternatives.size()));
  for (std::int64_t a = 0; a < alternatives; ++a) {
    Model m = make_model(r, a);
    m.dancer->eval();
    Rng rng(5);
    m.dancer->fit_scale(torch::rand({40, p.code}));
    DancerMemory memory = m.dancer->remember(m.dancer->random_phrase(p.context, rng));
    EXPECT_EQ(memory.seen.size(1), p.context);
    for (int i = 0; i < 3; ++i) {
      const Tensor next = m.dancer->step(memory, 0.5, rng);
      ASSERT_EQ(next.sizes(), (std::vector<std::int64_t>{1, 1, p.code}));
      ASSERT_TRUE(torch::isfinite(next).all().item<bool>());
      EXPECT_TRUE(torch::equal(memory.seen.slice(1, -1), next)) << "what it gives is what it sees next";
      EXPECT_EQ(memory.seen.size(1), p.context) << "the first frame is popped";
    }
  }
}

TEST_P(PublishedRecipe, BeginsAsKerasDoes) {
  Model m = make_model(recipe());
  int orthogonal = 0;
  const auto check = [&](const torch::nn::Module& network) {
    for (const auto& entry : network.named_parameters()) {
      const Tensor w = entry.value().detach();
      const std::string& name = entry.key();
      if (name.find("bias_ih") != std::string::npos) {  // gates: input, forget, cell, output
        const std::int64_t n = w.size(0) / 4;
        EXPECT_TRUE(torch::equal(w.narrow(0, n, n), torch::ones({n}))) << name << ": the forget gate begins open";
        EXPECT_EQ(w.sum().item<double>(), static_cast<double>(n)) << name;
      } else if (name.find("bias") != std::string::npos) {
        EXPECT_EQ(w.abs().max().item<double>(), 0.0) << name;
      } else if (name.find("weight_hh") != std::string::npos) {
        const Tensor one = w.t().matmul(w);
        EXPECT_LT((one - torch::eye(one.size(0))).abs().max().item<double>(), 1e-4) << name << ": orthogonal";
        ++orthogonal;
      } else {  // Glorot and Bengio 2010
        const auto per_number = static_cast<double>(w.numel() / w.size(0) / w.size(1));
        const double bound = std::sqrt(6.0 / (per_number * static_cast<double>(w.size(0) + w.size(1))));
        EXPECT_LE(w.abs().max().item<double>(), bound * 1.0001) << name;
        EXPECT_GT(w.abs().max().item<double>(), bound * 0.8) << name;
      }
    }
  };
  check(*m.painter);
  check(*m.dancer);
  EXPECT_EQ(orthogonal > 0, std::string(GetParam().name) != "huang-2017-fnn") << "only that one has no LSTM";
}

TEST_P(PublishedRecipe, EveryValueHasASource) {
  const std::regex value(R"(^(\w+) = [^\[].*)");
  std::istringstream lines(read_text(file_of(GetParam().name), 1u << 20));
  int found = 0;
  std::string line;
  while (std::getline(lines, line)) {
    std::smatch m;
    if (!std::regex_match(line, m, value)) continue;
    if (m[1] == "name" || m[1] == "kind" || m[1] == "about" || m[1] == "guided") continue;  // ours
    EXPECT_NE(line.find("  # "), std::string::npos) << line << ": neither a citation nor 'not stated'";
    ++found;
  }
  EXPECT_GT(found, 30);
}

// ---- all of them

TEST(Published, KarroqesTotalsAreThoseOfHerSummaries) {
  const auto total = [](const char* name) { return weights_of(*make_model(read_recipe(file_of(name))).painter); };
  EXPECT_EQ(total("karroqe-2020-simple"), 309'277);
  EXPECT_EQ(total("karroqe-2020-sparse"), 309'277);
  EXPECT_EQ(total("karroqe-2020-deep"), 2'609'917);
  EXPECT_EQ(total("karroqe-2020-conv"), 4'385);
}

TEST(Published, HuangsRateFallsAfterTenThousandSteps) {
  const TrainSpec train = read_recipe(file_of("huang-2017")).painter.train;
  EXPECT_EQ(train.schedule, "step");
  EXPECT_EQ(train.later_from, 10'000);
  EXPECT_EQ(train.steps, 10'000 + 140'000);
  EXPECT_DOUBLE_EQ(train.rate, 1e-3);
  EXPECT_DOUBLE_EQ(train.later_rate, 1e-4);
}

TEST(Published, TheSparseCodeCostsWhatKerasCharges) {
  torch::manual_seed(4);
  Model m = make_model(read_recipe(file_of("karroqe-2020-sparse")));
  m.painter->train();
  const Tensor codes = m.painter->encode(torch::rand({5, 1, 47, 51}));
  const double keras =
      10e-5 * codes.abs().sum().item<double>() / 5.0;  // over a sample's activations, mean over samples
  ASSERT_TRUE(m.painter->penalty().defined());
  EXPECT_NEAR(m.painter->penalty().item<double>(), keras, 1e-6 + 1e-4 * keras);
  EXPECT_GT(keras, 0.0);
}

TEST(Published, DanceNetsPenaltyIsTheKullbackLeiblerDivergence) {
  torch::manual_seed(5);
  Model m = make_model(read_recipe(file_of("dancenet-2018")));
  m.painter->train();
  const Tensor picture = torch::rand({1, 1, 120, 208});
  m.painter->encode(picture);
  const double penalty = m.painter->penalty().item<double>();
  const auto p = m.painter->named_parameters();
  Tensor h;  // what enters the two dense layers of the latent
  {
    const torch::NoGradGuard no_grad;
    const Recipe& r = m.recipe;
    const LayerList head(r.painter.encoder.begin(), r.painter.encoder.end() - 1);
    Network before(read_layers(head, Shape{1, 120, 208}, 128, r.file, "head", true), true);
    for (auto& entry : before->named_parameters()) entry.value().copy_(p["encoder." + entry.key()]);
    h = before->forward(picture);
  }
  const Tensor mean = torch::linear(h, p["encoder.8.mean.weight"], p["encoder.8.mean.bias"]);
  const Tensor log_variance = torch::linear(h, p["encoder.8.log_variance.weight"], p["encoder.8.log_variance.bias"]);
  const Tensor kl = -0.5 * (1.0 + log_variance - mean.pow(2) - log_variance.exp()).sum();
  EXPECT_NEAR(penalty, kl.item<double>(), 1e-3 * (1.0 + kl.item<double>()));
}

// ---- Keras' conventions

Network keras(const std::string& layers, Shape input) {
  static std::vector<std::unique_ptr<test::Layers>> kept;
  kept.push_back(std::make_unique<test::Layers>(layers));
  return Network(read_layers(kept.back()->list, std::move(input), 1, "test.toml", "test", true), true);
}

TEST(KerasSemantics, PicturesAreFlattenedPixelByPixel) {
  const Tensor picture = torch::arange(2 * 3 * 4).view({1, 2, 3, 4}).to(torch::kFloat);  // [B, C, H, W]
  const Tensor flat = keras("{layer='flatten'}", {2, 3, 4})->forward(picture);
  for (int y = 0; y < 3; ++y) {
    for (int x = 0; x < 4; ++x) {
      for (int c = 0; c < 2; ++c)
        EXPECT_EQ(flat[0][(y * 4 + x) * 2 + c].item<float>(), picture[0][c][y][x].item<float>());
    }
  }
  EXPECT_TRUE(torch::equal(keras("{layer='reshape', shape=[2, 3, 4]}", {24})->forward(flat), picture));
}

// 'same' convolution by hand: an even kernel of k reaches (k - 1) / 2 pixels back and k / 2 ahead.
TEST(KerasSemantics, EvenKernelsPadAfter) {
  const torch::NoGradGuard no_grad;
  for (const std::int64_t k : {2, 4}) {
    Network net = keras(fmt::format("{{layer='conv', out=1, kernel={}}}", k), {1, 5, 6});
    torch::manual_seed(6);
    const Tensor w = net->named_parameters()["0.conv.weight"];
    w.copy_(torch::rand({1, 1, k, k}));
    const Tensor x = torch::rand({1, 1, 5, 6}), y = net->forward(x);
    ASSERT_EQ(y.sizes(), x.sizes());
    for (std::int64_t r = 0; r < 5; ++r) {
      for (std::int64_t c = 0; c < 6; ++c) {
        double sum = 0.0;
        for (std::int64_t i = 0; i < k; ++i) {
          for (std::int64_t j = 0; j < k; ++j) {
            const std::int64_t from_r = r + i - (k - 1) / 2, from_c = c + j - (k - 1) / 2;
            if (from_r < 0 || from_r >= 5 || from_c < 0 || from_c >= 6) continue;
            sum += w[0][0][i][j].item<double>() * x[0][0][from_r][from_c].item<double>();
          }
        }
        EXPECT_NEAR(y[0][0][r][c].item<double>(), sum, 1e-5) << "kernel " << k << " at " << r << ", " << c;
      }
    }
  }
}

TEST(KerasSemantics, PoolingRoundsUpAndCropTakesItAway) {
  const Tensor x = torch::arange(15).view({1, 1, 3, 5}).to(torch::kFloat);
  const Tensor pooled = keras("{layer='maxpool'}", {1, 3, 5})->forward(x);
  EXPECT_TRUE(torch::equal(pooled, torch::tensor({6.0f, 8.0f, 9.0f, 11.0f, 13.0f, 14.0f}).view({1, 1, 2, 3})));
  const Tensor back = keras("{layer='upsample'}, {layer='crop', size=[3, 5]}", {1, 2, 3})->forward(pooled);
  EXPECT_EQ(back.sizes(), x.sizes());
  EXPECT_EQ(back[0][0][2][4].item<float>(), 14.0f);
  EXPECT_EQ(back[0][0][0][0].item<float>(), 6.0f);
}

// Transposed convolution of stride 1, 'same': every pixel is painted over its neighbours with the kernel.
TEST(KerasSemantics, DeconvolutionsPaintTheirKernel) {
  const torch::NoGradGuard no_grad;
  Network net = keras("{layer='conv_transpose', out=1, kernel=3, stride=1}", {1, 4, 5});
  const Tensor w = net->named_parameters()["0.conv.weight"];
  w.copy_(torch::arange(1, 10).view({1, 1, 3, 3}).to(torch::kFloat));
  const Tensor x = torch::zeros({1, 1, 4, 5});
  x[0][0][0][2] = 1.0f;  // at the upper edge: the kernel's first row falls outside
  const Tensor y = net->forward(x);
  ASSERT_EQ(y.sizes(), x.sizes());
  const Tensor wanted = torch::zeros({4, 5});
  wanted.narrow(0, 0, 2).narrow(1, 1, 3).copy_(w[0][0].narrow(0, 1, 2));
  EXPECT_TRUE(torch::equal(y[0][0], wanted));
}

}  // namespace
}  // namespace ombra::model
