// Styles of dance: a slider for each that the dancer knows.
#include "core/error.hpp"
#include "core/text.hpp"
#include "show/params/show_params.hpp"

namespace ombra::show {
namespace {

constexpr const char* kFamily = "style";

}  // namespace

void ShowParams::add_styles() {
  add_family(
      {.path = kFamily,
       .label = "Style",
       .help = "How much of this style is danced, from the next phrase on. Several are mixed; all at 0: any style.",
       .modulatable = true});
}

void ShowParams::know_styles(const std::vector<std::string>& names) {
  styles.clear();
  for (std::size_t i = 0; i < std::min(names.size(), model::DanceControls{}.styles.size()); ++i)
    styles.push_back({member(kFamily, names[i])});
}

void ShowParams::forget_styles() { reset_family(kFamily); }

bool ShowParams::listened_to(int index) const {
  return !declaration(index).member ||
         std::ranges::any_of(styles, [index](FloatParam style) { return style.index == index; });
}

std::string ShowParams::unknown_styles() const {
  std::string unknown, known;
  for (int i = 0; i < size(); ++i) {
    const Declaration& d = declaration(i);
    std::string& list = listened_to(i) ? known : unknown;
    if (d.member && (listened_to(i) || base(i) != 0.0)) list += (list.empty() ? "" : ", ") + d.path;
  }
  if (unknown.empty()) return "";
  return fmt::format("the dancer does not know {}: it knows {}", unknown, known.empty() ? "no styles" : known);
}

}  // namespace ombra::show
