#pragma once
// What can be played: performances of drummers, most with a band, composed pieces, made-up music, and sounds that have
// no beat. Thread: any.

#include "audio/material/ear_material.hpp"
#include "audio/material/played_music.hpp"
#include "audio/material/players.hpp"
#include "core/outputs.hpp"
#include "core/rng.hpp"

#include <cstdint>
#include <filesystem>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

namespace ombra::audio {

struct RepertoirePiece {
  EarPiece about;
  // -> a minute of it, or all; another each time rng is another: tempo, kit, band, excerpt. Sets players of the piece.
  // Thread: any, with players of its own.
  std::function<PlayedMusic(Players&, Rng&, EarPiece&)> play;
  bool as_it_is = false;  // nothing may be done to it, as to silence
};

struct RepertoireOptions {
  std::filesystem::path drums;              // the Groove MIDI Dataset; empty: none
  std::vector<std::filesystem::path> midi;  // folders of composed pieces
  int versions = 1;                         // of each
  bool made_up = true;
  double no_beat = 0.0;  // of all pieces, so many have no beat
  bool varied = false;   // to learn from: drums of the split "train" as share_drums() and vary_drums() have them, and,
                         // with made_up, grooves
};

// inputs: gets the files that are read. passed_over: files that are no part of it, and why. Throws Error naming a list
// that cannot be read.
std::vector<RepertoirePiece> repertoire(const RepertoireOptions& options, Inputs& inputs,
                                        std::vector<std::string>& passed_over);

// Leaves `most` pieces, every so many, so that all sources are among them; 0: all.
void thin_out(std::vector<RepertoirePiece>& pieces, int most);

}  // namespace ombra::audio
