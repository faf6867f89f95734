#include "evaluate/beat_figures.hpp"
#include "evaluate/figures.hpp"
#include "evaluate/metrics.hpp"
#include "evaluate/outline.hpp"
#include "footage/data/contact_sheet.hpp"

#include <cmath>

namespace ombra::train {
namespace {

using nlohmann::json;
using torch::Tensor;

constexpr int kFreeDancers = 16;  // that dance, each on its own

FreeDanceOptions alone(const EvaluateOptions& o, double temperature, double fps, std::int64_t frames) {
  FreeDanceOptions f{.model = o.model,
                     .words = fmt::format("dance at {}", temperature),
                     .fps = fps,
                     .pictures = frames / kFreeDancers,
                     .batches = kFreeDancers,
                     .dancers = 1,
                     .tempo = {.bpm = o.bpm},
                     .seed = o.seed};
  f.controls.temperature = static_cast<float>(temperature);
  f.controls.accent = static_cast<float>(o.accent);
  f.controls.pulse = static_cast<float>(o.pulse);
  f.controls.tightness = static_cast<float>(o.tightness);
  return f;
}

double mean_speed(const FreeDance& d) {
  double sum = 0.0;
  for (const Tensor& c : d.latents) sum += speeds(c).mean().item<double>();
  return sum / static_cast<double>(d.latents.size());
}

json dance_metrics(const FreeDance& d, const EvaluateOptions& o, const FrameView& view, const DanceReference& reference,
                   model::Model& m) {
  const auto fps = static_cast<int>(std::lround(view.fps()));
  const torch::NoGradGuard no_grad;
  std::vector<Tensor> features, windows, sample;
  double frozen = 0.0, disconnected = 0.0, looked = 0.0;
  bool finite = true;
  for (const Tensor& c : d.latents) {
    finite = finite && torch::isfinite(c).all().item<bool>();
    features.push_back(window_features(c, fps));
    windows.push_back(second_windows(c, fps, 53));
    frozen += frozen_share(c, fps, reference.mean_speed);
    sample.push_back(c.slice(0, 0, c.size(0), std::max<std::int64_t>(1, c.size(0) * kFreeDancers / kSampled)));
  }
  const auto n = static_cast<double>(d.latents.size());
  const std::vector<double> beats = TempoPlan{.bpm = o.bpm}.beats(d.latents[0].size(0), view.fps());
  const Alignment on_beat = alignment_of(d.latents, view.fps(), beats);
  std::vector<BeatenClip> phrases;
  for (const Tensor& c : d.latents) phrases.push_back({c, beats});
  const Tensor codes = torch::cat(sample);
  double cycle = NAN;  // what the dance draws, seen again by the encoder; where codes are poses
  if (m.recipe.painter.guided) {
    const Tensor apart =
        m.painter->pose_of(m.painter->encode(m.painter->decode_pictures(codes))) - m.painter->pose_of(codes);
    cycle = 100.0 * apart.view({-1, model::kJoints, m.painter->pose_numbers() / model::kJoints}).norm(2, -1).mean().item<double>();
  }
  for (std::int64_t i = 0; i < codes.size(0); ++i) {
    const Tensor big = m.painter->decode(codes.narrow(0, i, 1), kLarge).contiguous();
    disconnected += pieces(picture_of(big, 0), kLarge, kSpeck) > 1 ? 1.0 : 0.0;
    looked += 1.0;
  }
  return {{"frames", d.latents.size() * static_cast<std::size_t>(d.latents[0].size(0))},
          {"finite", finite},
          {"speed", mean_speed(d) / reference.mean_speed},
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

// One row of pictures a dancer and a stretch of time: every `step` frames.
void dance_sheet(const FreeDance& d, model::Model& m, const std::filesystem::path& path, std::int64_t step,
                 std::size_t rows) {
  constexpr int kSize = 96, kColumns = 20;
  const torch::NoGradGuard no_grad;
  std::vector<std::vector<std::uint8_t>> kept;
  for (std::size_t row = 0; row < rows; ++row) {
    const Tensor& c = d.latents[row % d.latents.size()];
    const std::int64_t first = static_cast<std::int64_t>(row / d.latents.size()) * kColumns * step;
    for (int i = 0; i < kColumns; ++i) {
      const Tensor field = m.painter->decode(c.narrow(0, std::min(first + i * step, c.size(0) - 1), 1), kSize);
      kept.push_back(sheet_picture(field));
    }
  }
  std::vector<SheetPicture> pictures;
  for (std::size_t i = 0; i < kept.size(); ++i) pictures.push_back({kept[i], (i / kColumns) % 2 == 1});
  write_contact_sheet(path, pictures, {PictureKind::kDistance, kSize, kSize, kColumns});
}

// -> three decimals, or a dash where there was too little to measure
std::string or_dash(double value) { return std::isfinite(value) ? fmt::format("{:.3f}", value) : "-"; }

// How far the body moves about within a second: spread of one-second windows (figures.hpp), mean over windows
double size_of(const Tensor& features) {
  const std::int64_t dimensions = features.size(1) / 3;
  return features.narrow(1, dimensions, dimensions).norm(2, 1).mean().item<double>();
}

double size_of(const FreeDance& d, int fps) {
  std::vector<Tensor> features;
  for (const Tensor& c : d.latents) features.push_back(window_features(c, fps));
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
    const FreeDance d = free_dance(f);
    const double speed = mean_speed(d) / reference.mean_speed;
    const double size = size_of(d, static_cast<int>(std::lround(view.fps()))) / size_of(reference.features);
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
      const Alignment a = alignment_of(free_dance(f).latents, view.fps(), tempo.beats(f.pictures, view.fps()));
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

}  // namespace

std::string evaluate_dance(const EvaluateOptions& options, const FrameView& view, model::Model& m,
                           const std::filesystem::path& out, json& report) {
  const DanceReference reference = dance_reference(view, m);
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
    dance_sheet(d, m, out / fmt::format("dance_{}.png", temperature), std::llround(view.fps() / 4.0), 16);
    dance_sheet(d, m, out / fmt::format("hour_{}.png", temperature), std::llround(view.fps() * 6.0), 16);
  }
  if (m.recipe.kind == "moves") text += evaluate_tempi(options, view, reference, report);
  return text + evaluate_energy(options, view, reference, report);
}

}  // namespace ombra::train
