#pragma once
// The smallest recipe that draws people.

namespace ombra::train::test {

inline constexpr const char* kTinyPeople = R"(name = "tiny-people"
kind = "moves"
[frames]
size = 32
fps = 30.0
[painter]
code = 17
people = 4
picture = 48
encoder = [
  { layer = "conv", out = 6, kernel = 4, stride = 4, activation = "silu" },
  { layer = "flatten" },
  { layer = "dense", out = 17 },
]
decoder = [
  { layer = "dense", out = 24, activation = "silu" },
  { layer = "outer" },
  { layer = "dense", out = 480 },
  { layer = "strokes", count = 80 },
]
[painter.train]
steps = 200
batch = 6
rate = 6e-4
warmup = 4
[painter.encoder_train]
steps = 4
batch = 4
warmup = 1
[mover]
frames_per_beat = 6
frames_per_move = 3
width = 6
books = 2
entries = 8
encoder = [
  { layer = "conv1d", out = 8, activation = "silu" },
  { layer = "conv1d", out = 6, kernel = 3, stride = 3 },
]
decoder = [
  { layer = "conv1d", out = 12, causal = true },
  { layer = "conv1d_transpose", out = 12, factor = 3 },
  { layer = "conv1d", out = 17 },
]
[mover.train]
steps = 8
batch = 4
window = 4
warmup = 2
[choreographer]
hidden = 12
layers = 1
embedding = 6
place_embedding = 3
places = 4
styles = ["salsa", "house"]
[choreographer.train]
steps = 8
batch = 4
window = 6
warmup = 2
)";

}  // namespace ombra::train::test
