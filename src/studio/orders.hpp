#pragma once
// What the studio is asked for, and its answers: plain values, for the program on one side of the door and LibTorch on
// the other (model/door). Thread: any (values).

#include "core/clock.hpp"

#include <cstdint>
#include <filesystem>
#include <functional>
#include <string>
#include <vector>

namespace ombra::train {

struct TrainOptions {
  std::string recipe = "ombra";
  std::filesystem::path data, output;
  std::filesystem::path bodies;      // recipes with people: the folder of their figures
  std::vector<std::string> without;  // of them, by name: those that are not learned
  std::string device = "auto";
  std::uint64_t seed = 1;
  double effort = 1.0;  // multiplies the steps of every network: 0.01 for a quick try
  // 0: as many steps as the recipe says; else the best that can be had in so long, from reading the data to writing the
  // model, by the clock; a run that is taken up goes on with what is left
  double budget_s = 0.0;
  std::filesystem::path from;  // a model folder of the same recipe whose weights training begins with; may be empty
  // Networks (painter, mover, choreographer, dancer) that are taken over from `from` as they are; where any is named,
  // the others begin afresh.
  std::vector<std::string> keep;
  // Recipes with people, with `from` and without `bodies`: the dancer of footage without joints is learned as one more
  // person of the cast, under this name; empty: that of the data set's file
  std::string person;
  std::function<double()> clock = now_s;
};

struct EvaluateOptions {
  std::filesystem::path model, data;
  std::filesystem::path bodies;  // painters of people: the folder of their figures, to measure against
  std::filesystem::path output;  // folder for evaluation.json and contact sheets; empty: beside the model
  std::int64_t frames = 180000;  // of free-running dance at each temperature, at the data set's frame rate
  std::vector<double> temperatures = {0.3, 0.6, 0.8, 1.0, 1.3};
  double bpm = 120.0;
  double accent = 0.0;      // DanceControls::accent
  double pulse = 1.5;       // DanceControls::pulse
  double tightness = 0.9;   // DanceControls::tightness
  bool dance_only = false;  // leave the reconstruction out
  std::uint64_t seed = 1;
};

struct CompareOptions {
  std::vector<std::filesystem::path> models;
  std::filesystem::path data;
  std::filesystem::path output = "comparison";  // folder for comparison.md, comparison.json and the sheets
  std::int64_t frames = 14400;  // pictures of free dance of each system and temperature, by 16 dancers together
  std::int64_t pictures = 480;  // of held-out clips that go through each painter
  double bpm = 120.0;
  double pulse = 1.5;  // DanceControls::pulse
  std::uint64_t seed = 1;
};

struct ImportOptions {
  std::vector<std::filesystem::path> weights;  // HDF5
  std::string recipe;
  std::filesystem::path data;  // scale and beginnings come from its clips; empty: from chance
  std::filesystem::path output;
  std::uint64_t seed = 1;
};

// A trained dancer through model/dancers/generator.hpp, at 120 beats a minute and 60 pictures a second. All in ms.
struct DanceCost {
  int dancers = 1;
  std::vector<double> step;    // advance and pull: mean over the pictures of a round, one sample a round
  std::vector<double> due;     // ... of the pictures alone in which moves fell due
  std::vector<double> decode;  // a picture of all dancers as distance fields
  std::vector<double> whole;   // step and decode: mean over the pictures of a round
};

// A recipe's networks with random weights in 16 bits, evaluated by LibTorch as they are written there. All in ms.
struct RecipeCost {
  // The same step as the show does it, without LibTorch where that is possible (model/dancers/frame_stepper.hpp).
  struct Danced {
    int dancers = 1;
    std::vector<double> step;  // of all of them
  };
  std::string name;
  std::vector<double> step;      // the next latent, sampled; empty for kind moves
  std::vector<Danced> danced;    // likewise
  std::vector<double> pictures;  // one latent -> the recipe's own picture
  std::vector<double> fields;    // one latent -> the show's distance field
  std::vector<double> own;       // the same as the show does it, without LibTorch (model/dancers/latent_decoder.hpp)
};

struct NetworkCosts {
  std::vector<DanceCost> dances;
  std::vector<RecipeCost> recipes;
};

struct NetworkCostOptions {
  std::filesystem::path model;  // of `dances`
  std::vector<int> dancers = {1, 4, 16};
  std::vector<std::string> recipes;  // names or files
  int field_size = 192;              // samples a side
  int rounds = 9;                    // all of the above in turn, so that what else the computer does hits all alike
  double round_s = 4.0;              // of dance, for `dances`
  int repeats = 12;                  // for `recipes`, a round
};

}  // namespace ombra::train
