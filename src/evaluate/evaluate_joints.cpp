#include "evaluate/evaluate_joints.hpp"

#include "evaluate/dance_sheet.hpp"
#include "evaluate/free_dance.hpp"
#include "evaluate/judges/joint_figures.hpp"
#include "evaluate/judges/joint_track.hpp"
#include "evaluate/judges/style_judge.hpp"
#include "evaluate/judges/two_sample.hpp"

#include <algorithm>
#include <cmath>
#include <map>
#include <set>

namespace ombra::train {
namespace {

using nlohmann::json;
using torch::Tensor;

constexpr double kWindowS = 2.0, kHopS = 1.0 / 3.0;
constexpr double kPieceS = 10.0;  // of which kinetic features are taken
constexpr double kDanceS = 40.0;  // that a dancer dances for the judges
constexpr double kTemperature = 0.8;
constexpr int kTempi = 8, kDancers = 4;
constexpr double kPhraseBeats = 8.0, kSettledBeats = 16.0;  // what a dancer takes to be where it was asked to be

struct Dance {
  Tensor poses;  // [T, 60]
  std::string source, style;
  double bpm = 0.0;  // 0: not known
};

// Dances as they are measured.
struct Dances {
  std::vector<Dance> training, held_out, made;
};

double bpm_of(const Passage& p, double fps) {
  if (p.beat.size() < 2) return 0.0;
  return 60.0 * fps * (p.beat.back() - p.beat.front()) / static_cast<double>(p.beat.size() - 1);
}

// Windows of all of them, and whose each is.
TwoSampleSide windows_of_all(const std::vector<Dance>& dances, double fps, std::vector<std::string>* styles = nullptr) {
  const auto steps = std::llround(kWindowS * fps), hop = std::llround(kHopS * fps);
  TwoSampleSide side;
  std::vector<Tensor> windows;
  for (const Dance& d : dances) {
    if (d.poses.size(0) < steps) continue;
    windows.push_back(windows_of(judged_track(d.poses, fps), steps, hop));
    side.source.insert(side.source.end(), static_cast<std::size_t>(windows.back().size(0)), d.source);
    if (styles) styles->insert(styles->end(), static_cast<std::size_t>(windows.back().size(0)), d.style);
  }
  if (windows.empty()) throw error("no clip is as long as {} s\nhint: ombra prepare longer footage", kWindowS);
  side.windows = torch::cat(windows);
  return side;
}

std::vector<Dance> real_dances(const std::vector<Passage>& passages, const DataSet& data, model::Model& m, double fps,
                               bool held_out) {
  std::map<std::string, std::string> pair_of;  // two who dance together are one source
  for (const DataClip& clip : data.clips()) pair_of[clip.name] = clip.pair.empty() ? clip.name : clip.pair;
  std::vector<Dance> dances;
  for (const Passage& p : passages) {
    if (p.held_out != held_out || p.yaw_degrees != 0.0 || p.codes.size(0) < 3) continue;
    dances.push_back({m.painter->pose_of(p.codes).cpu(), pair_of[p.clip], p.style, bpm_of(p, fps)});
  }
  return dances;
}

FreeDanceOptions asked(const EvaluateOptions& o, double fps, double bpm, int dancers) {
  FreeDanceOptions f{.model = o.model,
                     .fps = fps,
                     .pictures = std::llround(kDanceS * fps),
                     .batches = 1,
                     .dancers = dancers,
                     .tempo = {.bpm = bpm},
                     .seed = o.seed + 3};
  f.controls.temperature = static_cast<float>(kTemperature);
  f.controls.accent = static_cast<float>(o.accent);
  f.controls.pulse = static_cast<float>(o.pulse);
  f.controls.tightness = static_cast<float>(o.tightness);
  return f;
}

// Dancers at the tempi of the footage, from slow to fast.
std::vector<Dance> made_dances(const EvaluateOptions& o, const std::vector<Dance>& real, model::Model& m, double fps) {
  std::vector<double> tempi;
  for (const Dance& d : real) {
    if (d.bpm > 0.0) tempi.push_back(d.bpm);
  }
  if (tempi.empty()) tempi.push_back(o.bpm);
  std::ranges::sort(tempi);
  std::vector<Dance> dances;
  for (int i = 0; i < kTempi; ++i) {
    const double bpm = tempi[(2 * static_cast<std::size_t>(i) + 1) * tempi.size() / (2 * kTempi)];
    FreeDanceOptions f = asked(o, fps, bpm, kDancers);
    f.words = fmt::format("for the judges, {:.0f} BPM", bpm);
    f.seed += static_cast<std::uint64_t>(i);
    for (const Tensor& codes : free_dance(f).latents)
      dances.push_back({m.painter->pose_of(codes), fmt::format("made {}", dances.size()), "", bpm});
  }
  return dances;
}

// Pieces' kinetic features, [N, 60]
Tensor kinetics(const std::vector<Dance>& dances, double fps) {
  const auto steps = std::llround(kPieceS * fps);
  std::vector<Tensor> rows = {torch::empty({0, model::kSpaceNumbers})};
  for (const Dance& d : dances) {
    for (std::int64_t at = 0; at + steps <= d.poses.size(0); at += steps)
      rows.push_back(kinetic_features(d.poses.narrow(0, at, steps), fps).unsqueeze(0));
  }
  return torch::cat(rows);
}

json joint_figures(const std::vector<Dance>& dances, const Tensor& real_kinetics, double fps) {
  double sliding = 0.0, contact = 0.0, frames = 0.0;
  for (const Dance& d : dances) {
    const double slides = foot_sliding_cm_s(d.poses, fps);
    if (!std::isfinite(slides)) continue;
    const auto n = static_cast<double>(d.poses.size(0));
    sliding += slides * n, contact += foot_contact_score(d.poses, fps) * n, frames += n;
  }
  return {{"sliding_cm_s", sliding / frames},
          {"contact", contact / frames},
          {"diversity", diversity(kinetics(dances, fps), real_kinetics)}};
}

std::string joint_table(const Dances& dances, double fps, json& report) {
  const Tensor real = kinetics(dances.training, fps);
  std::string text =
      "\n| by its joints | foot sliding cm/s | foot contact score | diversity of ten seconds |\n|---|---|---|---|\n";
  const std::pair<const char*, const std::vector<Dance>*> rows[] = {
      {"real dance, training", &dances.training}, {"real dance, held out", &dances.held_out}, {"made", &dances.made}};
  for (const auto& [name, of] : rows) {
    if (of->empty()) continue;
    json j = joint_figures(*of, real, fps);
    text += fmt::format("| {} | {:.1f} | {:.2f} | {:.2f} |\n", name, j["sliding_cm_s"].get<double>(),
                        j["contact"].get<double>(), j["diversity"].get<double>());
    j["dance"] = name;
    report["joints"].push_back(std::move(j));
  }
  return text;
}

int sources_of(const std::vector<Dance>& dances) {
  std::set<std::string> names;
  for (const Dance& d : dances) names.insert(d.source);
  return static_cast<int>(names.size());
}

// Held-out clips against the dance that was made, and against the other clips.
std::string two_sample_lines(const Dances& dances, double fps, json& report) {
  if (sources_of(dances.held_out) < 2) return "\nToo few clips are held out for a two-sample test.\n";
  const TwoSampleSide held = windows_of_all(dances.held_out, fps), danced = windows_of_all(dances.made, fps),
                      taught = windows_of_all(dances.training, fps);
  const TwoSampleResult made = two_sample_test(held, danced), real = two_sample_test(held, taught),
                        learned = two_sample_test(taught, danced);
  report["two_sample"] = {
      {"made", made.accuracy},      {"made_spread", made.spread},         {"real", real.accuracy},
      {"real_spread", real.spread}, {"windows_held_out", made.windows_a}, {"windows_made", made.windows_b}};
  return fmt::format(
      "\nTwo-sample test, windows of {} s: a classifier tells the dance that was made at temperature {} from {} "
      "held-out "
      "sources in {:.1f} % (± {:.1f} from deal to deal), the other real clips from them in {:.1f} % (± {:.1f}); the "
      "dance "
      "that was made from the clips that taught it in {:.1f} % (± {:.1f}).\n",
      kWindowS, kTemperature, sources_of(dances.held_out), 100.0 * made.accuracy, 100.0 * made.spread,
      100.0 * real.accuracy, 100.0 * real.spread, 100.0 * learned.accuracy, 100.0 * learned.spread);
}

// The mean tempo of the real clips of a style.
double tempo_of(const std::vector<Dance>& real, const std::string& style, double otherwise) {
  double sum = 0.0, count = 0.0;
  for (const Dance& d : real) {
    if (d.style == style && d.bpm > 0.0) sum += d.bpm, count += 1.0;
  }
  return count > 0.0 ? sum / count : otherwise;
}

struct StyleResult {
  double named = 0.0, phrases = 0.0;
  std::map<std::string, int> called;
};

StyleResult judge_phrases(const StyleJudge& judge, const std::vector<Tensor>& dances, const std::string& style,
                          double bpm, double fps) {
  const auto steps = std::llround(kWindowS * fps), hop = std::llround(kHopS * fps),
             phrase = std::llround(kPhraseBeats * 60.0 / bpm * fps);
  StyleResult result;
  for (const Tensor& poses : dances) {
    const Tensor track = judged_track(poses, fps);
    for (std::int64_t at = std::llround(kSettledBeats * 60.0 / bpm * fps); at + phrase <= track.size(0); at += phrase) {
      const std::string name = judge.judge(windows_of(track.narrow(0, at, phrase), steps, hop));
      result.named += name == style ? 1.0 : 0.0;
      result.phrases += 1.0;
      ++result.called[name];
    }
  }
  return result;
}

std::string style_table(const EvaluateOptions& o, const Dances& dances, model::Model& m, double fps,
                        const std::filesystem::path& out, json& report) {
  const std::vector<std::string>& styles = m.recipe.choreographer.styles;
  std::vector<std::string> taught, tested;
  const TwoSampleSide training = windows_of_all(dances.training, fps, &taught),
                      held_out = windows_of_all(dances.held_out, fps, &tested);
  const StyleJudge judge = StyleJudge::train(training.windows, taught);
  const StyleAccuracy real = judge.accuracy(held_out.windows, tested);
  std::string text =
      "\n| style asked for | phrases that the judge calls so | most often called | held-out windows that it calls so "
      "|\n|---|---|---|---|\n";
  double named = 0.0, phrases = 0.0;
  DanceSheet sheet(m);
  for (std::size_t s = 0; s < styles.size(); ++s) {
    const double bpm = tempo_of(dances.training, styles[s], o.bpm);
    FreeDanceOptions f = asked(o, fps, bpm, 2 * kDancers);
    f.words = styles[s];
    f.controls.styles[s] = 1.0f;
    const FreeDance dance = free_dance(f);
    std::vector<Tensor> poses;
    for (const Tensor& codes : dance.latents) poses.push_back(m.painter->pose_of(codes));
    const StyleResult r = judge_phrases(judge, poses, styles[s], bpm, fps);
    sheet.add_row(dance.latents[0].slice(0, std::llround(kSettledBeats * 60.0 / bpm * fps)), std::llround(0.5 * fps));
    named += r.named, phrases += r.phrases;
    const auto most = std::ranges::max_element(r.called, {}, [](const auto& c) { return c.second; });
    const auto of_real = real.of_style.find(styles[s]);
    text += fmt::format("| {} | {:.0f} % of {:.0f} | {} | {} |\n", styles[s], 100.0 * r.named / r.phrases, r.phrases,
                        most->first,
                        of_real == real.of_style.end() ? "-" : fmt::format("{:.0f} %", 100.0 * of_real->second));
    report["styles"].push_back({{"style", styles[s]}, {"named", r.named / r.phrases}, {"mostly", most->first}});
  }
  sheet.write(out / "styles.png");
  report["style_named"] = named / phrases;
  report["style_judge_held_out"] = real.mean_of_styles;
  return text + fmt::format("| **all** | **{:.0f} %** of {:.0f} | | {:.0f} % |\n", 100.0 * named / phrases, phrases,
                            100.0 * real.mean_of_styles);
}

}  // namespace

std::string evaluate_joints(const EvaluateOptions& options, const FrameView& view, const std::vector<Passage>& passages,
                            model::Model& m, const std::filesystem::path& out, json& report) {
  if (!m.painter->in_space()) return {};
  const double fps = view.fps();
  Dances dances;
  {
    const torch::NoGradGuard no_grad;
    dances.training = real_dances(passages, view.data(), m, fps, false);
    dances.held_out = real_dances(passages, view.data(), m, fps, true);
    // too short for a window: nothing can be asked of it
    std::erase_if(dances.held_out, [&](const Dance& d) { return d.poses.size(0) < std::llround(kWindowS * fps); });
    dances.made = made_dances(options, dances.training, m, fps);
  }
  std::string text = joint_table(dances, fps, report) + two_sample_lines(dances, fps, report);
  if (!m.recipe.choreographer.styles.empty() && !dances.held_out.empty())
    text += style_table(options, dances, m, fps, out, report);
  return text;
}

}  // namespace ombra::train
