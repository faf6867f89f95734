#include "footage/prepare/prepare_words.hpp"

#include "core/config.hpp"
#include "core/embedded.hpp"
#include "core/error.hpp"
#include "core/file.hpp"
#include "core/times.hpp"
#include "footage/motion/text.hpp"

#include <cmath>

namespace ombra::train {
namespace {

namespace fs = std::filesystem;

fs::path recipe_file(const std::string& name) {
  std::error_code ignored;
  if (name.find('/') != std::string::npos && fs::is_regular_file(name, ignored)) return name;
  const fs::path folder = data_folder() / "models" / "recipes", shipped = folder / (name + ".toml");
  if (name.find('/') == std::string::npos && fs::is_regular_file(shipped, ignored)) return shipped;
  if (fs::is_regular_file(name, ignored)) return name;
  throw UsageError(fmt::format("{}: no such recipe\nhint: a file, or a name from {}", name, folder.string()));
}

void use_key(const toml::table& table, const std::string& file, PrepareOptions& o) {
  ConfigReader in(table, file, "[frames.key]");
  KeySpec key;
  key.kind = parse_key(in.text("key", "auto"));
  if (in.has("threshold")) key.threshold = in.number("threshold", 0.0, 442.0);
  if (const std::string colour = in.text("colour", ""); !colour.empty()) parse_key_colour(colour, key);
  key.contrast = in.number("contrast", 0.01, 100.0, key.contrast);
  o.key = key;
  o.invert = in.boolean("invert", false);
  if (in.has("crop")) o.crop = parse_crop(in.text("crop"));
  o.crop.margin = in.number("margin", 0.0, 1.0, o.crop.margin);
  in.finish();
}

}  // namespace

std::pair<int, int> parse_size(const std::string& text) {
  std::vector<std::string_view> parts = split(text, 'x');
  if (parts.size() == 1) parts.push_back(parts[0]);
  double width = 0.0, height = 0.0;
  const auto whole = [](double v) { return v >= 16.0 && v <= 1024.0 && v == std::floor(v); };
  if (parts.size() != 2 || !parse_number(parts[0], width) || !parse_number(parts[1], height) || !whole(width) ||
      !whole(height)) {
    throw UsageError(
        fmt::format("'{}' is no size of pictures\nhint: WIDTHxHEIGHT as in 200x120, or one number, 16 to 1024", text));
  }
  return {static_cast<int>(width), static_cast<int>(height)};
}

HeldOutEnd parse_held_out_end(const std::string& text) {
  HeldOutEnd end;
  if (!text.empty() && text.back() == '%') {
    double value = 0.0;
    if (parse_number(std::string_view(text).substr(0, text.size() - 1), value) && value >= 0.0 && value <= 90.0) {
      end.share = value / 100.0;
      return end;
    }
    throw UsageError(fmt::format("'{}' is no share to hold out\nhint: 0% to 90%", text));
  }
  const double value = parse_time(text);
  (value < 1.0 ? end.share : end.seconds) = value;
  return end;
}

void use_recipe(const std::string& name_or_file, PrepareOptions& options) {
  const fs::path path = recipe_file(name_or_file);
  const toml::table root = parse_toml(read_text(path), path.string());
  ConfigReader recipe(root, path.string(), "recipe");
  const toml::table* frames = recipe.optional_table("frames");
  if (!frames) throw UsageError(fmt::format("{}: no table [frames]\nhint: is it a recipe?", path.string()));
  ConfigReader in(*frames, path.string(), "[frames]");
  if (in.has("size")) {
    options.size = static_cast<int>(in.integer("size", 16, 1024));
    options.width = 0;
  } else {
    options.width = static_cast<int>(in.integer("width", 16, 1024));
    options.size = static_cast<int>(in.integer("height", 16, 1024));
  }
  options.fps = in.number("fps", 1.0, 240.0);
  options.picture = model::picture_kind(in.choice("picture", {"distance", "binary", "gray", "rgb"}));
  if (const toml::table* key = in.optional_table("key")) use_key(*key, path.string(), options);
}

}  // namespace ombra::train
