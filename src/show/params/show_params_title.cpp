// A line of text and a logo over the picture, or behind the dancer. Both are put up and taken down by hand: presets
// carry what they say and how they look, but loading one never shows or hides them.
#include "show/params/show_params.hpp"

namespace ombra::show {

void ShowParams::add_title() {
  const stage::Title initial;
  const auto number = [this](const char* path, const char* label, const char* help, double least, double at) {
    return add_float({.path = path,
                      .label = label,
                      .sections = {Section::kTitle},
                      .help = help,
                      .low = least,
                      .initial = at,
                      .modulatable = true});
  };
  title = add_bool({.path = "title/on",
                    .label = "Title",
                    .sections = {Section::kTitle},
                    .help = "Shows the title. Loading a preset neither shows nor hides it.",
                    .unsaved = true});
  title_text = add_text({.path = "title/text",
                         .label = "Text",
                         .sections = {Section::kTitle},
                         .help = "What the title says, in any script. Enter takes it over.",
                         .hint = "one line"});
  title_font = add_text({.path = "title/font",
                         .label = "Font",
                         .sections = {Section::kTitle},
                         .help = "Any font of this computer, with its style, such as DejaVu Serif Bold. Empty: the "
                                 "default sans. Letters that it lacks come from others.",
                         .longest = 120,
                         .hint = "the default sans"});
  title_x =
      number("title/x", "Across", "0: at the left edge, 0.5: in the middle, 1: at the right edge.", 0.0, initial.x);
  title_y = number("title/y", "Up", "0: at the lower edge, 0.5: in the middle, 1: at the upper edge.", 0.0, initial.y);
  title_size = number("title/size", "Size",
                      "Size of the font as a share of the screen's height. A text that is too wide is made smaller.",
                      0.01, initial.size);
  title_opacity =
      number("title/opacity", "Opacity", "How much of the picture the letters cover.", 0.0, initial.opacity);
  title_colour = add_colour({.path = "title/colour",
                             .label = "Colour",
                             .sections = {Section::kTitle},
                             .help = "Colour of the letters.",
                             .initial_colour = initial.colour});
  title_behind = add_bool({.path = "title/behind",
                           .label = "Behind",
                           .sections = {Section::kTitle},
                           .help = "The dancer passes in front of the letters."});
  title_fade = add_float({.path = "title/fade",
                          .label = "Fade",
                          .sections = {Section::kTitle},
                          .help = "How long the title takes to appear and to go. 0: at once.",
                          .unit = "s",
                          .high = 10.0,
                          .initial = initial.fade_s});
}

void ShowParams::add_logo() {
  const stage::Logo initial;
  const auto number = [this](const char* path, const char* label, const char* help, double least, double at) {
    return add_float({.path = path,
                      .label = label,
                      .sections = {Section::kLogo},
                      .help = help,
                      .low = least,
                      .initial = at,
                      .modulatable = true});
  };
  logo = add_bool({.path = "logo/on",
                   .label = "Logo",
                   .sections = {Section::kLogo},
                   .help = "Shows the logo. Loading a preset neither shows nor hides it.",
                   .unsaved = true});
  logo_file =
      add_text({.path = "logo/file",
                .label = "File",
                .sections = {Section::kLogo},
                .help = "A PNG picture with alpha, at most 8192 pixels a side. Enter takes it over; a file that "
                        "changes is read again.",
                .longest = 1000,
                .hint = "picture.png"});
  logo_x = number("logo/x", "Across", "0: at the left edge, 0.5: in the middle, 1: at the right edge.", 0.0, initial.x);
  logo_y = number("logo/y", "Up", "0: at the lower edge, 0.5: in the middle, 1: at the upper edge.", 0.0, initial.y);
  logo_size =
      number("logo/size", "Size", "Height of the picture as a share of the screen's height.", 0.01, initial.size);
  logo_opacity =
      number("logo/opacity", "Opacity", "How much of what lies under it the logo covers.", 0.0, initial.opacity);
  logo_behind = add_bool({.path = "logo/behind",
                          .label = "Behind",
                          .sections = {Section::kLogo},
                          .help = "The dancer passes in front of the logo."});
  logo_fade = add_float({.path = "logo/fade",
                         .label = "Fade",
                         .sections = {Section::kLogo},
                         .help = "How long the logo takes to appear and to go. 0: at once.",
                         .unit = "s",
                         .high = 10.0,
                         .initial = initial.fade_s});
}

stage::Titles ShowParams::titles() const {
  stage::Titles titles;
  titles.title = {{.on = get(title),
                   .x = get(title_x),
                   .y = get(title_y),
                   .size = get(title_size),
                   .full_size = static_cast<float>(base(title_size.index)),
                   .opacity = get(title_opacity),
                   .fade_s = get(title_fade),
                   .behind = get(title_behind)},
                  get(title_text),
                  get(title_font),
                  get(title_colour)};
  titles.logo = {{.on = get(logo),
                  .x = get(logo_x),
                  .y = get(logo_y),
                  .size = get(logo_size),
                  .full_size = static_cast<float>(base(logo_size.index)),
                  .opacity = get(logo_opacity),
                  .fade_s = get(logo_fade),
                  .behind = get(logo_behind)},
                 get(logo_file)};
  return titles;
}

}  // namespace ombra::show
