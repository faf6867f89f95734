#include "model/layers/keras_slots.hpp"

#include <fmt/ranges.h>

#include <algorithm>

namespace ombra::model {

using torch::Tensor;

namespace {

using Shape = std::vector<std::int64_t>;

std::string last_part(const std::string& name) { return name.substr(name.rfind('/') + 1); }

// A view of the numbers, which outlive it.
Tensor numbers(const KerasLayer& layer, const char* weight) {
  const KerasWeight* w = layer.find(weight);
  return torch::from_blob(const_cast<float*>(w->values.data()), w->shape, torch::kFloat);
}

Tensor bias_or_zero(const KerasLayer& layer, const Tensor& like) {
  return layer.find("bias") ? numbers(layer, "bias") : torch::zeros_like(like);
}

// Columns [.., gates * u] -> rows [gates * u, ..] with the gates in another order
Tensor gates_as_rows(const Tensor& columns, const std::vector<std::int64_t>& order) {
  const auto gates = columns.chunk(static_cast<std::int64_t>(order.size()), -1);
  std::vector<Tensor> rows;
  for (const std::int64_t g : order) rows.push_back(gates[static_cast<std::size_t>(g)]);
  const Tensor all = torch::cat(rows, -1);
  return all.dim() == 2 ? all.t() : all;
}

KerasShape dense_of(std::int64_t in, std::int64_t out, std::vector<std::string> names = {}) {
  return {.kind = "Dense", .kernel = {in, out}, .recurrent = {}, .bias = {out}, .names = std::move(names)};
}

// What the layer takes, by the shapes of its own parameters.
void expect(KerasSlot& slot, const LayerSpec& spec, const Recipe& recipe) {
  const auto shape = [&](const char* name) { return slot.parameters.at(name).sizes().vec(); };
  const auto no = [&](const std::string& why) {
    return UsageError(fmt::format("{}: {}: {}", recipe.file, slot.where, why));
  };
  if (slot.kind == "conv") {
    const Shape w = shape("conv.weight");
    slot.takes = {{"Conv2D", {w[2], w[3], w[1], w[0]}, {}, {w[0]}, {}}};
    if (w[2] == 1 && w[3] == 1) slot.instead = {dense_of(w[1], w[0])};
  } else if (slot.kind == "conv_transpose") {
    const Shape w = shape("conv.weight");
    slot.takes = {{"Conv2DTranspose", {w[2], w[3], w[1], w[0]}, {}, {w[1]}, {}}};
  } else if (slot.kind == "conv1d") {
    const Shape w = shape("taps.weight");
    const std::int64_t k = (*spec.settings)["kernel"].value_or(std::int64_t{3});
    slot.takes = {{"Conv1D", {k, w[1] / k, w[0]}, {}, {w[0]}, {}}};
    if (k == 1) slot.instead = {dense_of(w[1], w[0])};
  } else if (slot.kind == "dense") {
    const Shape w = shape("dense.weight");
    slot.takes = {dense_of(w[1], w[0])};
  } else if (slot.kind == "gaussian") {
    const Shape w = shape("mean.weight");
    slot.takes = {dense_of(w[1], w[0], {"mean", "mu"}), dense_of(w[1], w[0], {"var", "sigma"})};
  } else if (slot.kind == "lstm" || slot.kind == "gru") {
    const bool lstm = slot.kind == "lstm";
    const Shape w = shape(lstm ? "lstm.weight_ih_l0" : "gru.weight_ih_l0");
    const std::int64_t gates = w[0], units = gates / (lstm ? 4 : 3);
    slot.takes = {
        {lstm ? "LSTM" : "GRU, reset_after", {w[1], gates}, {units, gates}, lstm ? Shape{gates} : Shape{2, gates}, {}}};
  } else if (slot.kind == "mdn") {
    if ((*spec.settings)["deviation"].value_or(std::string("exp")) != "elu")
      throw no("Keras' MDN layer has deviations of elu(x) + 1\nhint: deviation = \"elu\"");
    const Shape w = shape("dense.weight");
    const std::int64_t code = recipe.painter.code, components = w[0] / (2 * code + 1);
    slot.takes = {dense_of(w[1], components * code, {"mdn_mus"}), dense_of(w[1], components * code, {"mdn_sigmas"}),
                  dense_of(w[1], components, {"mdn_pi"})};
  } else {
    throw no("no such layer in Keras");
  }
}

}  // namespace

std::string KerasShape::text() const {
  std::vector<std::string> parts = {fmt::format("kernel [{}]", fmt::join(kernel, ", "))};
  if (!recurrent.empty()) parts.push_back(fmt::format("recurrent_kernel [{}]", fmt::join(recurrent, ", ")));
  parts.push_back(fmt::format("bias [{}]", fmt::join(bias, ", ")));
  return fmt::format("{} ({})", kind, fmt::join(parts, ", "));
}

bool KerasShape::fits(const KerasLayer& layer) const {
  // Conv2D and its transpose look alike where in = out; a name that Keras gave by itself tells them apart.
  const std::string name = last_part(layer.name);
  const bool transposed = name.rfind("conv2d_transpose", 0) == 0, plain = name.rfind("conv2d", 0) == 0 && !transposed;
  if ((kind == "Conv2D" && transposed) || (kind == "Conv2DTranspose" && plain)) return false;
  std::size_t known = 0;
  const auto agrees = [&](const char* weight, const Shape& shape, bool needed) {
    const KerasWeight* w = layer.find(weight);
    if (!w) return !needed;
    ++known;
    return w->shape == shape;
  };
  return agrees("kernel", kernel, true) && agrees("recurrent_kernel", recurrent, !recurrent.empty()) &&
         agrees("bias", bias, false) && known == layer.weights.size();
}

std::vector<const KerasLayer*> in_order(std::span<const KerasLayer> layers, const std::vector<KerasShape>& expected) {
  std::vector<const KerasLayer*> as_they_are, by_name;
  for (const KerasLayer& layer : layers) as_they_are.push_back(&layer);
  for (const KerasShape& shape : expected) {
    const auto named = [&](const KerasLayer& layer) {
      const std::string name = last_part(layer.name);
      return std::any_of(shape.names.begin(), shape.names.end(),
                         [&](const std::string& word) { return name.find(word) != std::string::npos; });
    };
    if (std::count_if(layers.begin(), layers.end(), named) != 1) return as_they_are;
    by_name.push_back(&*std::find_if(layers.begin(), layers.end(), named));
  }
  for (const KerasLayer* layer : by_name) {
    if (std::count(by_name.begin(), by_name.end(), layer) != 1) return as_they_are;
  }
  return by_name;
}

void KerasSlot::fill(std::span<const KerasLayer> from) const {
  const torch::NoGradGuard no_grad;
  const auto put = [&](const std::string& name, const Tensor& value) {
    Tensor target = parameters.at(name);
    target.copy_(value.reshape(target.sizes()));
  };
  const std::vector<const KerasLayer*> layers = in_order(from, takes);
  const KerasLayer& layer = *layers[0];
  if (kind == "conv" || kind == "conv_transpose") {
    const Tensor kernel = numbers(layer, "kernel");
    put("conv.weight", kernel.dim() == 2 ? kernel.t() : kernel.permute({3, 2, 0, 1}));
    put("conv.bias", bias_or_zero(layer, parameters.at("conv.bias")));
  } else if (kind == "conv1d") {
    put("taps.weight", numbers(layer, "kernel").flatten(0, -2).t());
    put("taps.bias", bias_or_zero(layer, parameters.at("taps.bias")));
  } else if (kind == "dense" || kind == "gaussian") {
    const std::vector<std::string> names =
        kind == "dense" ? std::vector<std::string>{"dense"} : std::vector<std::string>{"mean", "log_variance"};
    for (std::size_t i = 0; i < names.size(); ++i) {
      put(names[i] + ".weight", numbers(*layers[i], "kernel").t());
      put(names[i] + ".bias", bias_or_zero(*layers[i], parameters.at(names[i] + ".bias")));
    }
  } else if (kind == "mdn") {
    const Tensor &weight = parameters.at("dense.weight"), &bias = parameters.at("dense.bias");
    std::int64_t row = 0;
    for (const std::size_t i : {2u, 0u, 1u}) {  // ours: weights, means, deviations
      const Tensor kernel = numbers(*layers[i], "kernel");
      Tensor rows = weight.narrow(0, row, kernel.size(1)), offsets = bias.narrow(0, row, kernel.size(1));
      rows.copy_(kernel.t());
      offsets.copy_(bias_or_zero(*layers[i], offsets));
      row += kernel.size(1);
    }
  } else {
    const bool lstm = kind == "lstm";
    const std::vector<std::int64_t> order =
        lstm ? std::vector<std::int64_t>{0, 1, 2, 3} : std::vector<std::int64_t>{1, 0, 2};
    put(kind + ".weight_ih_l0", gates_as_rows(numbers(layer, "kernel"), order));
    put(kind + ".weight_hh_l0", gates_as_rows(numbers(layer, "recurrent_kernel"), order));
    const Tensor& ours = parameters.at(kind + ".bias_ih_l0");
    const Tensor bias = layer.find("bias") ? numbers(layer, "bias") : torch::zeros({lstm ? 1 : 2, ours.size(0)});
    const Tensor pair =
        bias.dim() == 2 ? bias : bias.unsqueeze(0);  // of the input, and of the state where there is one
    put(kind + ".bias_ih_l0", gates_as_rows(pair[0], order));
    put(kind + ".bias_hh_l0", lstm ? torch::zeros_like(ours) : gates_as_rows(pair[1], order));
  }
}

std::vector<KerasSlot> keras_slots(const LayerList& layers, const torch::nn::Module& module, const std::string& prefix,
                                   const std::string& where, const Recipe& recipe) {
  std::vector<KerasSlot> slots;
  const auto parameters = module.named_parameters();
  for (std::size_t i = 0; i < layers.size(); ++i) {
    KerasSlot slot;
    slot.kind = layers[i].kind;
    slot.where = fmt::format("{}, layer {} ({})", where, i + 1, slot.kind);
    const std::string own = prefix + std::to_string(i) + ".";
    for (const auto& entry : parameters) {
      if (entry.key().rfind(own, 0) == 0) slot.parameters[entry.key().substr(own.size())] = entry.value();
    }
    if (slot.parameters.empty()) continue;
    expect(slot, layers[i], recipe);
    slots.push_back(std::move(slot));
  }
  return slots;
}

}  // namespace ombra::model
