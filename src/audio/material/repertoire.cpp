#include "audio/material/repertoire.hpp"

#include "audio/material/accompaniment.hpp"
#include "audio/material/composed.hpp"
#include "audio/material/drum_performances.hpp"
#include "audio/material/grooves.hpp"
#include "audio/material/made_up.hpp"
#include "audio/testbench/practice_music.hpp"
#include "core/error.hpp"
#include "core/text.hpp"

#include <algorithm>
#include <cmath>
#include <map>
#include <memory>
#include <utility>

namespace ombra::audio {
namespace {

constexpr double kLongestS = 60.0, kSecondsPerPiece = 120.0;  // a longer performance gives more pieces
constexpr int kMostPieces = 3;
constexpr double kSlowest = 0.85, kFastest = 1.18, kSlowestBpm = 55.0, kFastestBpm = 200.0;
constexpr double kDrumsAlone = 0.3;
constexpr double kShared = 0.35;            // of the performances to learn from are those of two drummers
constexpr std::uint64_t kFirstSeed = 1000;  // of the practice music: lower ones are for tests
constexpr int kSeedsPerVersion = 10;        // so that each version has some in every split
constexpr int kGroovesPerVersion = 5;       // of each genre
constexpr int kPlainPerSeed = 4;            // plain beats beside the styles of a seed

EarPiece piece_of(std::string name, std::string source, std::string group, std::string style, std::string split) {
  EarPiece piece;
  piece.name = std::move(name);
  piece.source = std::move(source);
  piece.group = std::move(group);
  piece.style = std::move(style);
  piece.split = std::move(split);
  return piece;
}

double draw_factor(double bpm, Rng& rng) {
  const double low = std::max(kSlowest, kSlowestBpm / bpm), high = std::min(kFastest, kFastestBpm / bpm);
  return low < high ? std::exp(rng.uniform(std::log(low), std::log(high))) : std::clamp(1.0, high, low);
}

// A minute of the score, or all of it, from anywhere.
PlayedMusic played(const Score& score, Players& players, Rng& rng) {
  const double factor = draw_factor(usual_bpm(score, 1.0), rng);
  const double all_s = TempoMap(score.tempi, factor).seconds(score.beats.back().at);
  const double seconds = std::min(kLongestS, all_s);
  const Excerpt music = excerpt(score, factor, rng.uniform(0.0, all_s - seconds), seconds);
  return {players.play(music, rng), Synthesizer::kRateHz, music.beats, {}, usual_bpm(score, factor)};
}

int pieces_of(double seconds) {
  return std::clamp(static_cast<int>(std::lround(seconds / kSecondsPerPiece)), 1, kMostPieces);
}

// Performances to learn from, by the beats of their bars: who may play along with whom.
using Fellows = std::map<int, std::vector<DrumPerformance>>;

PlayedMusic play_drums(const DrumPerformance& p, const Fellows* fellows, Players& players, Rng& rng, EarPiece& piece) {
  Score score = score_of(p);
  if (fellows) {
    const auto& others = fellows->at(p.beats_per_bar);
    const DrumPerformance& other = others[static_cast<std::size_t>(rng.below(static_cast<int>(others.size())))];
    if (rng.uniform() < kShared) share_drums(score, score_of(other));
    vary_drums(score, rng);
  }
  choose_kit(score, rng);
  piece.players = rng.uniform() < kDrumsAlone ? "drums" : accompany(score, rng);
  return played(score, players, rng);
}

void add_drums(const RepertoireOptions& options, Inputs& inputs, std::vector<RepertoirePiece>& pieces,
               std::vector<std::string>& passed_over) {
  std::vector<DrumPerformance> all = read_performances(options.drums);
  std::erase_if(all, [&](const DrumPerformance& p) {
    inputs.add(p.midi);
    try {
      score_of(p);
      return false;
    } catch (const Error& e) {
      passed_over.push_back(first_line(e.what()));
      return true;
    }
  });
  const auto fellows = std::make_shared<Fellows>();
  for (const DrumPerformance& p : all) {
    if (p.split() == "train") (*fellows)[p.beats_per_bar].push_back(p);
  }
  for (const DrumPerformance& p : all) {
    for (int v = 0; v < options.versions * pieces_of(p.seconds); ++v) {
      EarPiece about = piece_of(fmt::format("{} {}", p.id, v + 1), "drums", p.session, p.style, p.split());
      about.drummer = p.drummer;
      const bool varied = options.varied && about.split == "train";
      pieces.push_back({std::move(about), [p, varied, fellows](Players& players, Rng& rng, EarPiece& piece) {
                          return play_drums(p, varied ? fellows.get() : nullptr, players, rng, piece);
                        }});
    }
  }
}

void add_composed(const RepertoireOptions& options, Inputs& inputs, std::vector<RepertoirePiece>& pieces,
                  std::vector<std::string>& passed_over) {
  for (const ComposedPiece& p : find_composed(options.midi, passed_over)) {
    inputs.add(p.path);
    for (int v = 0; v < options.versions; ++v) {
      EarPiece about = piece_of(fmt::format("{} {}", p.name, v + 1), "composed", p.name,
                                p.path.parent_path().filename().string(), p.split());
      about.players = "a band";
      pieces.push_back({std::move(about), [p](Players& players, Rng& rng, EarPiece&) {
                          Score score = read_composed(p.path);
                          transpose(score, rng.below(7) - 3);
                          return played(score, players, rng);
                        }});
    }
  }
}

void add_grooves(int versions, std::vector<RepertoirePiece>& pieces) {
  for (const std::string_view genre : groove_genres()) {
    for (int i = 0; i < kGroovesPerVersion * versions; ++i) {
      EarPiece about = piece_of(fmt::format("{} {}", genre, i + 1), "grooves", fmt::format("{} {}", genre, i + 1),
                                std::string(genre), "train");
      pieces.push_back({std::move(about), [genre](Players& players, Rng& rng, EarPiece& piece) {
                          Score score = draw_groove(genre, rng);
                          choose_kit(score, rng);
                          piece.players = rng.uniform() < kDrumsAlone ? "drums" : accompany(score, rng);
                          return played(score, players, rng);
                        }});
    }
  }
}

// seeds 8, 18, 28 ... are for validation, 9, 19, 29 ... for tests
std::string split_of_seed(std::uint64_t seed) {
  return seed % 10 == 8 ? "validation" : seed % 10 == 9 ? "test" : "train";
}

void add_made_up(const RepertoireOptions& options, std::vector<RepertoirePiece>& pieces) {
  for (int i = 0; i < kSeedsPerVersion * options.versions; ++i) {
    const std::uint64_t seed = kFirstSeed + static_cast<std::uint64_t>(i);
    for (const std::string_view style : practice_styles()) {
      EarPiece about = piece_of(fmt::format("{} {}", style, seed), "made up", fmt::format("seed {}", seed),
                                std::string(style), split_of_seed(seed));
      about.players = "a band";
      pieces.push_back({std::move(about), [style, seed](Players&, Rng&, EarPiece&) { return practice(style, seed); }});
    }
    for (int k = 0; k < kPlainPerSeed; ++k) {
      EarPiece about = piece_of(fmt::format("plain {} {}", seed, k + 1), "made up", fmt::format("seed {}", seed),
                                "plain", split_of_seed(seed));
      about.players = "a machine";
      pieces.push_back(
          {std::move(about), [](Players&, Rng& rng, EarPiece&) { return plain_beat(rng.uniform(20.0, 45.0), rng); }});
    }
  }
}

void add_no_beat(double share, std::vector<RepertoirePiece>& pieces) {
  const auto kinds = sounds_without_beat();
  const auto count = static_cast<std::size_t>(std::lround(share * static_cast<double>(pieces.size())));
  for (std::size_t i = 0; i < count; ++i) {
    const std::string_view kind = kinds[i % kinds.size()];
    const std::uint64_t seed = i / kinds.size();
    EarPiece about = piece_of(fmt::format("{} {}", kind, seed), "no beat", fmt::format("{} {}", kind, seed),
                              std::string(kind), split_of_seed(seed));
    pieces.push_back({std::move(about),
                      [kind](Players& players, Rng& rng, EarPiece&) {
                        const double seconds = rng.uniform(0.4, 1.0) * kLongestS;
                        const int rate_hz = Synthesizer::kRateHz;
                        PlayedMusic out;
                        out.rate_hz = rate_hz;
                        out.sound = kind == "chords" ? players.play(chords_without_beat(seconds, rng), rng)
                                                     : sound_without_beat(kind, seconds, rate_hz, rng);
                        return out;
                      },
                      kind == "silence"});  // as an idle input has it, not louder
  }
}

}  // namespace

std::vector<RepertoirePiece> repertoire(const RepertoireOptions& options, Inputs& inputs,
                                        std::vector<std::string>& passed_over) {
  std::vector<RepertoirePiece> pieces;
  if (!options.drums.empty()) {
    inputs.add(options.drums / "info.csv");
    add_drums(options, inputs, pieces, passed_over);
  }
  add_composed(options, inputs, pieces, passed_over);
  if (options.made_up) add_made_up(options, pieces);
  if (options.made_up && options.varied) add_grooves(options.versions, pieces);
  add_no_beat(options.no_beat, pieces);
  return pieces;
}

void thin_out(std::vector<RepertoirePiece>& pieces, int most) {
  const std::size_t all = pieces.size(), kept = static_cast<std::size_t>(most);
  if (most <= 0 || kept >= all) return;
  std::vector<RepertoirePiece> some;
  for (std::size_t i = 0; i < kept; ++i) some.push_back(std::move(pieces[i * all / kept]));
  pieces = std::move(some);
}

}  // namespace ombra::audio
