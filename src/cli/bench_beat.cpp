// `ombra bench beat`: how well the beat is followed, ours beside aubio on the same sound in the same run.
//
// Two of the CC0 loops that it is usually given count beats from their first sample, a bar divided by four, and cannot
// be met by what is heard in them. Both are at 97.0 BPM and repeat to a sample (our reader and ffmpeg decode the same
// samples, without an offset):
// loop_electric: its notes lie at .23, .48, .73 and .98 of every beat, and of these sixteenths the annotated beat is
//   the weakest: the mean rise of the logarithmic amplitude, summed over eight bands, is 2.3 to 3.4 there, 3.3 to 4.1
//   at .25, 2.9 to 3.9 at .5 and 3.7 to 4.6 at .75.
// loop_mehackit1: two of the four annotated beats (1 and 3) have no note, the two loudest (0.74 and 0.79 of full scale;
//   the next has 0.54) are at 1.75 and 2.25, and six of its ten notes lie a quarter of a beat before or after a beat.
// What aubio scores on them is chance: 1.3 s of silence before them makes 0.02 0.00 0.03 0.00 (electric; clean, crowd,
// room, phone) 0.00 0.05 0.18 0.02, and 0.09 0.09 0.00 0.28 (mehackit1) 0.30 0.15 0.00 0.28. Ours finds the tempo
// of both and falls on electric's kicks (.24; in the room and by phone, on its snares, .76) and on mehackit1's notes at
// .77. A third tracker, which hears the whole file first (RhythmExtractor2013, multifeature, of Essentia 2.1), puts
// mehackit1's beats at .26, evenly (F 0.04), and hears electric at 129.4 BPM (F 0.29): three trackers, three readings.

#include "audio/beat/analysis.hpp"
#include "audio/testbench/aubio_reference.hpp"
#include "audio/testbench/beat_score.hpp"
#include "audio/testbench/practice_music.hpp"
#include "audio/testbench/spoil.hpp"
#include "cli/command.hpp"
#include "core/error.hpp"
#include "core/file.hpp"
#include "core/outputs.hpp"
#include "media/read/audio_reader.hpp"

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <ctime>
#include <filesystem>
#include <fstream>
#include <memory>

namespace ombra::cli {
namespace {

namespace fs = std::filesystem;
using nlohmann::json;

constexpr int kRateHz = 44100;        // what aubio's documentation recommends its window for
constexpr double kMinSeconds = 30.0;  // shorter files are repeated

struct Options {
  fs::path audio, json_file;
  int seeds = 2;
};

struct Row {
  std::string piece, spoiling;
  bool practice = true;  // false: a file
  audio::BeatScore ours, aubio;
  audio::BarScore bars;
  bool bars_annotated = true;
};

struct CpuCost {
  double ours_s = 0.0, aubio_s = 0.0, sound_s = 0.0;
};

double cpu_s() {
  timespec t{};
  clock_gettime(CLOCK_THREAD_CPUTIME_ID, &t);
  return static_cast<double>(t.tv_sec) + 1e-9 * static_cast<double>(t.tv_nsec);
}

audio::PracticePiece file_piece(const fs::path& file, const json& annotation) {
  const media::Sound sound = media::read_audio(file, {.rate_hz = kRateHz});
  const auto once = audio::mix_to_mono(sound.samples, sound.channels);
  const auto beats = annotation.at("beats").get<std::vector<double>>();
  const double length_s = static_cast<double>(once.size()) / kRateHz;
  // a loop begins with a bar of four unless something else is said; of a song nothing is known
  const int beats_per_bar = annotation.value("beats_per_bar", length_s < kMinSeconds ? 4 : 0);
  if (once.size() < kRateHz) throw error("{}: is shorter than a second", file.string());
  audio::PracticePiece piece;
  piece.name = file.stem().string();
  piece.rate_hz = kRateHz;
  for (double start_s = 0.0; start_s == 0.0 || start_s < kMinSeconds; start_s += length_s) {
    piece.sound.insert(piece.sound.end(), once.begin(), once.end());
    for (std::size_t i = 0; i < beats.size(); ++i) {
      piece.beats_s.push_back(start_s + beats[i]);
      if (beats_per_bar > 0 && i % static_cast<std::size_t>(beats_per_bar) == 0)
        piece.downbeats_s.push_back(piece.beats_s.back());
    }
  }
  return piece;
}

// -> share of the beats at which a bar is claimed, and of those at which it is right
std::string bars_text(double claimed, double right, bool annotated) {
  if (!annotated) return fmt::format("{:>5} {:>5}", "-", "-");
  return fmt::format("{:4.0f}% {:>5}", 100.0 * claimed,
                     claimed > 0.0 ? fmt::format("{:.0f}%", 100.0 * right) : std::string("-"));
}

void measure(const audio::PracticePiece& piece, bool practice, std::vector<Row>& rows, CpuCost& cost) {
  for (const audio::Spoiling spoiling : audio::kSpoilings) {
    const auto sound = audio::spoiled(piece.sound, piece.rate_hz, spoiling);
    const double start_s = cpu_s();
    const auto hops = audio::analyse(sound, piece.rate_hz);
    const double between_s = cpu_s();
    const auto aubio = audio::aubio_beats(sound, piece.rate_hz);
    cost.aubio_s += cpu_s() - between_s;
    cost.ours_s += between_s - start_s;
    cost.sound_s += static_cast<double>(sound.size()) / piece.rate_hz;
    Row row{piece.name, std::string(audio::name_of(spoiling)), practice, {}, {}, {}};
    row.ours = audio::score_beats(audio::announced_beats(hops), piece.beats_s, piece.changes_s);
    row.aubio = audio::score_beats(aubio, piece.beats_s, piece.changes_s);
    row.bars = audio::score_bars(hops, piece.beats_s, piece.downbeats_s);
    row.bars_annotated = !piece.downbeats_s.empty();
    const auto seconds = [](double s) { return s < 0.0 ? std::string("-") : fmt::format("{:.1f}", s); };
    std::printf("%s\n",
                fmt::format("{:<22} {:<6} {:5.2f} {:6.2f} {:5.0f}% {:>5} {:>5} {:>6} {:5.0f} {:5.0f} {:6.2f} {:>5} {}",
                            row.piece, row.spoiling, row.ours.f, row.ours.f_locked, 100.0 * row.ours.tempo_share,
                            row.ours.octave, seconds(row.ours.lock_s), seconds(row.ours.relock_s), row.ours.jitter_ms,
                            row.ours.late_ms, row.aubio.f, row.aubio.octave,
                            bars_text(row.bars.claimed, row.bars.right, row.bars_annotated))
                    .c_str());
    std::fflush(stdout);
    rows.push_back(row);
  }
}

double mean(const std::vector<const Row*>& rows, auto&& value) {
  double sum = 0.0;
  for (const Row* row : rows) sum += value(*row);
  return rows.empty() ? 0.0 : sum / static_cast<double>(rows.size());
}

void print_means(const std::vector<Row>& rows) {
  std::printf("\n%-16s %5s %6s %6s %6s %6s %6s %12s %s\n", "mean", "F", "locked", "least", "tempo", "lock", "aubio",
              "below aubio", "bars right");
  for (const bool practice : {true, false}) {
    for (const audio::Spoiling spoiling : audio::kSpoilings) {
      std::vector<const Row*> some;
      for (const Row& row : rows) {
        if (row.practice == practice && row.spoiling == audio::name_of(spoiling)) some.push_back(&row);
      }
      if (some.empty()) continue;
      std::vector<double> locks;
      double least = 1.0, claimed = 0.0, right = 0.0;
      int below = 0, annotated = 0;
      for (const Row* row : some) {
        locks.push_back(row->ours.lock_s < 0.0 ? INFINITY : row->ours.lock_s);
        least = std::min(least, row->ours.f);
        below += row->ours.f < row->aubio.f - 1e-9 ? 1 : 0;
        if (!row->bars_annotated) continue;
        ++annotated;
        claimed += row->bars.claimed, right += row->bars.claimed * row->bars.right;
      }
      std::nth_element(locks.begin(), locks.begin() + std::ssize(locks) / 2, locks.end());
      std::printf(
          "%s\n",
          fmt::format("{:<9}{:<7} {:5.3f} {:6.3f} {:6.2f} {:5.0f}% {:6.1f} {:6.3f} {:5} of {:3} {}",
                      practice ? "practice" : "files", audio::name_of(spoiling),
                      mean(some, [](const Row& r) { return r.ours.f; }),
                      mean(some, [](const Row& r) { return r.ours.f_locked; }), least,
                      100.0 * mean(some, [](const Row& r) { return r.ours.tempo_share; }), locks[locks.size() / 2],
                      mean(some, [](const Row& r) { return r.aubio.f; }), below, some.size(),
                      bars_text(claimed / std::max(1, annotated), right / std::max(claimed, 1e-9), annotated > 0))
              .c_str());
    }
  }
}

json as_json(const audio::BeatScore& score) {
  return {{"f", score.f},
          {"f_locked", score.f_locked},
          {"lock_s", score.lock_s},
          {"relock_s", score.relock_s},
          {"tempo_share", score.tempo_share},
          {"octave", score.octave},
          {"jitter_ms", score.jitter_ms},
          {"late_ms", score.late_ms}};
}

void write_json(const fs::path& file, const std::vector<Row>& rows, const CpuCost& cost) {
  json all = {{"rows", json::array()},
              {"cost_percent_of_a_core",
               {{"ombra", 100.0 * cost.ours_s / cost.sound_s}, {"aubio", 100.0 * cost.aubio_s / cost.sound_s}}}};
  for (const Row& row : rows) {
    all["rows"].push_back({{"piece", row.piece},
                           {"spoiling", row.spoiling},
                           {"practice", row.practice},
                           {"ombra", as_json(row.ours)},
                           {"aubio", as_json(row.aubio)},
                           {"bars", {{"claimed", row.bars.claimed}, {"right", row.bars.right}}}});
  }
  write_atomically(file, all.dump(1) + "\n");
}

json read_annotations(const fs::path& folder) {
  const fs::path file = folder / "beats.json";
  std::ifstream in(file);
  if (!in) throw error("{}: cannot be read\nhint: it gives the beats of the files beside it", file.string());
  try {
    return json::parse(in);
  } catch (const json::exception& e) {
    throw error("{}: {}\nhint: {{\"song.ogg\": {{\"beats\": [0.5, 1.0]}}}}", file.string(), e.what());
  }
}

void run(const Options& options) {
  const Inputs inputs({options.audio});
  claim(options.json_file);
  std::vector<Row> rows;
  CpuCost cost;
  std::printf("%-22s %-6s %5s %6s %6s %5s %5s %6s %5s %5s %6s %5s %5s %5s\n", "piece", "sound", "F", "locked", "tempo",
              "ratio", "lock", "relock", "jit.", "late", "aubio", "ratio", "bars", "right");
  for (const std::string_view style : audio::practice_styles()) {
    for (int seed = 1; seed <= options.seeds; ++seed)
      measure(audio::practice_piece(style, static_cast<std::uint64_t>(seed)), true, rows, cost);
  }
  if (options.seeds == 0 && options.audio.empty())
    throw UsageError("bench beat: nothing to listen to\nhint: --audio FOLDER");
  if (!options.audio.empty()) {
    const json annotations = read_annotations(options.audio);
    for (const auto& [name, annotation] : annotations.items()) {
      if (!annotation.is_object() || !annotation.contains("beats") || !annotation["beats"].is_array() ||
          annotation["beats"].size() < 8) {
        std::printf("%s: no beats known, left out\n", name.c_str());
        continue;
      }
      measure(file_piece(options.audio / name, annotation), false, rows, cost);
    }
  }
  if (rows.empty()) throw error("{}: none of its files has beats", options.audio.string());
  print_means(rows);
  std::printf("%s", fmt::format("\ncost in % of one core: ombra's whole analysis {:.2f}, aubio's beats alone {:.2f}\n",
                                100.0 * cost.ours_s / cost.sound_s, 100.0 * cost.aubio_s / cost.sound_s)
                        .c_str());
  if (!options.json_file.empty()) write_json(options.json_file, rows, cost);
}

}  // namespace

void add_bench_beat(CLI::App& bench) {
  const auto options = std::make_shared<Options>();
  CLI::App* command = bench.add_subcommand(
      "beat",
      "Follow the beat of practice music of many styles, clean and spoiled by a crowd, a room and a telephone, "
      "beside aubio on the same sound");
  command->footer(
      "F: beats met within 70 ms, from 5 s on (locked: from the lock on). lock: s until eight beats in a row are met.\n"
      "ratio: the commonest wrong tempo. jit., late: scatter and mean of the beats in ms.\n"
      "bars: share of the beats from 10 s on at which a bar is claimed; right: share of those at which it is right.\n"
      "example: ombra bench beat --audio music --json beat.json");
  command
      ->add_option("--audio", options->audio,
                   "folder with sound files and beats.json: their beats in seconds, the first of them on a 1 where "
                   "beats_per_bar is "
                   "given or the file is a loop shorter than half a minute")
      ->check(CLI::ExistingDirectory);
  command->add_option("--seeds", options->seeds, "pieces of each style; 0: the files of --audio only")
      ->check(CLI::Range(0, 100))
      ->capture_default_str();
  command->add_option("--json", options->json_file, "file for the figures");
  command->callback([options] { run(*options); });
}

}  // namespace ombra::cli
