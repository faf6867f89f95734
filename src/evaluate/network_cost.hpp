#pragma once
// What the networks of the live dance cost on the processor: our dancer, and the published ones beside it in the same
// run, on one thread each, as the show runs them. Thread: one owner.

#include <filesystem>
#include <string>
#include <vector>

namespace ombra::train {

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

// Throws what loading a model and reading a recipe throw, and Error when it is interrupted.
NetworkCosts network_costs(const NetworkCostOptions& options);

}  // namespace ombra::train
