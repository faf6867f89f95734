#include "core/interrupt.hpp"
#include "core/progress.hpp"
#include "core/rng.hpp"
#include "model/generator.hpp"
#include "train/contact_sheet.hpp"
#include "train/corpus.hpp"
#include "train/figures.hpp"
#include "train/judges.hpp"
#include "train/outline.hpp"
#include "train/pulse.hpp"

#include <cmath>
#include <set>

namespace ombra::train {
namespace {

using nlohmann::json;
using torch::Tensor;

constexpr int kDancers = 16;  // that dance, each on its own

struct Reference {
  Tensor features;  // of the training dance
  double mean_speed = 1.0;
  double halves = 0.0, held_out = 0.0;  // Frechet distances of real dance: its two halves; held out against training
  Alignment alignment;                  // of real clips with their own beats
  Tensor windows;                       // training windows, to find the nearest
  double held_out_nearest = 0.0;
  std::set<std::vector<std::int64_t>> phrases;  // of four moves, all books
  std::set<std::vector<std::int64_t>> coarse;   // the same, first two books
};

constexpr std::size_t kPhrase = 4;

std::vector<std::int64_t> phrase_of(const std::vector<std::vector<std::int64_t>>& moves, std::size_t first,
                                    std::size_t books) {
  std::vector<std::int64_t> phrase;
  for (std::size_t m = first; m < first + kPhrase; ++m) {
    phrase.insert(phrase.end(), moves[m].begin(),
                  moves[m].begin() + static_cast<long>(std::min(books, moves[m].size())));
  }
  return phrase;
}

void learn_phrases(const Tensor& moves, Reference& reference) {
  std::vector<std::vector<std::int64_t>> list;
  const Tensor flat = moves.contiguous();
  const std::int64_t books = flat.size(1);
  for (std::int64_t m = 0; m < flat.size(0); ++m) {
    list.emplace_back(flat.data_ptr<std::int64_t>() + m * books, flat.data_ptr<std::int64_t>() + (m + 1) * books);
  }
  for (std::size_t m = 0; m + kPhrase <= list.size(); ++m) {
    reference.phrases.insert(phrase_of(list, m, 99));
    reference.coarse.insert(phrase_of(list, m, 2));
  }
}

Reference measure_reference(const FrameView& view, model::Model& m) {
  const auto fps = static_cast<int>(std::lround(view.fps()));
  std::vector<Passage> passages = encode_clips(view, m.painter, m.recipe.painter.guided);
  Reference reference;
  std::vector<Tensor> halves[2], held, windows, held_windows;
  double speed = 0.0, steps = 0.0, aligned = 0.0, shifted = 0.0, clips = 0.0;
  int index = 0;
  for (const Passage& p : passages) {
    if (!p.choreography && !p.held_out) continue;
    const Tensor features = window_features(p.codes, fps);
    if (p.held_out) {
      held.push_back(features);
      held_windows.push_back(second_windows(p.codes, fps, 15));
      continue;
    }
    halves[(index++ / 6) % 2].push_back(features);  // whole takes (cameras and mirror images together) in either half
    windows.push_back(second_windows(p.codes, fps, 5));
    speed += speeds(p.codes).sum().item<double>();
    steps += static_cast<double>(p.codes.size(0) - 1);
    if (p.mirrored || p.yaw_degrees != 0.0 || p.beat.empty()) continue;
    std::vector<double> beats;  // frames at which beats fall
    for (std::size_t i = 0; i + 1 < p.beat.size(); ++i) {
      const double next = std::floor(p.beat[i]) + 1.0;
      if (p.beat[i + 1] >= next)
        beats.push_back(static_cast<double>(i) + (next - p.beat[i]) / (p.beat[i + 1] - p.beat[i]));
    }
    if (beats.size() < 4) continue;
    const Alignment a = alignment(speed_list(p.codes), view.fps(), beats);
    aligned += a.on_beat, shifted += a.shifted, clips += 1.0;
  }
  if (halves[0].empty())
    throw error("the data set holds every clip out\nhint: ombra prepare --hold-out with fewer names");
  const Tensor first = torch::cat(halves[0]), second = halves[1].empty() ? Tensor() : torch::cat(halves[1]);
  reference.features = second.defined() ? torch::cat({first, second}) : first;
  reference.halves = second.defined() ? frechet_distance(first, second) : NAN;  // a single take has no two halves
  reference.held_out = held.empty() ? NAN : frechet_distance(torch::cat(held), reference.features);
  reference.mean_speed = speed / steps;
  reference.alignment = {aligned / clips, shifted / clips};
  reference.windows = torch::cat(windows);
  reference.held_out_nearest = held.empty() ? NAN : nearest_distance(torch::cat(held_windows), reference.windows);
  if (m.recipe.kind == "moves") {
    add_beat_time(passages, m.recipe.mover.frames_per_beat, m.recipe.mover.frames_per_move);
    add_moves(passages, m.mover, m.recipe.mover);
    for (const Passage& p : passages) {
      if (!p.held_out && p.moves.defined()) learn_phrases(p.moves, reference);
    }
  }
  return reference;
}

struct Dance {
  std::vector<Tensor> codes;                                  // one a dancer, [T, Z]
  std::vector<std::vector<std::vector<std::int64_t>>> moves;  // one a dancer
  std::uint64_t jumps = 0;
};

// One dancer alone at a steady tempo, its energy wandering as in the footage (AR(1), deviation 0.8) or fixed.
void dance_alone(const EvaluateOptions& o, double temperature, double fps, std::int64_t frames, const double* energy,
                 std::uint64_t seed, Dance& d, Progress& progress) {
  model::Generator generator(o.model, "cpu", seed);
  const auto z = static_cast<std::size_t>(generator.info().latent_size);
  const auto a_move = std::max<std::int64_t>(1, std::llround(fps * 30.0 / o.bpm));
  std::vector<float> row, latent(z);
  std::vector<std::vector<std::int64_t>> moves;
  Rng rng(seed);
  double wander = 0.8 * rng.normal();
  std::uint64_t known = 0;
  for (std::int64_t i = 0; i < frames && !interrupted(); ++i) {
    const double time_s = static_cast<double>(i) / fps;
    const model::Moment moment{time_s, time_s * o.bpm / 60.0};
    if (i % a_move == 0) wander = 0.95 * wander + std::sqrt(1.0 - 0.95 * 0.95) * 0.8 * rng.normal();
    model::DanceControls controls;
    controls.temperature = static_cast<float>(temperature);
    controls.energy = static_cast<float>(energy ? *energy : std::max(-1.0, wander));
    controls.accent = static_cast<float>(o.accent);
    controls.pulse = static_cast<float>(o.pulse);
    generator.advance(moment, controls);
    if (const auto now = generator.counters().moves; now != known) {
      known = now;
      if (auto move = generator.last_move(0); !move.empty()) moves.push_back(std::move(move));
    }
    generator.pull(moment, controls, latent);
    row.insert(row.end(), latent.begin(), latent.end());
    progress.add();
  }
  d.codes.push_back(torch::tensor(row).view({-1, static_cast<std::int64_t>(z)}));
  d.moves.push_back(std::move(moves));
  d.jumps += generator.counters().jumps;
}

Dance dance(const EvaluateOptions& o, double temperature, double fps, std::int64_t frames, const double* energy,
            std::uint64_t seed) {
  Dance d;
  Progress progress(energy ? fmt::format("energy {}", *energy) : fmt::format("dance at {}", temperature), frames);
  for (std::uint64_t k = 0; k < kDancers; ++k)
    dance_alone(o, temperature, fps, frames / kDancers, energy, seed * 1000 + k, d, progress);
  return d;
}

double new_share(const Dance& d, const std::set<std::vector<std::int64_t>>& known, std::size_t books) {
  double fresh = 0.0, all = 0.0;
  for (const auto& moves : d.moves) {
    for (std::size_t m = 0; m + kPhrase <= moves.size(); m += kPhrase) {
      fresh += known.contains(phrase_of(moves, m, books)) ? 0.0 : 1.0;
      all += 1.0;
    }
  }
  return all > 0.0 ? fresh / all : NAN;
}

double mean_speed(const Dance& d) {
  double sum = 0.0;
  for (const Tensor& c : d.codes) sum += speeds(c).mean().item<double>();
  return sum / static_cast<double>(d.codes.size());
}

json judge(const Dance& d, const EvaluateOptions& o, const FrameView& view, const Reference& reference,
           model::Model& m) {
  const auto fps = static_cast<int>(std::lround(view.fps()));
  const torch::NoGradGuard no_grad;
  std::vector<Tensor> features, windows, sample;
  double frozen = 0.0, aligned = 0.0, shifted = 0.0, broken = 0.0, looked = 0.0;
  bool finite = true;
  for (const Tensor& c : d.codes) {
    finite = finite && torch::isfinite(c).all().item<bool>();
    features.push_back(window_features(c, fps));
    windows.push_back(second_windows(c, fps, 53));
    frozen += frozen_share(c, fps, reference.mean_speed);
    std::vector<double> beats;
    const double period = view.fps() * 60.0 / o.bpm;
    for (double b = period; b < static_cast<double>(c.size(0)) - 2.0; b += period) beats.push_back(b);
    const Alignment a = alignment(speed_list(c), view.fps(), beats);
    aligned += a.on_beat, shifted += a.shifted;
    sample.push_back(c.slice(0, 0, c.size(0), std::max<std::int64_t>(1, c.size(0) * kDancers / kLooked)));
  }
  const auto n = static_cast<double>(d.codes.size());
  const Tensor codes = torch::cat(sample);
  double cycle = NAN;  // what the dance draws, seen again by the encoder; where codes are poses
  if (m.recipe.painter.guided) {
    const Tensor apart =
        m.painter->pose_of(m.painter->encode(m.painter->decode_pictures(codes))) - m.painter->pose_of(codes);
    cycle = 100.0 * apart.view({-1, 20, 2}).norm(2, -1).mean().item<double>();
  }
  for (std::int64_t i = 0; i < codes.size(0); ++i) {
    const Tensor big = m.painter->decode(codes.narrow(0, i, 1), kLarge).contiguous();
    broken += pieces(picture_of(big, 0), kLarge, kSpeck) > 1 ? 1.0 : 0.0;
    looked += 1.0;
  }
  return {{"frames", d.codes.size() * static_cast<std::size_t>(d.codes[0].size(0))},
          {"finite", finite},
          {"speed", mean_speed(d) / reference.mean_speed},
          {"frozen", frozen / n},
          {"frechet", frechet_distance(torch::cat(features), reference.features)},
          {"aligned", aligned / n},
          {"shifted", shifted / n},
          {"nearest", nearest_distance(torch::cat(windows), reference.windows)},
          {"new_phrases", new_share(d, reference.phrases, 99)},
          {"new_phrases_coarse", new_share(d, reference.coarse, 2)},
          {"broken", broken / looked},
          {"cycle_cm", cycle},
          {"jumps_a_minute",
           60.0 * static_cast<double>(d.jumps) / (static_cast<double>(d.codes[0].size(0)) / view.fps() * n)}};
}

// One row of pictures a dancer and a stretch of time: every `step` frames.
void dance_sheet(const Dance& d, model::Model& m, const std::filesystem::path& path, std::int64_t step,
                 std::size_t rows) {
  constexpr int kSize = 96, kColumns = 20;
  const torch::NoGradGuard no_grad;
  std::vector<std::vector<std::uint8_t>> kept;
  for (std::size_t row = 0; row < rows; ++row) {
    const Tensor& c = d.codes[row % d.codes.size()];
    const std::int64_t first = static_cast<std::int64_t>(row / d.codes.size()) * kColumns * step;
    for (int i = 0; i < kColumns; ++i) {
      const Tensor field = m.painter->decode(c.narrow(0, std::min(first + i * step, c.size(0) - 1), 1), kSize);
      kept.push_back(sheet_picture(field));
    }
  }
  std::vector<SheetPicture> pictures;
  for (std::size_t i = 0; i < kept.size(); ++i) pictures.push_back({kept[i], (i / kColumns) % 2 == 1});
  write_contact_sheet(path, pictures, {PictureKind::kDistance, kSize, kSize, kColumns});
}

}  // namespace

std::string judge_dance(const EvaluateOptions& options, const FrameView& view, model::Model& m,
                        const std::filesystem::path& out, json& report) {
  const Reference reference = measure_reference(view, m);
  report["real"] = {{"frechet_halves", reference.halves},
                    {"frechet_held_out", reference.held_out},
                    {"aligned", reference.alignment.on_beat},
                    {"shifted", reference.alignment.shifted},
                    {"held_out_nearest", reference.held_out_nearest}};
  std::string text = fmt::format(
      "\nReal dance: Fréchet distance of its two halves {:.2f}, of held-out clips against training {:.2f}; beat "
      "alignment {:.2f}, "
      "shifted {:.2f}; nearest training window of held-out dance {:.2f}.\n\n",
      reference.halves, reference.held_out, reference.alignment.on_beat, reference.alignment.shifted,
      reference.held_out_nearest);
  text +=
      "| temperature | frozen s | NaN | speed | Fréchet | beat alignment | shifted | gap | new phrases (all books / "
      "first two) | nearest training "
      "window | decode-encode cm | in pieces | jumps a minute "
      "|\n|---|---|---|---|---|---|---|---|---|---|---|---|---|\n";
  report["dance"] = json::array();
  for (const double temperature : options.temperatures) {
    const Dance d = dance(options, temperature, view.fps(), options.frames, nullptr, options.seed);
    if (interrupted()) throw error("interrupted");
    json j = judge(d, options, view, reference, m);
    j["temperature"] = temperature;
    text += fmt::format(
        "| {} | {:.2f} % | {} | {:.2f} | {:.2f} | {:.3f} | {:.3f} | {:.3f} | {:.0f} % / {:.0f} % | {:.2f} | {:.1f} | "
        "{:.2f} % | {:.1f} |\n",
        temperature, 100.0 * j["frozen"].get<double>(), j["finite"].get<bool>() ? "none" : "yes",
        j["speed"].get<double>(), j["frechet"].get<double>(), j["aligned"].get<double>(), j["shifted"].get<double>(),
        j["aligned"].get<double>() - j["shifted"].get<double>(), 100.0 * j["new_phrases"].get<double>(),
        100.0 * j["new_phrases_coarse"].get<double>(), j["nearest"].get<double>(), j["cycle_cm"].get<double>(),
        100.0 * j["broken"].get<double>(), j["jumps_a_minute"].get<double>());
    report["dance"].push_back(j);
    dance_sheet(d, m, out / fmt::format("dance_{}.png", temperature), std::llround(view.fps() / 4.0), 16);
    dance_sheet(d, m, out / fmt::format("hour_{}.png", temperature), std::llround(view.fps() * 6.0), 16);
  }
  text += "\n| energy asked for |";
  std::string speeds_row = "| speed against the footage |", rule = "|---|";
  report["energy"] = json::array();
  for (const double energy : {-1.5, -0.75, 0.0, 0.75, 1.5}) {
    const Dance d =
        dance(options, 0.8, view.fps(), std::min<std::int64_t>(options.frames, 16000), &energy, options.seed + 1);
    const double speed = mean_speed(d) / reference.mean_speed;
    text += fmt::format(" {} |", energy);
    speeds_row += fmt::format(" {:.2f} |", speed);
    rule += "---|";
    report["energy"].push_back({{"energy", energy}, {"speed", speed}});
  }
  text += "\n" + rule + "\n" + speeds_row + "\n";
  return text;
}

}  // namespace ombra::train
