// Model folders that were damaged, mixed up or written by an enemy are refused in one sentence.
#include "core/error.hpp"
#include "core/file.hpp"
#include "model/figure/safetensors.hpp"
#include "train/tiny_world.hpp"

#include <gtest/gtest.h>

#include <map>

namespace ombra::train {
namespace {

using namespace test;

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

}  // namespace
}  // namespace ombra::train
