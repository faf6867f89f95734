#pragma once
// The safetensors format: 8 bytes of header length (little-endian), a JSON header, raw little-endian tensors without
// gaps. https://github.com/huggingface/safetensors. No code can hide in such a file, and it maps into memory. Thread: a
// file may be read from any thread; a writer has one owner.

#include "core/file.hpp"

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <map>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace ombra::model {

enum class DType { kF64, kF32, kF16, kBF16, kI64, kI32, kI8, kU8 };

// -> 1, 2, 4 or 8
std::size_t bytes_of(DType type);
// -> as the header spells it: "F32"
std::string_view name_of(DType type);

struct TensorView {
  std::string name;
  DType dtype = DType::kF32;
  std::vector<std::int64_t> shape;   // empty: one number
  std::span<const std::byte> bytes;  // valid as long as the file; aligned for dtype in files of SafetensorsWriter

  std::int64_t elements() const;
  std::string shape_text() const;  // "F32 [2, 3]"
};

// Numbers of any floating type as float (F64 is rounded), or of any integer type.
std::vector<float> to_floats(const TensorView& tensor);

class SafetensorsFile {
 public:
  // Maps and checks the whole header: sizes, shapes, offsets without overlap or gap, no name twice.
  // Throws Error naming the file, the tensor, and what was expected.
  explicit SafetensorsFile(const std::filesystem::path& path);
  // The same over bytes that outlive this object; name stands for the file in errors.
  SafetensorsFile(std::span<const std::byte> bytes, std::string name);

  const std::vector<TensorView>& tensors() const { return tensors_; }  // in the order of their data
  bool has(std::string_view name) const;
  // Throws Error when the tensor is missing.
  const TensorView& tensor(std::string_view name) const;
  // Throws Error when dtype or shape differ; -1 in shape fits any size.
  const TensorView& tensor(std::string_view name, DType dtype, std::span<const std::int64_t> shape) const;
  const std::map<std::string, std::string>& metadata() const { return metadata_; }
  // Throws Error when the key is missing.
  const std::string& metadata(const std::string& key) const;
  const std::string& name() const { return name_; }

 private:
  void parse(std::span<const std::byte> bytes);

  // immutable after construction
  std::string name_;
  std::unique_ptr<MappedFile> mapped_;
  std::vector<TensorView> tensors_;
  std::map<std::string, std::string> metadata_;
};

class SafetensorsWriter {
 public:
  using Append = std::function<void(std::span<const std::byte>)>;

  // Copies the bytes. Throws Error when their number does not fit the shape or the name is taken.
  void add(const std::string& name, DType dtype, std::vector<std::int64_t> shape, std::span<const std::byte> bytes);
  // A tensor too large to hold: fill is called while the file is written and hands its bytes over in order.
  void add_stream(const std::string& name, DType dtype, std::vector<std::int64_t> shape,
                  std::function<void(const Append&)> fill);
  void set_metadata(const std::string& key, const std::string& value);

  // Writes whole or not at all; wider types come first, so that every tensor is aligned. Throws Error.
  void write(const std::filesystem::path& path) const;

 private:
  struct Entry {
    std::string name;
    DType dtype;
    std::vector<std::int64_t> shape;
    std::uint64_t size;
    std::vector<std::byte> bytes;
    std::function<void(const Append&)> fill;
  };
  Entry& push(const std::string& name, DType dtype, std::vector<std::int64_t> shape);

  std::vector<Entry> entries_;
  std::map<std::string, std::string> metadata_;
};

}  // namespace ombra::model
