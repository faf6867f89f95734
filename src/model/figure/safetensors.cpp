#include "model/figure/safetensors.hpp"

#include "core/error.hpp"

#include <nlohmann/json.hpp>

#include <algorithm>
#include <bit>
#include <cstdio>
#include <cstring>
#include <limits>
#include <optional>
#include <set>

namespace ombra::model {
namespace {

static_assert(std::endian::native == std::endian::little, "tensors are stored little-endian");

using nlohmann::json;

constexpr std::uint64_t kMaxHeaderBytes = 100'000'000;
constexpr std::size_t kMaxRank = 8;
constexpr int kMaxDepth = 3;  // header -> tensor -> shape

struct TypeEntry {
  DType type;
  std::string_view name;
  std::size_t bytes;
};
constexpr TypeEntry kTypes[] = {
    {DType::kF64, "F64", 8}, {DType::kF32, "F32", 4}, {DType::kF16, "F16", 2}, {DType::kBF16, "BF16", 2},
    {DType::kI64, "I64", 8}, {DType::kI32, "I32", 4}, {DType::kI8, "I8", 1},   {DType::kU8, "U8", 1},
};

const TypeEntry& entry_of(DType type) {
  return *std::find_if(std::begin(kTypes), std::end(kTypes), [&](const TypeEntry& e) { return e.type == type; });
}

// -> bytes that the shape needs, or nothing when the product overflows
std::optional<std::uint64_t> size_of(DType type, const std::vector<std::int64_t>& shape) {
  std::uint64_t size = bytes_of(type);
  for (const std::int64_t n : shape) {
    if (n < 0) return std::nullopt;
    if (n != 0 && size > std::uint64_t{std::numeric_limits<std::int64_t>::max()} / static_cast<std::uint64_t>(n)) {
      return std::nullopt;
    }
    size *= static_cast<std::uint64_t>(n);
  }
  return size;
}

std::string text_of(DType type, std::span<const std::int64_t> shape) {
  return fmt::format("{} [{}]", name_of(type), fmt::join(shape, ", "));
}

// Reads the JSON; a key that occurs twice in one object would hide data, so it is an error.
json parse_header(std::string_view text, const std::string& file) {
  std::vector<std::set<std::string>> keys;
  const auto watch = [&](int depth, json::parse_event_t event, json& value) {
    if (depth > kMaxDepth) throw error("{}: header is nested too deep\nhint: the file is damaged", file);
    if (event == json::parse_event_t::object_start) keys.emplace_back();
    if (event == json::parse_event_t::object_end) keys.pop_back();
    if (event == json::parse_event_t::key && !keys.back().insert(value.get<std::string>()).second) {
      throw error("{}: '{}' occurs twice in the header\nhint: write the file again with its tool", file,
                  value.get<std::string>());
    }
    return true;
  };
  try {
    return json::parse(text, watch);
  } catch (const json::exception& e) {
    throw error("{}: the header is no valid JSON ({})\nhint: the file is damaged or no safetensors file", file,
                e.what());
  }
}

std::uint64_t unsigned_of(const json& value, const std::string& file, const std::string& tensor, const char* what) {
  if (!value.is_number_unsigned()) {
    throw error("{}: tensor '{}': {} must be whole numbers, not {}\nhint: the file is damaged", file, tensor, what,
                value.type_name());
  }
  return value.get<std::uint64_t>();
}

TensorView parse_tensor(const std::string& name, const json& value, std::span<const std::byte> data,
                        const std::string& file) {
  if (!value.is_object() || !value.contains("dtype") || !value.contains("shape") || !value.contains("data_offsets") ||
      !value["dtype"].is_string() || !value["shape"].is_array() || !value["data_offsets"].is_array() ||
      value["data_offsets"].size() != 2) {
    throw error("{}: tensor '{}': expected dtype, shape and two data_offsets\nhint: the file is damaged", file, name);
  }
  TensorView view;
  view.name = name;
  const std::string type = value["dtype"].get<std::string>();
  const auto known =
      std::find_if(std::begin(kTypes), std::end(kTypes), [&](const TypeEntry& e) { return e.name == type; });
  if (known == std::end(kTypes)) {
    throw error("{}: tensor '{}': dtype {} is not supported\nhint: F64, F32, F16, BF16, I64, I32, I8 and U8 are", file,
                name, type);
  }
  view.dtype = known->type;
  if (value["shape"].size() > kMaxRank) {
    throw error("{}: tensor '{}': {} dimensions, at most {} are supported\nhint: reshape it", file, name,
                value["shape"].size(), kMaxRank);
  }
  for (const json& n : value["shape"]) {
    const std::uint64_t size = unsigned_of(n, file, name, "shape");
    if (size > std::uint64_t{std::numeric_limits<std::int64_t>::max()}) {
      throw error("{}: tensor '{}': a dimension of {}\nhint: the file is damaged", file, name, size);
    }
    view.shape.push_back(static_cast<std::int64_t>(size));
  }
  const std::uint64_t begin = unsigned_of(value["data_offsets"][0], file, name, "data_offsets");
  const std::uint64_t end = unsigned_of(value["data_offsets"][1], file, name, "data_offsets");
  const std::optional<std::uint64_t> needed = size_of(view.dtype, view.shape);
  if (!needed || begin > end || end > data.size() || end - begin != *needed) {
    throw error("{}: tensor '{}': {} does not fit bytes {} to {} of {}\nhint: the file is damaged or cut short", file,
                name, view.shape_text(), begin, end, data.size());
  }
  view.bytes = data.subspan(begin, end - begin);
  return view;
}

// IEEE 754 half precision -> float
float half_to_float(std::uint16_t h) {
  const std::uint32_t sign = std::uint32_t{h & 0x8000u} << 16, exponent = (h >> 10) & 31u, mantissa = h & 1023u;
  if (exponent == 31) return std::bit_cast<float>(sign | 0x7f800000u | mantissa << 13);
  if (exponent != 0) return std::bit_cast<float>(sign | (exponent + 112u) << 23 | mantissa << 13);
  const float small = static_cast<float>(mantissa) * 0x1.0p-24f;
  return sign != 0 ? -small : small;
}

template <typename T, typename Convert>
std::vector<float> convert(std::span<const std::byte> bytes, Convert to_float) {
  std::vector<float> out(bytes.size() / sizeof(T));
  for (std::size_t i = 0; i < out.size(); ++i) {
    T value;
    std::memcpy(&value, bytes.data() + i * sizeof(T), sizeof(T));
    out[i] = to_float(value);
  }
  return out;
}

}  // namespace

std::size_t bytes_of(DType type) { return entry_of(type).bytes; }
std::string_view name_of(DType type) { return entry_of(type).name; }

std::int64_t TensorView::elements() const { return static_cast<std::int64_t>(bytes.size() / bytes_of(dtype)); }
std::string TensorView::shape_text() const { return text_of(dtype, shape); }

std::vector<float> to_floats(const TensorView& tensor) {
  const auto cast = [](auto v) { return static_cast<float>(v); };
  switch (tensor.dtype) {
    case DType::kF64:
      return convert<double>(tensor.bytes, cast);
    case DType::kF32:
      return convert<float>(tensor.bytes, cast);
    case DType::kF16:
      return convert<std::uint16_t>(tensor.bytes, half_to_float);
    case DType::kBF16:
      return convert<std::uint16_t>(tensor.bytes,
                                    [](std::uint16_t v) { return std::bit_cast<float>(std::uint32_t{v} << 16); });
    case DType::kI64:
      return convert<std::int64_t>(tensor.bytes, cast);
    case DType::kI32:
      return convert<std::int32_t>(tensor.bytes, cast);
    case DType::kI8:
      return convert<std::int8_t>(tensor.bytes, cast);
    case DType::kU8:
      return convert<std::uint8_t>(tensor.bytes, cast);
  }
  return {};
}

SafetensorsFile::SafetensorsFile(const std::filesystem::path& path)
    : name_(path.string()), mapped_(std::make_unique<MappedFile>(path)) {
  parse(mapped_->bytes());
}

SafetensorsFile::SafetensorsFile(std::span<const std::byte> bytes, std::string name) : name_(std::move(name)) {
  parse(bytes);
}

void SafetensorsFile::parse(std::span<const std::byte> bytes) {
  std::uint64_t header_bytes = 0;
  if (bytes.size() >= 8) std::memcpy(&header_bytes, bytes.data(), 8);
  if (bytes.size() < 8 || header_bytes > kMaxHeaderBytes || header_bytes > bytes.size() - 8) {
    throw error(
        "{}: {} bytes with a header of {} bytes are no safetensors file\nhint: is it the right file, and whole?", name_,
        bytes.size(), header_bytes);
  }
  const std::string_view text(reinterpret_cast<const char*>(bytes.data() + 8), header_bytes);
  const json header = parse_header(text, name_);
  if (!header.is_object()) throw error("{}: the header is no JSON object\nhint: the file is damaged", name_);
  const std::span<const std::byte> data = bytes.subspan(8 + header_bytes);
  for (const auto& [key, value] : header.items()) {
    if (key == "__metadata__") {
      if (!value.is_object()) throw error("{}: __metadata__ is no object\nhint: the file is damaged", name_);
      for (const auto& [name, word] : value.items()) {
        if (!word.is_string())
          throw error("{}: metadata '{}' is not text\nhint: only text is allowed there", name_, name);
        metadata_[name] = word.get<std::string>();
      }
    } else {
      tensors_.push_back(parse_tensor(key, value, data, name_));
    }
  }
  std::sort(tensors_.begin(), tensors_.end(), [](const TensorView& a, const TensorView& b) {
    return std::pair(a.bytes.data(), a.bytes.size()) < std::pair(b.bytes.data(), b.bytes.size());
  });
  const std::byte* expected = data.data();
  for (const TensorView& tensor : tensors_) {
    if (tensor.bytes.data() != expected) {
      throw error("{}: tensor '{}' overlaps another or leaves a gap\nhint: the file is damaged", name_, tensor.name);
    }
    expected += tensor.bytes.size();
  }
  if (expected != data.data() + data.size()) {
    throw error("{}: {} bytes after the last tensor\nhint: the file is damaged", name_,
                data.data() + data.size() - expected);
  }
}

bool SafetensorsFile::has(std::string_view name) const {
  return std::any_of(tensors_.begin(), tensors_.end(), [&](const TensorView& t) { return t.name == name; });
}

const TensorView& SafetensorsFile::tensor(std::string_view name) const {
  const auto found =
      std::find_if(tensors_.begin(), tensors_.end(), [&](const TensorView& t) { return t.name == name; });
  if (found == tensors_.end()) {
    throw error("{}: no tensor '{}' among {}\nhint: was it made by another version or recipe?", name_, name,
                tensors_.size());
  }
  return *found;
}

const TensorView& SafetensorsFile::tensor(std::string_view name, DType dtype,
                                          std::span<const std::int64_t> shape) const {
  const TensorView& found = tensor(name);
  const bool fits =
      found.dtype == dtype && std::equal(shape.begin(), shape.end(), found.shape.begin(), found.shape.end(),
                                         [](std::int64_t want, std::int64_t is) { return want < 0 || want == is; });
  if (!fits) {
    throw error("{}: tensor '{}' is {}, expected {}\nhint: was it made by another version or recipe?", name_, name,
                found.shape_text(), text_of(dtype, shape));
  }
  return found;
}

const std::string& SafetensorsFile::metadata(const std::string& key) const {
  const auto found = metadata_.find(key);
  if (found == metadata_.end()) {
    throw error("{}: no metadata '{}'\nhint: was it made by another program?", name_, key);
  }
  return found->second;
}

SafetensorsWriter::Entry& SafetensorsWriter::push(const std::string& name, DType dtype,
                                                  std::vector<std::int64_t> shape) {
  const std::optional<std::uint64_t> size = size_of(dtype, shape);
  if (!size || shape.size() > kMaxRank) {
    throw error("tensor '{}': {} cannot be stored\nhint: at most {} dimensions", name, text_of(dtype, shape), kMaxRank);
  }
  const bool taken = std::any_of(entries_.begin(), entries_.end(), [&](const Entry& e) { return e.name == name; });
  if (taken || name.empty() || name == "__metadata__") throw error("tensor '{}': the name is taken or reserved", name);
  return entries_.emplace_back(Entry{name, dtype, std::move(shape), *size, {}, {}});
}

void SafetensorsWriter::add(const std::string& name, DType dtype, std::vector<std::int64_t> shape,
                            std::span<const std::byte> bytes) {
  Entry& entry = push(name, dtype, std::move(shape));
  if (bytes.size() != entry.size) {
    throw error("tensor '{}': {} bytes given, {} needs {}", name, bytes.size(), text_of(dtype, entry.shape),
                entry.size);
  }
  entry.bytes.assign(bytes.begin(), bytes.end());
}

void SafetensorsWriter::add_stream(const std::string& name, DType dtype, std::vector<std::int64_t> shape,
                                   std::function<void(const Append&)> fill) {
  push(name, dtype, std::move(shape)).fill = std::move(fill);
}

void SafetensorsWriter::set_metadata(const std::string& key, const std::string& value) { metadata_[key] = value; }

void SafetensorsWriter::write(const std::filesystem::path& path) const {
  std::vector<const Entry*> order;
  for (const Entry& entry : entries_) order.push_back(&entry);
  std::stable_sort(order.begin(), order.end(),
                   [](const Entry* a, const Entry* b) { return bytes_of(a->dtype) > bytes_of(b->dtype); });
  json header = json::object();
  if (!metadata_.empty()) header["__metadata__"] = metadata_;
  std::uint64_t offset = 0;
  for (const Entry* entry : order) {
    header[entry->name] = {{"dtype", std::string(name_of(entry->dtype))},
                           {"shape", entry->shape},
                           {"data_offsets", {offset, offset + entry->size}}};
    offset += entry->size;
  }
  std::string text;
  try {
    text = header.dump();
  } catch (const json::exception& e) {
    throw error("{}: a name or metadata is not valid UTF-8 ({})", path.string(), e.what());
  }
  text.resize((text.size() + 7) / 8 * 8, ' ');
  write_atomically(path, [&](std::FILE* file) {
    const auto put = [&](const void* bytes, std::size_t size) {
      if (size > 0 && std::fwrite(bytes, 1, size, file) != size) {
        throw error("{}: cannot write\nhint: is the disk full?", path.string());
      }
    };
    const std::uint64_t header_bytes = text.size();
    put(&header_bytes, 8);
    put(text.data(), text.size());
    for (const Entry* entry : order) {
      std::uint64_t written = entry->bytes.size();
      put(entry->bytes.data(), entry->bytes.size());
      if (entry->fill) {
        entry->fill([&](std::span<const std::byte> bytes) {
          written += bytes.size();
          if (written <= entry->size) put(bytes.data(), bytes.size());
        });
      }
      if (written != entry->size) {
        throw error("{}: tensor '{}': {} bytes given, {} announced", path.string(), entry->name, written, entry->size);
      }
    }
  });
}

}  // namespace ombra::model
