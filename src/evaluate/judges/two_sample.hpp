#pragma once
// Classifier two-sample test (Lopez-Paz and Oquab 2017): how often a classifier that was shown one half of two kinds of
// material tells windows of the other half apart. 0.5: they look alike to it. Real against real dance says what the
// clips alone can do. Thread: one caller.

#include "evaluate/judges/window_classifier.hpp"

#include <string>
#include <vector>

namespace ombra::train {

struct TwoSampleSide {
  torch::Tensor windows;            // [N, T, F]
  std::vector<std::string> source;  // N: clip or dancer of each; one source is never in both halves
};

struct TwoSampleOptions {
  ClassifierOptions classifier;
  int rounds = 3;  // each deals the sources anew
};

struct TwoSampleResult {
  double accuracy = 0.0;  // 0..1, mean of both sides, of both halves, of all rounds
  double accuracy_a = 0.0, accuracy_b = 0.0;
  double spread = 0.0;                        // standard deviation of the rounds' accuracies
  std::int64_t windows_a = 0, windows_b = 0;  // judged in a round; each once, by the classifier of the other half
};

// Sources are dealt into two halves, as even as they can be; a classifier is trained on each and judges the other. A
// source of both sides (a pair of clips, a dancer) is in one half for both. Few sources, or sources that differ much,
// give figures under 0.5: what is typical of one half is then wrong in the other. Throws Error where a side has fewer
// than two sources.
TwoSampleResult two_sample_test(const TwoSampleSide& a, const TwoSampleSide& b, const TwoSampleOptions& options = {});

}  // namespace ombra::train
