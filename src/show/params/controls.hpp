#pragma once
// The controls that dance, dancers and look are told of, each with the parameter that sets it: what a moment asks for
// (ShowParams) and what a take keeps of it (take_records.hpp) are read from these tables alone.
// Their order is that of the bytes of a take: a change here is another version of takes. Thread: any (constants).

#include "show/params/show_params.hpp"

#include <tuple>

namespace ombra::show {

template <class Controls, class Value, class Param>
struct Control {
  Value Controls::*field;
  Param ShowParams::*param;
};
template <class Controls, class Value, class Param>
Control(Value Controls::*, Param ShowParams::*) -> Control<Controls, Value, Param>;

// One that no parameter sets: it stays as it begins.
template <class Controls, class Value>
struct FixedControl {
  Value Controls::*field;
};
template <class Controls, class Value>
FixedControl(Value Controls::*) -> FixedControl<Controls, Value>;

inline constexpr std::tuple kDanceControls = {
    Control{&model::DanceControls::temperature, &ShowParams::temperature},
    Control{&model::DanceControls::energy, &ShowParams::energy},
    Control{&model::DanceControls::pulse, &ShowParams::pulse},
    Control{&model::DanceControls::top_p, &ShowParams::top_p},
    Control{&model::DanceControls::smoothness, &ShowParams::smoothness},
    Control{&model::DanceControls::accent, &ShowParams::accent},
    Control{&model::DanceControls::tightness, &ShowParams::tightness},
    FixedControl{&model::DanceControls::grounded},
    Control{&model::DanceControls::freeze_guard, &ShowParams::freeze_guard},
};

inline constexpr std::tuple kLookControls = {
    Control{&stage::LookControls::ink, &ShowParams::ink},
    Control{&stage::LookControls::light, &ShowParams::light},
    Control{&stage::LookControls::backdrop, &ShowParams::backdrop},
    Control{&stage::LookControls::glow, &ShowParams::glow},
    Control{&stage::LookControls::trails, &ShowParams::trails},
    Control{&stage::LookControls::softness, &ShowParams::softness},
    Control{&stage::LookControls::grain, &ShowParams::grain},
    Control{&stage::LookControls::size, &ShowParams::figure_size},
    Control{&stage::LookControls::spread, &ShowParams::spread},
    Control{&stage::LookControls::mirror, &ShowParams::mirror},
    Control{&stage::LookControls::swell, &ShowParams::swell},
    Control{&stage::LookControls::throb, &ShowParams::throb},
    Control{&stage::LookControls::flash, &ShowParams::flash},
};

inline constexpr std::tuple kFigureControls = {
    Control{&model::FigureControls::yaw, &ShowParams::yaw},
    Control{&model::FigureControls::inward, &ShowParams::inward},
    Control{&model::FigureControls::orbit, &ShowParams::orbit},
    Control{&model::FigureControls::person, &ShowParams::person},
    Control{&model::FigureControls::other, &ShowParams::other},
    Control{&model::FigureControls::morph, &ShowParams::morph},
    Control{&model::FigureControls::cast, &ShowParams::cast},
    Control{&model::FigureControls::height, &ShowParams::height},
    Control{&model::FigureControls::build, &ShowParams::build},
};

// f is called with every entry of a table in turn.
template <class Table, class F>
void for_each_control(const Table& table, F&& f) {
  std::apply([&f](const auto&... control) { (f(control), ...); }, table);
}

// -> what the values of the parameters now ask for
template <class Controls, class Table>
Controls snapshot(const ShowParams& params, const Table& table) {
  Controls controls;
  for_each_control(table, [&](const auto& control) {
    if constexpr (requires { control.param; }) controls.*control.field = params.get(params.*control.param);
  });
  return controls;
}

}  // namespace ombra::show
