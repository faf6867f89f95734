#include "evaluate/evaluate_people.hpp"

#include "core/interrupt.hpp"
#include "core/progress.hpp"
#include "evaluate/judges/outline.hpp"
#include "evaluate/metrics.hpp"
#include "footage/data/contact_sheet.hpp"
#include "footage/motion/body.hpp"
#include "model/figure/strokes.hpp"
#include "model/layers/stroke_field.hpp"
#include "train/train_painter.hpp"
#include "train/troupe/fit_person.hpp"
#include "train/troupe/own_axis.hpp"
#include "train/troupe/people_draw.hpp"

#include <algorithm>

namespace ombra::train {
namespace {

using nlohmann::json;
using torch::Tensor;

constexpr std::int64_t kEach = 40, kEachLarge = 60;  // pictures a person
constexpr std::int64_t kSize = 384;
constexpr int kSheetSize = 128, kSheetEach = 4;

struct Figures {
  double iou = 0.0, outline_px = 0.0, broken = 0.0;
  double seen_iou = 0.0, joint_cm = 0.0;  // of the pose that the encoder sees in the figure's picture
  void add(const Figures& other, double share) {
    iou += share * other.iou, outline_px += share * other.outline_px, broken += share * other.broken;
    seen_iou += share * other.seen_iou, joint_cm += share * other.joint_cm;
  }
};

using Draw = std::function<Tensor(const DrawnPeople&, std::int64_t size)>;

void compare(const Tensor& drawn, const Tensor& wanted, std::int64_t size, Figures& f) {
  const std::int64_t pictures = wanted.size(0);
  if (size == kSize) {
    f.iou += intersection_over_union(drawn, wanted) * static_cast<double>(pictures) / kEach;
    return;
  }
  for (std::int64_t b = 0; b < pictures; ++b) {
    f.outline_px += outline_error_px(picture_of(drawn, b), picture_of(wanted, b), kLarge) / kEachLarge;
    const int allowed = pieces(picture_of(wanted, b), kLarge, kSpeck);
    f.broken += pieces(picture_of(drawn, b), kLarge, kSpeck) > std::max(1, allowed) ? 1.0 / kEachLarge : 0.0;
  }
}

// Two painters against the same kEach pictures, and kEachLarge of projector's size.
std::array<Figures, 2> measure(PeopleDraw& truth, const std::array<Draw, 2>& draw) {
  std::array<Figures, 2> f;
  Rng rng(17);
  for (const std::int64_t size : {kSize, std::int64_t{kLarge}}) {
    const std::int64_t pictures = size == kSize ? kEach : kEachLarge, at_once = size == kSize ? 20 : 4;
    for (std::int64_t i = 0; i < pictures; i += at_once) {
      const DrawnPeople wanted = truth.draw(i, at_once, size, rng);
      for (std::size_t k = 0; k < f.size(); ++k) compare(draw[k](wanted, size).contiguous(), wanted.fields, size, f[k]);
    }
  }
  return f;
}

// The figures' pictures through the encoder and back.
void measure_encoder(model::Model& m, PeopleDraw& truth, const Tensor& vector, Figures& f) {
  Rng rng(19);
  const DrawnPeople wanted = truth.draw(0, kEach, m.recipe.frames.height, rng, PeopleDraw::Camera::kInFront);
  const Tensor codes = m.painter->encode(wanted.fields);
  m.painter->set_person(vector);
  f.seen_iou = intersection_over_union(m.painter->decode(codes, m.recipe.frames.height), wanted.fields);
  m.painter->set_person(m.people.vectors.mean(0));
  const Tensor apart = (m.painter->pose_of(codes) - wanted.poses).view({-1, model::kJoints, 3});
  f.joint_cm = 100.0 * apart.norm(2, -1).mean().item<double>();
}

// The mannequin of before in the same poses.
Tensor mannequin(const DrawnPeople& wanted, std::int64_t size) {
  const std::int64_t n = wanted.poses.size(0);
  const Tensor strokes = torch::empty({n, kBodyStrokes, model::kStrokeNumbers});
  for (std::int64_t b = 0; b < n; ++b) {
    Pose2 pose;
    const float* from = wanted.poses.data_ptr<float>() + b * model::kSpaceNumbers;
    for (std::size_t j = 0; j < pose.size(); ++j) pose[j] = {from[3 * j], from[3 * j + 1]};
    const auto body = body_strokes(pose);
    std::memcpy(strokes.data_ptr<float>() + b * kBodyStrokes * model::kStrokeNumbers, body.data(), sizeof body);
  }
  return model::stroke_field(strokes, size);
}

std::string row(const std::string& name, const Figures& f) {
  const std::string seen =
      f.seen_iou > 0.0 ? fmt::format(" {:.3f} | {:.1f} |", f.seen_iou, f.joint_cm) : std::string(" - | - |");
  return fmt::format("| {} | {:.3f} | {:.1f} | {:.1f} % |{}\n", name, f.iou, f.outline_px, 100.0 * f.broken, seen);
}

json as_json(const std::string& name, const Figures& f) {
  return {{"name", name},
          {"iou", f.iou},
          {"outline_error_px_1080", f.outline_px},
          {"broken_1080", f.broken},
          {"seen_iou", f.seen_iou},
          {"joint_error_cm", f.joint_cm}};
}

// A sheet's next two rows: figures, and what is drawn of them.
void add_rows(PeopleDraw& truth, const Draw& draw, std::array<std::vector<std::vector<std::uint8_t>>, 2>& rows) {
  Rng rng(23);
  const DrawnPeople wanted = truth.draw(3, kSheetEach, kSheetSize, rng);
  const Tensor drawn = draw(wanted, kSheetSize);
  for (std::int64_t b = 0; b < kSheetEach; ++b) {
    rows[0].push_back(sheet_picture(wanted.fields[b]));
    rows[1].push_back(sheet_picture(drawn[b]));
  }
}

void write_sheet(const std::array<std::vector<std::vector<std::uint8_t>>, 2>& rows, const std::filesystem::path& path) {
  constexpr std::size_t kColumns = 4 * kSheetEach;
  std::vector<SheetPicture> pictures;
  for (std::size_t at = 0; at < rows[0].size(); at += kColumns) {
    for (const std::size_t which : {0, 1}) {
      for (std::size_t i = at; i < std::min(at + kColumns, rows[0].size()); ++i)
        pictures.push_back({rows[which][i], which == 1});
    }
  }
  write_contact_sheet(path, pictures, {PictureKind::kDistance, kSheetSize, kSheetSize, static_cast<int>(kColumns)});
}

}  // namespace

std::string evaluate_people(const EvaluateOptions& options, const FrameView& view, model::Model& m,
                            const std::filesystem::path& out, json& report) {
  const Troupe troupe = read_troupe(options.bodies);
  std::string known, unknown;
  Figures of_known, of_unknown, of_mannequin;
  std::array<std::vector<std::vector<std::uint8_t>>, 2> rows;
  double count_known = 0.0, count_unknown = 0.0;
  report["people"] = json::array();
  Progress progress("people", static_cast<std::int64_t>(troupe.size()));
  for (const auto& person : troupe) {
    if (interrupted()) break;
    const auto name = std::ranges::find(m.people.names, person->name);
    const bool learned = name != m.people.names.end();
    PeopleDraw truth(view.data(), {person}, true);
    if (truth.empty())
      throw error("the data set holds no clip with joints in space out\nhint: ombra prepare --hold-out");
    model::Model own = learned ? m : with_own_axis(m);  // that draws this person
    Tensor vector;
    if (learned) {
      vector = m.people.vectors[name - m.people.names.begin()];
    } else {
      PeopleDraw motion(view.data(), {person}, false);
      vector = fit_person(own, motion);
    }
    const torch::NoGradGuard no_grad;
    const Draw draw = [&](const DrawnPeople& wanted, std::int64_t size) {
      const Tensor persons = vector.unsqueeze(0).expand({wanted.bodies.size(0), vector.size(0)});
      return model::stroke_field(own.painter->people_strokes(wanted.bodies, persons), size);
    };
    auto [f, f_mannequin] = measure(truth, {draw, mannequin});
    measure_encoder(own, truth, vector, f);
    (learned ? known : unknown) += row(person->name, f);
    (learned ? of_known : of_unknown).add(f, 1.0);
    (learned ? count_known : count_unknown) += 1.0;
    of_mannequin.add(f_mannequin, 1.0 / static_cast<double>(troupe.size()));
    report["people"].push_back(as_json(person->name, f));
    report["people"].back()["learned"] = learned;
    add_rows(truth, draw, rows);
    progress.add();
  }
  write_sheet(rows, out / "people.png");
  report["mannequin"] = as_json("mannequin", of_mannequin);
  const auto mean = [&](const char* words, const Figures& sum, double count) {
    if (count == 0.0) return std::string();
    Figures f;
    f.add(sum, 1.0 / count);
    return row(words, f);
  };
  return "| people, motion held out | IoU at 384 | outline error px at 1080 | in more pieces than the figure | IoU, "
         "seen by "
         "the encoder | its joint error cm |\n|---|---|---|---|---|---|\n" +
         mean("**all that were learned**", of_known, count_known) +
         mean("**all that were not: a vector found afterwards**", of_unknown, count_unknown) +
         row("the mannequin of before, the same people", of_mannequin) + known + unknown;
}

}  // namespace ombra::train
