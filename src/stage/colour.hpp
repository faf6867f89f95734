#pragma once
// A colour as people pick it. Thread: any (values).

namespace ombra::stage {

struct Colour {
  float r = 0.0f, g = 0.0f, b = 0.0f;  // sRGB 0..1, as picked on the desk; the shaders work in linear light
  bool operator==(const Colour&) const = default;
};

}  // namespace ombra::stage
