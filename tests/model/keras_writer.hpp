#pragma once
// Writes HDF5 files as Keras does, in every layout that its versions have had, by libhdf5's own C interface.

#include "model/keras_reference.hpp"
#include "temp_folder.hpp"

#include <gtest/gtest.h>
#include <hdf5.h>

#include <filesystem>
#include <string>
#include <utility>
#include <vector>

namespace ombra::model::test {

// What model.layers holds: a layer, or a model inside of the model, under the names that Keras gives its weights.
struct StoredLayer {
  std::string name;
  std::vector<std::pair<std::string, Array>> weights;  // {"conv2d_1/kernel:0", ...}
};

struct Storage {
  bool whole_model =
      false;            // model.save: under model_weights, with the model's description and the optimiser's numbers
  bool packed = false;  // in chunks, shuffled and deflated
  bool variable_text = false;
  int bits = 32;
  std::size_t names_an_attribute = 1000;  // more are split over layer_names0, layer_names1, ...
  std::string version = "2.2.4";
  std::string config = {};
};

// Closes what it opened, in the order of opening turned round; a failure of libhdf5 fails the test.
class Opened {
 public:
  ~Opened() {
    for (auto at = open_.rbegin(); at != open_.rend(); ++at) H5Idec_ref(*at);
  }
  hid_t keep(hid_t id) {
    EXPECT_GE(id, 0);
    open_.push_back(id);
    return id;
  }

 private:
  std::vector<hid_t> open_;
};

inline void write_words(hid_t object, const std::string& name, const std::vector<std::string>& words,
                        const Storage& how, bool scalar = false) {
  Opened opened;
  if (words.empty()) {  // h5py knows no empty list of texts: it becomes one of numbers
    const hsize_t none = 0;
    const hid_t space = opened.keep(H5Screate_simple(1, &none, nullptr));
    opened.keep(H5Acreate2(object, name.c_str(), H5T_IEEE_F64LE, space, H5P_DEFAULT, H5P_DEFAULT));
    return;
  }
  const hsize_t count = words.size();
  const hid_t space = opened.keep(scalar ? H5Screate(H5S_SCALAR) : H5Screate_simple(1, &count, nullptr));
  const hid_t type = opened.keep(H5Tcopy(H5T_C_S1));
  std::size_t longest = 1;
  for (const std::string& word : words) longest = std::max(longest, word.size());
  H5Tset_size(type, how.variable_text ? H5T_VARIABLE : longest);
  H5Tset_strpad(type, how.variable_text ? H5T_STR_NULLTERM : H5T_STR_NULLPAD);
  const hid_t attribute = opened.keep(H5Acreate2(object, name.c_str(), type, space, H5P_DEFAULT, H5P_DEFAULT));
  std::vector<const char*> pointers;
  std::string fixed;
  for (const std::string& word : words) {
    pointers.push_back(word.c_str());
    fixed += word + std::string(longest - word.size(), '\0');
  }
  const void* bytes = how.variable_text ? static_cast<const void*>(pointers.data()) : fixed.data();
  EXPECT_GE(H5Awrite(attribute, type, bytes), 0);
}

inline void write_list(hid_t object, const std::string& name, const std::vector<std::string>& words,
                       const Storage& how) {
  if (words.size() <= how.names_an_attribute) return write_words(object, name, words, how);
  for (std::size_t part = 0; part * how.names_an_attribute < words.size(); ++part) {
    const std::size_t from = part * how.names_an_attribute, to = std::min(words.size(), from + how.names_an_attribute);
    write_words(object, name + std::to_string(part),
                {words.begin() + static_cast<std::ptrdiff_t>(from), words.begin() + static_cast<std::ptrdiff_t>(to)},
                how);
  }
}

inline void write_array(hid_t group, const std::string& name, const Array& array, const Storage& how) {
  Opened opened;
  const std::vector<hsize_t> shape(array.shape.begin(), array.shape.end());
  const hid_t space = opened.keep(H5Screate_simple(static_cast<int>(shape.size()), shape.data(), nullptr));
  const hid_t type = opened.keep(H5Tcopy(how.bits == 64 ? H5T_IEEE_F64LE : H5T_IEEE_F32LE));
  if (how.bits == 16) {
    H5Tset_fields(type, 15, 10, 5, 0, 10);
    H5Tset_size(type, 2);
    H5Tset_ebias(type, 15);
  }
  const hid_t links = opened.keep(H5Pcreate(H5P_LINK_CREATE)), layout = opened.keep(H5Pcreate(H5P_DATASET_CREATE));
  H5Pset_create_intermediate_group(links, 1);
  H5Pset_obj_track_times(layout, 0);  // the same bytes at any time of day
  if (how.packed) {
    std::vector<hsize_t> chunk;
    for (const hsize_t n : shape) chunk.push_back((n + 1) / 2);
    H5Pset_chunk(layout, static_cast<int>(chunk.size()), chunk.data());
    H5Pset_shuffle(layout);
    H5Pset_deflate(layout, 4);
    H5Pset_fletcher32(layout);
  }
  const hid_t data = opened.keep(H5Dcreate2(group, name.c_str(), type, space, links, layout, H5P_DEFAULT));
  EXPECT_GE(H5Dwrite(data, H5T_NATIVE_FLOAT, H5S_ALL, H5S_ALL, H5P_DEFAULT, array.values.data()), 0);
}

inline void write_keras(const std::filesystem::path& path, const std::vector<StoredLayer>& layers,
                        const Storage& how = {}) {
  Opened opened;
  const hid_t file = opened.keep(H5Fcreate(path.c_str(), H5F_ACC_TRUNC, H5P_DEFAULT, H5P_DEFAULT));
  const auto group = [&](hid_t in, const std::string& name) {
    return opened.keep(H5Gcreate2(in, name.c_str(), H5P_DEFAULT, H5P_DEFAULT, H5P_DEFAULT));
  };
  const hid_t root = how.whole_model ? group(file, "model_weights") : file;
  if (how.whole_model) {
    write_words(file, "model_config", {how.config}, how, true);
    write_array(group(file, "optimizer_weights"), "iterations", Array({1}), {});
  }
  write_words(root, "keras_version", {how.version}, how, true);
  std::vector<std::string> names;
  for (const StoredLayer& layer : layers) {
    names.push_back(layer.name);
    const hid_t into = group(root, layer.name);
    std::vector<std::string> weights;
    for (const auto& [name, array] : layer.weights) {
      weights.push_back(name);
      write_array(into, name, array, how);
    }
    write_list(into, "weight_names", weights, how);
  }
  write_list(root, "layer_names", names, how);
}

using Folder = ombra::test::TempFolder;

}  // namespace ombra::model::test
