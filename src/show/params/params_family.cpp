// Families of parameters: made when somebody names one of them.
#include "show/params/params.hpp"

#include "core/error.hpp"
#include "core/text.hpp"

namespace ombra::show {
namespace {

constexpr std::size_t kLongestName = 40;  // bytes that are kept of it

// -> a name as a path has it: "Hip-hop" -> "hip_hop"; letters that are not of ASCII stay
std::string path_word(std::string_view name) {
  std::string word;
  for (const char c : clean_line(name, kLongestName)) {
    if (is_letter_or_digit(c) || static_cast<unsigned char>(c) >= 0x80u) {
      word += lower(c);
    } else if (!word.empty() && word.back() != '_') {
      word += '_';
    }
  }
  if (word.ends_with('_')) word.pop_back();
  return word;
}

// -> a name as the desk shows it: "hip hop" -> "Hip hop"
std::string label_of(std::string_view name) {
  std::string label = clean_line(name, kLongestName);
  for (char& c : label) c = c == '_' || c == '#' ? ' ' : c;  // ## hides what follows from the desk's lists
  if (!label.empty()) label.front() = upper(label.front());
  return label;
}

}  // namespace

void Params::add_family(Declaration declaration) {
  OMBRA_ASSERT(declaration.path.find('/') == std::string::npos);
  declaration.kind = Kind::kFloat;
  families_.push_back(std::move(declaration));
}

int Params::member(std::string_view family, std::string_view name) {
  const auto of = std::ranges::find(families_, family, &Declaration::path);
  const std::string word = path_word(name);
  if (of == families_.end() || word.empty()) return -1;
  Declaration declaration = *of;
  declaration.path = fmt::format("{}/{}", family, word);
  declaration.label = label_of(name);
  declaration.member = true;
  const int index = find(declaration.path);
  if (index < 0) return add(Kind::kFloat, std::move(declaration));
  declarations_[at(index)].label = std::move(declaration.label);
  return index;
}

int Params::open(std::string_view path) {
  if (const int index = find(path); index >= 0) return index;
  const std::size_t slash = path.find('/');
  if (slash == std::string_view::npos) return -1;
  const std::string_view family = path.substr(0, slash), name = path.substr(slash + 1);
  if (std::ranges::find(families_, family, &Declaration::path) == families_.end()) return -1;
  const int index = find(fmt::format("{}/{}", family, path_word(name)));
  if (index >= 0) return index;
  return std::ranges::count_if(declarations_, &Declaration::member) < kMostOpened ? member(family, name) : -1;
}

void Params::reset_family(std::string_view family) {
  for (int i = 0; i < size(); ++i) {
    const Declaration& d = declaration(i);
    if (d.member && d.path.starts_with(family) && d.path[family.size()] == '/') reset(i);
  }
}

}  // namespace ombra::show
