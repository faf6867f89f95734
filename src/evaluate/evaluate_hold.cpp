#include "evaluate/evaluate_hold.hpp"

#include "core/interrupt.hpp"
#include "core/progress.hpp"
#include "evaluate/judges/outline.hpp"
#include "evaluate/metrics.hpp"
#include "model/dancers/generator.hpp"

#include <algorithm>

namespace ombra::train {
namespace {

constexpr int kMoments = 24, kPairs = 6;       // a moment
constexpr double kEveryS = 7.3, kBpm = 120.0;  // between moments
constexpr double kBeforeS = 1.0, kRestS = 1.5, kFrameS = 1.0 / 60.0;

// The dancer up to a moment and held there until hair and hems rest: changes of the outline from then on, px.
std::vector<double> changes_of(model::Generator& dancer, double moment_s, const model::FigureControls& who) {
  const model::DanceControls controls;
  std::vector<float> code(static_cast<std::size_t>(dancer.info().latent_size)),
      figure(static_cast<std::size_t>(dancer.info().figure_size));
  const auto show = [&](double at_s, double seen_s) {
    const model::Timestamp at{at_s, at_s * kBpm / 60.0};
    dancer.advance(at, controls);
    dancer.pull(at, controls, code);
    dancer.embody(code, seen_s, who, figure);
  };
  for (double t = moment_s - kBeforeS; t < moment_s; t += kFrameS) show(t, t);
  double seen_s = moment_s;
  for (; seen_s < moment_s + kRestS; seen_s += kFrameS) dancer.embody(code, seen_s, who, figure);
  std::vector<double> changes;
  FieldImage before, after;
  dancer.decode(figure, kLarge, before);
  for (int i = 0; i < kPairs; ++i) {
    seen_s += kFrameS;
    dancer.embody(code, seen_s, who, figure);
    dancer.decode(figure, kLarge, after);
    changes.push_back(outline_change_px(before.distance, after.distance, kLarge));
    std::swap(before, after);
  }
  return changes;
}

}  // namespace

std::string evaluate_hold(const EvaluateOptions& options, nlohmann::json& report) {
  model::Generator dancer(options.model, "cpu", options.seed + 7);
  const auto people = static_cast<int>(dancer.info().people.size());
  if (people == 0) return {};
  std::vector<double> changes;
  Progress progress("held poses", kMoments);
  for (int i = 0; i < kMoments; ++i) {
    if (interrupted()) throw error("interrupted");
    const model::FigureControls who{.person = 1.0f + static_cast<float>(i % people)};
    for (const double change : changes_of(dancer, (i + 1) * kEveryS, who)) changes.push_back(change);
    progress.add();
  }
  double mean = 0.0;
  for (const double change : changes) mean += change / static_cast<double>(changes.size());
  const double most = *std::ranges::max_element(changes);
  report["held"] = {{"outline_change_px_1080", mean}, {"most", most}, {"pictures", changes.size()}};
  return fmt::format(
      "\nA held pose: from one picture to the next, 60 a second at 1080 lines, the outline moves by {:.3f} px (mean of "
      "{} pictures of {} poses; the most was {:.3f}).\n",
      mean, changes.size(), kMoments, most);
}

}  // namespace ombra::train
