#include "model/keras/keras_file.hpp"

#include "core/apart/apart.hpp"
#include "core/error.hpp"
#include "core/number.hpp"
#include "model/keras/hdf5.hpp"

#include <fmt/ranges.h>

#include <algorithm>
#include <cmath>
#include <cstring>

namespace ombra::model {
namespace {

constexpr std::uint64_t kMaxNumbers = 1 << 28;  // a gigabyte as floats

// Long lists are split over layer_names0, layer_names1, ...: an attribute holds 64 kB.
std::vector<std::string> list(const hdf5::Reader& in, hid_t object, const std::string& attribute) {
  std::vector<std::string> words;
  if (in.words(object, attribute, words)) return words;
  for (int part = 0; in.words(object, fmt::format("{}{}", attribute, part), words); ++part) {
  }
  return words;
}

std::string word(const hdf5::Reader& in, hid_t object, const std::string& attribute) {
  const std::vector<std::string> words = list(in, object, attribute);
  return words.empty() ? "" : words.front();
}

// "lstm_1/lstm_cell/bias:0" -> {"lstm_1/lstm_cell", "bias"}
std::pair<std::string, std::string> split(const std::string& name) {
  const auto slash = name.rfind('/');
  std::string layer = slash == std::string::npos ? "" : name.substr(0, slash);
  std::string weight = slash == std::string::npos ? name : name.substr(slash + 1);
  weight = weight.substr(0, weight.find(':'));
  for (const char* known : {"kernel", "recurrent_kernel", "bias"}) {  // TensorFlow 1 counts names used twice: kernel_1
    const std::string counted = std::string(known) + "_";
    if (weight.rfind(counted, 0) == 0 && weight.find_first_not_of("0123456789", counted.size()) == std::string::npos)
      weight = known;
  }
  return {std::move(layer), std::move(weight)};
}

// The layer inside of `group`, under one name: "encoder" + "conv2d_1" -> "encoder/conv2d_1"; said once where it
// repeats.
std::string full_name(const std::string& group, const std::string& layer) {
  if (layer.empty() || layer == group) return group;
  return layer.rfind(group + "/", 0) == 0 ? layer : group + "/" + layer;
}

// Sub-layers of a layer may share its name (kernel, bias, kernel_1, bias_1, ... of a mixture density layer): a weight
// that the layer already has begins the next one.
KerasLayer& layer_for(std::vector<KerasLayer>& layers, std::size_t first, const std::string& name,
                      const std::string& weight) {
  for (std::size_t i = layers.size(); i-- > first;) {
    if (layers[i].name != name) continue;
    if (layers[i].find(weight)) break;
    return layers[i];
  }
  return layers.emplace_back(KerasLayer{name, {}});
}

void read_group(const hdf5::Reader& in, hid_t root, const std::string& name, std::uint64_t& budget,
                std::vector<KerasLayer>& layers) {
  const hdf5::Handle group = in.group(root, name);
  const std::size_t first = layers.size();
  for (const std::string& stored : list(in, group.get(), "weight_names")) {
    const auto [inner, weight] = split(stored);
    hdf5::Numbers numbers = in.numbers(group.get(), stored, budget);
    if (!std::all_of(numbers.values.begin(), numbers.values.end(), [](float x) { return std::isfinite(x); })) {
      throw error("{}: weights '{}' hold NaN or infinity\nhint: the training diverged or the file is damaged",
                  in.name(), stored);
    }
    layer_for(layers, first, full_name(name, inner), weight)
        .weights.push_back({weight, std::move(numbers.shape), std::move(numbers.values)});
  }
}

// LSTMs of Keras before 2.3 gate with hard_sigmoid unless told otherwise; those of TensorFlow 2 ("2.2.4-tf" and later)
// never did. The model's description, where the file has one, says it outright.
bool gates_piecewise(const std::string& version, const std::string& config) {
  if (!config.empty()) return config.find("hard_sigmoid") != std::string::npos;
  if (version.empty()) return false;
  const std::string_view text = version, rest = text.substr(std::min(text.find('.'), text.size() - 1) + 1);
  const auto major = parse_integer(text.substr(0, text.find('.')));
  const auto minor = parse_integer(rest.substr(0, rest.find_first_not_of("0123456789")));
  return major && minor && version != "2.2.4-tf" && (*major < 2 || (*major == 2 && *minor < 3));
}

KerasFile read_here(const std::filesystem::path& path) {
  const hdf5::Reader in(path);
  KerasFile file;
  file.name = in.name();
  const hdf5::Handle nested =
      in.has_group(in.root(), "model_weights") ? in.group(in.root(), "model_weights") : hdf5::Handle();
  const hid_t root = nested ? nested.get() : in.root();
  const std::vector<std::string> names = list(in, root, "layer_names");
  if (names.empty()) {
    throw error(
        "{}: no Keras weights (no attribute layer_names)\nhint: Keras 3's own .weights.h5 loses the order of layers; "
        "model.save('x.h5') keeps it",
        file.name);
  }
  file.version = word(in, root, "keras_version");
  if (file.version.empty()) file.version = word(in, in.root(), "keras_version");
  file.piecewise_sigmoid = gates_piecewise(file.version, word(in, in.root(), "model_config"));
  std::uint64_t budget = kMaxNumbers;
  for (const std::string& name : names) read_group(in, root, name, budget, file.layers);
  if (file.layers.empty()) throw error("{}: {} layers, none with weights", file.name, names.size());
  return file;
}

// A KerasFile as bytes from one process to the other: numbers as they are, lists and texts with their length first.
void send_number(std::uint64_t n, const Send& send) { send(&n, sizeof(n)); }

void send_text(const std::string& text, const Send& send) {
  send_number(text.size(), send);
  send(text.data(), text.size());
}

void send_file(const KerasFile& file, const Send& send) {
  send_text(file.name, send);
  send_text(file.version, send);
  send_number(file.piecewise_sigmoid ? 1 : 0, send);
  send_number(file.layers.size(), send);
  for (const KerasLayer& layer : file.layers) {
    send_text(layer.name, send);
    send_number(layer.weights.size(), send);
    for (const KerasWeight& weight : layer.weights) {
      send_text(weight.name, send);
      send_number(weight.shape.size(), send);
      for (const std::int64_t n : weight.shape) send_number(static_cast<std::uint64_t>(n), send);
      send_number(weight.values.size(), send);
      send(weight.values.data(), weight.values.size() * sizeof(float));
    }
  }
}

class Received {
 public:
  Received(const std::string& bytes, std::string name) : bytes_(bytes), name_(std::move(name)) {}

  KerasFile file() {
    KerasFile file;
    file.name = text();
    file.version = text();
    file.piecewise_sigmoid = number() != 0;
    file.layers.resize(count(1));
    for (KerasLayer& layer : file.layers) {
      layer.name = text();
      layer.weights.resize(count(1));
      for (KerasWeight& weight : layer.weights) {
        weight.name = text();
        weight.shape.resize(count(sizeof(std::uint64_t)));
        for (std::int64_t& n : weight.shape) n = static_cast<std::int64_t>(number());
        weight.values.resize(count(sizeof(float)));
        take(weight.values.data(), weight.values.size() * sizeof(float));
      }
    }
    return file;
  }

 private:
  void take(void* into, std::size_t size) {
    if (size > bytes_.size() - at_) throw error("{}: what was read of it was cut off", name_);
    if (size > 0) std::memcpy(into, bytes_.data() + at_, size);
    at_ += size;
  }
  std::uint64_t number() {
    std::uint64_t n = 0;
    take(&n, sizeof(n));
    return n;
  }
  // How many things of at least that many bytes follow: no more than fit into what is left.
  std::uint64_t count(std::size_t each) {
    const std::uint64_t n = number();
    if (n > (bytes_.size() - at_) / each) throw error("{}: what was read of it was cut off", name_);
    return n;
  }
  std::string text() {
    std::string t(count(1), '\0');
    take(t.data(), t.size());
    return t;
  }

  const std::string& bytes_;
  std::string name_;
  std::size_t at_ = 0;
};

}  // namespace

std::string KerasWeight::shape_text() const { return fmt::format("[{}]", fmt::join(shape, ", ")); }

const KerasWeight* KerasLayer::find(std::string_view weight) const {
  const auto at = std::find_if(weights.begin(), weights.end(), [&](const KerasWeight& w) { return w.name == weight; });
  return at == weights.end() ? nullptr : &*at;
}

std::string KerasLayer::text() const {
  std::vector<std::string> parts;
  for (const KerasWeight& w : weights) parts.push_back(fmt::format("{} {}", w.name, w.shape_text()));
  return fmt::format("{} ({})", name, fmt::join(parts, ", "));
}

KerasFile read_keras_file(const std::filesystem::path& path) {
  // libhdf5 1.10.8 trusts what a file says of itself: of valid files with one to four places changed, one in a hundred
  // makes it crash, and some make it loop for ever. It therefore reads in a process of its own.
  const std::string bytes = run_apart(path.string(), "the file is damaged: copy or save it again",
                                      [&](const Send& send) { send_file(read_here(path), send); });
  return Received(bytes, path.string()).file();
}

}  // namespace ombra::model
