#include "model/figure/safetensors.hpp"

#include "core/error.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <string>
#include <vector>

namespace ombra::model {
namespace {

namespace fs = std::filesystem;

fs::path temporary(const std::string& name) {
  return fs::path(testing::TempDir()) / (std::string("ombra_safetensors_") + name);
}

// A file as the format's description says: length, header, data.
std::string file_of(const std::string& header, const std::string& data) {
  std::string bytes(8, '\0');
  const std::uint64_t length = header.size();
  std::memcpy(bytes.data(), &length, 8);
  return bytes + header + data;
}

SafetensorsFile parse(const std::string& bytes) { return {std::as_bytes(std::span(bytes)), "test.safetensors"}; }

// -> what the reader says about the bytes; empty when it accepts them
std::string complaint(const std::string& bytes) {
  try {
    parse(bytes);
    return "";
  } catch (const Error& e) {
    return e.what();
  }
}

TEST(Safetensors, ReadsAFileWrittenByHand) {
  const std::string bytes = file_of(
      R"({"__metadata__":{"by":"hand"},"a":{"dtype":"F32","shape":[2],"data_offsets":[0,8]},"b":{"dtype":"U8","shape":[],"data_offsets":[8,9]}})",
      std::string("\0\0\x80\x3f\0\0\0\xc0\x07", 9));
  const SafetensorsFile file = parse(bytes);
  EXPECT_EQ(file.metadata("by"), "hand");
  EXPECT_EQ(to_floats(file.tensor("a")), (std::vector<float>{1.0f, -2.0f}));
  EXPECT_TRUE(file.tensor("b").shape.empty());
  EXPECT_EQ(to_floats(file.tensor("b")), std::vector<float>{7.0f});
}

TEST(Safetensors, GivesBackWhatWasWritten) {
  const std::vector<float> floats = {1.5f, -2.0f, 3.25f, 0.0f, 5.0f, 6.0f};
  const std::vector<std::int8_t> bytes = {1, -2, 3};
  const std::vector<std::int64_t> longs = {1, std::int64_t{1} << 60};
  SafetensorsWriter writer;
  writer.add("small", DType::kI8, {3}, std::as_bytes(std::span(bytes)));
  writer.add("floats", DType::kF32, {2, 3}, std::as_bytes(std::span(floats)));
  writer.add("longs", DType::kI64, {2}, std::as_bytes(std::span(longs)));
  writer.add("none", DType::kF16, {0, 4}, {});
  writer.set_metadata("licence", "CC \"BY\" 4.0 ü");
  const fs::path path = temporary("round.safetensors");
  writer.write(path);
  const SafetensorsFile file(path);
  EXPECT_EQ(file.tensors().size(), 4u);
  EXPECT_EQ(file.metadata("licence"), "CC \"BY\" 4.0 ü");
  EXPECT_EQ(to_floats(file.tensor("floats")), floats);
  EXPECT_EQ(file.tensor("floats").shape, (std::vector<std::int64_t>{2, 3}));
  EXPECT_EQ(file.tensor("none").elements(), 0);
  EXPECT_EQ(std::memcmp(file.tensor("longs").bytes.data(), longs.data(), 16), 0);
  EXPECT_EQ(std::memcmp(file.tensor("small").bytes.data(), bytes.data(), 3), 0);
  for (const TensorView& t : file.tensors()) {
    EXPECT_EQ(reinterpret_cast<std::uintptr_t>(t.bytes.data()) % bytes_of(t.dtype), 0u) << t.name << " is not aligned";
  }
  fs::remove(path);
}

TEST(Safetensors, StreamsATensorInPieces) {
  const fs::path path = temporary("stream.safetensors");
  SafetensorsWriter writer;
  writer.add_stream("frames", DType::kU8, {1000, 3}, [](const SafetensorsWriter::Append& append) {
    for (int i = 0; i < 1000; ++i) append(std::vector<std::byte>(3, static_cast<std::byte>(i & 255)));
  });
  writer.write(path);
  const std::vector<float> values = to_floats(SafetensorsFile(path).tensor("frames"));
  EXPECT_EQ(values[3 * 255 + 2], 255.0f);
  EXPECT_EQ(values[3 * 999], static_cast<float>(999 % 256));
  fs::remove(path);
}

TEST(Safetensors, LeavesNothingBehindWhenAStreamFails) {
  const fs::path folder = temporary("folder");
  fs::create_directories(folder);
  SafetensorsWriter breaks, stops_short;
  breaks.add_stream("x", DType::kU8, {4}, [](const auto&) { throw error("no more"); });
  EXPECT_THROW(breaks.write(folder / "a.safetensors"), Error);
  stops_short.add_stream("x", DType::kU8, {4}, [](const auto& append) { append(std::vector<std::byte>(3)); });
  EXPECT_THROW(stops_short.write(folder / "a.safetensors"), Error);
  EXPECT_TRUE(fs::is_empty(folder));
  fs::remove_all(folder);
}

TEST(Safetensors, RefusesToWriteWhatItCouldNotRead) {
  SafetensorsWriter writer;
  writer.add("a", DType::kU8, {1}, std::vector<std::byte>(1));
  EXPECT_THROW(writer.add("a", DType::kU8, {1}, std::vector<std::byte>(1)), Error) << "name taken";
  EXPECT_THROW(writer.add("b", DType::kF32, {2}, std::vector<std::byte>(7)), Error) << "a byte short";
  EXPECT_THROW(writer.add("__metadata__", DType::kU8, {1}, std::vector<std::byte>(1)), Error) << "reserved";
  EXPECT_THROW(writer.add("c", DType::kF32, {-1}, {}), Error) << "negative size";
}

TEST(Safetensors, ConvertsEveryFloatType) {
  const std::string header =
      R"({"h":{"dtype":"F16","shape":[6],"data_offsets":[0,12]},"b":{"dtype":"BF16","shape":[2],"data_offsets":[12,16]}})";
  // 1, -2, the smallest subnormal, 65504, infinity, NaN; then 1 and -3 in bfloat16
  const std::uint16_t words[] = {0x3c00, 0xc000, 0x0001, 0x7bff, 0x7c00, 0x7e00, 0x3f80, 0xc040};
  const std::string bytes = file_of(header, {reinterpret_cast<const char*>(words), sizeof(words)});
  const SafetensorsFile file = parse(bytes);
  const std::vector<float> h = to_floats(file.tensor("h"));
  EXPECT_EQ(h[0], 1.0f);
  EXPECT_EQ(h[1], -2.0f);
  EXPECT_EQ(h[2], 0x1.0p-24f);
  EXPECT_EQ(h[3], 65504.0f);
  EXPECT_TRUE(std::isinf(h[4]) && std::isnan(h[5]));
  EXPECT_EQ(to_floats(file.tensor("b")), (std::vector<float>{1.0f, -3.0f}));
}

TEST(Safetensors, SaysWhatIsWrongWithHostileFiles) {
  const auto tensor = [](const std::string& body, const std::string& data = "12345678") {
    return complaint(file_of("{\"t\":{" + body + "}}", data));
  };
  const auto has = [](const std::string& text, const std::string& part) {
    return text.find(part) != std::string::npos && text.find("test.safetensors") != std::string::npos &&
           text.find("hint: ") != std::string::npos;
  };
  EXPECT_EQ(tensor(R"("dtype":"F32","shape":[2],"data_offsets":[0,8])"), "") << "the good one is accepted";
  EXPECT_PRED2(has, complaint(""), "no safetensors file");
  EXPECT_PRED2(has, complaint("1234567"), "no safetensors file");
  EXPECT_PRED2(has, complaint(std::string(8, '\xff') + "{}"), "no safetensors file");
  EXPECT_PRED2(has, complaint(file_of("{\"t\":", "")), "no valid JSON");
  EXPECT_PRED2(has, complaint(file_of("[]", "")), "no JSON object");
  EXPECT_PRED2(has, complaint(file_of(std::string(100000, '['), "")), "nested too deep");
  EXPECT_PRED2(has, complaint(file_of("{\"\xff\":1}", "")), "no valid JSON");
  EXPECT_PRED2(has, complaint(file_of("{\"__metadata__\":{\"a\":1}}", "")), "metadata 'a' is not text");
  EXPECT_PRED2(has, complaint(file_of("{\"__metadata__\":[]}", "")), "is no object");
  EXPECT_PRED2(has, complaint(file_of("{}", "12")), "2 bytes after the last tensor");
  EXPECT_PRED2(has, tensor(R"("dtype":"F32","shape":[2])"), "expected dtype, shape and two data_offsets");
  EXPECT_PRED2(has, tensor(R"("dtype":"F31","shape":[2],"data_offsets":[0,8])"), "dtype F31");
  EXPECT_PRED2(has, tensor(R"("dtype":"F32","shape":[3],"data_offsets":[0,8])"), "F32 [3] does not fit bytes 0 to 8");
  EXPECT_PRED2(has, tensor(R"("dtype":"F32","shape":[2],"data_offsets":[8,16])"), "does not fit");
  EXPECT_PRED2(has, tensor(R"("dtype":"F32","shape":[2],"data_offsets":[8,0])"), "does not fit");
  EXPECT_PRED2(has, tensor(R"("dtype":"F32","shape":[-2],"data_offsets":[0,8])"), "whole numbers");
  EXPECT_PRED2(has, tensor(R"("dtype":"F32","shape":[2.0],"data_offsets":[0,8])"), "whole numbers");
  EXPECT_PRED2(has, tensor(R"("dtype":"F32","shape":[4294967296,4294967296,1],"data_offsets":[0,8])"), "does not fit");
  EXPECT_PRED2(has, tensor(R"("dtype":"F32","shape":[18446744073709551615],"data_offsets":[0,8])"), "a dimension of");
  EXPECT_PRED2(has, tensor(R"("dtype":"U8","shape":[1,1,1,1,1,1,1,1,8],"data_offsets":[0,8])"), "9 dimensions");
  const std::string a = R"("a":{"dtype":"F32","shape":[1],"data_offsets":[0,4]})";
  EXPECT_PRED2(has, complaint(file_of("{" + a + "," + a + "}", "1234")), "'a' occurs twice");
  EXPECT_PRED2(has, complaint(file_of("{" + a + R"(,"b":{"dtype":"F32","shape":[1],"data_offsets":[2,6]}})", "123456")),
               "overlaps");
  EXPECT_PRED2(has, complaint(file_of("{" + a + R"(,"b":{"dtype":"U8","shape":[1],"data_offsets":[5,6]}})", "123456")),
               "overlaps");
}

TEST(Safetensors, NamesWhatIsMissingOrDiffers) {
  const std::string bytes = file_of(R"({"w":{"dtype":"F32","shape":[1,2],"data_offsets":[0,8]}})", "12345678");
  const SafetensorsFile file = parse(bytes);
  const std::int64_t fits[] = {-1, 2}, differs[] = {2, 1};
  EXPECT_EQ(&file.tensor("w", DType::kF32, fits), &file.tensor("w"));
  try {
    static_cast<void>(file.tensor("w", DType::kF32, differs));
    FAIL() << "a shape that differs was accepted";
  } catch (const Error& e) {
    EXPECT_NE(std::string(e.what()).find("'w' is F32 [1, 2], expected F32 [2, 1]"), std::string::npos) << e.what();
  }
  EXPECT_THROW(static_cast<void>(file.tensor("v")), Error);
  EXPECT_THROW(static_cast<void>(file.metadata("by")), Error);
  EXPECT_THROW(SafetensorsFile(temporary("not_there")), Error);
}

}  // namespace
}  // namespace ombra::model
