#include "evaluate/compare.hpp"

#include "core/file.hpp"
#include "core/interrupt.hpp"
#include "core/log.hpp"
#include "core/outputs.hpp"
#include "core/progress.hpp"
#include "drawing/canvas.hpp"
#include "evaluate/comparison.hpp"
#include "evaluate/free_dance.hpp"
#include "footage/motion/text.hpp"
#include "model/layers/threads.hpp"
#include "train/autocast.hpp"

#include <algorithm>
#include <set>
#include <thread>

namespace ombra::train {
namespace {

using torch::Tensor;

constexpr int kBatches = 4, kDancers = 4;                // in each batch
constexpr double kSheetRate = 4.0, kOverviewRate = 2.0;  // pictures a second
constexpr int kSheetColumns = 16, kOverviewColumns = 12;
constexpr std::int64_t kAtATime = 32, kPredicted = 1500;

void use_all_threads() { model::use_threads(static_cast<int>(std::max(1u, std::thread::hardware_concurrency()))); }

// A row of the overview: pictures in the common square.
struct OverviewRow {
  std::string name;
  Tensor fields;  // [kOverviewColumns, 1, S, S]
};

std::string picture_text(const model::FramesSpec& f) {
  return fmt::format("{}x{} {}, {:.4g} a second", f.width, f.height, model::name_of(f.picture), f.fps);
}

std::int64_t parameters_of(const torch::nn::Module& network) {
  std::int64_t count = 0;
  for (const Tensor& p : network.parameters()) count += p.numel();
  return count;
}

// What the weights say of their own training, where they do.
void read_training(const model::Model& m, SystemReport& report) {
  const auto read = [&](const std::string& key) {
    const auto at = m.metadata.find(key);
    double value = NAN;
    return at != m.metadata.end() && parse_number(at->second, value) ? value : NAN;
  };
  report.budget_s = read("budget_s");
  for (const char* network : {"painter", "mover", "choreographer", "dancer"}) {
    const double seconds = read(std::string(network) + "_s"), steps = read(std::string(network) + "_steps");
    if (std::isfinite(seconds)) report.trained_s.emplace_back(network, seconds);
    if (std::isfinite(steps)) report.steps.emplace_back(network, steps);
  }
}

void describe(const model::Model& m, SystemReport& report) {
  report.recipe = m.recipe.name;
  report.kind = m.recipe.kind;
  report.pictures = picture_text(m.recipe.frames);
  report.painter_parameters = parameters_of(*m.painter);
  report.parameters = report.painter_parameters;
  if (m.recipe.kind == "moves") {
    report.parameters += parameters_of(*m.mover) + parameters_of(*m.choreographer);
  } else {
    report.parameters += parameters_of(*m.dancer);
  }
  read_training(m, report);
}

std::int64_t every(double fps, double rate) { return std::max<std::int64_t>(1, std::llround(fps / rate)); }

// Rows `first`, first + step, ... of latents [T, Z]
Tensor excerpt(const Tensor& latents, std::int64_t first, std::int64_t step, int count) {
  return latents.index_select(0, (torch::arange(count, torch::kLong) * step + first).clamp_max(latents.size(0) - 1));
}

// Dances in the picture space, [T, K] a dancer; finite: are all pictures?
std::vector<Tensor> neutral_codes(model::Model& m, const NeutralFootage& footage, const FreeDance& dance,
                                  bool& finite) {
  use_all_threads();
  const auto draw = [&](const Tensor& latents) {  // 16 bits are plenty to find an outline in a picture
    const Autocast autocast(m.recipe.frames.picture != PictureKind::kDistance);
    return footage.fields_of(m.painter, latents);
  };
  std::vector<Tensor> all;
  Progress progress("drawing", static_cast<std::int64_t>(dance.latents.size()) * dance.latents[0].size(0));
  for (const Tensor& latents : dance.latents) {
    std::vector<Tensor> codes;
    for (std::int64_t at = 0; at < latents.size(0); at += kAtATime) {
      if (interrupted()) throw error("interrupted");
      const std::int64_t n = std::min(kAtATime, latents.size(0) - at);
      const Tensor fields = draw(latents.narrow(0, at, n));
      finite = finite && torch::isfinite(fields).all().item<bool>();
      codes.push_back(footage.codes_of(fields.nan_to_num()));
      progress.add(n);
    }
    all.push_back(torch::cat(codes));
  }
  return all;
}

class Comparison {
 public:
  Comparison(const CompareOptions& options, std::shared_ptr<const DataSet> data)
      : options_(options), data_(std::move(data)), footage_(data_) {}

  const NeutralFootage& footage() const { return footage_; }
  const std::vector<OverviewRow>& overview() const { return overview_; }

  // Fills the report but for its cost. Throws Error.
  void evaluate(const std::filesystem::path& folder, SystemReport& report) {
    use_all_threads();
    model::Model m = model::load_model(folder, torch::kCPU);
    const FrameView view(data_, m.recipe.frames);
    const std::filesystem::path sheets = options_.output / report.name;
    std::filesystem::create_directories(sheets);
    describe(m, report);
    report.painter = evaluate_painter(m, view, footage_, options_.pictures, sheets / "reconstruction.png");
    report.dancer = evaluate_dancer(m, view, kPredicted);

    const bool has_temperature = m.recipe.kind == "moves" || m.dancer->mixture();
    for (const double temperature : has_temperature ? std::vector{1.0, 0.6} : std::vector{1.0}) {
      FreeDanceOptions o = dance_options(folder);
      o.words = fmt::format("dance at {}", temperature);
      o.controls.temperature = static_cast<float>(temperature);
      const FreeDance dance = free_dance(o);
      DanceReport d;
      const std::vector<Tensor> codes = neutral_codes(m, footage_, dance, d.finite);
      d.figures = footage_.figures_of(codes, o.tempo.beats(o.pictures, o.fps));
      if (has_temperature) d.temperature = temperature;
      report.dances.push_back(d);
      if (temperature == 1.0) draw_sheets(m, dance, sheets / "dance.png", report.name);
    }
    FreeDanceOptions guarded = dance_options(folder);
    guarded.words = "guarded dance";
    guarded.controls.freeze_guard = true;
    const FreeDance dance = free_dance(guarded);
    report.jumps_a_minute = static_cast<double>(dance.jumps) / dance.minutes;
  }

 private:
  FreeDanceOptions dance_options(const std::filesystem::path& folder) const {
    FreeDanceOptions o{.model = folder,
                       .fps = footage_.fps(),
                       .pictures = std::max<std::int64_t>(1, options_.frames / (kBatches * kDancers)),
                       .batches = kBatches,
                       .dancers = kDancers,
                       .tempo = {.bpm = options_.bpm},
                       .seed = options_.seed};
    o.controls.temperature = 1.0f;
    o.controls.pulse = static_cast<float>(options_.pulse);
    o.controls.accent = 0.0f;
    o.controls.freeze_guard = false;  // the system's own behaviour
    return o;
  }

  // From the middle of the dance on, when the start is forgotten: a row a dancer, and a row of the overview.
  void draw_sheets(model::Model& m, const FreeDance& dance, const std::filesystem::path& path,
                   const std::string& name) {
    const torch::NoGradGuard no_grad;
    const std::int64_t first = dance.latents[0].size(0) / 2, step = every(footage_.fps(), kSheetRate),
                       slow = every(footage_.fps(), kOverviewRate);
    std::vector<Tensor> rows;
    for (const Tensor& latents : dance.latents)
      rows.push_back(m.painter->decode_pictures(excerpt(latents, first, step, kSheetColumns)));
    write_own_pictures(path, m.recipe, torch::cat(rows), kSheetColumns);
    overview_.push_back(
        {name, footage_.fields_of(m.painter, excerpt(dance.latents[0], first, slow, kOverviewColumns))});
  }

  const CompareOptions& options_;
  const std::shared_ptr<const DataSet> data_;
  const NeutralFootage footage_;
  std::vector<OverviewRow> overview_;
};

// Real dance that no system has seen, as far as there is any: the last row of the overview.
OverviewRow real_row(const DataSet& data, const NeutralFootage& footage) {
  const DataClip* chosen = &data.clips().front();
  for (const DataClip& clip : data.clips()) {
    if (clip.held_out && (!chosen->held_out || clip.length > chosen->length)) chosen = &clip;
  }
  const std::int64_t step = every(data.fps(), kOverviewRate);
  std::vector<std::int64_t> frames;
  for (int i = 0; i < kOverviewColumns; ++i)
    frames.push_back(chosen->start + std::min(chosen->length / 2 + i * step, chosen->length - 1));
  return {"real dance", footage.fields(frames)};
}

void draw_overview(const std::vector<OverviewRow>& rows, const std::filesystem::path& path) {
  constexpr int kLabel = 150, kSize = static_cast<int>(kNeutralSize);
  Canvas canvas(kLabel + kOverviewColumns * kSize, static_cast<int>(rows.size()) * kSize, {255, 255, 255});
  for (std::size_t r = 0; r < rows.size(); ++r) {
    const int y = static_cast<int>(r) * kSize;
    const Tensor light = (rows[r].fields * static_cast<double>(kSize) + 0.5).clamp(0.08, 0.96).contiguous();
    for (int i = 0; i < kOverviewColumns; ++i) {
      const float* first = light[i].data_ptr<float>();
      canvas.image(kLabel + i * kSize, y, kSize, kSize, {first, first + kSize * kSize});
    }
    canvas.text(8, y + kSize / 2 - 6, rows[r].name, {28, 24, 38});
    if (r > 0) canvas.box(0, y, canvas.width(), 1, {200, 198, 194});
  }
  canvas.write(path);
}

// Names of the folders; where two are alike, their paths.
std::vector<SystemReport> named(const std::vector<std::filesystem::path>& models) {
  std::vector<SystemReport> systems;
  std::multiset<std::string> names;
  const auto name_of = [](const std::filesystem::path& model) {
    return std::filesystem::weakly_canonical(model).filename().string();
  };
  for (const auto& model : models) names.insert(name_of(model));
  for (const auto& model : models) {
    SystemReport s;
    s.name = name_of(model);
    if (names.count(s.name) > 1) {
      s.name = model.lexically_normal().relative_path().generic_string();
      std::replace(s.name.begin(), s.name.end(), '/', '-');
    }
    systems.push_back(std::move(s));
  }
  return systems;
}

}  // namespace

std::string compare(const CompareOptions& options) {
  if (options.models.empty()) throw UsageError("--compare: no model\nhint: name one or more model folders");
  Inputs inputs(options.models);
  inputs.add(options.data);
  for (const char* name : {"comparison.json", "comparison.md", "overview.png"}) claim(options.output / name);
  std::filesystem::create_directories(options.output);
  const auto data = std::make_shared<const DataSet>(options.data);
  Comparison comparison(options, data);
  std::vector<SystemReport> systems = named(options.models);
  std::vector<std::filesystem::path> evaluated;
  for (std::size_t i = 0; i < systems.size(); ++i) {
    log::info("{} ({} of {})", systems[i].name, i + 1, systems.size());
    try {
      comparison.evaluate(options.models[i], systems[i]);
      evaluated.push_back(options.models[i]);
    } catch (const Error& e) {
      if (interrupted()) throw;
      log::warn("{}", e.what());
      systems[i].failure = e.what();
      systems[i].dances.clear();
    }
  }
  if (evaluated.empty()) throw error("none of the models could be judged\nhint: {}", systems.front().failure);
  const auto costs = frame_costs(evaluated);
  for (std::size_t i = 0, j = 0; i < systems.size(); ++i) {
    if (systems[i].failure.empty()) systems[i].cost = costs[j++];
  }
  std::vector<OverviewRow> rows = comparison.overview();
  rows.push_back(real_row(*data, comparison.footage()));
  draw_overview(rows, options.output / "overview.png");
  const std::string text = comparison_text(systems, comparison.footage());
  write_atomically(options.output / "comparison.json", comparison_json(systems, comparison.footage()).dump(2) + "\n");
  write_atomically(options.output / "comparison.md", text);
  return text;
}

}  // namespace ombra::train
