#pragma once
// Weight files of Keras, as `model.save_weights("x.h5")` and `model.save("x.h5")` write them: HDF5, with the attributes
// layer_names and weight_names giving the order in which the layers were made. Models inside of models are unfolded.
// No Python is needed to read them, and no LibTorch. Thread: any.

#include <cstdint>
#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

namespace ombra::model {

struct KerasWeight {
  std::string name;  // kernel, recurrent_kernel, bias, ...: without the layer before it and the ":0" behind it
  std::vector<std::int64_t> shape;
  std::vector<float> values;  // row by row, finite

  std::string shape_text() const;  // "[3, 3, 1, 128]"
};

struct KerasLayer {
  std::string name;                  // "encoder/conv2d_1"
  std::vector<KerasWeight> weights;  // never empty: layers without weights are left out

  const KerasWeight* find(std::string_view weight) const;  // null where there is none
  std::string text() const;                                // "encoder/conv2d_1 (kernel [3, 3, 1, 128], bias [128])"
};

struct KerasFile {
  std::string name;                // of the file, for messages
  std::string version;             // keras_version, "" where the file does not say
  bool piecewise_sigmoid = false;  // its LSTMs gate with Keras' hard_sigmoid, or are old enough to do so unasked
  std::vector<KerasLayer> layers;  // in the order of the model
};

// At most a gigabyte of weights. Throws Error that names the file and the layer: no such file, no HDF5, no Keras
// weights, another version's layout, too large, damaged. Reads in a process of its own, which a damaged file may crash.
KerasFile read_keras_file(const std::filesystem::path& path);

}  // namespace ombra::model
