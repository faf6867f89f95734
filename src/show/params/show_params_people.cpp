// Who the dancers are and which way they are turned, where the dancer's painter draws people.
#include "show/params/show_params.hpp"

namespace ombra::show {

// initial values: those of FigureControls
void ShowParams::add_people() {
  const model::FigureControls initial;
  person = add_float({.path = "dancer/person",
                      .label = "Person",
                      .sections = {Section::kPeople},
                      .help = "Who dances, by number in the gallery. A fraction stands between two; beyond the last "
                              "one it begins anew.",
                      .low = 1.0,
                      .high = 64.0,
                      .initial = initial.person,
                      .modulatable = true});
  other = add_float({.path = "dancer/other",
                     .label = "Other person",
                     .sections = {Section::kPeople},
                     .help = "Whom Morph changes the person into.",
                     .low = 1.0,
                     .high = 64.0,
                     .initial = initial.other,
                     .modulatable = true});
  morph = add_float({.path = "dancer/morph",
                     .label = "Morph",
                     .sections = {Section::kPeople},
                     .help = "Changes the person into the other: 0 not at all, 1 all the way.",
                     .modulatable = true});
  cast = add_choice({.path = "dancer/cast",
                     .label = "Cast",
                     .sections = {Section::kPeople},
                     .help = "Who the other dancers are. One each: the next ones in the gallery. All the same: that "
                             "person, too. Anyone: shuffled.",
                     .choices = {"one each", "all the same", "anyone"}});
  height = add_float({.path = "dancer/height",
                      .label = "Height",
                      .sections = {Section::kBuild},
                      .help = "Smaller or taller than the person is.",
                      .low = -2.0,
                      .high = 2.0,
                      .modulatable = true});
  build = add_float({.path = "dancer/build",
                     .label = "Build",
                     .sections = {Section::kBuild},
                     .help = "Slimmer or stouter than the person is.",
                     .low = -2.0,
                     .high = 2.0,
                     .modulatable = true});
}

void ShowParams::add_turns() {
  yaw = add_float({.path = "dancer/yaw",
                   .label = "Yaw",
                   .sections = {Section::kTurns},
                   .help = "Turns each dancer, to its left: 180 faces the wall. The source turn spins it.",
                   .unit = "deg",
                   .low = -180.0,
                   .high = 180.0,
                   .wraps = true,
                   .modulatable = true});
  inward = add_float({.path = "dancer/inward",
                      .label = "Inward",
                      .sections = {Section::kTurns},
                      .help = "Of several dancers the outer ones turn to the middle.",
                      .modulatable = true});
  orbit = add_float({.path = "look/orbit",
                     .label = "Orbit",
                     .sections = {Section::kTurns},
                     .help = "Goes round the dancers with the camera, to their left. The source turn circles on.",
                     .unit = "deg",
                     .low = -180.0,
                     .high = 180.0,
                     .wraps = true,
                     .modulatable = true});
}

}  // namespace ombra::show
