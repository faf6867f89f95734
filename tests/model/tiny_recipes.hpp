#pragma once
// Recipes so small that tests train them in a second.

namespace ombra::model::test {

inline constexpr const char* kTinyMoves = R"(name = "tiny"
kind = "moves"
[frames]
size = 16
fps = 30.0
[painter]
code = 8
encoder = [
  { layer = "flatten" },
  { layer = "dense", out = 16, activation = "silu" },
  { layer = "dense", out = 8 },
]
decoder = [
  { layer = "dense", out = 16, activation = "silu" },
  { layer = "dense", out = 168 },
  { layer = "strokes", count = 28 },
]
[painter.train]
steps = 6
batch = 4
warmup = 2
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
  { layer = "residual1d", causal = true },
  { layer = "conv1d_transpose", out = 12, factor = 3 },
  { layer = "residual1d" },
  { layer = "conv1d", out = 8 },
]
[mover.train]
steps = 12
batch = 4
window = 4
rate = 3e-3
warmup = 2
[choreographer]
hidden = 12
layers = 1
embedding = 6
place_embedding = 3
places = 4
coolness = [1.0, 0.5]
[choreographer.train]
steps = 12
batch = 4
window = 6
optimiser = "rmsprop"
warmup = 2
)";

inline constexpr const char* kTinyFrames = R"(name = "tiny-frames"
kind = "frames"
[frames]
size = 16
fps = 30.0
[painter]
code = 8
encoder = [
  { layer = "conv", out = 4, stride = 2, activation = "elu" },
  { layer = "flatten" },
  { layer = "dense", out = 8 },
]
decoder = [
  { layer = "dense", out = 64, activation = "elu" },
  { layer = "reshape", shape = [4, 4, 4] },
  { layer = "upsample" },
  { layer = "conv_transpose", out = 1 },
]
[painter.train]
steps = 6
batch = 4
warmup = 2
[dancer]
layers = [
  { layer = "lstm", out = 16 },
  { layer = "mdn", components = 3 },
]
loss = "mdn"
context = 5
noise = 0.05
[dancer.train]
steps = 12
batch = 4
window = 10
warmup = 2
)";

}  // namespace ombra::model::test
