#include "evaluate/beat_figures.hpp"
#include "evaluate/dance_sheet.hpp"
#include "evaluate/evaluate_hold.hpp"
#include "evaluate/evaluate_joints.hpp"
#include "evaluate/figures.hpp"
#include "evaluate/judges/outline.hpp"
#include "evaluate/metrics.hpp"

#include <algorithm>
#include <cmath>
#include <optional>

namespace ombra::train {
namespace {

using nlohmann::json;
using torch::Tensor;

constexpr std::int64_t kFewest = 16, kMost = 48;  // that dance, each on its own
constexpr std::int64_t kLong = 3750;              // frames that each of them dances before there are more of them

// Each settles in a corner of its own for a while, so that many tell more than a few who dance longer.
int free_dancers(std::int64_t frames) { return static_cast<int>(std::clamp(frames / kLong, kFewest, kMost)); }

FreeDanceOptions alone(const EvaluateOptions& o, double temperature, double fps, std::int64_t frames) {
  FreeDanceOptions f{.model = o.model,
                     .words = fmt::format("dance at {}", temperature),
                     .fps = fps,
                     .pictures = frames / free_dancers(frames),
                     .batches = free_dancers(frames),
                     .dancers = 1,
                     .tempo = {.bpm = o.bpm},
                     .seed = o.seed};
  f.controls.temperature = static_cast<float>(temperature);
  f.controls.accent = static_cast<float>(o.accent);
  f.controls.pulse = static_cast<float>(o.pulse);
  f.controls.tightness = static_cast<float>(o.tightness);
  return f;
}

double mean_speed(const std::vector<Tensor>& seen) {
  double sum = 0.0;
  for (const Tensor& c : seen) sum += speeds(c).mean().item<double>();
  return sum / static_cast<double>(seen.size());
}

// What dances [T, Z] draw, read off the pictures again by the encoder: joint error in the picture plane, cm. Codes that
// are poses only.
double seen_again_cm(model::Model& m, const std::vector<Tensor>& dances) {
  double sum = 0.0, count = 0.0;
  for (const Tensor& codes : dances) {
    const Tensor again = m.painter->encode_in_time(m.painter->decode_pictures(codes), m.recipe.frames.fps);
    const Tensor apart =
        (m.painter->pose_of(again) - m.painter->pose_of(codes)).view({codes.size(0), model::kJoints, -1});
    sum += apart.narrow(2, 0, 2).norm(2, -1).sum().item<double>();
    count += static_cast<double>(codes.size(0) * model::kJoints);
  }
  return 100.0 * sum / count;
}

json dance_metrics(const FreeDance& d, const EvaluateOptions& o, const FrameView& view, const DanceReference& reference,
                   model::Model& m) {
  const auto fps = static_cast<int>(std::lround(view.fps()));
  const torch::NoGradGuard no_grad;
  const std::vector<Tensor> seen = reference.space(d.latents);
  const auto dancers = static_cast<std::int64_t>(d.latents.size());
  std::vector<Tensor> features, windows, sample;
  double frozen = 0.0, disconnected = 0.0, looked = 0.0;
  bool finite = true;
  for (const Tensor& c : seen) {
    features.push_back(window_features(c, fps));
    windows.push_back(second_windows(c, fps, 53));
    frozen += frozen_share(c, fps, reference.mean_speed);
  }
  for (const Tensor& c : d.latents) {
    finite = finite && torch::isfinite(c).all().item<bool>();
    sample.push_back(c.slice(0, 0, c.size(0), std::max<std::int64_t>(1, c.size(0) * dancers / kSampled)));
  }
  const auto n = static_cast<double>(d.latents.size());
  const std::vector<double> beats = TempoPlan{.bpm = o.bpm}.beats(d.latents[0].size(0), view.fps());
  const Alignment on_beat = alignment_of(seen, view.fps(), beats);
  std::vector<BeatenClip> phrases;
  for (const Tensor& c : seen) phrases.push_back({c, beats});
  const Tensor codes = torch::cat(sample);
  const double cycle = m.recipe.painter.guided ? seen_again_cm(m, sample) : NAN;
  for (std::int64_t i = 0; i < codes.size(0); ++i) {
    const Tensor big = m.painter->decode(codes.narrow(0, i, 1), kLarge).contiguous();
    disconnected += pieces(picture_of(big, 0), kLarge, kSpeck) > 1 ? 1.0 : 0.0;
    looked += 1.0;
  }
  return {{"frames", d.latents.size() * static_cast<std::size_t>(d.latents[0].size(0))},
          {"finite", finite},
          {"speed", mean_speed(seen) / reference.mean_speed},
          {"frozen", frozen / n},
          {"frechet", frechet_distance(torch::cat(features), reference.features)},
          {"aligned", on_beat.on_beat},
          {"shifted", on_beat.shifted},
          {"returns_4", returns_after(phrases, 4)},
          {"returns_8", returns_after(phrases, 8)},
          {"nearest", nearest_distance(torch::cat(windows), reference.windows)},
          {"new_phrases", new_phrase_share(d.moves, reference.phrases, 99)},
          {"new_phrases_coarse", new_phrase_share(d.moves, reference.coarse, 2)},
          {"broken", disconnected / looked},
          {"cycle_cm", cycle},
          {"jumps_a_minute",
           60.0 * static_cast<double>(d.jumps) / (static_cast<double>(d.latents[0].size(0)) / view.fps() * n)}};
}

// -> three decimals, or a dash where there was too little to measure
std::string or_dash(double value) { return std::isfinite(value) ? fmt::format("{:.3f}", value) : "-"; }

// How far the body moves about within a second: spread of one-second windows (figures.hpp), mean over windows
double size_of(const Tensor& features) {
  const std::int64_t dimensions = features.size(1) / 3;
  return features.narrow(1, dimensions, dimensions).norm(2, 1).mean().item<double>();
}

double size_of(const std::vector<Tensor>& seen, int fps) {
  std::vector<Tensor> features;
  for (const Tensor& c : seen) features.push_back(window_features(c, fps));
  return size_of(torch::cat(features));
}

// Speed and size of the dance against the footage, by the energy that is asked for: -> a table
std::string evaluate_energy(const EvaluateOptions& o, const FrameView& view, const DanceReference& reference,
                            json& report) {
  std::string text = "\n| energy asked for |", speeds_row = "| speed against the footage |",
              sizes_row = "| size of the movement against the footage |", rule = "|---|";
  report["energy"] = json::array();
  for (const double energy : {-1.5, -0.75, 0.0, 0.75, 1.5}) {
    FreeDanceOptions f = alone(o, 0.8, view.fps(), std::min<std::int64_t>(o.frames, 16000));
    f.words = fmt::format("energy {}", energy);
    f.energy = static_cast<float>(energy);
    f.seed = o.seed + 1;
    const std::vector<Tensor> seen = reference.space(free_dance(f).latents);
    const double speed = mean_speed(seen) / reference.mean_speed;
    const double size = size_of(seen, static_cast<int>(std::lround(view.fps()))) / size_of(reference.features);
    text += fmt::format(" {} |", energy);
    speeds_row += fmt::format(" {:.2f} |", speed);
    sizes_row += fmt::format(" {:.2f} |", size);
    rule += "---|";
    report["energy"].push_back({{"energy", energy}, {"speed", speed}, {"size", size}});
  }
  return text + "\n" + rule + "\n" + speeds_row + "\n" + sizes_row + "\n";
}

// Beat alignment by tempo, loose and as asked for, beside real dance as if it were played at that tempo: -> a table
std::string evaluate_tempi(const EvaluateOptions& o, const FrameView& view, const DanceReference& reference,
                           json& report) {
  std::string text = fmt::format(
      "\n| tempo | real: on the beat / shifted / gap | loose: on the beat / shifted / gap | tightness {}: on the beat "
      "/ "
      "shifted / gap |\n|---|---|---|---|\n",
      o.tightness);
  const auto cell = [](const Alignment& a) {
    return fmt::format(" {:.3f} / {:.3f} / {:.3f} |", a.on_beat, a.shifted, a.gap());
  };
  report["tempi"] = json::array();
  for (const TempoPlan& tempo : {TempoPlan{.bpm = 80.0}, TempoPlan{.bpm = 100.0}, TempoPlan{.bpm = 120.0},
                                 TempoPlan{.bpm = 150.0}, TempoPlan{.bpm = 80.0, .to_bpm = 150.0}}) {
    const bool ramp = tempo.to_bpm > 0.0;
    const std::string words = ramp ? fmt::format("{} to {}", tempo.bpm, tempo.to_bpm) : fmt::format("{}", tempo.bpm);
    const Alignment real =
        alignment_of(reference.clips, view.fps(), ramp ? 0.5 * (tempo.bpm + tempo.to_bpm) : tempo.bpm);
    text += fmt::format("| {} |{}", words, cell(real));
    for (const double tightness : {0.0, o.tightness}) {
      FreeDanceOptions f = alone(o, 0.8, view.fps(), std::min<std::int64_t>(o.frames, 16000));
      f.words = fmt::format("at {} BPM", words);
      f.tempo = tempo;
      f.controls.tightness = static_cast<float>(tightness);
      f.seed = o.seed + 2;
      const Alignment a =
          alignment_of(reference.space(free_dance(f).latents), view.fps(), tempo.beats(f.pictures, view.fps()));
      text += cell(a);
      report["tempi"].push_back({{"tempo", words},
                                 {"tightness", tightness},
                                 {"aligned", a.on_beat},
                                 {"shifted", a.shifted},
                                 {"real_aligned", real.on_beat},
                                 {"real_shifted", real.shifted}});
    }
    text += "\n";
  }
  return text;
}

// Codes of every clip; those whose joints are known in the picture plane alone are lifted, as in training.
std::vector<Passage> all_clips(const FrameView& view, model::Model& m) {
  std::optional<Lift> lift;
  if (m.painter->in_space() && has_poses(view.data()) && !has_poses(view.data(), true)) lift = Lift::train(view.data());
  return encode_clips(view, m.painter, m.recipe.painter.guided, {}, lift ? &*lift : nullptr);
}

}  // namespace

std::string evaluate_dance(const EvaluateOptions& options, const FrameView& view, model::Model& m,
                           const std::filesystem::path& out, json& report) {
  const std::vector<Passage> passages = all_clips(view, m);
  const DanceReference reference = dance_reference(view, m, passages);
  const Alignment real = alignment_of(reference.clips, view.fps(), options.bpm);
  report["real"] = {{"frechet_halves", reference.halves},
                    {"frechet_held_out", reference.held_out},
                    {"aligned", real.on_beat},
                    {"shifted", real.shifted},
                    {"returns_4", returns_after(reference.clips, 4)},
                    {"returns_8", returns_after(reference.clips, 8)},
                    {"held_out_nearest", reference.held_out_nearest}};
  std::string text = fmt::format(
      "\nReal dance: Fréchet distance of its two halves {:.2f}, of held-out clips against training {:.2f}; beat "
      "alignment {:.2f}, shifted {:.2f}; returns after 4 beats {}, after 8 {}; nearest training window of "
      "held-out dance {:.2f}.\n\n",
      reference.halves, reference.held_out, real.on_beat, real.shifted,
      or_dash(report["real"]["returns_4"].get<double>()), or_dash(report["real"]["returns_8"].get<double>()),
      reference.held_out_nearest);
  text +=
      "| temperature | frozen s | NaN | speed | Fréchet | beat alignment | shifted | gap | returns after 4 / 8 beats | "
      "new phrases (all books / first two) | nearest training window | decode-encode cm | disconnected | jumps a "
      "minute "
      "|\n|---|---|---|---|---|---|---|---|---|---|---|---|---|---|\n";
  report["dance"] = json::array();
  const std::size_t rows = std::max(static_cast<std::size_t>(free_dancers(options.frames)), m.people.names.size());
  for (const double temperature : options.temperatures) {
    const FreeDance d = free_dance(alone(options, temperature, view.fps(), options.frames));
    json j = dance_metrics(d, options, view, reference, m);
    j["temperature"] = temperature;
    const auto figure = [&j](const char* name) { return j[name].is_number() ? j[name].get<double>() : NAN; };
    text += fmt::format(
        "| {} | {:.2f} % | {} | {:.2f} | {:.2f} | {:.3f} | {:.3f} | {:.3f} | {} / {} | {:.0f} % / {:.0f} % | "
        "{:.2f} | {:.1f} | {:.2f} % | {:.1f} |\n",
        temperature, 100.0 * figure("frozen"), j["finite"].get<bool>() ? "none" : "yes", figure("speed"),
        figure("frechet"), figure("aligned"), figure("shifted"), figure("aligned") - figure("shifted"),
        or_dash(figure("returns_4")), or_dash(figure("returns_8")), 100.0 * figure("new_phrases"),
        100.0 * figure("new_phrases_coarse"), figure("nearest"), figure("cycle_cm"), 100.0 * figure("broken"),
        figure("jumps_a_minute"));
    report["dance"].push_back(j);
    write_dances(m, d.latents, std::llround(view.fps() / 4.0), 16, out / fmt::format("dance_{}.png", temperature));
    write_dances(m, d.latents, std::llround(view.fps() * 6.0), rows, out / fmt::format("hour_{}.png", temperature));
  }
  if (m.recipe.kind == "moves") text += evaluate_tempi(options, view, reference, report);
  text += evaluate_energy(options, view, reference, report);
  text += evaluate_joints(options, view, passages, m, out, report);
  return text + evaluate_hold(options, report);
}

}  // namespace ombra::train
