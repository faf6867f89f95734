#include "model/layers/keras_weights.hpp"

#include "model/layers/keras_slots.hpp"

#include <fmt/ranges.h>

#include <algorithm>
#include <cmath>
#include <optional>
#include <set>

namespace ombra::model {
namespace {

// A network, or one of the dancers that the recipe leaves to choose from.
struct Part {
  std::string name;  // "encoder"
  std::vector<KerasSlot> slots;
};
using Run = std::vector<const Part*>;  // parts that one file may hold, in order

std::string names_of(const Run& run) {
  std::vector<std::string> names;
  for (const Part* part : run) names.push_back(part->name);
  return fmt::format("{}", fmt::join(names, " and "));
}

// How far the layers of a file go along with a run.
struct Fit {
  bool whole = false;
  std::size_t layers = 0;  // of the file, that found their place
  std::string misfit;      // what the next one is and what was expected; empty where all is well
  std::string first;       // what the run begins with
};

std::string expected_text(const KerasSlot& slot) {
  std::vector<std::string> texts;
  for (const KerasShape& shape : slot.takes) texts.push_back(shape.text());
  return fmt::format("{}", fmt::join(texts, " and "));
}

// Both spans are as long as each other.
bool fits(const std::vector<const KerasLayer*>& layers, const std::vector<KerasShape>& shapes) {
  for (std::size_t i = 0; i < shapes.size(); ++i) {
    if (!shapes[i].fits(*layers[i])) return false;
  }
  return true;
}

// Calls place(slot, layers) for each slot of the run as long as the file's layers fit.
template <typename Place>
Fit walk(const KerasFile& file, const Run& run, Place place) {
  Fit fit;
  const std::span<const KerasLayer> layers(file.layers);
  for (const Part* part : run) {
    for (const KerasSlot& slot : part->slots) {
      if (fit.first.empty()) fit.first = fmt::format("{} takes {}", slot.where, expected_text(slot));
      bool found = false;
      for (const std::vector<KerasShape>* shapes : {&slot.takes, &slot.instead}) {
        if (found || shapes->empty() || fit.layers + shapes->size() > layers.size()) continue;
        const auto some = layers.subspan(fit.layers, shapes->size());
        if (!fits(in_order(some, *shapes), *shapes)) continue;
        place(slot, some);
        fit.layers += shapes->size();
        found = true;
      }
      if (found) continue;
      fit.misfit = fit.layers < layers.size()
                       ? fmt::format("layer {} does not fit {}, which takes {}", layers[fit.layers].text(), slot.where,
                                     expected_text(slot))
                       : fmt::format("ends before {}, which takes {}", slot.where, expected_text(slot));
      return fit;
    }
  }
  fit.whole = fit.layers == layers.size();
  if (!fit.whole) fit.misfit = fmt::format("layer {} comes after all of {}", layers[fit.layers].text(), names_of(run));
  return fit;
}

// No run takes the whole file: says where the one that went furthest stopped.
[[noreturn]] void refuse(const KerasFile& file, const std::vector<Run>& runs, const Recipe& recipe) {
  const char* hint = "does the recipe have the layers and sizes of the model that was trained?";
  Fit furthest;
  std::vector<std::string> firsts;
  for (const Run& run : runs) {
    const Fit fit = walk(file, run, [](const KerasSlot&, std::span<const KerasLayer>) {});
    if (fit.layers >= furthest.layers) furthest = fit;
    if (std::find(firsts.begin(), firsts.end(), fit.first) == firsts.end()) firsts.push_back(fit.first);
  }
  if (furthest.layers > 0) throw error("{}: {} (recipe {})\nhint: {}", file.name, furthest.misfit, recipe.name, hint);
  throw error("{}: layer {} begins no network of recipe {}: {}\nhint: {}", file.name, file.layers.front().text(),
              recipe.name, fmt::join(firsts, "; "), hint);
}

void check_recipe(const Recipe& recipe) {
  const auto no = [&](const char* why) {
    return UsageError(fmt::format(
        "{}: {}\nhint: recipes of models/recipes with semantics = \"keras\" can be imported to", recipe.file, why));
  };
  if (recipe.kind != "frames") throw no("its networks are not those of any Keras model");
  if (!recipe.keras) throw no("flattens pictures in another order than Keras does");
  if (recipe.painter.guided) throw no("its codes are body joints, which a Keras model's are not");
}

// held: part -> file. contents: what the files hold, in words
void check_whole(const std::map<std::string, std::string>& held, const std::vector<std::string>& contents,
                 const Recipe& recipe) {
  std::vector<std::string> missing;
  for (const char* name : {"encoder", "decoder", "dancer"}) {
    if (held.count(name) == 0) missing.emplace_back(name);
  }
  if (missing.empty()) return;
  throw error("{}: no weights of the {} of recipe {}\nhint: give the file that holds them, too",
              fmt::join(contents, "; "), fmt::join(missing, " and the "), recipe.name);
}

// Models are stored in 16 bits.
void check_range(const torch::nn::Module& network, const Recipe& recipe) {
  for (const auto& entry : network.named_parameters()) {
    if (!torch::isfinite(entry.value().to(torch::kHalf)).all().item<bool>())
      throw error("{}: {} holds numbers beyond 65504\nhint: the training diverged", recipe.name, entry.key());
  }
}

}  // namespace

KerasImport import_keras(const Recipe& recipe, const std::vector<KerasFile>& files) {
  check_recipe(recipe);
  const FrameDancerSpec& spec = recipe.dancer;
  std::vector<Model> models;  // one for each alternative; the painter of the first is filled
  for (std::size_t i = 0; i < std::max<std::size_t>(1, spec.alternatives.size()); ++i)
    models.push_back(make_model(recipe, static_cast<std::int64_t>(i)));
  const Painter kept = models[0].painter;
  const PainterImpl& painter = *kept;
  const Part encoder{"encoder", keras_slots(recipe.painter.encoder, painter, "encoder.", "[painter] encoder", recipe)};
  const Part decoder{"decoder", keras_slots(recipe.painter.decoder, painter, "decoder.", "[painter] decoder", recipe)};
  std::vector<Part> dancers;
  for (const Model& m : models) {
    const auto at = static_cast<std::size_t>(m.alternative);
    const LayerList& layers = spec.alternatives.empty() ? spec.layers : spec.alternatives[at];
    const std::string where =
        spec.alternatives.empty() ? "[dancer]" : fmt::format("[dancer] alternative {}", m.alternative + 1);
    dancers.push_back({"dancer", keras_slots(layers, *m.dancer, "network.", where, recipe)});
  }
  std::vector<Run> runs = {{&encoder}, {&decoder}, {&encoder, &decoder}};
  for (const Part& dancer : dancers) {
    runs.push_back({&dancer});
    runs.push_back({&encoder, &decoder, &dancer});
  }

  KerasImport import;
  std::map<std::string, std::string> held;  // part -> file
  std::size_t taken = 0;                    // alternative
  const auto fill = [](const KerasSlot& slot, std::span<const KerasLayer> layers) { slot.fill(layers); };
  const auto nothing = [](const KerasSlot&, std::span<const KerasLayer>) {};
  for (const KerasFile& file : files) {
    const Run *best = nullptr, *again = nullptr;
    for (const Run& run : runs) {
      if (!walk(file, run, nothing).whole) continue;
      const bool is_new = std::none_of(run.begin(), run.end(), [&](const Part* p) { return held.count(p->name) > 0; });
      (is_new ? best : again) = &run;
      if (best) break;
    }
    if (!best && !again) refuse(file, runs, recipe);
    if (!best) {
      const std::string& name = (*again->begin())->name;
      throw error("{}: holds the {}, as {} does\nhint: give each network once", file.name, names_of(*again),
                  held.count(name) ? held[name] : files.front().name);
    }
    walk(file, *best, fill);
    for (const Part* part : *best) {
      held[part->name] = file.name;
      for (std::size_t i = 0; i < dancers.size(); ++i) {
        if (part == &dancers[i]) taken = i;
      }
    }
    import.contents.push_back(fmt::format("{}: {}, {} layers", file.name, names_of(*best), file.layers.size()));
  }
  check_whole(held, import.contents, recipe);
  import.model = std::move(models[taken]);
  import.model.painter = kept;
  check_range(*import.model.painter, recipe);
  check_range(*import.model.dancer, recipe);
  return import;
}

}  // namespace ombra::model
