#pragma once
// Edits the mappings of the outputs: what is selected, moved by the mouse or in pixels by keys, undone and done again.
// It knows neither a window nor a keyboard. Thread: one owner (the show's).

#include "show/params/output_settings.hpp"
#include "stage/mapping/mapping_points.hpp"

#include <cstddef>
#include <cstdint>
#include <deque>
#include <functional>
#include <span>
#include <vector>

namespace ombra::show {

enum class MappingKey { kLeft, kRight, kUp, kDown, kNext, kPrevious, kUndo, kRedo, kEnd };
enum class MappingPart { kAll, kCorners, kMesh };

// An output that can be edited.
struct MappedOutput {
  OutputSettings settings;
  int width = 0, height = 0;  // pixels
};

class MappingEditor {
 public:
  static constexpr std::size_t kMaxSteps = 100;  // that can be undone, of each output

  // The outputs that there are now, in their order. One that was there before (the same display, connector and place)
  // keeps what was edited, and its steps.
  void set_outputs(std::vector<MappedOutput> outputs);
  std::span<const MappedOutput> outputs() const { return outputs_; }
  // Rises whenever a mapping has changed: what hangs on them, and their file, is to be made anew.
  std::uint64_t revision() const { return revision_; }

  std::size_t output() const { return output_; }  // the one that is edited; 0 also where there is none
  void choose_output(std::size_t number);
  // Of the output that is edited; of no output a plain one.
  const stage::Mapping& mapping() const;
  glm::dvec2 size() const;  // of the output, pixels; at least 1 x 1

  // On the wall: the keys move points, and the show puts the test card on.
  bool editing() const { return editing_ && !outputs_.empty(); }
  void edit(bool on);

  const stage::MappingPoint& selected() const { return selected_; }
  void select(const stage::MappingPoint& point);
  void select_next(int steps = 1);  // -1: the one before

  // Changes the mapping, which is made sane, as one step; between hold() and release() all changes are one.
  void change(const std::function<void(stage::Mapping&)>& change);
  void hold() { held_ = true, step_open_ = false; }
  void release() { held_ = false, step_open_ = false; }
  bool held() const { return held_; }

  void move_selected(glm::dvec2 place);           // shares of the output
  void nudge(glm::dvec2 pixels, bool same_step);  // same_step: part of the step before, as while a key is held
  void set_mesh(int columns, int rows);           // the new points lie on the surface as it was
  void add_mask();                                // a square in the middle, its first point selected
  void remove_mask(std::size_t number);
  void add_mask_point(std::size_t mask, std::size_t after);  // half-way to the next
  void remove_selected();                                    // a mask's point, where more than three are there
  void reset(MappingPart part);

  bool can_undo() const { return !outputs_.empty() && !steps_[output_].done.empty(); }
  bool can_redo() const { return !outputs_.empty() && !steps_[output_].undone.empty(); }
  void undo();
  void redo();

  // What a key does while editing(). fine: a tenth of a pixel; repeat: it is held down. -> false: nothing
  bool press(MappingKey key, bool fine, bool repeat);

 private:
  struct Steps {
    std::deque<stage::Mapping> done, undone;  // the newest last
  };
  void take_back(std::deque<stage::Mapping>& from, std::deque<stage::Mapping>& to);
  void check_selected();

  std::vector<MappedOutput> outputs_;
  std::vector<Steps> steps_;  // of each output
  std::size_t output_ = 0;
  stage::MappingPoint selected_;
  std::uint64_t revision_ = 0;
  bool editing_ = false, held_ = false, step_open_ = false;
};

}  // namespace ombra::show
