#pragma once
// How long the GPU takes for each part of a frame: time stamps put between its commands, in a ring of queries whose
// results are asked for only once they are there, some frames later. Nothing here waits. On a software renderer the
// times are those of its own threads, other work on the same processor cores included. Thread: render only.

#include "gfx/gl.hpp"

#include <array>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace ombra::gfx {

class GpuTimer {
 public:
  struct Part {
    std::string name;
    double ms = 0.0;
  };
  static constexpr std::size_t kFrames = 8, kParts = 24;

  GpuTimer();

  // A frame begins: takes in the results that have come, then puts the first time stamp. A frame for which the ring has
  // no room (the GPU is kFrames behind), and the parts after kParts, are not measured.
  void begin();
  // What was drawn since the last call is the part `name`.
  void mark(std::string_view name);
  // The frame ends: what was drawn since the last mark belongs to none.
  void end();
  // The same as begin() does with results, for a caller that measures and does not go on.
  void collect();

  bool works() const { return bits_ > 0; }                   // drivers may have no clock: then nothing is ever known
  std::uint64_t frames() const { return known_; }            // measured so far
  const std::vector<Part>& parts() const { return parts_; }  // of the newest frame that is known, in order
  double total_ms() const;                                   // their sum

 private:
  struct Query {
    GLuint name = 0;
    Query() { glGenQueries(1, &name); }
    ~Query() { glDeleteQueries(1, &name); }
    Query(const Query&) = delete;
    Query& operator=(const Query&) = delete;
  };
  struct Frame {
    std::array<Query, kParts + 1> stamps;
    std::array<std::string, kParts> names;
    std::size_t parts = 0;
  };
  Frame& frame(std::uint64_t number) { return frames_[number % kFrames]; }

  void stamp(const Query& query) const;

  std::array<Frame, kFrames> frames_;
  GLint bits_ = 0;
  const bool software_ = draws_in_software();
  bool measuring_ = false;
  // frames begun, and frames whose results were taken: known_ <= begun_
  std::uint64_t begun_ = 0, known_ = 0;
  std::vector<Part> parts_;
};

}  // namespace ombra::gfx
