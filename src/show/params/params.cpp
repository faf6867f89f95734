#include "show/params/params.hpp"

#include "core/error.hpp"
#include "core/number.hpp"
#include "core/text.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <optional>

namespace ombra::show {
namespace {

// Long or unprintable text is cut before it is quoted in a message.
std::string quoted(std::string_view text) {
  return "'" + printable(text.substr(0, 60)) + (text.size() > 60 ? "...'" : "'");
}

std::optional<bool> parse_bool(std::string_view text) {
  const std::string word = lower(text);
  for (const char* yes : {"on", "true", "yes", "1"}) {
    if (word == yes) return true;
  }
  for (const char* no : {"off", "false", "no", "0"}) {
    if (word == no) return false;
  }
  return std::nullopt;
}

std::optional<Colour> parse_colour(std::string_view text) {
  const auto rgb = parse_rgb(text);
  if (!rgb) return std::nullopt;
  const auto channel = [&rgb](std::size_t i) { return static_cast<float>((*rgb)[i]) / 255.0f; };
  return Colour{channel(0), channel(1), channel(2)};
}

// A value as the range has it: at its end, or of a circle once more round.
double fitted(const Declaration& d, double value) {
  if (!d.wraps || (value >= d.low && value <= d.high)) return std::clamp(value, d.low, std::max(d.low, d.high));
  const double turn = d.high - d.low, rest = std::fmod(value - d.low, turn);
  return d.low + (rest < 0.0 ? rest + turn : rest);
}

std::string join(const std::vector<std::string>& words) {
  std::string out;
  for (const std::string& word : words) out += (out.empty() ? "" : ", ") + word;
  return out;
}

}  // namespace

int Params::add(Kind kind, Declaration declaration) {
  OMBRA_ASSERT(find(declaration.path) < 0);
  OMBRA_ASSERT(declaration.curve == Curve::kLinear || declaration.low > 0.0);
  OMBRA_ASSERT(!declaration.wraps || (kind == Kind::kFloat && declaration.low < declaration.high));
  declaration.kind = kind;
  if (kind == Kind::kBool || kind == Kind::kTrigger) declaration.low = 0.0, declaration.high = 1.0;
  if (kind == Kind::kChoice)
    declaration.low = 0.0, declaration.high = static_cast<double>(declaration.choices.size()) - 1.0;
  if (kind == Kind::kTrigger) declaration.transient = true;
  base_.push_back(declaration.initial);
  now_.push_back(declaration.initial);
  colours_.push_back(declaration.initial_colour);
  lines_.emplace_back();
  fired_.push_back(false);
  declarations_.push_back(std::move(declaration));
  return size() - 1;
}

int Params::find(std::string_view path) const {
  for (int i = 0; i < size(); ++i) {
    if (declaration(i).path == path) return i;
  }
  return -1;
}

int Params::require(std::string_view path) const {
  if (const int index = find(path); index >= 0) return index;
  // The nearest path, compared whole and by its last word, so that "temprature" finds dancer/temperature.
  const std::string wanted = lower(path.substr(0, 80));
  const Declaration* nearest = nullptr;
  int least = std::numeric_limits<int>::max();
  for (const Declaration& d : declarations_) {
    const int whole = edit_distance(wanted, d.path);
    const int word = edit_distance(wanted, std::string_view(d.path).substr(d.path.find('/') + 1));
    if (std::min(whole, word) < least) least = std::min(whole, word), nearest = &d;
  }
  throw UsageError(fmt::format("no parameter is called {}\nhint: {}`ombra perform --list-parameters` shows them all",
                               quoted(path), nearest ? fmt::format("did you mean {}? ", nearest->path) : ""));
}

const std::string& Params::name(ChoiceParam p) const {
  static const std::string none;
  const auto& choices = declaration(p.index).choices;
  return choices.empty() ? none : choices[at(get(p))];
}

void Params::end_triggers() { std::fill(fired_.begin(), fired_.end(), false); }

void Params::set(int index, double value) {
  if (!std::isfinite(value)) return;
  const Declaration& d = declaration(index);
  if (d.kind == Kind::kTrigger) {
    if (value >= 0.5) fire(index);
    return;
  }
  if (d.kind == Kind::kText) return;  // is no number
  value = fitted(d, value);
  if (d.kind != Kind::kFloat) value = std::round(value);
  if (base_[at(index)] != value && !d.transient && !d.unsaved) ++changes_;
  base_[at(index)] = now_[at(index)] = value;
}

void Params::set_colour(int index, Colour colour) {
  for (float* c : {&colour.r, &colour.g, &colour.b}) *c = std::isfinite(*c) ? std::clamp(*c, 0.0f, 1.0f) : 0.0f;
  colours_[at(index)] = colour;
  ++changes_;
}

bool Params::set_line(int index, std::string_view line) {
  const Declaration& d = declaration(index);
  std::string clean = clean_line(line, d.longest);
  const bool same = clean == line;
  if (lines_[at(index)] != clean && !d.transient && !d.unsaved) ++changes_;
  lines_[at(index)] = std::move(clean);
  return same;
}

void Params::set_now(int index, double value) {
  const Declaration& d = declaration(index);
  if (std::isfinite(value)) now_[at(index)] = fitted(d, value);
}

void Params::fire(int index) { fired_[at(index)] = true; }

void Params::reset(int index) {
  const Declaration& d = declaration(index);
  if (d.kind == Kind::kTrigger) return;
  if (d.kind == Kind::kColour) {
    set_colour(index, d.initial_colour);
  } else if (d.kind == Kind::kText) {
    set_line(index, "");
  } else {
    set(index, d.initial);
  }
}

std::string Params::set_text(std::string_view path, std::string_view text) {
  const int opened = open(path), index = opened >= 0 ? opened : require(path);
  const Declaration& d = declaration(index);
  const auto refuse = [&](std::string_view expected) {
    return UsageError(fmt::format("{}: {} is not {}\nhint: for example --set {}={}", d.path, quoted(text), expected,
                                  d.path, this->text(index)));
  };
  if (d.kind == Kind::kColour) {
    const auto colour = parse_colour(text);
    if (!colour) throw refuse("a colour like #ff8040");
    set_colour(index, *colour);
    return "";
  }
  if (d.kind == Kind::kText) {
    if (set_line(index, text)) return "";
    return fmt::format("{}: taken as {}, without what cannot be shown in one line of at most {} bytes of UTF-8", d.path,
                       quoted(this->text(index)), d.longest);
  }
  if (d.kind == Kind::kBool || d.kind == Kind::kTrigger) {
    const auto value = parse_bool(text);
    if (!value) throw refuse("on or off");
    set(index, *value ? 1.0 : 0.0);
    return "";
  }
  if (d.kind == Kind::kChoice) {
    const std::string word = lower(text);
    for (std::size_t i = 0; i < d.choices.size(); ++i) {
      if (lower(d.choices[i]) == word) {
        set(index, static_cast<double>(i));
        return "";
      }
    }
    throw refuse("one of: " + join(d.choices));
  }
  const auto value = parse_number(text);
  if (!value) throw refuse("a number");
  set(index, *value);
  if (*value >= d.low && *value <= d.high) return "";
  return fmt::format("{}: {:g} is outside {:g} to {:g}, taken as {:g}", d.path, *value, d.low, d.high, base(index));
}

std::string Params::assign(std::string_view assignment) {
  const std::size_t equals = assignment.find('=');
  if (equals == std::string_view::npos) {
    throw UsageError(
        fmt::format("{} is not path=value\nhint: for example --set dancer/temperature=1.1", quoted(assignment)));
  }
  return set_text(assignment.substr(0, equals), assignment.substr(equals + 1));
}

std::string Params::text(int index) const {
  const Declaration& d = declaration(index);
  switch (d.kind) {
    case Kind::kFloat:
      return fmt::format("{:.6g}", base(index));
    case Kind::kInteger:
      return fmt::format("{}", static_cast<long>(base(index)));
    case Kind::kChoice:
      return d.choices.empty() ? "" : d.choices[at(static_cast<int>(base(index)))];
    case Kind::kColour:
      return colour_text(colour(index));
    case Kind::kText:
      return lines_[at(index)];
    case Kind::kBool:
      return base(index) != 0.0 ? "on" : "off";
    case Kind::kTrigger:
      return "on";
  }
  return "";
}

double Params::to_unit(int index, double value) const {
  const Declaration& d = declaration(index);
  if (d.high <= d.low) return 0.0;
  value = std::clamp(value, d.low, d.high);
  return d.curve == Curve::kLog ? std::log(value / d.low) / std::log(d.high / d.low)
                                : (value - d.low) / (d.high - d.low);
}

double Params::from_unit(int index, double position) const {
  const Declaration& d = declaration(index);
  if (d.wraps && (position < 0.0 || position > 1.0)) position -= std::floor(position);
  position = std::clamp(position, 0.0, 1.0);
  return d.curve == Curve::kLog ? d.low * std::pow(d.high / d.low, position) : d.low + position * (d.high - d.low);
}

std::string_view kind_name(Kind kind) {
  switch (kind) {
    case Kind::kFloat:
      return "number";
    case Kind::kInteger:
      return "whole number";
    case Kind::kBool:
      return "switch";
    case Kind::kChoice:
      return "choice";
    case Kind::kColour:
      return "colour";
    case Kind::kText:
      return "text";
    case Kind::kTrigger:
      return "button";
  }
  return "";
}

std::string colour_text(Colour colour) {
  const auto byte = [](float c) { return static_cast<int>(std::lround(std::clamp(c, 0.0f, 1.0f) * 255.0f)); };
  return fmt::format("#{:02x}{:02x}{:02x}", byte(colour.r), byte(colour.g), byte(colour.b));
}

std::string reference_page(const Params& params) {
  std::string page = "| parameter | kind | range | default | music | what it does |\n|---|---|---|---|---|---|\n";
  std::vector<Declaration> rows = params.families();
  for (Declaration& family : rows) family.path += "/NAME";
  for (int i = params.size() - 1; i >= 0; --i) rows.insert(rows.begin(), params.declaration(i));
  for (const Declaration& d : rows) {
    std::string range, initial;
    if (d.kind == Kind::kFloat || d.kind == Kind::kInteger) {
      range = fmt::format("{:g} to {:g}{}{}", d.low, d.high, d.unit.empty() ? "" : " ", d.unit);
      initial = fmt::format("{:g}", d.initial);
    } else if (d.kind == Kind::kBool) {
      range = "on, off", initial = d.initial != 0.0 ? "on" : "off";
    } else if (d.kind == Kind::kChoice) {
      range = join(d.choices), initial = d.choices.empty() ? "" : d.choices[static_cast<std::size_t>(d.initial)];
    } else if (d.kind == Kind::kColour) {
      range = "#rrggbb", initial = colour_text(d.initial_colour);
    } else if (d.kind == Kind::kText) {
      range = fmt::format("up to {} bytes of UTF-8", d.longest);
    }
    page += fmt::format("| `{}` | {} | {} | {} | {} | {} |\n", d.path, kind_name(d.kind), range, initial,
                        d.modulatable ? "yes" : "", d.help);
  }
  return page;
}

int edit_distance(std::string_view a, std::string_view b) {
  std::vector<int> row(b.size() + 1);
  for (std::size_t j = 0; j <= b.size(); ++j) row[j] = static_cast<int>(j);
  for (std::size_t i = 1; i <= a.size(); ++i) {
    int diagonal = row[0];
    row[0] = static_cast<int>(i);
    for (std::size_t j = 1; j <= b.size(); ++j) {
      const int above = row[j];
      row[j] = std::min({above + 1, row[j - 1] + 1, diagonal + (a[i - 1] == b[j - 1] ? 0 : 1)});
      diagonal = above;
    }
  }
  return row[b.size()];
}

}  // namespace ombra::show
