#include "train/learn_person.hpp"

#include "core/error.hpp"
#include "core/interrupt.hpp"
#include "core/log.hpp"
#include "core/text.hpp"
#include "model/figure/dancer_file.hpp"
#include "model/figure/strokes.hpp"
#include "model/layers/tensors.hpp"
#include "train/corpus.hpp"
#include "train/troupe/own_axis.hpp"
#include "train/troupe/person_from_footage.hpp"

#include <algorithm>

namespace ombra::train {

using torch::Tensor;

namespace {

constexpr std::size_t kLongestName = 40;
constexpr std::size_t kLearned = 240, kChecked = 48;  // frames, spread over the footage
constexpr std::size_t kFewestSeen = 24;
constexpr double kShortestS = 4.0;

Error too_little(const TrainOptions& options) {
  return error(
      "{}: somebody is seen in too little of it to be learned\nhint: ten seconds at least, better a minute, the "
      "dancer whole and from several sides",
      options.data.string());
}

void check_name(const std::string& name) {
  const auto shown = [](char c) {
    return is_letter_or_digit(c) || (static_cast<unsigned char>(c) & 0x80) != 0 ||
           std::string_view(" _-.").find(c) != std::string_view::npos;
  };
  const bool good = !name.empty() && std::ranges::all_of(name, shown) && name.front() != ' ' && name.back() != ' ';
  if (good && clean_line(name, kLongestName) == name) return;
  throw UsageError(fmt::format(
      "'{}' cannot be a person's name\nhint: --person NAME, at most {} bytes of letters, digits, spaces, _ - and .",
      clean_line(name, 2 * kLongestName), kLongestName));
}

// Frames of the view, of clips that are held out or that are not, mirror images left out, that show somebody.
std::vector<std::int64_t> frames_with_somebody(const FrameView& view, bool held_out, std::size_t most) {
  std::vector<std::int64_t> all;
  for (const ViewClip& clip : view.clips()) {
    for (std::int64_t i = 0; clip.clip->held_out == held_out && !clip.clip->mirrored && i < clip.length; ++i)
      all.push_back(clip.start + i);
  }
  std::vector<std::int64_t> some;
  const std::size_t count = std::min(all.size(), most);
  for (std::size_t k = 0; k < count; ++k) {
    const std::int64_t frame = all[(2 * k + 1) * all.size() / (2 * count)];
    const Tensor inside = view.pictures(frame, 1) < 0;
    if (inside.to(torch::kFloat).mean().item<double>() > 0.01) some.push_back(frame);
  }
  return some;
}

// The person as the folder keeps it, once learned: a training that goes on does not look again.
Tensor kept_person(const std::filesystem::path& file, const std::string& name, const model::Model& m) {
  if (!std::filesystem::exists(file)) return {};
  const model::SafetensorsFile kept(file);
  if (kept.metadata("name") != name) return {};
  OwnAxis axis(m);
  axis.set_weights(model::tensor_of(model::checked_tensor(kept, "own", axis.weights().sizes().vec())));
  return model::tensor_of(model::checked_tensor(kept, "person", {m.people.vectors.size(1)}));
}

void keep_person(const std::filesystem::path& file, const std::string& name, const Tensor& vector,
                 const model::Model& m) {
  model::SafetensorsWriter writer;
  model::add_tensor(writer, "person", vector);
  model::add_tensor(writer, "own", OwnAxis(m).weights());
  writer.set_metadata("name", name);
  writer.write(file);
}

// What held-out frames say: the person, and whoever of the cast was nearest, each in the poses that suit it best.
void report(model::Model& m, const FrameView& view, const FootagePerson& person, const FootageFit& how) {
  log::info("learned from {} frames{}, {:.0f} % overlap; of the cast {} is nearest", person.used,
            person.left_out > 0 ? fmt::format(" ({} left out, in which no such figure is seen)", person.left_out) : "",
            100.0 * person.overlap, person.nearest);
  const std::vector<std::int64_t> held = frames_with_somebody(view, true, kChecked);
  if (held.size() < 8 || interrupted()) return;
  const Tensor fields = view.pictures(held);
  const auto nearest = std::ranges::find(m.people.names, person.nearest) - m.people.names.begin();
  log::info("held-out frames: {:.1f} % overlap, drawn as {} {:.1f} %",
            100.0 * overlap_as(m, person.vector, fields, how), person.nearest,
            100.0 * overlap_as(m, m.people.vectors[nearest], fields, how));
}

}  // namespace

std::string person_wanted(const model::Recipe& recipe, const FrameView& view, const TrainOptions& options) {
  const bool named = !options.person.empty();
  if (named && recipe.painter.people == 0)
    throw UsageError(fmt::format("--person: the recipe {} draws no people\nhint: --recipe ombra", recipe.name));
  if (named && options.from.empty())
    throw UsageError("--person: needs --from\nhint: --from MODEL, a model whose painter draws people");
  if (named && !options.bodies.empty())
    throw UsageError("--person: somebody in the footage, --bodies: figures\nhint: one of them");
  const bool silhouettes =
      std::ranges::none_of(view.data().clips(), [&](const DataClip& clip) { return has_poses(view.data(), clip); });
  const bool wanted = recipe.painter.people > 0 && !options.from.empty() && options.bodies.empty();
  if (!wanted || !(named || silhouettes)) return {};
  const std::string name = named ? options.person : options.data.stem().string();
  check_name(name);
  const model::DancerFile known = model::read_dancer(options.from);
  if (std::ranges::find(known.cast.names, name) != known.cast.names.end()) {
    throw UsageError(fmt::format("{}: already has somebody called {}\nhint: --person with another name",
                                 options.from.string(), name));
  }
  if (static_cast<double>(view.frames_of(false).size()) < kShortestS * view.fps()) throw too_little(options);
  return name;
}

std::vector<std::string> networks_kept(const TrainOptions& options, const std::string& person) {
  std::vector<std::string> keep = options.keep;
  if (!person.empty() && !keep.empty()) keep.emplace_back("painter");
  return keep;
}

bool only_outline(const model::Recipe& recipe, const TrainOptions& options) {
  const std::vector<std::string> dancing =
      recipe.kind == "moves" ? std::vector<std::string>{"mover", "choreographer"} : std::vector<std::string>{"dancer"};
  return std::ranges::all_of(
      dancing, [&](const std::string& name) { return std::ranges::find(options.keep, name) != options.keep.end(); });
}

bool learn_person(model::Model& m, const FrameView& view, const std::string& name, const TrainOptions& options,
                  const std::function<double()>& left_s) {
  const std::filesystem::path file = options.output / "training" / "person.safetensors";
  m = with_own_axis(m);
  Tensor vector = kept_person(file, name, m);
  if (!vector.defined()) {
    const std::vector<std::int64_t> frames = frames_with_somebody(view, false, kLearned);
    if (frames.size() < kFewestSeen) throw too_little(options);
    FootageFit how{.share = std::min(1.0, options.effort), .own_axis = true};
    how.limit =
        std::min(1.0, 96.0 / static_cast<double>(view.data().height())) * static_cast<double>(model::kMaxDistance);
    how.stop = [&] { return interrupted() || (left_s && left_s() <= 0.0); };
    m.painter->eval();
    const FootagePerson person = person_from_footage(m, view.pictures(frames), how);
    if (interrupted()) return false;
    report(m, view, person, how);
    if (interrupted()) return false;
    vector = person.vector;
    keep_person(file, name, vector, m);
  }
  m.people.names.push_back(name);
  m.people.vectors = torch::cat({m.people.vectors, vector.unsqueeze(0)});
  return true;
}

}  // namespace ombra::train
