#pragma once
// What one picture took to decode in OpenGL and on the processor, as the session remembers it. Thread: any (values).

#include <string>

namespace ombra::show {

// Of a renderer, a model of one kind and size, and a number of dancers.
struct DecoderTimes {
  std::string key = {};
  double gl_ms = 0.0, cpu_ms = 0.0;
  bool operator==(const DecoderTimes&) const = default;
};

}  // namespace ombra::show
