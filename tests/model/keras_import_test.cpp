// Which file holds which network, and what is said of files that do not fit.

#include "model/keras_model.hpp"
#include "model/oracle.hpp"
#include "model/tiny_recipes.hpp"

#include <gtest/gtest.h>

namespace ombra::model {
namespace {

using namespace test;
using torch::Tensor;

// ---- which file holds what

struct Parts {
  Keras encoder{1}, decoder{2}, dancer{3};
  Small small;
  Parts() {
    small.plain_encoder(encoder, Array({small.height, small.width, 1}));
    small.plain_decoder(decoder, Array({small.code}));
    small.plain_dancer(dancer, Array({1, small.code}));
  }
};

std::vector<StoredLayer> joined(std::initializer_list<const Keras*> parts) {
  std::vector<StoredLayer> all;
  for (const Keras* part : parts) all.insert(all.end(), part->stored().begin(), part->stored().end());
  return all;
}

TEST(KerasWeights, NetworksMayComeInOneFileOrInMany) {
  const Folder folder;
  const Parts p;
  test::write_keras(folder / "encoder.h5", joined({&p.encoder}));
  test::write_keras(folder / "decoder.h5", joined({&p.decoder}));
  test::write_keras(folder / "dancer.h5", joined({&p.dancer}));
  test::write_keras(folder / "painter.h5", joined({&p.encoder, &p.decoder}));
  test::write_keras(folder / "all.h5", joined({&p.encoder, &p.decoder, &p.dancer}));
  const Model all = import_files(p.small.recipe(), {folder / "all.h5"});
  const auto expect_same = [&](const std::vector<std::string>& names) {
    std::vector<std::filesystem::path> paths;
    for (const std::string& name : names) paths.push_back(folder / name);
    const Model m = import_files(p.small.recipe(), paths);
    for (const auto& entry : all.painter->named_parameters())
      EXPECT_TRUE(torch::equal(m.painter->named_parameters()[entry.key()], entry.value())) << entry.key();
    for (const auto& entry : all.dancer->named_parameters())
      EXPECT_TRUE(torch::equal(m.dancer->named_parameters()[entry.key()], entry.value())) << entry.key();
  };
  expect_same({"painter.h5", "dancer.h5"});
  expect_same({"dancer.h5", "painter.h5"});
  expect_same({"decoder.h5", "dancer.h5", "encoder.h5"});
}

TEST(KerasWeights, OfAlternativesTheOneThatFitsIsTaken) {
  const Folder folder;
  Parts p;
  p.small.dancer =
      "alternatives = [[{ layer = \"lstm\", out = 3 }, { layer = \"dense\", out = 5 }], [{ layer = \"lstm\", out = 5 "
      "}]]";
  test::write_keras(folder / "all.h5", joined({&p.encoder, &p.decoder, &p.dancer}));
  EXPECT_EQ(import_files(p.small.recipe(), {folder / "all.h5"}).alternative, 1);
}

// The autoencoder of Nguyen 2023 (figure 2 of the paper), at its full width.
TEST(KerasWeights, ThePublishedListingFitsItsRecipe) {
  const Folder folder;
  std::vector<StoredLayer> layers;
  std::int64_t in = 1;
  const auto conv = [&](const std::string& name, std::int64_t out, std::int64_t k) {
    layers.push_back({name, {{name + "/kernel:0", Array({k, k, in, out})}, {name + "/bias:0", Array({out})}}});
    in = out;
  };
  const auto dense = [&](const std::string& name, std::int64_t from, std::int64_t out) {
    layers.push_back({name, {{name + "/kernel:0", Array({from, out})}, {name + "/bias:0", Array({out})}}});
  };
  conv("encode1", 128, 4), conv("encode2", 64, 3), conv("encode3", 64, 3), conv("encode4", 32, 2);
  conv("encode5", 64, 3), conv("encode6", 32, 2), conv("encode7", 64, 3), conv("encode8", 32, 2);
  conv("encode9", 32, 3), dense("encode10", 768, 256), dense("encode11", 256, 128);
  dense("decode1", 128, 256), dense("decode2", 256, 768);
  in = 32;
  conv("decode3", 32, 2), conv("decode4", 64, 3), conv("decode5", 32, 2), conv("decode6", 64, 3);
  conv("decode7", 64, 2), conv("decode8", 128, 3), conv("decode9", 64, 2), conv("decode10", 64, 4);
  conv("decode11", 128, 3), conv("decode12", 64, 4), conv("decode13", 32, 3), conv("decode14", 16, 2);
  conv("decode15", 1, 2);
  const auto lstm = [](const std::string& name, std::int64_t from, std::int64_t units) {
    return StoredLayer{name,
                       {{name + "/kernel:0", Array({from, 4 * units})},
                        {name + "/recurrent_kernel:0", Array({units, 4 * units})},
                        {name + "/bias:0", Array({4 * units})}}};
  };
  layers.push_back(lstm("lstm_1", 128, 512));
  layers.push_back(lstm("lstm_2", 512, 256));
  dense("dense_1", 256, 128);
  test::write_keras(folder / "nguyen.h5", layers, {.packed = true});
  const auto file = std::filesystem::path(OMBRA_SOURCE) / "models/recipes/nguyen-2023.toml";
  EXPECT_EQ(import_files(read_recipe(file), {folder / "nguyen.h5"}).alternative, 1);
}

// ---- what does not fit is said with names and shapes

std::string complaint(const Recipe& recipe, const std::vector<std::filesystem::path>& paths) {
  try {
    import_files(recipe, paths);
    return "";
  } catch (const Error& e) {
    return e.what();
  }
}

void expect_says(const std::string& got, const std::vector<std::string>& parts) {
  for (const std::string& part : parts) EXPECT_NE(got.find(part), std::string::npos) << "'" << part << "' in: " << got;
}

TEST(KerasWeights, AMisfitNamesFileLayerAndShapes) {
  const Folder folder;
  const Parts p;
  const Recipe recipe = p.small.recipe();
  const std::filesystem::path x = folder / "x.h5";
  Keras wide(1);
  wide.dense(Array({323}), "enc", 5);
  wide.dense(Array({5}), "dec", 324);
  test::write_keras(x, wide.stored());
  expect_says(
      complaint(recipe, {x}),
      {"x.h5: layer dec (kernel [5, 324], bias [324]) does not fit [painter] decoder, layer 1 (dense), which takes "
       "Dense (kernel [5, 323], bias [323]) (recipe small)",
       "\nhint: "});
  Keras other(1);
  other.dense(Array({324}), "enc", 5);
  test::write_keras(x, other.stored());
  expect_says(complaint(recipe, {x}), {"x.h5: layer enc (kernel [324, 5], bias [5]) begins no network of recipe small",
                                       "[painter] encoder, layer 2 (dense) takes Dense (kernel [323, 5], bias [5])",
                                       "[dancer], layer 1 (lstm) takes LSTM (kernel [5, 20], recurrent_kernel [5, 20], "
                                       "bias [20])"});
  const std::vector<StoredLayer> twice = {p.dancer.stored()[0], {"more", p.dancer.stored()[0].weights}};
  test::write_keras(x, twice);
  expect_says(complaint(recipe, {x}), {"layer more/lstm_1 (kernel [5, 20]", "comes after all of dancer"});
  test::write_keras(x, joined({&p.encoder, &p.decoder}));
  expect_says(complaint(recipe, {x}), {"x.h5: encoder and decoder, 2 layers: no weights of the dancer of recipe small",
                                       "\nhint: give the file"});
  test::write_keras(folder / "dancer.h5", joined({&p.dancer}));
  expect_says(complaint(recipe, {folder / "dancer.h5"}), {"no weights of the encoder and the decoder"});
  test::write_keras(folder / "again.h5", joined({&p.dancer}));
  expect_says(complaint(recipe, {x, folder / "dancer.h5", folder / "again.h5"}),
              {"again.h5: holds the dancer, as ", "dancer.h5 does"});
}

TEST(KerasWeights, LayersThatLookAlikeAreToldApart) {
  const Folder folder;
  Parts p;
  p.small.encoder = "{ layer = \"conv\", out = 1 }, { layer = \"flatten\" }, { layer = \"dense\", out = 5 }";
  const auto with = [&](const std::string& name) {
    Keras encoder(1);
    p.small.plain_encoder(encoder, encoder.conv(Array({p.small.height, p.small.width, 1}), name, 1, {3, 3}));
    test::write_keras(folder / "x.h5", joined({&encoder, &p.decoder, &p.dancer}));
    return complaint(p.small.recipe(), {folder / "x.h5"});
  };
  EXPECT_EQ(with("conv2d_3"), "");
  EXPECT_EQ(with("first"), "");
  expect_says(with("conv2d_transpose_3"), {"layer conv2d_transpose_3 (kernel [3, 3, 1, 1], bias [1])", "Conv2D"});
  // GRU as Keras had it before TensorFlow 2 computes its candidate in another order
  Parts g;
  g.small.dancer = "{ layer = \"gru\", out = 5 }";
  test::write_keras(folder / "x.h5", {g.encoder.stored()[0],
                                      g.decoder.stored()[0],
                                      {"gru_1",
                                       {{"gru_1/kernel:0", Array({5, 15})},
                                        {"gru_1/recurrent_kernel:0", Array({5, 15})},
                                        {"gru_1/bias:0", Array({15})}}}});
  expect_says(complaint(g.small.recipe(), {folder / "x.h5"}),
              {"gru_1 (kernel [5, 15], recurrent_kernel [5, 15], bias [15])", "GRU, reset_after", "bias [2, 15]"});
}

TEST(KerasWeights, PairsAreOrderedByTheirNames) {
  const torch::NoGradGuard no_grad;
  const Folder folder;
  Parts p;
  p.small.encoder = "{ layer = \"flatten\" }, { layer = \"gaussian\", out = 5 }";
  Keras encoder(1);
  std::mt19937 rng(8);
  const Array x = test::random_array({p.small.height, p.small.width, 1}, rng, 1.0f);
  encoder.dense(test::flatten(x), "z_log_var", 5);
  const Array mean = encoder.dense(test::flatten(x), "z_mean", 5);
  test::write_keras(folder / "x.h5", joined({&encoder, &p.decoder, &p.dancer}));
  Model m = import_files(p.small.recipe(), {folder / "x.h5"});
  expect_near(m.painter->encode(picture(x)), tensor(mean).unsqueeze(0), 1e-4);
}

TEST(KerasWeights, RecipesThatKerasCannotMeanAreRefused) {
  const Parts p;
  const auto says = [&](const Recipe& recipe) {
    try {
      import_keras(recipe, {});
      return std::string();
    } catch (const UsageError& e) {
      return std::string(e.what());
    }
  };
  expect_says(says(parse_recipe(test::kTinyMoves, "moves.toml")), {"moves.toml: ", "not those of any Keras model"});
  expect_says(says(parse_recipe(test::kTinyFrames, "frames.toml")), {"frames.toml: ", "another order than Keras"});
  Small exp = p.small;
  exp.loss = "mdn";
  exp.dancer = "{ layer = \"lstm\", out = 5 }, { layer = \"mdn\", components = 2 }";
  expect_says(says(exp.recipe()), {"small.toml: [dancer], layer 2 (mdn): ", "hint: deviation = \"elu\""});
  Small residual = p.small;
  residual.dancer = "{ layer = \"residual1d\" }";
  expect_says(says(residual.recipe()), {"[dancer], layer 1 (residual1d): no such layer in Keras"});
}

}  // namespace
}  // namespace ombra::model
