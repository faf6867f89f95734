#include "evaluate/judges/style_judge.hpp"

#include "core/error.hpp"

#include <algorithm>
#include <set>

namespace ombra::train {

using torch::Tensor;

StyleJudge StyleJudge::train(const Tensor& windows, const std::vector<std::string>& style,
                             const ClassifierOptions& options) {
  std::set<std::string> all(style.begin(), style.end());
  all.erase("");
  if (all.size() < 2) throw error("{} styles to tell apart\nhint: a column 'style', see prepare --clips", all.size());
  std::vector<std::string> styles(all.begin(), all.end());
  std::vector<std::int64_t> known, classes;
  for (std::size_t i = 0; i < style.size(); ++i) {
    if (style[i].empty()) continue;
    known.push_back(static_cast<std::int64_t>(i));
    classes.push_back(std::ranges::lower_bound(styles, style[i]) - styles.begin());
  }
  const auto count = static_cast<std::int64_t>(styles.size());
  return {std::move(styles), WindowClassifier::train(windows.index_select(0, torch::tensor(known)),
                                                     torch::tensor(classes), count, options)};
}

std::vector<std::string> StyleJudge::judge_each(const Tensor& windows) const {
  const Tensor best = classifier_.probabilities(windows).argmax(1).contiguous();
  std::vector<std::string> names;
  for (std::int64_t i = 0; i < best.size(0); ++i)
    names.push_back(styles_[static_cast<std::size_t>(best.data_ptr<std::int64_t>()[i])]);
  return names;
}

std::string StyleJudge::judge(const Tensor& windows) const {
  const Tensor sure = classifier_.probabilities(windows).clamp_min(1e-6).log().sum(0);
  return styles_[static_cast<std::size_t>(sure.argmax().item<std::int64_t>())];
}

StyleAccuracy StyleJudge::accuracy(const Tensor& windows, const std::vector<std::string>& style) const {
  const std::vector<std::string> named = judge_each(windows);
  std::map<std::string, std::map<std::string, double>> times;  // of a style: how often it was called what
  double right = 0.0, all = 0.0;
  for (std::size_t i = 0; i < style.size(); ++i) {
    if (!std::ranges::binary_search(styles_, style[i])) continue;
    ++times[style[i]][named[i]];
    right += named[i] == style[i] ? 1.0 : 0.0;
    all += 1.0;
  }
  StyleAccuracy result;
  result.share = right / all;
  for (const auto& [name, called] : times) {
    double sum = 0.0;
    for (const auto& [word, count] : called) sum += count;
    const auto own = called.find(name);
    result.of_style[name] = own == called.end() ? 0.0 : own->second / sum;
    result.mostly[name] = std::ranges::max_element(called, {}, [](const auto& c) { return c.second; })->first;
    result.mean_of_styles += result.of_style[name];
  }
  result.mean_of_styles /= static_cast<double>(times.size());
  return result;
}

}  // namespace ombra::train
