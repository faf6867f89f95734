#pragma once
// libhdf5 with owners for its handles and Errors for its failures: what keras_file.cpp needs of it, for reading.
// Everything that a file announces is bounded before memory is asked for. Thread: one at a time in the whole program.

#include <hdf5.h>

#include <cstdint>
#include <filesystem>
#include <string>
#include <utility>
#include <vector>

namespace ombra::model::hdf5 {

// An open file, group, dataset, ...; closed by the function that was given with it.
class Handle {
 public:
  using Close = herr_t (*)(hid_t);
  Handle() = default;
  Handle(hid_t id, Close close) : id_(id), close_(close) {}
  Handle(Handle&& other) noexcept : id_(std::exchange(other.id_, -1)), close_(other.close_) {}
  Handle& operator=(Handle&& other) noexcept {
    std::swap(id_, other.id_), std::swap(close_, other.close_);
    return *this;
  }
  ~Handle() {
    if (id_ >= 0) close_(id_);
  }
  hid_t get() const { return id_; }
  explicit operator bool() const { return id_ >= 0; }

 private:
  hid_t id_ = -1;
  Close close_ = nullptr;
};

// A floating-point dataset, whole.
struct Numbers {
  std::vector<std::int64_t> shape;
  std::vector<float> values;
};

class Reader {
 public:
  // Throws Error: no such file, no HDF5.
  explicit Reader(const std::filesystem::path& path);

  const std::string& name() const { return name_; }
  hid_t root() const { return file_.get(); }

  Handle group(hid_t parent, const std::string& name) const;
  bool has_group(hid_t parent, const std::string& name) const;
  // The words of a text attribute; false where the object has none of that name.
  bool words(hid_t object, const std::string& attribute, std::vector<std::string>& into) const;
  // F16, F32 or F64 as float; takes the size off `budget` (numbers), or throws.
  Numbers numbers(hid_t group, const std::string& name, std::uint64_t& budget) const;

 private:
  std::string name_;
  Handle file_;
};

}  // namespace ombra::model::hdf5
