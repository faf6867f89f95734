#include "model/keras/hdf5.hpp"

#include "core/error.hpp"

#include <algorithm>
#include <cstring>

namespace ombra::model::hdf5 {
namespace {

constexpr std::uint64_t kMaxWords = 1 << 16, kMaxText = 1 << 26;  // of an attribute; bytes
constexpr std::uint64_t kMaxChunk = 1 << 28;                      // bytes that libhdf5 unpacks at once
constexpr int kMaxRank = 8;

// What libhdf5 itself says went wrong, from the innermost place.
std::string reason() {
  std::string text;
  H5Ewalk2(
      H5E_DEFAULT, H5E_WALK_UPWARD,
      [](unsigned n, const H5E_error2_t* e, void* into) -> herr_t {
        if (n == 0 && e->desc) *static_cast<std::string*>(into) = e->desc;
        return 0;
      },
      &text);
  return text.empty() ? "unreadable" : text;
}

// The only way from a result of libhdf5 to an Error: negative numbers are failures.
template <typename Result>
Result h5_check(Result result, const std::string& file, const std::string& what) {
  if (result < 0) throw error("{}: {}: {}\nhint: the file is damaged or was cut off", file, what, reason());
  return result;
}

// -> numbers in a dataspace; throws where there are more than `most`
std::uint64_t points(const Handle& space, std::uint64_t most, const std::string& file, const std::string& what,
                     std::vector<std::int64_t>* shape = nullptr) {
  const H5S_class_t kind = H5Sget_simple_extent_type(space.get());
  const int rank = h5_check(H5Sget_simple_extent_ndims(space.get()), file, what);
  if ((kind != H5S_SCALAR && kind != H5S_SIMPLE) || rank > kMaxRank)
    throw error("{}: {}: {} dimensions\nhint: weights have at most {}", file, what, rank, kMaxRank);
  hsize_t dims[H5S_MAX_RANK] = {};
  h5_check(H5Sget_simple_extent_dims(space.get(), dims, nullptr), file, what);
  std::uint64_t count = 1;
  for (int i = 0; i < rank; ++i) {
    if (dims[i] > most || (count *= dims[i]) > most)
      throw error("{}: {}: more than the {} numbers that are left of a gigabyte\nhint: the file is damaged", file, what,
                  most);
    if (shape) shape->push_back(static_cast<std::int64_t>(dims[i]));
  }
  return count;
}

// Datasets may name other files to take their bytes from, or ask for gigabytes to unpack a kilobyte: neither is a
// weight.
void check_layout(hid_t dataset, std::size_t number_bytes, const std::string& file, const std::string& what) {
  const Handle how(h5_check(H5Dget_create_plist(dataset), file, what), H5Pclose);
  const H5D_layout_t layout = H5Pget_layout(how.get());
  if ((layout != H5D_COMPACT && layout != H5D_CONTIGUOUS && layout != H5D_CHUNKED) ||
      H5Pget_external_count(how.get()) != 0)
    throw error("{}: {}: keeps its numbers outside of the file\nhint: save the weights again", file, what);
  if (layout != H5D_CHUNKED) return;
  hsize_t chunk[H5S_MAX_RANK] = {};
  const int rank = h5_check(H5Pget_chunk(how.get(), H5S_MAX_RANK, chunk), file, what);
  std::uint64_t bytes = number_bytes;
  for (int i = 0; i < rank; ++i) {
    if (chunk[i] > kMaxChunk || (bytes *= chunk[i]) > kMaxChunk)
      throw error("{}: {}: pieces of more than {} MB\nhint: the file is damaged", file, what, kMaxChunk >> 20);
  }
}

}  // namespace

Reader::Reader(const std::filesystem::path& path) : name_(path.string()) {
  static const bool ready = [] {
    H5Eset_auto2(H5E_DEFAULT, nullptr, nullptr);  // its failures become Errors, not pages on stderr
    H5PLset_loading_state(0);                     // no code is loaded because a file names a filter
    H5Lunregister(H5L_TYPE_EXTERNAL);             // and no other file is opened
    return true;
  }();
  static_cast<void>(ready);
  if (!std::filesystem::is_regular_file(path)) throw error("{}: no such file", name_);
  const Handle access(h5_check(H5Pcreate(H5P_FILE_ACCESS), name_, "libhdf5"), H5Pclose);
  H5Pset_file_locking(access.get(), 0, 1);  // read-only media cannot lock
  H5Pset_fclose_degree(access.get(), H5F_CLOSE_STRONG);
  if (H5Fis_hdf5(name_.c_str()) <= 0)
    throw error(
        "{}: no HDF5 file\nhint: Keras writes one by model.save_weights('x.h5') or model.save('x.h5'); "
        "a .keras file is something else",
        name_);
  file_ = Handle(h5_check(H5Fopen(name_.c_str(), H5F_ACC_RDONLY, access.get()), name_, "opening"), H5Fclose);
}

Handle Reader::group(hid_t parent, const std::string& name) const {
  return {h5_check(H5Gopen2(parent, name.c_str(), H5P_DEFAULT), name_, fmt::format("group '{}'", name)), H5Gclose};
}

bool Reader::has_group(hid_t parent, const std::string& name) const {
  return H5Lexists(parent, name.c_str(), H5P_DEFAULT) > 0;
}

bool Reader::words(hid_t object, const std::string& attribute, std::vector<std::string>& into) const {
  const std::string what = fmt::format("attribute {}", attribute);
  if (h5_check(H5Aexists(object, attribute.c_str()), name_, what) == 0) return false;
  const Handle at(h5_check(H5Aopen(object, attribute.c_str(), H5P_DEFAULT), name_, what), H5Aclose);
  const Handle type(h5_check(H5Aget_type(at.get()), name_, what), H5Tclose);
  const Handle space(h5_check(H5Aget_space(at.get()), name_, what), H5Sclose);
  if (H5Sget_simple_extent_type(space.get()) == H5S_NULL || H5Tget_class(type.get()) == H5T_FLOAT)
    return true;  // how h5py writes an empty list
  if (H5Tget_class(type.get()) != H5T_STRING) throw error("{}: {}: not text\nhint: not written by Keras", name_, what);
  const std::uint64_t count = points(space, kMaxWords, name_, what);
  const Handle memory(h5_check(H5Tcopy(H5T_C_S1), name_, what), H5Tclose);
  H5Tset_cset(memory.get(), H5Tget_cset(type.get()));  // ASCII or UTF-8: the bytes are kept
  if (h5_check(H5Tis_variable_str(type.get()), name_, what) > 0) {
    h5_check(H5Tset_size(memory.get(), H5T_VARIABLE), name_, what);
    std::vector<char*> texts(count, nullptr);
    h5_check(H5Aread(at.get(), memory.get(), texts.data()), name_, what);
    for (const char* text : texts) into.emplace_back(text ? text : "");
    H5Dvlen_reclaim(memory.get(), space.get(), H5P_DEFAULT, texts.data());
    return true;
  }
  const std::size_t size = H5Tget_size(type.get()) + 1;  // and a zero at the end
  if (size > kMaxText || size * count > kMaxText)
    throw error("{}: {}: {} texts of {} bytes\nhint: the file is damaged", name_, what, count, size - 1);
  h5_check(H5Tset_size(memory.get(), size), name_, what);
  std::vector<char> texts(size * count + 1, '\0');
  h5_check(H5Aread(at.get(), memory.get(), texts.data()), name_, what);
  for (std::uint64_t i = 0; i < count; ++i) into.emplace_back(&texts[i * size], ::strnlen(&texts[i * size], size));
  return true;
}

Numbers Reader::numbers(hid_t group, const std::string& name, std::uint64_t& budget) const {
  const std::string what = fmt::format("weights '{}'", name);
  const Handle data(h5_check(H5Dopen2(group, name.c_str(), H5P_DEFAULT), name_, what), H5Dclose);
  const Handle type(h5_check(H5Dget_type(data.get()), name_, what), H5Tclose);
  const std::size_t bytes = H5Tget_size(type.get());
  if (H5Tget_class(type.get()) != H5T_FLOAT || (bytes != 2 && bytes != 4 && bytes != 8))
    throw error("{}: {}: no floating-point numbers of 16, 32 or 64 bits", name_, what);
  const Handle space(h5_check(H5Dget_space(data.get()), name_, what), H5Sclose);
  Numbers out;
  const std::uint64_t count = points(space, budget, name_, what, &out.shape);
  check_layout(data.get(), bytes, name_, what);
  budget -= count;
  out.values.resize(count);
  if (count == 0) return out;
  h5_check(H5Dread(data.get(), H5T_NATIVE_FLOAT, H5S_ALL, H5S_ALL, H5P_DEFAULT, out.values.data()), name_, what);
  return out;
}

}  // namespace ombra::model::hdf5
