#include "model/keras/keras_file.hpp"

#include "core/apart/apart.hpp"
#include "core/error.hpp"
#include "model/keras_writer.hpp"

#include <gtest/gtest.h>

#include <csignal>
#include <fstream>
#include <iterator>

namespace ombra::model {
namespace {

using test::Array;
using test::Folder;
using test::Storage;
using test::StoredLayer;

std::vector<StoredLayer> small_model() {
  std::mt19937 rng(1);
  const auto some = [&](std::vector<std::int64_t> shape) { return test::random_array(std::move(shape), rng); };
  return {{"input_1", {}},
          {"encoder",
           {{"conv2d_1/kernel:0", some({3, 2, 1, 4})},
            {"conv2d_1/bias:0", some({4})},
            {"dense_1/kernel:0", some({8, 2})},
            {"dense_1/bias:0", some({2})}}},
          {"dropout_1", {}},
          {"lstm",
           {{"lstm/lstm_cell/kernel:0", some({2, 12})},
            {"lstm/lstm_cell/recurrent_kernel:0", some({3, 12})},
            {"lstm/lstm_cell/bias:0", some({12})}}}};
}

std::string complaint(const std::filesystem::path& path) {
  try {
    read_keras_file(path);
    return "";
  } catch (const Error& e) {
    return e.what();
  }
}

// Does the text name the file and end in a hint?
testing::AssertionResult says(const std::string& text, const std::string& file, const std::string& part) {
  if (text.find(file) != std::string::npos && text.find(part) != std::string::npos) return testing::AssertionSuccess();
  return testing::AssertionFailure() << "'" << file << "' and '" << part << "' in: " << text;
}

TEST(KerasFile, ReadsEveryLayoutInTheOrderOfTheModel) {
  const Folder folder;
  const std::vector<StoredLayer> stored = small_model();
  for (const bool whole_model : {false, true}) {
    for (const bool packed : {false, true}) {
      for (const bool variable_text : {false, true}) {
        for (const int bits : {16, 32, 64}) {
          SCOPED_TRACE(testing::Message() << whole_model << packed << variable_text << " " << bits << " bits");
          test::write_keras(
              folder / "x.h5", stored,
              {.whole_model = whole_model, .packed = packed, .variable_text = variable_text, .bits = bits});
          const KerasFile file = read_keras_file(folder / "x.h5");
          EXPECT_EQ(file.name, (folder / "x.h5").string());
          EXPECT_EQ(file.version, "2.2.4");
          ASSERT_EQ(file.layers.size(), 3u);
          EXPECT_EQ(file.layers[0].text(), "encoder/conv2d_1 (kernel [3, 2, 1, 4], bias [4])");
          EXPECT_EQ(file.layers[1].text(), "encoder/dense_1 (kernel [8, 2], bias [2])");
          EXPECT_EQ(file.layers[2].text(), "lstm/lstm_cell (kernel [2, 12], recurrent_kernel [3, 12], bias [12])");
          EXPECT_EQ(file.layers[2].find("gamma"), nullptr);
          const std::vector<float>& got = file.layers[0].find("kernel")->values;
          const std::vector<float>& wanted = stored[1].weights[0].second.values;
          ASSERT_EQ(got.size(), wanted.size());
          for (std::size_t i = 0; i < got.size(); ++i) EXPECT_NEAR(got[i], wanted[i], bits == 16 ? 5e-4 : 0.0);
        }
      }
    }
  }
}

TEST(KerasFile, SubLayersThatShareANameStayApart) {
  const Folder folder;
  test::write_keras(folder / "x.h5", {{"mdn_1",
                                       {{"mdn_1/kernel:0", Array({4, 6})},
                                        {"mdn_1/bias:0", Array({6})},
                                        {"mdn_1/kernel_1:0", Array({4, 6})},
                                        {"mdn_1/bias_1:0", Array({6})},
                                        {"mdn_1/kernel_2:0", Array({4, 3})},
                                        {"mdn_1/bias_2:0", Array({3})}}},
                                      {"z", {{"a/z/kernel", Array({1})}, {"z/b/kernel", Array({2})}}}});
  const KerasFile file = read_keras_file(folder / "x.h5");
  ASSERT_EQ(file.layers.size(), 5u);
  EXPECT_EQ(file.layers[1].text(), "mdn_1 (kernel [4, 6], bias [6])");
  EXPECT_EQ(file.layers[2].text(), "mdn_1 (kernel [4, 3], bias [3])");
  EXPECT_EQ(file.layers[3].text(), "z/a/z (kernel [1])") << "names without a number behind them, as in Keras 3";
  EXPECT_EQ(file.layers[4].text(), "z/b (kernel [2])");
}

TEST(KerasFile, JoinsNamesThatDidNotFitIntoOneAttribute) {
  const Folder folder;
  std::vector<StoredLayer> many;
  for (int i = 0; i < 25; ++i) {
    const std::string name = "dense_" + std::to_string(i);
    many.push_back({name, {{name + "/kernel:0", Array({i + 1, 1})}, {name + "/bias:0", Array({1})}}});
  }
  test::write_keras(folder / "x.h5", many, {.names_an_attribute = 1});
  const KerasFile file = read_keras_file(folder / "x.h5");
  ASSERT_EQ(file.layers.size(), 25u);
  EXPECT_EQ(file.layers[24].text(), "dense_24 (kernel [25, 1], bias [1])");
}

TEST(KerasFile, KnowsWhenGatesWerePiecewiseLinear) {
  const Folder folder;
  const auto piecewise = [&](const Storage& how) {
    test::write_keras(folder / "x.h5", small_model(), how);
    return read_keras_file(folder / "x.h5").piecewise_sigmoid;
  };
  EXPECT_TRUE(piecewise({.version = "2.2.4"}));
  EXPECT_TRUE(piecewise({.version = "1.2.2"}));
  EXPECT_TRUE(piecewise({.version = "2.1.6-tf"}));
  EXPECT_FALSE(piecewise({.version = "2.2.4-tf"})) << "TensorFlow 2.0";
  EXPECT_FALSE(piecewise({.version = "2.3.1"}));
  EXPECT_FALSE(piecewise({.version = "2.15.0"}));
  EXPECT_FALSE(piecewise({.version = ""}));
  EXPECT_TRUE(piecewise({.whole_model = true, .version = "2.15.0", .config = "{\"r\": \"hard_sigmoid\"}"}));
  EXPECT_FALSE(piecewise({.whole_model = true, .version = "2.2.4", .config = "{\"r\": \"sigmoid\"}"}));
}

TEST(KerasFile, SaysWhatAFileIsInstead) {
  const Folder folder;
  EXPECT_TRUE(says(complaint(folder / "none.h5"), "none.h5", "no such file"));
  std::ofstream(folder / "text.h5") << "weights, honestly";
  EXPECT_TRUE(says(complaint(folder / "text.h5"), "text.h5", "no HDF5 file\nhint: "));
  std::ofstream(folder / "empty.h5") << "";
  EXPECT_TRUE(says(complaint(folder / "empty.h5"), "empty.h5", "no HDF5 file\nhint: "));
  const auto with = [&](const auto& change) {
    test::Opened opened;
    const hid_t file = opened.keep(H5Fcreate((folder / "x.h5").c_str(), H5F_ACC_TRUNC, H5P_DEFAULT, H5P_DEFAULT));
    change(opened, file);
  };
  with([](test::Opened& opened, hid_t file) {
    opened.keep(H5Gcreate2(file, "layers", H5P_DEFAULT, H5P_DEFAULT, H5P_DEFAULT));
  });
  EXPECT_TRUE(says(complaint(folder / "x.h5"), "x.h5", "no Keras weights"));
  EXPECT_TRUE(says(complaint(folder / "x.h5"), "x.h5", "hint: Keras 3"));
  test::write_keras(folder / "x.h5", {{"input_1", {}}});
  EXPECT_TRUE(says(complaint(folder / "x.h5"), "x.h5", "1 layers, none with weights"));
  Array nan({2});
  nan.values[1] = std::numeric_limits<float>::quiet_NaN();
  test::write_keras(folder / "x.h5", {{"dense", {{"dense/bias:0", nan}}}});
  EXPECT_TRUE(says(complaint(folder / "x.h5"), "x.h5", "'dense/bias:0' hold NaN"));
  with([](test::Opened&, hid_t file) { test::write_words(file, "layer_names", {"dense"}, {}); });
  EXPECT_TRUE(says(complaint(folder / "x.h5"), "x.h5", "group 'dense'"));
}

// A file whose one weight is made by `make(file, group)`.
void write_one(const std::filesystem::path& path, const std::function<void(test::Opened&, hid_t)>& make) {
  test::Opened opened;
  const hid_t file = opened.keep(H5Fcreate(path.c_str(), H5F_ACC_TRUNC, H5P_DEFAULT, H5P_DEFAULT));
  test::write_words(file, "layer_names", {"dense"}, {});
  const hid_t group = opened.keep(H5Gcreate2(file, "dense", H5P_DEFAULT, H5P_DEFAULT, H5P_DEFAULT));
  test::write_words(group, "weight_names", {"kernel"}, {});
  make(opened, group);
}

TEST(KerasFile, TakesNoMemoryAndNoFilesThatItWasNotGiven) {
  const Folder folder;
  const auto one = [&](const std::vector<hsize_t>& shape, hid_t type, const std::function<void(hid_t)>& layout) {
    write_one(folder / "x.h5", [&](test::Opened& opened, hid_t group) {
      const hid_t how = opened.keep(H5Pcreate(H5P_DATASET_CREATE));
      layout(how);
      const hid_t space = opened.keep(H5Screate_simple(static_cast<int>(shape.size()), shape.data(), nullptr));
      opened.keep(H5Dcreate2(group, "kernel", type, space, H5P_DEFAULT, how, H5P_DEFAULT));
    });
    return complaint(folder / "x.h5");
  };
  const auto chunks = [](std::vector<hsize_t> size) {
    return [size](hid_t how) { H5Pset_chunk(how, static_cast<int>(size.size()), size.data()); };
  };
  const auto plain = [](hid_t) {};
  EXPECT_EQ(one({4, 4}, H5T_IEEE_F32LE, chunks({2, 2})), "") << "the good one is read";
  EXPECT_TRUE(says(one({1 << 20, 1 << 20}, H5T_IEEE_F32LE, chunks({64, 64})), "x.h5", "'kernel': more than"));
  EXPECT_TRUE(says(one({100'000'000}, H5T_IEEE_F64LE, chunks({100'000'000})), "x.h5", "pieces of more than 256 MB"));
  EXPECT_TRUE(says(one({1, 1, 1, 1, 1, 1, 1, 1, 1}, H5T_IEEE_F32LE, plain), "x.h5", "9 dimensions"));
  EXPECT_TRUE(says(one({4}, H5T_STD_I32LE, plain), "x.h5", "no floating-point numbers"));
  EXPECT_TRUE(says(one({4}, H5T_NATIVE_LDOUBLE, plain), "x.h5", "no floating-point numbers"));
  const auto outside = [](hid_t how) { H5Pset_external(how, "/dev/zero", 0, 16); };
  EXPECT_TRUE(says(one({4}, H5T_IEEE_F32LE, outside), "x.h5", "outside of the file"));
  const auto virtually = [](hid_t how) {
    test::Opened opened;
    const hsize_t four = 4;
    const hid_t space = opened.keep(H5Screate_simple(1, &four, nullptr));
    H5Pset_virtual(how, space, "other.h5", "kernel", space);
  };
  EXPECT_TRUE(says(one({4}, H5T_IEEE_F32LE, virtually), "x.h5", "outside of the file"));
  test::write_keras(folder / "other.h5", small_model());
  write_one(folder / "x.h5", [&](test::Opened&, hid_t group) {
    H5Lcreate_external((folder / "other.h5").c_str(), "/encoder/dense_1/bias:0", group, "kernel", H5P_DEFAULT,
                       H5P_DEFAULT);
  });
  EXPECT_TRUE(says(complaint(folder / "x.h5"), "x.h5", "'kernel'")) << "a link into another file";
}

// ---- damaged files

std::string bytes_of(const std::filesystem::path& path) {
  std::ifstream file(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), {}};
}

// What is read of the bytes is either a model or an Error that names the file; anything else ends this process.
void try_bytes(const std::filesystem::path& path, const std::string& bytes, int& refused) {
  std::ofstream(path, std::ios::binary | std::ios::trunc)
      .write(bytes.data(), static_cast<std::streamsize>(bytes.size()));
  const std::string text = complaint(path);
  if (text.empty()) return;
  ++refused;
  EXPECT_TRUE(says(text, path.string(), ": "));
}

TEST(KerasFile, ADamagedFileIsRefusedByNameOrRead) {
  const Folder folder;
  for (const bool packed : {false, true}) {
    test::write_keras(folder / "good.h5", small_model(),
                      {.whole_model = packed, .packed = packed, .variable_text = packed});
    const std::string good = bytes_of(folder / "good.h5");
    int refused = 0;
    for (std::size_t length = 0; length < good.size(); length += good.size() / 24)
      try_bytes(folder / "cut.h5", good.substr(0, length), refused);
    EXPECT_GE(refused, 24) << "a file that was cut off";
    // bytes turned round, and sizes made huge
    refused = 0;
    std::mt19937 rng(7);
    for (int i = 0; i < 200; ++i) {
      std::string bad = good;
      for (int n = 0; n <= i % 3; ++n) {
        const std::size_t at = rng() % (bad.size() - 8);
        if (i % 2 == 0) {
          bad[at] = static_cast<char>(rng());
        } else {
          for (std::size_t b = 0; b < 1 + rng() % 8; ++b) bad[at + b] = '\xff';
        }
      }
      try_bytes(folder / "bad.h5", bad, refused);
    }
    EXPECT_GT(refused, 20);
  }
}

// ---- work in a process of its own

std::string complaint_of(const std::function<void(const Send&)>& work, int seconds = 30) {
  try {
    run_apart("x.h5", "save it again", work, seconds);
    return "";
  } catch (const Error& e) {
    return e.what();
  }
}

TEST(RunApart, GivesBackAllThatWasSent) {
  std::string much(3'000'000, 'x');
  much[1'234'567] = '\0';
  EXPECT_EQ(run_apart("x.h5", "", [&](const Send& send) { send("a", 1), send(much.data(), much.size()); }), "a" + much);
}

TEST(RunApart, PassesErrorsOnAndOutlivesCrashes) {
  EXPECT_EQ(complaint_of([](const Send& send) {
              send("half", 4);
              throw error("x.h5: no {}", "weights");
            }),
            "x.h5: no weights");
  const std::string crashed = "x.h5: reading it crashes the library that does\nhint: save it again";
  EXPECT_EQ(complaint_of([](const Send&) { std::raise(SIGSEGV); }), crashed);
  EXPECT_EQ(complaint_of([](const Send&) { std::abort(); }), crashed);
  EXPECT_EQ(complaint_of([](const Send&) { _exit(3); }), crashed);
  volatile bool forever = true;
  EXPECT_EQ(complaint_of(
                [&](const Send&) {
                  while (forever) {
                  }
                },
                1),
            "x.h5: reading it takes too long\nhint: save it again");
}

}  // namespace
}  // namespace ombra::model
