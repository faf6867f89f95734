// What is drawn, and the machine that draws it.
#include "show/params/show_params.hpp"

namespace ombra::show {

void ShowParams::add_look(std::vector<std::string> looks) {
  look = add_choice({.path = "look/name",
                     .label = "Look",
                     .sections = {Section::kLook},
                     .help = "How the dancer is drawn (L for the next one).",
                     .choices = std::move(looks)});
}

// how the light of a look answers
void ShowParams::add_light() {
  const stage::LookControls initial;
  glow = add_float({.path = "look/glow",
                    .label = "Glow",
                    .sections = {Section::kLight},
                    .help = "Light around the outline. The bass makes it breathe.",
                    .initial = 0.35,
                    .modulatable = true});
  swell = add_float({.path = "look/swell",
                     .label = "Swell",
                     .sections = {Section::kLight},
                     .help = "Neon's room and echoes brighten, trails drift faster. The level drives it.",
                     .modulatable = true});
  throb = add_float({.path = "look/throb",
                     .label = "Throb",
                     .sections = {Section::kLight},
                     .help = "The glow breathes, paper's prints part. The bass drives it.",
                     .modulatable = true});
  flash = add_float({.path = "look/flash",
                     .label = "Flash",
                     .sections = {Section::kLight},
                     .help = "Neon's tubes light up; a ripple begins where it rises. Onsets drive it.",
                     .modulatable = true});
  trails = add_float({.path = "look/trails",
                      .label = "Trails",
                      .sections = {Section::kLight},
                      .help = "How long a moving outline lingers.",
                      .initial = initial.trails,
                      .modulatable = true});
  softness = add_float({.path = "look/softness",
                        .label = "Softness",
                        .sections = {Section::kLight},
                        .help = "The edge, from razor-sharp to a soft shadow.",
                        .initial = initial.softness,
                        .modulatable = true});
  grain = add_float({.path = "look/grain",
                     .label = "Grain",
                     .sections = {Section::kLight},
                     .help = "Film grain. It hides the banding of projectors.",
                     .initial = initial.grain,
                     .modulatable = true});
}

// its colours, and where it stands
void ShowParams::add_colours() {
  const stage::LookControls initial;
  ink = add_colour({.path = "look/ink",
                    .label = "Shadow",
                    .sections = {Section::kColours},
                    .help = "Colour of the silhouette.",
                    .initial_colour = initial.ink});
  light = add_colour({.path = "look/light",
                      .label = "Light",
                      .sections = {Section::kColours},
                      .help = "Colour of the light behind it.",
                      .initial_colour = initial.light});
  backdrop = add_colour({.path = "look/backdrop",
                         .label = "Backdrop",
                         .sections = {Section::kColours},
                         .help = "Colour of the wall.",
                         .initial_colour = initial.backdrop});
  figure_size = add_float({.path = "look/size",
                           .label = "Size",
                           .sections = {Section::kPlace},
                           .help = "Height of the dancer as a share of the screen's height.",
                           .low = 0.2,
                           .high = 2.0,
                           .initial = initial.size,
                           .modulatable = true});
  spread = add_float({.path = "look/spread",
                      .label = "Spread",
                      .sections = {Section::kPlace},
                      .help = "Distance between dancers, in widths of one.",
                      .low = 0.1,
                      .high = 1.5,
                      .initial = initial.spread,
                      .modulatable = true});
  mirror = add_bool(
      {.path = "look/mirror", .label = "Mirror", .sections = {Section::kPlace}, .help = "Swaps left and right."});
}

// what fits the show to the place and the machine
void ShowParams::add_show() {
  offset_ms =
      add_float({.path = "show/offset_ms",
                 .label = "Offset",
                 .sections = {Section::kMachine, Section::kPictureAndSound},
                 .help = "Shifts the dance against the music: raise it when the picture comes late (projector), "
                         "lower it when the sound does (a long hall).",
                 .unit = "ms",
                 .low = -300,
                 .high = 300});
  calibrate = add_bool({.path = "show/calibrate",
                        .label = "Calibrate",
                        .sections = {Section::kPictureAndSound},
                        .help = "Clicks and flashes, to set the offset by ear and eye.",
                        .transient = true});
  governor = add_bool(
      {.path = "show/governor",
       .label = "Governor",
       .sections = {Section::kMachine},
       .help =
           "Lowers the resolution when drawing is too slow for the display, and raises it again when there is time.",
       .initial = 1});
  render_scale =
      add_float({.path = "show/render_scale",
                 .label = "Resolution",
                 .sections = {Section::kMachine},
                 .help = "Resolution along each side, as a share of the window's. The governor may lower it further.",
                 .low = 0.4,
                 .high = 1.0,
                 .initial = 1.0});
  detail = add_choice(
      {.path = "dancer/detail",
       .label = "Detail",
       .sections = {Section::kMachine},
       .help = "Samples along one side of a dancer's distance field. Lower it when the dancer misses frames.",
       .initial = 2,
       .choices = {"96", "128", "192", "256"}});
  freeze_guard = add_bool({.path = "dancer/freeze_guard",
                           .label = "Freeze guard",
                           .sections = {Section::kMachine},
                           .help = "Wakes a dancer that has stood still for a second.",
                           .initial = 1});
}

// what the operator does to the whole picture
void ShowParams::add_show_mode() {
  blackout = add_bool({.path = "show/blackout",
                       .label = "Blackout",
                       .help = "Fades the whole picture to black, and back. Dance and sound go on.",
                       .unsaved = true});
  freeze = add_bool({.path = "show/freeze",
                     .label = "Freeze",
                     .help = "The picture that is projected stays, whatever changes behind it. Dance, light and "
                             "sound go on unseen; to hold only the pose: Hold.",
                     .unsaved = true});
  test_card = add_bool({.path = "show/test_card",
                        .label = "Test card",
                        .help = "Instead of the stage a picture to set up a projector with: edges, grid, circle, "
                                "colours, greys, and what the display is.",
                        .unsaved = true});
  blackout_fade = add_float({.path = "show/blackout_fade",
                             .label = "Blackout fade",
                             .sections = {Section::kMachine},
                             .help = "How long the picture takes to fade to black and back. 0: at once.",
                             .unit = "s",
                             .low = 0.0,
                             .high = 5.0,
                             .initial = 0.5});
}

// formats in the order of media::VideoKind
void ShowParams::add_recording() {
  record_on = add_bool(
      {.path = "record/on", .label = "Record", .help = "Records what the audience sees and hears.", .transient = true});
  record_format = add_choice({.path = "record/format",
                              .label = "Format",
                              .sections = {Section::kRecording},
                              .help = "mp4 and mkv: H.264 and AAC. prores and ffv1: large, for editing. gif and png (a "
                                      "folder of numbered pictures): for loops of up to a minute, silent.",
                              .choices = {"mp4", "mkv", "prores", "ffv1", "gif", "png"}});
  record_height = add_choice(
      {.path = "record/height",
       .label = "Height",
       .sections = {Section::kRecording},
       .help = "Height of the recording in lines; the shape is the window's. Auto: the window's own, at most 1080.",
       .choices = {"auto", "window", "2160", "1440", "1080", "720", "480"}});
  record_fps = add_choice({.path = "record/fps",
                           .label = "Rate",
                           .sections = {Section::kRecording},
                           .help = "Frame rate of the recording, whatever the show's is. GIFs: 25 at most.",
                           .choices = {"30", "60", "50", "25", "24"}});
  record_quality = add_integer({.path = "record/quality",
                                .label = "Quality",
                                .sections = {Section::kRecording},
                                .help = "Of H.264: lower is better and larger; 18 looks as good as the original.",
                                .low = 0,
                                .high = 40,
                                .initial = 20});
  record_roll = add_choice({.path = "record/roll",
                            .label = "New file",
                            .sections = {Section::kRecording},
                            .help = "Starts a new file at this size.",
                            .choices = {"never", "1 GB", "2 GB", "4 GB", "8 GB", "16 GB"}});
}

void ShowParams::add_desk() {
  desk_shown = add_bool({.path = "desk/shown", .label = "Desk", .help = "Shows this desk.", .initial = 1});
  desk_scale = add_float({.path = "desk/scale",
                          .label = "Desk scale",
                          .sections = {Section::kDesk},
                          .help = "Size of the desk's text, relative to what fits the window.",
                          .low = 0.6,
                          .high = 2.5,
                          .initial = 1.0,
                          .curve = Curve::kLog});
  desk_opacity = add_float({.path = "desk/opacity",
                            .label = "Desk opacity",
                            .sections = {Section::kDesk},
                            .help = "How much of the picture the desk covers.",
                            .low = 0.3,
                            .high = 1.0,
                            .initial = 0.86});
  key_lock = add_bool({.path = "desk/key_lock",
                       .label = "Lock",
                       .sections = {Section::kDesk},
                       .help = "No key and no click can end the show or change what is projected, except blackout "
                               "and freeze; the desk can be shown and hidden.",
                       .transient = true});
}

}  // namespace ombra::show
