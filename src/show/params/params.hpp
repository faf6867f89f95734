#pragma once
// The parameter registry: a parameter is declared once, and its control on the desk, its place in presets, --set, the
// reference page and its slot in the modulation table all come from that one declaration.
// Each has a base value (what the operator set) and a value now (base plus what the music adds, see modulation.hpp).
// Thread: one owner (the show's).

#include "stage/stage.hpp"

#include <algorithm>
#include <cstdint>
#include <deque>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace ombra::show {

using stage::Colour;

enum class Kind { kFloat, kInteger, kBool, kChoice, kColour, kText, kTrigger };
enum class Curve { kLinear, kLog };  // how the slider and the modulation run through the range

// The headings of the desk under which parameters stand, tab by tab; under each in the order of their declarations.
enum class Section {
  kDance,   // tab Dance
  kPeople,  // tab People
  kBuild,   // only where it knows tall and stout ones
  kTurns,
  kLead,  // tab Beat
  kByHand,
  kLink,
  kLinkOn,  // only while Ableton Link is on
  kPictureAndSound,
  kLook,  // tab Look
  kLight,
  kColours,
  kPlace,
  kTitle,  // tab Title
  kLogo,
  kSharing,  // tab Share
  kInOut,    // tab Setup
  kRecording,
  kDesk,
  kMachine,  // tab Machine
};

struct Declaration {
  std::string path = {};               // "dancer/temperature": two words, lower case
  std::string label = {};              // on the desk
  std::vector<Section> sections = {};  // none: not on the desk, or with a widget of its own there
  std::string help = {};               // shown when hovered, and in the reference
  std::string unit = {};               // "ms", "" for plain numbers
  double low = 0.0, high = 1.0, initial = 0.0;
  Curve curve = Curve::kLinear;           // Log needs low > 0
  bool wraps = false;                     // Float only: a circle, beyond one end of the range is the other
  bool modulatable = false;               // Float and Trigger only
  bool transient = false;                 // a momentary act, not a setting: never saved
  bool unsaved = false;                   // the same, but what a file says of it holds
  std::vector<std::string> choices = {};  // Choice only
  Colour initial_colour = {};             // Colour only
  std::size_t longest = 200;              // Text only: bytes of UTF-8
  std::string hint = {};                  // Text only: stands in its field while that is empty
  Kind kind = Kind::kFloat;               // filled in by the registry
  bool member = false;                    // of a family, likewise

  bool stands_in(Section section) const { return std::ranges::find(sections, section) != sections.end(); }
};

// A typed handle: cheap to copy, valid for the registry that made it (and its copies).
template <Kind K>
struct Handle {
  int index = -1;
};
using FloatParam = Handle<Kind::kFloat>;
using IntegerParam = Handle<Kind::kInteger>;
using BoolParam = Handle<Kind::kBool>;
using ChoiceParam = Handle<Kind::kChoice>;
using ColourParam = Handle<Kind::kColour>;
using TextParam = Handle<Kind::kText>;
using TriggerParam = Handle<Kind::kTrigger>;

class Params {
 public:
  FloatParam add_float(Declaration declaration) { return {add(Kind::kFloat, std::move(declaration))}; }
  IntegerParam add_integer(Declaration declaration) { return {add(Kind::kInteger, std::move(declaration))}; }
  BoolParam add_bool(Declaration declaration) { return {add(Kind::kBool, std::move(declaration))}; }
  ChoiceParam add_choice(Declaration declaration) { return {add(Kind::kChoice, std::move(declaration))}; }
  ColourParam add_colour(Declaration declaration) { return {add(Kind::kColour, std::move(declaration))}; }
  TextParam add_text(Declaration declaration) { return {add(Kind::kText, std::move(declaration))}; }
  TriggerParam add_trigger(Declaration declaration) { return {add(Kind::kTrigger, std::move(declaration))}; }

  // A family: numbers alike whose names are not known before a dancer or a file tells them. The declaration holds for
  // each, its path is the first word of theirs. What is 0 is not written into files, and a file that has a table of the
  // family means 0 for those that are not in it.
  void add_family(Declaration declaration);
  const std::vector<Declaration>& families() const { return families_; }
  // -> index of the one with this name, made where there is none; -1 for a name without letters and digits. Its path
  // has them in lower case, and _ between them: "style", "Hip-hop" -> "style/hip_hop".
  int member(std::string_view family, std::string_view name);
  // -> find(), or the one of a family that the path means, made where there is none; -1 beyond kMostOpened of them
  int open(std::string_view path);
  static constexpr int kMostOpened = 64;
  // Puts all of a family to their default.
  void reset_family(std::string_view family);

  int size() const { return static_cast<int>(declarations_.size()); }
  const Declaration& declaration(int index) const { return declarations_[static_cast<std::size_t>(index)]; }
  // -> index, or -1
  int find(std::string_view path) const;
  // -> index; throws UsageError that suggests the nearest path
  int require(std::string_view path) const;

  // The value now, after modulation.
  float get(FloatParam p) const { return static_cast<float>(now_[at(p.index)]); }
  int get(IntegerParam p) const { return static_cast<int>(base_[at(p.index)]); }
  bool get(BoolParam p) const { return base_[at(p.index)] != 0.0; }
  int get(ChoiceParam p) const { return static_cast<int>(base_[at(p.index)]); }
  const std::string& name(ChoiceParam p) const;
  Colour get(ColourParam p) const { return colours_[at(p.index)]; }
  const std::string& get(TextParam p) const { return lines_[at(p.index)]; }
  // -> has it been fired since the last end_triggers()?
  bool fired(TriggerParam p) const { return fired_[at(p.index)]; }
  // Once a frame, when everybody has read them.
  void end_triggers();

  // By index, as the desk, presets and modulation use them. Numbers are clamped to the range, or carried round it
  // where it wraps (integers, choices and bools also rounded); what is not finite is ignored.
  double base(int index) const { return base_[at(index)]; }
  double now(int index) const { return now_[at(index)]; }
  Colour colour(int index) const { return colours_[at(index)]; }
  void set(int index, double value);
  void set_colour(int index, Colour colour);
  // One line of UTF-8, "" by default; what cannot be shown in it is left out, see clean_line(). -> was it taken as it
  // is?
  bool set_line(int index, std::string_view line);
  void set_now(int index, double value);  // until the next set() or set_now(): modulation only
  void fire(int index);
  void reset(int index);
  // Counts changes of base values, so that a session is written only when there is something new.
  std::uint64_t changes() const { return changes_; }

  // From text: "0.8", "on", a choice's name in any case, "#ff8040". -> a remark when the value had to be clamped, else
  // "". Throws UsageError for an unknown path or a text that is no such value.
  std::string set_text(std::string_view path, std::string_view text);
  // "path=value", as on the command line
  std::string assign(std::string_view assignment);
  // -> the base value as set_text() reads it
  std::string text(int index) const;

  // Where a value lies in its range, 0..1, along the curve; and back, from beyond the ends too, which are the least and
  // the most, or of a circle the same place.
  double to_unit(int index, double value) const;
  double from_unit(int index, double position) const;

 private:
  static std::size_t at(int index) { return static_cast<std::size_t>(index); }
  int add(Kind kind, Declaration declaration);

  std::deque<Declaration> declarations_;  // where they are, they stay: others keep pieces of their text
  std::vector<Declaration> families_;
  std::vector<double> base_, now_;
  std::vector<Colour> colours_;
  std::vector<std::string> lines_;
  std::vector<bool> fired_;
  std::uint64_t changes_ = 0;
};

// -> a word for the kind: "number", "colour", ...
std::string_view kind_name(Kind kind);
// -> "#rrggbb"
std::string colour_text(Colour colour);
// -> the reference page: a markdown table of every parameter
std::string reference_page(const Params& params);
// -> how many letters must change to turn a into b (Levenshtein 1966)
int edit_distance(std::string_view a, std::string_view b);

}  // namespace ombra::show
