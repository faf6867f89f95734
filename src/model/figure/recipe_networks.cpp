#include "core/error.hpp"
#include "model/figure/body_numbers.hpp"
#include "model/figure/joints.hpp"
#include "model/figure/network_layout.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace ombra::model {
namespace {

Shape picture_of(const Recipe& recipe) {
  return {channels_of(recipe.frames.picture), recipe.frames.height, recipe.frames.width};
}

}  // namespace

NetworkLayout painter_encoder(const Recipe& recipe) {
  const PainterSpec& spec = recipe.painter;
  if (spec.guided && spec.people == 0 && spec.code > kPoseNumbers) {
    throw UsageError(
        fmt::format("{}: [painter] code: a guided code has at most {} numbers", recipe.file, kPoseNumbers));
  }
  NetworkLayout encoder =
      read_layers(spec.encoder, picture_of(recipe), spec.code, recipe.file, "[painter] encoder", recipe.keras);
  const Shape expected{spec.guesses > 1 ? spec.guesses * (spec.code + 1) : spec.code};
  if (encoder.output != expected) {
    throw UsageError(fmt::format("{}: [painter] encoder gives {}, expected the code {}", recipe.file,
                                 shape_text(encoder.output), shape_text(expected)));
  }
  return encoder;
}

NetworkLayout painter_decoder(const Recipe& recipe) {
  const PainterSpec& spec = recipe.painter;
  const FramesSpec& frames = recipe.frames;
  const Shape given{spec.people > 0 ? kBodyNumbers + spec.people : spec.code};
  NetworkLayout decoder = read_layers(spec.decoder, given, spec.code, recipe.file, "[painter] decoder", recipe.keras);
  if (decoder.strokes == 0 && decoder.output != picture_of(recipe)) {
    throw UsageError(fmt::format("{}: [painter] decoder gives {}, expected a picture {} or strokes", recipe.file,
                                 shape_text(decoder.output), shape_text(picture_of(recipe))));
  }
  if (decoder.strokes > 0 && (frames.picture != PictureKind::kDistance || frames.width != frames.height)) {
    throw UsageError(fmt::format("{}: [painter] decoder: strokes need square pictures of distances", recipe.file));
  }
  if (spec.people > 0 && decoder.strokes == 0)
    throw UsageError(fmt::format("{}: [painter] decoder: people are drawn as strokes", recipe.file));
  return decoder;
}

NetworkLayout frame_network(const Recipe& recipe, std::int64_t alternative) {
  const FrameDancerSpec& spec = recipe.dancer;
  const std::int64_t code = recipe.painter.code, count = static_cast<std::int64_t>(spec.alternatives.size());
  if (alternative < 0 || alternative >= std::max<std::int64_t>(1, count))
    throw UsageError(fmt::format("{}: [dancer] has no alternative {}", recipe.file, alternative));
  const LayerList& layers = count > 0 ? spec.alternatives[static_cast<std::size_t>(alternative)] : spec.layers;
  const bool windowed = spec.memory == "window", mixture = spec.loss == "mdn";
  const std::int64_t steps = windowed ? spec.context : -1;
  NetworkLayout network = read_layers(layers, Shape{steps, code}, code, recipe.file, "[dancer]", recipe.keras);
  const Shape& output = network.output;
  const bool in_steps = output.size() == 2 && output[0] == steps, single = output.size() == 1 && windowed;
  const std::int64_t out = in_steps || single ? output.back() : 0;
  if (mixture ? (out < 2 * code + 1 || out % (2 * code + 1) != 0) : out != code) {
    throw UsageError(fmt::format("{}: [dancer] layers give {}, expected {}", recipe.file, shape_text(output),
                                 mixture ? "an mdn layer at the end" : fmt::format("[{}, {}]", steps, code)));
  }
  return network;
}

NetworkLayout ear_network(const Recipe& recipe) {
  NetworkLayout network = read_layers(recipe.ear.layers, Shape{-1, kEarInputs}, 0, recipe.file, "[ear]", recipe.keras);
  const Shape expected{-1, kEarOutputs};
  if (network.output != expected) {
    throw UsageError(fmt::format("{}: [ear] layers give {}, expected {}", recipe.file, shape_text(network.output),
                                 shape_text(expected)));
  }
  return network;
}

}  // namespace ombra::model
