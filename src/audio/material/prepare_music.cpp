#include "audio/material/prepare_music.hpp"

#include "audio/material/listen.hpp"
#include "audio/material/party.hpp"
#include "audio/material/players.hpp"
#include "audio/material/repertoire.hpp"
#include "audio/material/sound_fonts.hpp"
#include "core/clock.hpp"
#include "core/error.hpp"
#include "core/interrupt.hpp"
#include "core/log.hpp"
#include "core/outputs.hpp"
#include "core/progress.hpp"

#include <algorithm>
#include <atomic>
#include <mutex>
#include <thread>

namespace ombra::audio {
namespace {

constexpr double kNoBeat = 0.05;  // of all sequences

// Played, worn as at a party, heard and labelled.
EarSequence sequence_of(const RepertoirePiece& piece, Players& players, Rng& rng) {
  EarSequence sequence;
  sequence.about = piece.about;
  const PlayedMusic music = piece.play(players, rng, sequence.about);
  sequence.about.bpm = music.bpm;
  if (piece.as_it_is) {
    sequence.about.condition = "clean";
    listen(music.sound, music.rate_hz, sequence);
  } else {
    const Party party = draw_party(rng);
    sequence.about.condition = party.text();
    listen(at_party(music.sound, music.rate_hz, party, rng), party.rate_hz, sequence);
  }
  if (!music.beats.empty())
    label_records(music.beats, music.changes_s, sequence.about.hop_s, sequence.place, sequence.beats_per_bar);
  return sequence;
}

std::vector<EarSequence> make_all(const std::vector<RepertoirePiece>& pieces, const PrepareMusicOptions& options) {
  const std::vector<std::filesystem::path> fonts = options.fonts.empty() ? sound_fonts() : options.fonts;
  std::vector<EarSequence> out(pieces.size());
  std::atomic<std::size_t> next{0};
  std::exception_ptr failure;
  std::mutex mutex;  // guards failure
  Progress progress("music", static_cast<std::int64_t>(pieces.size()));
  const auto work = [&] {
    try {
      Players players(fonts);
      for (std::size_t i = next++; i < pieces.size() && !interrupted(); i = next++) {
        Rng rng(options.seed * 1'000'003 + i);
        out[i] = sequence_of(pieces[i], players, rng);
        progress.add();
      }
    } catch (...) {
      next = pieces.size();
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
  PrepareMusicReport report;
  std::vector<RepertoirePiece> pieces = repertoire({.drums = options.drums,
                                                    .midi = options.midi,
                                                    .versions = options.versions,
                                                    .made_up = options.made_up,
                                                    .no_beat = kNoBeat,
                                                    .varied = true},
                                                   inputs, report.passed_over);
  claim(options.output);
  if (pieces.empty())
    throw UsageError("there is no music to prepare\nhint: give the folder of the Groove MIDI Dataset, or --midi");
  thin_out(pieces, options.pieces);
  const std::vector<EarSequence> sequences = make_all(pieces, options);
  write_ear_material(options.output, sequences);
  const EarMaterial written(options.output);
  report.pieces = written.pieces();
  report.bytes = std::filesystem::file_size(options.output);
  report.seconds = now_s() - start_s;
  return report;
}

}  // namespace ombra::audio
