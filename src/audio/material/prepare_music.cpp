#include "audio/material/prepare_music.hpp"

#include "audio/material/accompaniment.hpp"
#include "audio/material/composed.hpp"
#include "audio/material/drum_performances.hpp"
#include "audio/material/listen.hpp"
#include "audio/material/made_up.hpp"
#include "audio/material/party.hpp"
#include "audio/material/players.hpp"
#include "audio/material/sound_fonts.hpp"
#include "audio/testbench/practice_music.hpp"
#include "core/clock.hpp"
#include "core/error.hpp"
#include "core/interrupt.hpp"
#include "core/log.hpp"
#include "core/outputs.hpp"
#include "core/progress.hpp"
#include "core/text.hpp"

#include <algorithm>
#include <atomic>
#include <cmath>
#include <functional>
#include <mutex>
#include <thread>

namespace ombra::audio {
namespace {

constexpr double kLongestS = 60.0, kSecondsPerSequence = 120.0;  // a longer performance gives more sequences
constexpr int kMostSequences = 3;
constexpr double kSlowest = 0.85, kFastest = 1.18, kSlowestBpm = 55.0, kFastestBpm = 200.0;
constexpr double kDrumsAlone = 0.3;
constexpr std::uint64_t kFirstSeed = 1000;  // of the practice music: lower ones are for tests
constexpr int kSeedsPerVersion = 10;        // so that each version has some in every split
constexpr double kNoBeat = 0.05;            // of all sequences

// One sequence to be made. Thread: any, with players of its own.
struct Job {
  EarPiece about;
  std::function<EarSequence(Players&, Rng&, EarPiece)> make;
};

EarPiece piece_of(std::string name, std::string source, std::string group, std::string style, std::string split) {
  EarPiece piece;
  piece.name = std::move(name);
  piece.source = std::move(source);
  piece.group = std::move(group);
  piece.style = std::move(style);
  piece.split = std::move(split);
  return piece;
}

// -> what is heard of it at a party; sound at rate_hz
EarSequence heard(std::span<const float> sound, int rate_hz, EarPiece about, Rng& rng) {
  const Party party = draw_party(rng);
  about.condition = party.text();
  EarSequence sequence;
  sequence.about = std::move(about);
  listen(at_party(sound, rate_hz, party, rng), party.rate_hz, sequence);
  return sequence;
}

double draw_factor(double bpm, Rng& rng) {
  const double low = std::max(kSlowest, kSlowestBpm / bpm), high = std::min(kFastest, kFastestBpm / bpm);
  return low < high ? std::exp(rng.uniform(std::log(low), std::log(high))) : std::clamp(1.0, high, low);
}

// A minute of the score, or all of it, from anywhere.
EarSequence played(const Score& score, Players& players, EarPiece about, Rng& rng) {
  const double factor = draw_factor(usual_bpm(score, 1.0), rng);
  about.bpm = usual_bpm(score, factor);
  const double all_s = TempoMap(score.tempi, factor).seconds(score.beats.back().at);
  const double seconds = std::min(kLongestS, all_s);
  const Excerpt music = excerpt(score, factor, rng.uniform(0.0, all_s - seconds), seconds);
  EarSequence sequence = heard(players.play(music, rng), Synthesizer::kRateHz, std::move(about), rng);
  label(music.beats, 0.0, sequence.about.hop_s, sequence.place, sequence.beats_per_bar);
  return sequence;
}

int sequences_of(double seconds) {
  return std::clamp(static_cast<int>(std::lround(seconds / kSecondsPerSequence)), 1, kMostSequences);
}

void add_drums(const PrepareMusicOptions& options, Inputs& inputs, std::vector<Job>& jobs,
               std::vector<std::string>& passed_over) {
  for (const DrumPerformance& p : read_performances(options.drums)) {
    inputs.add(p.midi);
    try {
      score_of(p);
    } catch (const Error& e) {
      passed_over.push_back(first_line(e.what()));
      continue;
    }
    for (int v = 0; v < options.versions * sequences_of(p.seconds); ++v) {
      EarPiece about = piece_of(fmt::format("{} {}", p.id, v + 1), "drums", p.session, p.style, p.split());
      about.drummer = p.drummer;
      jobs.push_back({std::move(about), [p](Players& players, Rng& rng, EarPiece piece) {
                        Score score = score_of(p);
                        choose_kit(score, rng);
                        piece.players = rng.uniform() < kDrumsAlone ? "drums" : accompany(score, rng);
                        return played(score, players, std::move(piece), rng);
                      }});
    }
  }
}

void add_composed(const PrepareMusicOptions& options, Inputs& inputs, std::vector<Job>& jobs,
                  std::vector<std::string>& passed_over) {
  for (const ComposedPiece& p : find_composed(options.midi, passed_over)) {
    inputs.add(p.path);
    for (int v = 0; v < options.versions; ++v) {
      EarPiece about = piece_of(fmt::format("{} {}", p.name, v + 1), "composed", p.name,
                                p.path.parent_path().filename().string(), p.split());
      about.players = "a band";
      jobs.push_back({std::move(about), [p](Players& players, Rng& rng, EarPiece piece) {
                        Score score = read_composed(p.path);
                        transpose(score, rng.below(7) - 3);
                        return played(score, players, std::move(piece), rng);
                      }});
    }
  }
}

// seeds 8, 18, 28 ... are for validation, 9, 19, 29 ... for tests
std::string split_of_seed(std::uint64_t seed) {
  return seed % 10 == 8 ? "validation" : seed % 10 == 9 ? "test" : "train";
}

void add_made_up(const PrepareMusicOptions& options, std::vector<Job>& jobs) {
  for (int i = 0; i < kSeedsPerVersion * options.versions; ++i) {
    const std::uint64_t seed = kFirstSeed + static_cast<std::uint64_t>(i);
    for (const std::string_view style : practice_styles()) {
      EarPiece about = piece_of(fmt::format("{} {}", style, seed), "made up", fmt::format("seed {}", seed),
                                std::string(style), split_of_seed(seed));
      about.players = "a band";
      jobs.push_back({std::move(about), [style, seed](Players&, Rng& rng, EarPiece piece) {
                        const MadeUpPiece music = practice(style, seed);
                        piece.bpm = music.bpm;
                        EarSequence out = heard(music.sound, music.rate_hz, std::move(piece), rng);
                        label_records(music.beats, music.changes_s, out.about.hop_s, out.place, out.beats_per_bar);
                        return out;
                      }});
    }
  }
}

void add_no_beat(std::vector<Job>& jobs) {
  const auto kinds = sounds_without_beat();
  const auto count = static_cast<std::size_t>(std::lround(kNoBeat * static_cast<double>(jobs.size())));
  for (std::size_t i = 0; i < count; ++i) {
    const std::string_view kind = kinds[i % kinds.size()];
    const std::uint64_t seed = i / kinds.size();
    EarPiece about = piece_of(fmt::format("{} {}", kind, seed), "no beat", fmt::format("{} {}", kind, seed),
                              std::string(kind), split_of_seed(seed));
    jobs.push_back({std::move(about), [kind](Players& players, Rng& rng, EarPiece piece) {
                      const double seconds = rng.uniform(0.4, 1.0) * kLongestS;
                      const int rate_hz = Synthesizer::kRateHz;
                      const std::vector<float> sound = kind == "chords"
                                                           ? players.play(chords_without_beat(seconds, rng), rng)
                                                           : sound_without_beat(kind, seconds, rate_hz, rng);
                      if (kind != "silence") return heard(sound, rate_hz, std::move(piece), rng);
                      EarSequence out;  // as an idle input has it, not louder
                      out.about = std::move(piece);
                      out.about.condition = "clean";
                      listen(sound, rate_hz, out);
                      return out;
                    }});
  }
}

// every so many, so that all sources are among those that remain
void thin_out(std::vector<Job>& jobs, int most) {
  const std::size_t all = jobs.size(), kept = static_cast<std::size_t>(most);
  if (most <= 0 || kept >= all) return;
  std::vector<Job> some;
  for (std::size_t i = 0; i < kept; ++i) some.push_back(std::move(jobs[i * all / kept]));
  jobs = std::move(some);
}

std::vector<EarSequence> make_all(const std::vector<Job>& jobs, const PrepareMusicOptions& options) {
  const std::vector<std::filesystem::path> fonts = options.fonts.empty() ? sound_fonts() : options.fonts;
  std::vector<EarSequence> out(jobs.size());
  std::atomic<std::size_t> next{0};
  std::exception_ptr failure;
  std::mutex mutex;  // guards failure
  Progress progress("music", static_cast<std::int64_t>(jobs.size()));
  const auto work = [&] {
    try {
      Players players(fonts);
      for (std::size_t i = next++; i < jobs.size() && !interrupted(); i = next++) {
        Rng rng(options.seed * 1'000'003 + i);
        out[i] = jobs[i].make(players, rng, jobs[i].about);
        progress.add();
      }
    } catch (...) {
      next = jobs.size();
      const std::lock_guard lock(mutex);
      failure = std::current_exception();
    }
  };
  {
    std::vector<std::jthread> threads;
    for (int i = 0; i < std::clamp(options.threads, 1, 2); ++i) threads.emplace_back(work);
  }
  if (failure) std::rethrow_exception(failure);
  if (interrupted()) throw error("interrupted: nothing was written");
  std::erase_if(out, [](const EarSequence& s) { return s.place.empty(); });
  return out;
}

}  // namespace

PrepareMusicReport prepare_music(const PrepareMusicOptions& options) {
  const double start_s = now_s();
  Inputs inputs;
  if (!options.drums.empty()) inputs.add(options.drums / "info.csv");
  PrepareMusicReport report;
  std::vector<Job> jobs;
  if (!options.drums.empty()) add_drums(options, inputs, jobs, report.passed_over);
  add_composed(options, inputs, jobs, report.passed_over);
  claim(options.output);
  if (options.made_up) add_made_up(options, jobs);
  if (jobs.empty())
    throw UsageError("there is no music to prepare\nhint: give the folder of the Groove MIDI Dataset, or --midi");
  add_no_beat(jobs);
  thin_out(jobs, options.pieces);
  const std::vector<EarSequence> sequences = make_all(jobs, options);
  write_ear_material(options.output, sequences);
  const EarMaterial written(options.output);
  report.pieces = written.pieces();
  report.bytes = std::filesystem::file_size(options.output);
  report.seconds = now_s() - start_s;
  return report;
}

}  // namespace ombra::audio
