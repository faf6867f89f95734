#include "show/params/show_params.hpp"

#include "core/frames.hpp"

namespace ombra::show {

ShowParams::ShowParams(std::vector<std::string> looks) {
  add_dance();
  add_dancers();
  add_beat();
  add_look(std::move(looks));
  add_light();
  add_show();
  add_recording();
  add_desk();
}

// how one dances
void ShowParams::add_dance() {
  temperature = add_float(
      {.path = "dancer/temperature",
       .label = "Temperature",
       .help = "How adventurous the next move is: 0 always takes the likeliest, 0.8 dances, above 1.2 is wild.",
       .low = 0.0,
       .high = 1.6,
       .initial = 0.65,
       .modulatable = true});
  energy = add_float({.path = "dancer/energy",
                      .label = "Energy",
                      .help = "How big and fast the moves are against those it learned from: -2 calm, 2 wild.",
                      .low = -2.0,
                      .high = 2.0,
                      .initial = -0.4,
                      .modulatable = true});
  pulse =
      add_float({.path = "dancer/pulse",
                 .label = "Pulse",
                 .help = "How clearly its moves stop on the beat: -2 flows across it, 0 as learned, 2 marks every one.",
                 .low = -2.0,
                 .high = 2.0,
                 .initial = 1.5,
                 .modulatable = true});
  tightness = add_float({.path = "dancer/tightness",
                         .label = "Tightness",
                         .help = "Loose plays moves as they were chosen, tight bends their time a little so that they "
                                 "stop exactly on the beat.",
                         .initial = 0.9,
                         .modulatable = true});
  accent = add_float({.path = "dancer/accent",
                      .label = "Accent",
                      .help = "Lingers on the beat and hurries between beats, so that movements end there.",
                      .initial = 0.2,
                      .modulatable = true});
  smoothness = add_float({.path = "dancer/smoothness",
                          .label = "Smoothness",
                          .help = "Rounds the movement off, over up to half a beat. 0 keeps every accent.",
                          .modulatable = true});
  top_p =
      add_float({.path = "dancer/choice",
                 .label = "Choice",
                 .help = "The share of all probability that moves are picked from. Low values repeat favourite moves.",
                 .low = 0.1,
                 .high = 1.0,
                 .initial = 0.8,
                 .modulatable = true});
}

// who dances, and what they are told
void ShowParams::add_dancers() {
  count = add_integer({.path = "dancer/count",
                       .label = "Dancers",
                       .help = "How many dancers are on the wall, each with moves of its own.",
                       .low = 1,
                       .high = kMaxDancers,
                       .initial = 1});
  speed = add_choice({.path = "dancer/speed",
                      .label = "Speed",
                      .help = "Half time, normal or double time against the beat of the music; auto keeps the dance "
                              "between about 77 and 158 beats a minute.",
                      .choices = {"auto", "half", "normal", "double"}});
  hold = add_bool({.path = "dancer/hold",
                   .label = "Hold",
                   .help = "Freezes the pose while the music goes on (Space).",
                   .transient = true});
  freeze_guard = add_bool({.path = "dancer/freeze_guard",
                           .label = "Freeze guard",
                           .help = "Wakes a dancer that has stood still for a second.",
                           .initial = 1});
  jump = add_trigger(
      {.path = "dancer/jump",
       .label = "Jump",
       .help = "Starts from new seed frames that fit the energy, at the next beat. A drop in the music does it.",
       .modulatable = true});
  seed = add_integer({.path = "dancer/seed",
                      .label = "Seed phrase",
                      .help = "Dances on from this phrase at the next beat (keys 1 to 9, or a click in the gallery).",
                      .low = 0,
                      .high = 999,
                      .transient = true});
  detail = add_choice(
      {.path = "dancer/detail",
       .label = "Detail",
       .help = "Samples along one side of a dancer's distance field. Lower it when the dancer misses frames.",
       .initial = 2,
       .choices = {"96", "128", "192", "256"}});
}

void ShowParams::add_beat() {
  lead = add_choice({.path = "beat/lead",
                     .label = "Lead",
                     .help = "Who leads the beat. Auto: your hand once you used it, else MIDI clock, else Ableton "
                             "Link, else the beat tracker (ears). One by name is locked.",
                     .choices = {"auto", "ears", "link", "midi", "hand"}});
  tap = add_trigger({.path = "beat/tap",
                     .label = "Tap",
                     .help = "Tap along (T). The first tap sets the beat, more of them the tempo, eight are best."});
  earlier = add_trigger(
      {.path = "beat/earlier", .label = "Earlier", .help = "The beat 10 ms earlier ( [ , or the key right of P)."});
  later = add_trigger(
      {.path = "beat/later", .label = "Later", .help = "The beat 10 ms later ( ] , or the second key right of P)."});
  resync = add_trigger({.path = "beat/resync", .label = "Now is the 1", .help = "A bar begins now (Enter)."});
  twice = add_trigger({.path = "beat/double", .label = "x2", .help = "Twice the tempo ( . )."});
  half = add_trigger({.path = "beat/half", .label = "/2", .help = "Half the tempo ( , )."});
  beat_reset = add_trigger({.path = "beat/reset",
                            .label = "Give the beat back",
                            .help = "Forgets taps, typed tempo, nudges, x2 and /2, the 1 and free run (Backspace)."});
  typed_bpm = add_float({.path = "beat/bpm",
                         .label = "Tempo",
                         .help = "A tempo that you know, in beats a minute (B to type it). 0: none.",
                         .unit = "BPM",
                         .low = 0.0,
                         .high = 300.0,
                         .transient = true});
  free_run = add_bool({.path = "beat/free",
                       .label = "Free run",
                       .help = "Runs on at the last tempo, whatever is heard (F).",
                       .transient = true});
  link = add_bool({.path = "beat/link",
                   .label = "Ableton Link",
                   .help = "Follows the tempo and the bar of music programs on the local network."});
  link_lead = add_bool({.path = "beat/link_lead",
                        .label = "Lead Link",
                        .help = "Gives our tempo and bar to all Link peers. Off: Ombra only follows.",
                        .transient = true});
}

void ShowParams::add_look(std::vector<std::string> looks) {
  const stage::LookControls initial;
  look = add_choice({.path = "look/name",
                     .label = "Look",
                     .help = "How the dancer is drawn (L for the next one).",
                     .choices = std::move(looks)});
  ink = add_colour(
      {.path = "look/ink", .label = "Shadow", .help = "Colour of the silhouette.", .initial_colour = initial.ink});
  light = add_colour({.path = "look/light",
                      .label = "Light",
                      .help = "Colour of the light behind it.",
                      .initial_colour = initial.light});
  backdrop = add_colour({.path = "look/backdrop",
                         .label = "Backdrop",
                         .help = "Colour of the wall.",
                         .initial_colour = initial.backdrop});
  figure_size = add_float({.path = "look/size",
                           .label = "Size",
                           .help = "Height of the dancer against the height of the screen.",
                           .low = 0.2,
                           .high = 2.0,
                           .initial = initial.size,
                           .modulatable = true});
  spread = add_float({.path = "look/spread",
                      .label = "Spread",
                      .help = "Distance between dancers against the width of one.",
                      .low = 0.1,
                      .high = 1.5,
                      .initial = initial.spread,
                      .modulatable = true});
  mirror = add_bool({.path = "look/mirror", .label = "Mirror", .help = "Swaps left and right (M)."});
}

// how the light of a look answers
void ShowParams::add_light() {
  const stage::LookControls initial;
  glow = add_float({.path = "look/glow",
                    .label = "Glow",
                    .help = "Light around the outline. The bass makes it breathe.",
                    .initial = 0.35,
                    .modulatable = true});
  swell = add_float({.path = "look/swell",
                     .label = "Swell",
                     .help = "Neon's room and echoes brighten, trails drift faster. The level drives it.",
                     .modulatable = true});
  throb = add_float({.path = "look/throb",
                     .label = "Throb",
                     .help = "The glow breathes, paper's prints part. The bass drives it.",
                     .modulatable = true});
  flash = add_float({.path = "look/flash",
                     .label = "Flash",
                     .help = "Neon's tubes light up; a ripple begins where it rises. Onsets drive it.",
                     .modulatable = true});
  trails = add_float({.path = "look/trails",
                      .label = "Trails",
                      .help = "How long a moving outline lingers.",
                      .initial = initial.trails,
                      .modulatable = true});
  softness = add_float({.path = "look/softness",
                        .label = "Softness",
                        .help = "The edge, from razor-sharp to a soft shadow.",
                        .initial = initial.softness,
                        .modulatable = true});
  grain = add_float({.path = "look/grain",
                     .label = "Grain",
                     .help = "Film grain. It hides the banding of projectors.",
                     .initial = initial.grain,
                     .modulatable = true});
}

void ShowParams::add_show() {
  offset_ms =
      add_float({.path = "show/offset_ms",
                 .label = "Offset",
                 .help = "Shifts the dance against the music: raise it when the picture comes late (projector), "
                         "lower it when the sound does (a long hall).",
                 .unit = "ms",
                 .low = -300,
                 .high = 300});
  calibrate = add_bool({.path = "show/calibrate",
                        .label = "Calibrate",
                        .help = "Clicks and flashes, to set the offset by ear and eye (K).",
                        .transient = true});
  governor =
      add_bool({.path = "show/governor",
                .label = "Governor",
                .help = "Draws fewer pixels, and enlarges them, where drawing is too slow for the display; gives "
                        "them back when there is room.",
                .initial = 1});
  render_scale = add_float({.path = "show/render_scale",
                            .label = "Resolution",
                            .help = "Pixels that are drawn along each side, against those of the window. The governor "
                                    "may lower it further.",
                            .low = 0.4,
                            .high = 1.0,
                            .initial = 1.0});
}

// formats in the order of media::VideoKind
void ShowParams::add_recording() {
  record_on = add_bool({.path = "record/on",
                        .label = "Record",
                        .help = "Records what the audience sees and hears (R).",
                        .transient = true});
  record_format = add_choice({.path = "record/format",
                              .label = "Format",
                              .help = "mp4 and mkv: H.264 and AAC. prores and ffv1: large, for editing. gif and png (a "
                                      "folder of numbered pictures): for loops of up to a minute, silent.",
                              .choices = {"mp4", "mkv", "prores", "ffv1", "gif", "png"}});
  record_height = add_choice({.path = "record/height",
                              .label = "Height",
                              .help = "Lines of the recording, in the window's shape. Auto: the window's own, at most "
                                      "1080.",
                              .choices = {"auto", "window", "2160", "1440", "1080", "720", "480"}});
  record_fps = add_choice({.path = "record/fps",
                           .label = "Rate",
                           .help = "Pictures a second of the recording, whatever the show runs at. GIFs: 25 at most.",
                           .choices = {"30", "60", "50", "25", "24"}});
  record_quality = add_integer({.path = "record/quality",
                                .label = "Quality",
                                .help = "Of H.264: lower is better and larger; 18 looks as good as the original.",
                                .low = 0,
                                .high = 40,
                                .initial = 20});
  record_roll = add_choice({.path = "record/roll",
                            .label = "New file",
                            .help = "Begins another file when one has become so large.",
                            .choices = {"never", "1 GB", "2 GB", "4 GB", "8 GB", "16 GB"}});
}

void ShowParams::add_desk() {
  desk_shown = add_bool({.path = "desk/shown", .label = "Desk", .help = "Shows this desk (Tab).", .initial = 1});
  key_lock = add_bool({.path = "desk/key_lock",
                       .label = "Key lock",
                       .help = "Keys do nothing but Esc, Tab, F11 and Ctrl+L, which locks and unlocks them.",
                       .transient = true});
  desk_opacity = add_float({.path = "desk/opacity",
                            .label = "Desk opacity",
                            .help = "How much of the picture the desk covers.",
                            .low = 0.3,
                            .high = 1.0,
                            .initial = 0.86});
  desk_scale = add_float({.path = "desk/scale",
                          .label = "Desk scale",
                          .help = "Size of the desk's text against what fits the window.",
                          .low = 0.6,
                          .high = 2.5,
                          .initial = 1.0,
                          .curve = Curve::kLog});
}

model::DanceControls ShowParams::dance_controls() const {
  model::DanceControls c;
  c.temperature = get(temperature);
  c.energy = get(energy);
  c.pulse = get(pulse);
  c.tightness = get(tightness);
  c.accent = get(accent);
  c.top_p = get(top_p);
  c.smoothness = get(smoothness);
  c.freeze_guard = get(freeze_guard);
  return c;
}

stage::LookControls ShowParams::look_controls() const {
  stage::LookControls c;
  c.ink = get(ink);
  c.light = get(light);
  c.backdrop = get(backdrop);
  c.glow = get(glow);
  c.swell = get(swell);
  c.throb = get(throb);
  c.flash = get(flash);
  c.trails = get(trails);
  c.softness = get(softness);
  c.grain = get(grain);
  c.size = get(figure_size);
  c.spread = get(spread);
  c.mirror = get(mirror);
  return c;
}

double ShowParams::speed_factor() const {
  constexpr double kFactors[] = {0.0, 0.5, 1.0, 2.0};
  return kFactors[get(speed)];
}

int ShowParams::field_size() const {
  constexpr int kSizes[] = {96, 128, 192, 256};
  return kSizes[get(detail)];
}

}  // namespace ombra::show
