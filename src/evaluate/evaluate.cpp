#include "evaluate/evaluate.hpp"

#include "core/file.hpp"
#include "core/outputs.hpp"
#include "evaluate/evaluate_people.hpp"
#include "evaluate/metrics.hpp"

namespace ombra::train {

std::vector<std::uint8_t> sheet_picture(const torch::Tensor& field) {
  const torch::Tensor units = (field * static_cast<double>(field.size(-1)) * kUnitsPerPixel)
                                  .round()
                                  .clamp(-kMaxUnits, kMaxUnits)
                                  .to(torch::kChar)
                                  .contiguous();
  const auto* bytes = reinterpret_cast<const std::uint8_t*>(units.data_ptr<std::int8_t>());
  return {bytes, bytes + units.numel()};
}

std::span<const float> picture_of(const torch::Tensor& fields, std::int64_t i) {
  const auto n = static_cast<std::size_t>(fields[0].numel());
  return {fields.data_ptr<float>() + static_cast<std::size_t>(i) * n, n};
}

std::string evaluate(const EvaluateOptions& options) {
  model::Model m = model::load_model(options.model, torch::kCPU);
  const FrameView view(std::make_shared<const DataSet>(options.data), m.recipe.frames);
  const std::filesystem::path out = options.output.empty() ? options.model / "evaluation" : options.output;
  const Inputs inputs({options.model, options.data});
  for (const char* name : {"evaluation.json", "evaluation.md"}) claim(out / name);
  std::filesystem::create_directories(out);
  std::string text;
  nlohmann::json report;

  if (!options.dance_only && !options.bodies.empty()) {
    if (m.people.names.empty()) throw UsageError("--bodies: this model draws no people");
    text += evaluate_people(options, view, m, out, report) + "\n";
  } else if (!options.dance_only) {
    text += evaluate_reconstruction(view, m, out, report);
  }
  text += evaluate_dance(options, view, m, out, report);
  write_atomically(out / "evaluation.json", report.dump(2) + "\n");
  write_atomically(out / "evaluation.md", text);
  return text;
}

}  // namespace ombra::train
