#include "model/recipe.hpp"

#include "core/embedded.hpp"
#include "core/file.hpp"

namespace ombra::model {
namespace {

constexpr std::int64_t kMostWeights = 1 << 28;  // a gigabyte: a recipe is a user's file

LayerList read_layers(ConfigReader& in, const std::string& key) {
  LayerList layers;
  for (const toml::node& node : in.array(key)) {
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

TrainSpec read_train(ConfigReader& parent, const std::string& where, bool windowed) {
  ConfigReader in(parent.table("train"), parent.file(), where);
  TrainSpec train;
  train.steps = in.integer("steps", 1, 100'000'000);
  train.batch = in.integer("batch", 1, 65536);
  if (windowed) train.window = in.integer("window", 1, 65536);
  train.rate = in.number("rate", 1e-8, 10.0, train.rate);
  train.weight_decay = in.number("weight_decay", 0.0, 10.0, train.weight_decay);
  train.clip = in.number("clip", 1e-3, 1e9, train.clip);
  train.beta2 = in.number("beta2", 0.0, 0.999999, train.beta2);
  train.warmup = in.integer("warmup", 0, 1'000'000, train.warmup);
  train.optimiser = in.choice("optimiser", {"adamw", "rmsprop"});
  in.finish();
  return train;
}

FramesSpec read_frames(const toml::table& table, const std::string& file) {
  ConfigReader in(table, file, "[frames]");
  FramesSpec frames;
  frames.size = in.integer("size", 16, 1024);
  frames.fps = in.number("fps", 1.0, 240.0);
  in.finish();
  return frames;
}

PainterSpec read_painter(const toml::table& table, const std::string& file) {
  ConfigReader in(table, file, "[painter]");
  PainterSpec painter;
  painter.code = in.integer("code", 1, 4096);
  painter.guided = in.boolean("guided", true);
  painter.encoder = read_layers(in, "encoder");
  painter.decoder = read_layers(in, "decoder");
  painter.edge_px = in.number("edge_px", 0.01, 100.0, painter.edge_px);
  painter.edge_weight = in.number("edge_weight", 0.0, 1000.0, painter.edge_weight);
  painter.code_weight = in.number("code_weight", 0.0, 1000.0, painter.code_weight);
  painter.stroke_weight = in.number("stroke_weight", 0.0, 1000.0, painter.stroke_weight);
  painter.train = read_train(in, "[painter.train]", false);
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
  mover.encoder = read_layers(in, "encoder");
  mover.decoder = read_layers(in, "decoder");
  mover.width = in.integer("width", 1, 4096);
  mover.books = in.integer("books", 1, 16);
  mover.entries = in.integer("entries", 2, 65536);
  if (mover.books * mover.entries * mover.width > kMostWeights)
    throw in.fault("entries", "books x entries x width are more than memory should hold");
  mover.velocity_weight = in.number("velocity_weight", 0.0, 100.0, mover.velocity_weight);
  mover.commit_weight = in.number("commit_weight", 0.0, 100.0, mover.commit_weight);
  mover.stop_weight = in.number("stop_weight", 0.0, 100.0, mover.stop_weight);
  mover.train = read_train(in, "[mover.train]", true);
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
  const std::int64_t head = c.hidden + c.place_embedding + mover.books * c.embedding + mover.entries;
  if (c.layers * 8 * c.hidden * c.hidden + mover.books * (head * c.hidden + mover.entries * c.embedding) >
      kMostWeights) {
    throw in.fault("hidden", "gives more weights than memory should hold");
  }
  c.dropout = in.number("dropout", 0.0, 0.95, c.dropout);
  c.hide_codes = in.number("hide_codes", 0.0, 0.95, c.hide_codes);
  c.hide_conditions = in.number("hide_conditions", 0.0, 0.95, c.hide_conditions);
  c.label_smoothing = in.number("label_smoothing", 0.0, 0.9, c.label_smoothing);
  if (in.has("coolness")) c.coolness = in.numbers("coolness", 0.0, 10.0);
  c.train = read_train(in, "[choreographer.train]", true);
  in.finish();
  return c;
}

FrameDancerSpec read_dancer(const toml::table& table, const std::string& file) {
  ConfigReader in(table, file, "[dancer]");
  FrameDancerSpec dancer;
  dancer.layers = read_layers(in, "layers");
  dancer.loss = in.choice("loss", {"mdn", "mse"});
  dancer.context = in.integer("context", 1, 4096, dancer.context);
  dancer.noise = in.number("noise", 0.0, 10.0, dancer.noise);
  dancer.train = read_train(in, "[dancer.train]", true);
  in.finish();
  return dancer;
}

}  // namespace

Recipe parse_recipe(std::string text, const std::string& file) {
  Recipe recipe;
  recipe.root = std::make_shared<const toml::table>(parse_toml(text, file));
  recipe.text = std::move(text);
  recipe.file = file;
  ConfigReader in(*recipe.root, file, "recipe");
  recipe.name = in.text("name");
  recipe.kind = in.choice("kind", {"moves", "frames"}, false);
  in.text("about", "");
  recipe.frames = read_frames(in.table("frames"), file);
  recipe.painter = read_painter(in.table("painter"), file);
  if (recipe.kind == "moves") {
    recipe.mover = read_mover(in.table("mover"), file);
    recipe.choreographer = read_choreographer(in.table("choreographer"), file, recipe.mover);
  } else {
    recipe.dancer = read_dancer(in.table("dancer"), file);
  }
  in.finish();
  return recipe;
}

Recipe read_recipe(const std::filesystem::path& file) { return parse_recipe(read_text(file, 1u << 20), file.string()); }

std::filesystem::path find_recipe(const std::string& name_or_file) {
  namespace fs = std::filesystem;
  if (fs::is_regular_file(name_or_file)) return name_or_file;
  const fs::path shipped = data_folder() / "models" / "recipes" / (name_or_file + ".toml");
  if (name_or_file.find('/') == std::string::npos && fs::is_regular_file(shipped)) return shipped;
  throw UsageError(
      fmt::format("{}: no such recipe\nhint: a file, or a name from {}", name_or_file, shipped.parent_path().string()));
}

}  // namespace ombra::model
