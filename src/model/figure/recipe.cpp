#include "model/figure/recipe.hpp"

#include "core/embedded.hpp"
#include "core/file.hpp"
#include "model/figure/pose_code.hpp"

namespace ombra::model {
namespace {

constexpr std::int64_t kMaxWeights = 1 << 28;  // a gigabyte: a recipe is a user's file
constexpr std::size_t kMaxBytes = 1 << 20;

LayerList read_layers(ConfigReader& in, const toml::array& list, const std::string& key) {
  LayerList layers;
  for (const toml::node& node : list) {
    const toml::table* settings = node.as_table();
    const auto kind = settings ? (*settings)["layer"].value_exact<std::string>() : std::nullopt;
    if (!kind) {
      throw UsageError(fmt::format("{}:{}: {}: each entry must be a table with a key layer = \"...\"", in.file(),
                                   node.source().begin.line, key));
    }
    layers.push_back({*kind, settings});
  }
  if (layers.empty() || layers.size() > 200) throw in.fault(key, "expected 1 to 200 layers");
  return layers;
}

enum class Window { kNone, kOptional, kNeeded };

TrainSpec read_train(ConfigReader& parent, const std::string& where, Window window, const char* key = "train") {
  ConfigReader in(parent.table(key), parent.file(), where);
  TrainSpec train;
  train.steps = in.integer("steps", 1, 100'000'000);
  train.batch = in.integer("batch", 1, 65536);
  if (window == Window::kNeeded) train.window = in.integer("window", 1, 65536);
  if (window == Window::kOptional) train.window = in.integer("window", 1, 65536, 0);
  train.rate = in.number("rate", 1e-8, 10.0, train.rate);
  train.weight_decay = in.number("weight_decay", 0.0, 10.0, train.weight_decay);
  train.clip = in.number("clip", 1e-3, 1e9, train.clip);
  train.beta2 = in.number("beta2", 0.0, 0.999999, train.beta2);
  train.warmup = in.integer("warmup", 0, 1'000'000, train.warmup);
  train.optimiser = in.choice("optimiser", {"adamw", "adam", "rmsprop", "adadelta", "sgd"});
  train.schedule = in.choice("schedule", {"cosine", "constant", "step"});
  if (train.schedule == "step") {
    train.later_rate = in.number("later_rate", 1e-8, 10.0);
    train.later_from = in.integer("later_from", 1, 100'000'000);
  }
  in.finish();
  return train;
}

KeySpec read_key(const toml::table& table, const std::string& file) {
  ConfigReader in(table, file, "[frames.key]");
  KeySpec key;
  key.key = in.choice(
      "key", {"auto", "below", "above", "distance", "green", "blue", "remove-blue", "background", "rim", "none"});
  if (in.has("threshold")) key.threshold = in.number("threshold", 0.0, 442.0);
  key.colour = in.text("colour", "");
  key.contrast = in.number("contrast", 0.01, 100.0, key.contrast);
  key.invert = in.boolean("invert", false);
  key.crop = in.text("crop", "");
  key.margin = in.number("margin", 0.0, 1.0, key.margin);
  in.finish();
  return key;
}

FramesSpec frames_in(const toml::table& table, const std::string& file) {
  ConfigReader in(table, file, "[frames]");
  FramesSpec frames;
  if (in.has("size")) {
    frames.width = frames.height = in.integer("size", 16, 1024);
  } else {
    frames.width = in.integer("width", 16, 1024);
    frames.height = in.integer("height", 16, 1024);
  }
  frames.fps = in.number("fps", 0.1, 240.0);
  frames.picture = picture_kind(in.choice("picture", {"distance", "binary", "gray", "rgb"}));
  if (in.has("key")) frames.key = read_key(in.table("key"), file);
  in.finish();
  return frames;
}

PainterSpec read_painter(const toml::table& table, const std::string& file, PictureKind picture) {
  ConfigReader in(table, file, "[painter]");
  PainterSpec painter;
  painter.code = in.integer("code", 1, 8192);
  painter.guided = in.boolean("guided", picture == PictureKind::kDistance);
  const bool distances = picture == PictureKind::kDistance;
  painter.people = in.integer("people", 0, 256, 0);
  if (painter.people > 0) {
    painter.picture = in.integer("picture", 32, 512, 128);
    painter.guesses = in.integer("guesses", 1, 32, 1);
    if (!painter.guided) throw in.fault("people", "needs a guided code");
    if (painter.code <= static_cast<std::int64_t>(kCarriage) ||
        painter.code > kSpaceNumbers - 3 + static_cast<std::int64_t>(kCarriage))
      throw in.fault("code", "a pose in space has 6 to 62 numbers");
  }
  painter.loss = distances ? in.choice("loss", {"edge", "mse", "l1"}) : in.choice("loss", {"bce", "mse", "l1"});
  painter.reduction = in.choice("reduction", {"mean", "sum"});
  if (painter.guided && !distances) throw in.fault("guided", "needs pictures of distances");
  painter.encoder = read_layers(in, in.array("encoder"), "encoder");
  painter.decoder = read_layers(in, in.array("decoder"), "decoder");
  painter.edge_px = in.number("edge_px", 0.01, 100.0, painter.edge_px);
  painter.edge_weight = in.number("edge_weight", 0.0, 1000.0, painter.edge_weight);
  painter.code_weight = in.number("code_weight", 0.0, 1000.0, painter.code_weight);
  painter.stroke_weight = in.number("stroke_weight", 0.0, 1000.0, painter.stroke_weight);
  painter.train = read_train(in, "[painter.train]", Window::kNone);
  if (painter.people > 0)
    painter.encoder_train = read_train(in, "[painter.encoder_train]", Window::kNone, "encoder_train");
  in.finish();
  return painter;
}

MoverSpec read_mover(const toml::table& table, const std::string& file) {
  ConfigReader in(table, file, "[mover]");
  MoverSpec mover;
  mover.frames_per_beat = in.integer("frames_per_beat", 2, 240);
  mover.frames_per_move = in.integer("frames_per_move", 1, 240);
  if (mover.frames_per_beat % mover.frames_per_move != 0) {
    throw in.fault("frames_per_move", fmt::format("must divide frames_per_beat = {}", mover.frames_per_beat));
  }
  mover.encoder = read_layers(in, in.array("encoder"), "encoder");
  mover.decoder = read_layers(in, in.array("decoder"), "decoder");
  mover.width = in.integer("width", 1, 4096);
  mover.books = in.integer("books", 1, 16);
  mover.entries = in.integer("entries", 2, 65536);
  if (mover.books * mover.entries * mover.width > kMaxWeights)
    throw in.fault("entries", "books x entries x width are more than memory should hold");
  mover.velocity_weight = in.number("velocity_weight", 0.0, 100.0, mover.velocity_weight);
  mover.commit_weight = in.number("commit_weight", 0.0, 100.0, mover.commit_weight);
  mover.stop_weight = in.number("stop_weight", 0.0, 100.0, mover.stop_weight);
  mover.train = read_train(in, "[mover.train]", Window::kNeeded);
  in.finish();
  return mover;
}

ChoreographerSpec read_choreographer(const toml::table& table, const std::string& file, const MoverSpec& mover) {
  ConfigReader in(table, file, "[choreographer]");
  ChoreographerSpec c;
  c.hidden = in.integer("hidden", 1, 8192, c.hidden);
  c.layers = in.integer("layers", 1, 16, c.layers);
  c.embedding = in.integer("embedding", 1, 4096, c.embedding);
  c.place_embedding = in.integer("place_embedding", 1, 4096, c.place_embedding);
  c.places = in.integer("places", 1, 1024, c.places);
  c.phrase = in.integer("phrase", 0, 1024, c.phrase);
  const std::int64_t head = c.hidden + c.place_embedding + mover.books * c.embedding + mover.entries;
  if (c.layers * 8 * c.hidden * c.hidden + mover.books * (head * c.hidden + mover.entries * c.embedding) >
      kMaxWeights) {
    throw in.fault("hidden", "gives more weights than memory should hold");
  }
  c.dropout = in.number("dropout", 0.0, 0.95, c.dropout);
  c.hide_codes = in.number("hide_codes", 0.0, 0.95, c.hide_codes);
  c.hide_conditions = in.number("hide_conditions", 0.0, 0.95, c.hide_conditions);
  c.label_smoothing = in.number("label_smoothing", 0.0, 0.9, c.label_smoothing);
  if (in.has("styles")) {
    c.styles = in.texts("styles");
    if (c.styles.empty() || c.styles.size() > 8) throw in.fault("styles", "expected 1 to 8 names");
  }
  if (in.has("coolness")) c.coolness = in.numbers("coolness", 0.0, 10.0);
  c.train = read_train(in, "[choreographer.train]", Window::kNeeded);
  in.finish();
  return c;
}

FrameDancerSpec read_dancer(const toml::table& table, const std::string& file) {
  ConfigReader in(table, file, "[dancer]");
  FrameDancerSpec dancer;
  if (in.has("alternatives")) {
    for (const toml::node& node : in.array("alternatives")) {
      const toml::array* layers = node.as_array();
      if (!layers) throw in.fault("alternatives", "expected an array of layer lists");
      dancer.alternatives.push_back(read_layers(in, *layers, "alternatives"));
    }
    if (dancer.alternatives.empty() || dancer.alternatives.size() > 64)
      throw in.fault("alternatives", "expected 1 to 64 layer lists");
    dancer.layers = dancer.alternatives.front();
  } else {
    dancer.layers = read_layers(in, in.array("layers"), "layers");
  }
  dancer.loss = in.choice("loss", {"mdn", "mse"});
  dancer.context = in.integer("context", 1, 4096, dancer.context);
  dancer.memory = in.choice("memory", {"carried", "window"});
  dancer.scaling = in.choice("scaling", {"standard", "minmax", "none"});
  dancer.seeding = in.choice("seeding", {"phrase", "pose", "vector"});
  dancer.noise = in.number("noise", 0.0, 10.0, dancer.noise);
  const bool carried = dancer.memory == "carried";
  dancer.train = read_train(in, "[dancer.train]", carried ? Window::kNeeded : Window::kOptional);
  if (!carried) dancer.train.window = dancer.context;
  in.finish();
  return dancer;
}

EarSpec read_ear(const toml::table& table, const std::string& file) {
  ConfigReader in(table, file, "[ear]");
  EarSpec ear;
  ear.layers = read_layers(in, in.array("layers"), "layers");
  ear.delay = in.integer("delay", 0, 50, ear.delay);
  ear.train = read_train(in, "[ear.train]", Window::kNeeded);
  in.finish();
  return ear;
}

}  // namespace

Recipe parse_recipe(std::string text, const std::string& file) {
  Recipe recipe;
  recipe.root = std::make_shared<const toml::table>(parse_toml(text, file));
  recipe.text = std::move(text);
  recipe.file = file;
  ConfigReader in(*recipe.root, file, "recipe");
  recipe.name = in.text("name");
  recipe.kind = in.choice("kind", {"moves", "frames", "ear"}, false);
  in.text("about", "");
  recipe.keras = in.choice("semantics", {"torch", "keras"}) == "keras";
  if (recipe.kind == "ear") {
    recipe.ear = read_ear(in.table("ear"), file);
    in.finish();
    return recipe;
  }
  recipe.frames = frames_in(in.table("frames"), file);
  recipe.painter = read_painter(in.table("painter"), file, recipe.frames.picture);
  if (recipe.kind == "moves") {
    recipe.mover = read_mover(in.table("mover"), file);
    recipe.choreographer = read_choreographer(in.table("choreographer"), file, recipe.mover);
  } else {
    recipe.dancer = read_dancer(in.table("dancer"), file);
  }
  in.finish();
  return recipe;
}

Recipe read_recipe(const std::filesystem::path& file) {
  Recipe recipe = parse_recipe(read_text(file, kMaxBytes), file.string());
  if (recipe.kind == "ear")
    throw UsageError(fmt::format("{}: the recipe of an ear, which does not dance", file.string()));
  return recipe;
}

Recipe read_ear_recipe(const std::filesystem::path& file) {
  Recipe recipe = parse_recipe(read_text(file, kMaxBytes), file.string());
  if (recipe.kind != "ear") throw UsageError(fmt::format("{}: the recipe of a dancer, not of an ear", file.string()));
  return recipe;
}

bool is_ear_recipe(const std::filesystem::path& file) {
  return parse_recipe(read_text(file, kMaxBytes), file.string()).kind == "ear";
}

FramesSpec read_frames(const std::filesystem::path& file) {
  const toml::table root = parse_toml(read_text(file, kMaxBytes), file.string());
  const toml::table* frames = root["frames"].as_table();
  if (!frames) throw UsageError(fmt::format("{}: no table [frames]\nhint: is it a recipe?", file.string()));
  return frames_in(*frames, file.string());
}

std::filesystem::path find_recipe(const std::string& name_or_file) {
  namespace fs = std::filesystem;
  const auto is_file = [](const fs::path& path) {
    std::error_code ignored;
    return fs::is_regular_file(path, ignored);
  };
  const bool is_path = name_or_file.find('/') != std::string::npos;
  if (is_path && is_file(name_or_file)) return name_or_file;
  // names first: the folder that one stands in may well hold a file "ombra"
  const fs::path shipped = data_folder() / "models" / "recipes" / (name_or_file + ".toml");
  if (!is_path && is_file(shipped)) return shipped;
  if (is_file(name_or_file)) return name_or_file;
  throw UsageError(
      fmt::format("{}: no such recipe\nhint: a file, or a name from {}", name_or_file, shipped.parent_path().string()));
}

}  // namespace ombra::model
