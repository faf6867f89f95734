#include "footage/people/gltf_numbers.hpp"

#include "core/error.hpp"
#include "footage/people/person.hpp"

#include <tiny_gltf.h>

#include <algorithm>
#include <cstring>

namespace ombra::train {
namespace {

template <typename T>
T value_at(const unsigned char* bytes) {
  T value;
  std::memcpy(&value, bytes, sizeof(value));
  return value;
}

template <typename T>
float scaled(const unsigned char* bytes, bool normalised) {
  const auto value = static_cast<float>(value_at<T>(bytes));
  return normalised ? std::max(-1.0f, value / static_cast<float>(std::numeric_limits<T>::max())) : value;
}

float number_at(const unsigned char* bytes, int type, bool normalised) {
  switch (type) {
    case TINYGLTF_COMPONENT_TYPE_BYTE:
      return scaled<std::int8_t>(bytes, normalised);
    case TINYGLTF_COMPONENT_TYPE_UNSIGNED_BYTE:
      return scaled<std::uint8_t>(bytes, normalised);
    case TINYGLTF_COMPONENT_TYPE_SHORT:
      return scaled<std::int16_t>(bytes, normalised);
    case TINYGLTF_COMPONENT_TYPE_UNSIGNED_SHORT:
      return scaled<std::uint16_t>(bytes, normalised);
    case TINYGLTF_COMPONENT_TYPE_UNSIGNED_INT:
      return scaled<std::uint32_t>(bytes, normalised);
    default:
      return value_at<float>(bytes);
  }
}

// An accessor whose every number lies in its buffer.
struct Run {
  const unsigned char* first;
  std::size_t count, stride, size;  // size: of one number, bytes
  int type;
  bool normalised;
};

Run run_of(const tinygltf::Model& model, const std::string& origin, int index, int components) {
  const auto in = [](int i, const auto& list) { return i >= 0 && static_cast<std::size_t>(i) < list.size(); };
  if (!in(index, model.accessors)) throw error("{}: an accessor is not there", origin);
  const tinygltf::Accessor& a = model.accessors[static_cast<std::size_t>(index)];
  if (!in(a.bufferView, model.bufferViews) || a.sparse.isSparse)
    throw error("{}: an accessor without a view of its own cannot be read\nhint: export without compression", origin);
  const tinygltf::BufferView& view = model.bufferViews[static_cast<std::size_t>(a.bufferView)];
  if (!in(view.buffer, model.buffers)) throw error("{}: a buffer is not there", origin);
  const std::vector<unsigned char>& bytes = model.buffers[static_cast<std::size_t>(view.buffer)].data;
  const int size = tinygltf::GetComponentSizeInBytes(static_cast<std::uint32_t>(a.componentType));
  const int has = tinygltf::GetNumComponentsInType(static_cast<std::uint32_t>(a.type));
  const bool known =
      size > 0 && a.componentType != TINYGLTF_COMPONENT_TYPE_DOUBLE && a.componentType != TINYGLTF_COMPONENT_TYPE_INT;
  if (!known || has != components) throw error("{}: an accessor holds other numbers than it should", origin);
  const std::size_t element = static_cast<std::size_t>(size) * static_cast<std::size_t>(has);
  const std::size_t stride = view.byteStride > 0 ? view.byteStride : element;
  const std::size_t most = 16 * kMaxVertices, offset = view.byteOffset + a.byteOffset;
  if (a.count > most || stride < element || stride > 65536 || view.byteOffset > bytes.size() ||
      a.byteOffset > bytes.size() ||
      (a.count > 0 && (offset > bytes.size() || (a.count - 1) * stride + element > bytes.size() - offset)))
    throw error("{}: an accessor leads out of its buffer", origin);
  return {bytes.data() + offset, a.count, stride, static_cast<std::size_t>(size), a.componentType, a.normalized};
}

}  // namespace

std::vector<float> GltfNumbers::floats(int accessor, int components) const {
  const Run run = run_of(model_, origin_, accessor, components);
  std::vector<float> out;
  out.reserve(run.count * static_cast<std::size_t>(components));
  for (std::size_t i = 0; i < run.count; ++i) {
    for (std::size_t k = 0; k < static_cast<std::size_t>(components); ++k)
      out.push_back(number_at(run.first + i * run.stride + k * run.size, run.type, run.normalised));
  }
  return out;
}

std::vector<std::uint32_t> GltfNumbers::indices(int accessor) const {
  const Run run = run_of(model_, origin_, accessor, 1);
  std::vector<std::uint32_t> out;
  out.reserve(run.count);
  for (std::size_t i = 0; i < run.count; ++i) {
    const unsigned char* at = run.first + i * run.stride;
    switch (run.type) {
      case TINYGLTF_COMPONENT_TYPE_UNSIGNED_BYTE:
        out.push_back(*at);
        break;
      case TINYGLTF_COMPONENT_TYPE_UNSIGNED_SHORT:
        out.push_back(value_at<std::uint16_t>(at));
        break;
      case TINYGLTF_COMPONENT_TYPE_UNSIGNED_INT:
        out.push_back(value_at<std::uint32_t>(at));
        break;
      default:
        throw error("{}: triangles are named by numbers that are no indices", origin_);
    }
  }
  return out;
}

}  // namespace ombra::train
