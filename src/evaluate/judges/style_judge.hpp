#pragma once
// Names the style of a dance, having learned from real clips whose style is known: to see whether a dancer that is
// asked for a style dances it. Thread: one owner; judging: any.

#include "evaluate/judges/window_classifier.hpp"

#include <map>
#include <string>
#include <vector>

namespace ombra::train {

struct StyleAccuracy {
  double share = 0.0;                         // of all windows, named right
  double mean_of_styles = 0.0;                // each style counting the same
  std::map<std::string, double> of_style;     // share of its windows that is named right
  std::map<std::string, std::string> mostly;  // what its windows are called most often
};

// Windows are varied while it learns: of the held-out clips by which that was chosen 68 % instead of 62 % are then
// named right (seven styles, each counting the same, mean of two seeds).
class StyleJudge {
 public:
  // windows [N, T, F] of training clips, usually of two seconds, and the style of each; those of style "" are left out.
  // Throws Error where there are fewer than two styles.
  static StyleJudge train(const torch::Tensor& windows, const std::vector<std::string>& style,
                          const ClassifierOptions& options = {.vary = 1.0});

  const std::vector<std::string>& styles() const { return styles_; }  // in alphabetical order
  // windows [N, T, F] -> the most likely style of each
  std::vector<std::string> judge_each(const torch::Tensor& windows) const;
  // windows [N, T, F] of one phrase or dance, N >= 1 -> its most likely style
  std::string judge(const torch::Tensor& windows) const;
  // Of windows of held-out clips; those whose style the judge does not know are left out, NaN where none is left.
  StyleAccuracy accuracy(const torch::Tensor& windows, const std::vector<std::string>& style) const;

 private:
  StyleJudge(std::vector<std::string> styles, WindowClassifier classifier)
      : styles_(std::move(styles)), classifier_(std::move(classifier)) {}

  std::vector<std::string> styles_;
  WindowClassifier classifier_;
};

}  // namespace ombra::train
