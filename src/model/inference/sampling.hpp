#pragma once
// Drawing from what a network predicts: softmax over entries with temperature and nucleus, mixtures of Gaussians.
// Thread: any (values); one owner per Rng.

#include "core/rng.hpp"

#include <span>
#include <vector>

namespace ombra::model {

// What can be drawn from one row of logits, for many draws from it. Thread: one owner; no allocation once the longest
// row was seen.
class Nucleus {
 public:
  // see sample_softmax
  void set(std::span<const float> logits, double temperature, double top_p);
  int draw(Rng& rng) const;

 private:
  struct Entry {
    float logit;
    int index;
  };
  std::vector<Entry> order_;     // what has been taken off the heap lies at its end, the largest last
  std::vector<double> weights_;  // of the entries that are kept, the largest first
  double sum_ = 0.0;             // of weights_
  int best_ = 0;
};

// Index drawn from softmax(logits / temperature), kept to the smallest set of entries that holds top_p of the
// probability (nucleus sampling, Holtzman et al. 2020). The nucleus is found at a temperature of at most 1: a hotter
// draw spreads more evenly over what is plausible, and reaches no further. temperature <= 0: the largest logit.
int sample_softmax(std::span<const float> logits, double temperature, double top_p, Rng& rng);

// One vector from a mixture of Gaussians with diagonal covariance (Bishop 1994), as an mdn layer lays it out:
// parameters = [K weights][K x Z means][K x Z log standard deviations]. The temperature divides the weights' logits and
// multiplies the variance (Ha and Schmidhuber 2018). temperature <= 0: the mean of the likeliest component.
void sample_mixture(std::span<const float> parameters, int components, double temperature, Rng& rng,
                    std::span<float> out);

}  // namespace ombra::model
