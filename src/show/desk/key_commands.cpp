#include "show/desk/key_commands.hpp"

#include "show/desk/desk.hpp"
#include "show/desk/keys.hpp"

#include <algorithm>
#include <iterator>

namespace ombra::show {
namespace {

using Act = void (*)(Keys&, ShowParams&, DeskActions&);

template <BoolParam ShowParams::*kParam>
void toggle(Keys&, ShowParams& params, DeskActions&) {
  params.set((params.*kParam).index, params.get(params.*kParam) ? 0.0 : 1.0);
}

template <TriggerParam ShowParams::*kParam>
void fire(Keys&, ShowParams& params, DeskActions&) {
  params.fire((params.*kParam).index);
}

template <FloatParam ShowParams::*kParam, int kSign>
void nudge(Keys&, ShowParams& params, DeskActions&) {
  constexpr double kStep = 0.025;  // of the slider
  const int index = (params.*kParam).index;
  params.set(index, params.from_unit(index, params.to_unit(index, params.base(index)) + kSign * kStep));
}

template <int kSeed>
void seed(Keys&, ShowParams& params, DeskActions&) {
  params.set(params.seed.index, kSeed);
}

template <bool DeskActions::*kAction>
void ask(Keys&, ShowParams&, DeskActions& actions) {
  actions.*kAction = true;
}

void quit(Keys& keys, ShowParams&, DeskActions&) { keys.ask_end(); }
void show_help(Keys& keys, ShowParams&, DeskActions&) { keys.show_help(!keys.help_shown()); }

void next_look(Keys&, ShowParams& params, DeskActions&) {
  const auto looks = static_cast<int>(params.declaration(params.look.index).choices.size());
  params.set(params.look.index, (params.get(params.look) + 1) % std::max(1, looks));
}

// 1, 2, 3, 5, 8 dancers, then 1 again
void more_dancers(Keys&, ShowParams& params, DeskActions&) {
  constexpr int kSteps[] = {1, 2, 3, 5, 8};
  const int* next = std::upper_bound(std::begin(kSteps), std::end(kSteps), params.get(params.count));
  params.set(params.count.index, next == std::end(kSteps) ? 1 : *next);
}

void one_dancer_fewer(Keys&, ShowParams& params, DeskActions&) {
  params.set(params.count.index, std::max(1, params.get(params.count) - 1));
}

void type_tempo(Keys& keys, ShowParams& params, DeskActions& actions) {
  keys.show_help(false);  // it lies over the field
  params.set(params.desk_shown.index, 1.0);
  actions.type_tempo = true;
}

constexpr KeyGroup kShow = KeyGroup::kShow, kPicture = KeyGroup::kPicture, kDance = KeyGroup::kDance,
                   kBeat = KeyGroup::kBeat, kDesk = KeyGroup::kDesk;

constexpr Command seed_row(std::string_view name, std::string_view key, Act act) {
  return {.name = name,
          .group = kDance,
          .keys = key,
          .help = "jumps to that seed phrase",
          .path = "dancer/seed",
          .act = act};
}

constexpr Command held_row(std::string_view name, KeyGroup group, std::string_view key, std::string_view help,
                           std::string_view path, Act act) {
  return {.name = name, .group = group, .keys = key, .help = help, .path = path, .act = act, .repeats = true};
}

constexpr Command kCommands[] = {
    {.name = "blackout",
     .group = kShow,
     .keys = "X",
     .help = "fades to black, and back",
     .path = "show/blackout",
     .act = toggle<&ShowParams::blackout>,
     .while_locked = true,
     .while_asked = true,
     .needs_key = true},
    {.name = "freeze",
     .group = kShow,
     .keys = "Z",
     .help = "freezes the picture",
     .path = "show/freeze",
     .act = toggle<&ShowParams::freeze>,
     .while_locked = true,
     .while_asked = true,
     .needs_key = true},
    {"test_card", kShow, "C", "test card", "show/test_card", toggle<&ShowParams::test_card>},
    {.name = "lock",
     .group = kShow,
     .keys = "Ctrl+L",
     .help = "locks the show, and unlocks it",
     .path = "desk/key_lock",
     .act = toggle<&ShowParams::key_lock>,
     .while_locked = true,
     .needs_key = true},
    {"record", kShow, "R", "starts and stops a recording", "record/on", toggle<&ShowParams::record_on>},
    {"identify", kShow, "F9", "shows a number on every display", "", ask<&DeskActions::identify>},
    {"swap_outputs", kShow, "F10", "swaps the places of desk and picture", "", ask<&DeskActions::swap_outputs>},
    {"toggle_fullscreen", kShow, "F11", "full screen, and back", "", ask<&DeskActions::toggle_fullscreen>},
    {"quit", kShow, "Esc", "closes what is open; else asks, then quits", "", quit},

    {"next_look", kPicture, "L", "next look", "look/name", next_look},
    {"mirror", kPicture, "M", "swaps left and right", "look/mirror", toggle<&ShowParams::mirror>},

    {"hold", kDance, "Space", "holds the pose", "dancer/hold", toggle<&ShowParams::hold>},
    {"jump", kDance, "J", "jumps to a new seed phrase at the next beat", "dancer/jump", fire<&ShowParams::jump>},
    seed_row("seed_1", "1", seed<1>),
    seed_row("seed_2", "2", seed<2>),
    seed_row("seed_3", "3", seed<3>),
    seed_row("seed_4", "4", seed<4>),
    seed_row("seed_5", "5", seed<5>),
    seed_row("seed_6", "6", seed<6>),
    seed_row("seed_7", "7", seed<7>),
    seed_row("seed_8", "8", seed<8>),
    seed_row("seed_9", "9", seed<9>),
    {"dancers_more", kDance, "D", "more dancers: 1, 2, 3, 5, 8", "dancer/count", more_dancers},
    {"dancers_fewer", kDance, "Shift+D", "one dancer fewer", "dancer/count", one_dancer_fewer},
    held_row("energy_up", kDance, "Up", "more or less energy", "dancer/energy", nudge<&ShowParams::energy, 1>),
    held_row("energy_down", kDance, "Down", "more or less energy", "dancer/energy", nudge<&ShowParams::energy, -1>),
    held_row("temperature_up", kDance, "Right", "more or less temperature: variety of the moves", "dancer/temperature",
             nudge<&ShowParams::temperature, 1>),
    held_row("temperature_down", kDance, "Left", "more or less temperature: variety of the moves", "dancer/temperature",
             nudge<&ShowParams::temperature, -1>),

    {"tap", kBeat, "T", "tap along", "beat/tap", fire<&ShowParams::tap>},
    {"downbeat", kBeat, "Enter or Keypad Enter", "a bar begins now", "beat/resync", fire<&ShowParams::resync>},
    held_row("earlier", kBeat, "[", "the beat 10 ms earlier", "beat/earlier", fire<&ShowParams::earlier>),
    held_row("later", kBeat, "]", "the beat 10 ms later", "beat/later", fire<&ShowParams::later>),
    {"half", kBeat, ",", "half the tempo", "beat/half", fire<&ShowParams::half>},
    {"double", kBeat, ".", "twice the tempo", "beat/double", fire<&ShowParams::twice>},
    {"type_tempo", kBeat, "B", "type a tempo, then Enter", "beat/bpm", type_tempo},
    {"free_run", kBeat, "F", "goes on at the last tempo", "beat/free", toggle<&ShowParams::free_run>},
    {"beat_reset", kBeat, "Backspace", "gives the beat back", "beat/reset", fire<&ShowParams::beat_reset>},

    {.name = "help", .group = kDesk, .keys = "F1", .help = "shows all keys", .act = show_help, .while_locked = true},
    {.name = "desk",
     .group = kDesk,
     .keys = "Tab",
     .help = "shows or hides the control panel",
     .path = "desk/shown",
     .act = toggle<&ShowParams::desk_shown>,
     .while_locked = true},
    {"calibrate", kDesk, "K", "calibrates picture against sound", "show/calibrate", toggle<&ShowParams::calibrate>},
};

}  // namespace

std::span<const Command> commands() { return kCommands; }

}  // namespace ombra::show
