// Who dances, how, and to which beat; the rest is in show_params_*.cpp.
#include "show/params/show_params.hpp"

#include "core/frames.hpp"
#include "show/params/controls.hpp"

namespace ombra::show {

ShowParams::ShowParams(std::vector<std::string> looks) {
  add_dance();
  add_dancers();
  add_people();
  add_turns();
  add_styles();
  add_beat();
  add_look(std::move(looks));
  add_light();
  add_colours();
  add_title();
  add_logo();
  add_show();
  add_show_mode();
  add_recording();
  add_sharing();
  add_desk();
}

// how one dances
void ShowParams::add_dance() {
  temperature = add_float(
      {.path = "dancer/temperature",
       .label = "Temperature",
       .sections = {Section::kDance},
       .help = "How adventurous the next move is: 0 always takes the likeliest, 0.8 dances, above 1.2 is wild.",
       .low = 0.0,
       .high = 1.6,
       .initial = 0.65,
       .modulatable = true});
  energy = add_float({.path = "dancer/energy",
                      .label = "Energy",
                      .sections = {Section::kDance},
                      .help = "Size and speed of the moves compared with the footage: -2 calm, 2 wild.",
                      .low = -2.0,
                      .high = 2.0,
                      .initial = -0.4,
                      .modulatable = true});
  pulse =
      add_float({.path = "dancer/pulse",
                 .label = "Pulse",
                 .sections = {Section::kDance},
                 .help = "How clearly its moves stop on the beat: -2 flows across it, 0 as learned, 2 marks every one.",
                 .low = -2.0,
                 .high = 2.0,
                 .initial = 1.5,
                 .modulatable = true});
  tightness = add_float({.path = "dancer/tightness",
                         .label = "Tightness",
                         .sections = {Section::kDance},
                         .help = "Loose plays moves as they were chosen, tight bends their time a little so that they "
                                 "stop exactly on the beat.",
                         .initial = 0.9,
                         .modulatable = true});
  accent = add_float({.path = "dancer/accent",
                      .label = "Accent",
                      .sections = {Section::kDance},
                      .help = "Lingers on the beat and hurries between beats, so that movements end there.",
                      .initial = 0.2,
                      .modulatable = true});
  smoothness = add_float({.path = "dancer/smoothness",
                          .label = "Smoothness",
                          .sections = {Section::kDance},
                          .help = "Rounds the movement off, over up to half a beat. 0 keeps every accent.",
                          .modulatable = true});
  top_p =
      add_float({.path = "dancer/choice",
                 .label = "Choice",
                 .sections = {Section::kDance},
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
                       .sections = {Section::kDance},
                       .help = "How many dancers are on the wall, each with moves of its own.",
                       .low = 1,
                       .high = kMaxDancers,
                       .initial = 1});
  speed = add_choice({.path = "dancer/speed",
                      .label = "Speed",
                      .sections = {Section::kDance},
                      .help = "Half time, normal or double time against the beat of the music; auto keeps the dance "
                              "between about 77 and 158 beats a minute.",
                      .choices = {"auto", "half", "normal", "double"}});
  hold = add_bool({.path = "dancer/hold",
                   .label = "Hold",
                   .sections = {Section::kDance},
                   .help = "Holds the pose while light and music go on. To hold the whole picture: Freeze.",
                   .transient = true});
  jump = add_trigger(
      {.path = "dancer/jump",
       .label = "Jump",
       .sections = {Section::kDance},
       .help = "Starts from new seed frames that fit the energy, at the next beat. A drop in the music does the same.",
       .modulatable = true});
  seed = add_integer({.path = "dancer/seed",
                      .label = "Seed phrase",
                      .help = "Continues from this phrase at the next beat (a click in the gallery does this).",
                      .low = 0,
                      .high = 999,
                      .transient = true});
}

void ShowParams::add_beat() {
  lead = add_choice({.path = "beat/lead",
                     .label = "Lead",
                     .sections = {Section::kLead},
                     .help = "Who leads the beat. Auto: your hand once you used it, else MIDI clock, else Ableton "
                             "Link, else the beat tracker (ears). Any other choice is locked.",
                     .choices = {"auto", "ears", "link", "midi", "hand"}});
  tap = add_trigger({.path = "beat/tap",
                     .label = "Tap",
                     .help = "Tap along. The first tap sets the beat, more of them the tempo, eight are best."});
  earlier = add_trigger({.path = "beat/earlier", .label = "Earlier", .help = "The beat 10 ms earlier."});
  later = add_trigger({.path = "beat/later", .label = "Later", .help = "The beat 10 ms later."});
  resync = add_trigger({.path = "beat/resync", .label = "Now is the 1", .help = "A bar begins now."});
  twice = add_trigger({.path = "beat/double", .label = "x2", .help = "Twice the tempo."});
  half = add_trigger({.path = "beat/half", .label = "/2", .help = "Half the tempo."});
  beat_reset = add_trigger({.path = "beat/reset",
                            .label = "Give the beat back",
                            .help = "Forgets taps, typed tempo, nudges, x2 and /2, the 1 and free run."});
  typed_bpm = add_float({.path = "beat/bpm",
                         .label = "Tempo",
                         .help = "A tempo that you know, in beats a minute. 0: none.",
                         .unit = "BPM",
                         .low = 0.0,
                         .high = 300.0,
                         .transient = true});
  free_run = add_bool({.path = "beat/free",
                       .label = "Free run",
                       .sections = {Section::kByHand},
                       .help = "Runs on at the last tempo, whatever is heard.",
                       .transient = true});
  link = add_bool({.path = "beat/link",
                   .label = "Ableton Link",
                   .sections = {Section::kLink},
                   .help = "Follows the tempo and the bar of music programs on the local network."});
  link_lead = add_bool({.path = "beat/link_lead",
                        .label = "Lead Link",
                        .sections = {Section::kLinkOn},
                        .help = "Gives our tempo and bar to all Link peers. Off: Ombra only follows.",
                        .transient = true});
}

model::DanceControls ShowParams::dance_controls() const {
  auto controls = snapshot<model::DanceControls>(*this, kDanceControls);
  for (std::size_t i = 0; i < styles.size(); ++i) controls.styles[i] = styles[i].index < 0 ? 0.0f : get(styles[i]);
  return controls;
}

model::FigureControls ShowParams::figure_controls() const {
  return snapshot<model::FigureControls>(*this, kFigureControls);
}

stage::LookControls ShowParams::look_controls() const { return snapshot<stage::LookControls>(*this, kLookControls); }

double ShowParams::speed_factor() const {
  constexpr double kFactors[] = {0.0, 0.5, 1.0, 2.0};
  return kFactors[get(speed)];
}

int ShowParams::field_size() const {
  constexpr int kSizes[] = {96, 128, 192, 256};
  return kSizes[get(detail)];
}

}  // namespace ombra::show
