#pragma once
// Big numbers on all displays, for some seconds, so that the operator sees which is which. Small windows of their own,
// over everything, without OpenGL. Thread: render only.

#include "show/live/displays.hpp"

#include <memory>
#include <span>
#include <vector>

struct SDL_Window;

namespace ombra::show {

inline constexpr double kIdentifyS = 4.0;

class Identify {
 public:
  // Display i shows i, as `ombra devices` counts, and its name; once more while they stand takes them away.
  void begin(std::span<const Display> displays, double now_s);
  // Once a frame: they go when their time is over.
  void step(double now_s);
  bool on() const { return !windows_.empty(); }

 private:
  struct Close {
    void operator()(SDL_Window* window) const;
  };
  std::vector<std::unique_ptr<SDL_Window, Close>> windows_;
  double until_s_ = 0.0, refresh_s_ = 0.0;
};

}  // namespace ombra::show
