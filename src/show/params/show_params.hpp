#pragma once
// Every parameter of the show. The declarations, with ranges, defaults, help and place on the desk, are in
// show_params.cpp and show_params_*.cpp; which of them a dance, a look and a take are told,
// in controls.hpp. Thread: one owner (the show's).

#include "model/figure/dance_controls.hpp"
#include "show/params/params.hpp"

namespace ombra::show {

struct ShowParams : Params {
  // looks: names for look/name, the default first
  explicit ShowParams(std::vector<std::string> looks);

  // what the values now ask of the dance and of the stage
  model::DanceControls dance_controls() const;
  model::FigureControls figure_controls() const;
  stage::LookControls look_controls() const;
  stage::Titles titles() const;
  // Another dancer listens: these are the names of its styles, in its order. Values that were asked of others stay.
  void know_styles(const std::vector<std::string>& names);
  // All at 0, those of other dancers, too.
  void forget_styles();
  // -> does something listen to it? Not to styles that the dancer does not know: they are not shown.
  bool listened_to(int index) const;
  // -> a remark where a style is asked for that the dancer does not know, else ""
  std::string unknown_styles() const;
  double speed_factor() const;  // 0.5, 1 or 2 dance beats per beat of the music; 0: as the tempo asks for
  int field_size() const;       // samples along one side of a dancer's field

  FloatParam temperature, energy, pulse, tightness, accent, top_p, smoothness;
  IntegerParam count;
  ChoiceParam speed;
  BoolParam hold, freeze_guard;
  TriggerParam jump;
  IntegerParam seed;  // 1..: dance from that phrase at the next beat, then back to 0
  FloatParam person, other, morph, height, build, yaw, inward, orbit;
  ChoiceParam cast;
  std::vector<FloatParam> styles;  // that the dancer knows, in its order, at most 8; those without a name: -1
  ChoiceParam detail;
  ChoiceParam lead;
  TriggerParam tap, earlier, later, resync, twice, half, beat_reset;
  FloatParam typed_bpm;
  BoolParam free_run, link, link_lead;
  ChoiceParam look;
  ColourParam ink, light, backdrop;
  FloatParam glow, swell, throb, flash, trails, softness, grain, figure_size, spread;
  BoolParam mirror;
  BoolParam title, title_behind, logo, logo_behind;
  TextParam title_text, title_font, logo_file;
  FloatParam title_x, title_y, title_size, title_opacity, title_fade;
  FloatParam logo_x, logo_y, logo_size, logo_opacity, logo_fade;
  ColourParam title_colour;
  FloatParam offset_ms;
  BoolParam calibrate, governor;
  BoolParam blackout, freeze, test_card;  // of show mode, see show/session/master.hpp
  FloatParam blackout_fade;
  FloatParam render_scale;
  BoolParam record_on;
  ChoiceParam record_format, record_height, record_fps, record_roll;
  IntegerParam record_quality;
  BoolParam share_pipewire, share_camera, share_stream;  // see show/live/sharing.hpp
  ChoiceParam share_height, share_fps;
  IntegerParam share_kbps;
  BoolParam desk_shown, key_lock;
  FloatParam desk_opacity, desk_scale;

 private:
  void add_dance();
  void add_dancers();
  void add_people();
  void add_turns();
  void add_styles();
  void add_beat();
  void add_look(std::vector<std::string> looks);
  void add_light();
  void add_colours();
  void add_title();
  void add_logo();
  void add_show();
  void add_show_mode();
  void add_recording();
  void add_sharing();
  void add_desk();
};

}  // namespace ombra::show
