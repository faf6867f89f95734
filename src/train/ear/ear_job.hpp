#pragma once
// What the ear learns: per hop, has a beat just sounded, was it the first of a bar, is there a beat at all, and how
// fast is it? Beats and tempo are learned together as by Boeck and Davies (2020, "Deconstruct, analyse, reconstruct")
// with dilated convolutions, here causal ones; targets are widened by a hop to either side, and `delay` hops late. B
// pieces of T hops. Thread: one owner.

#include "audio/material/ear_material.hpp"
#include "model/layers/layers.hpp"
#include "train/trainer.hpp"

#include <memory>

namespace ombra::train {

// Hops [B, T, bands] -> what the network is given, [B, T, 2 bands]: the bands, and by how much each has risen in 20 ms.
torch::Tensor ear_inputs(const torch::Tensor& bands);

// recipe: of kind ear
Job ear_job(const model::Recipe& recipe, model::Network network, std::shared_ptr<const audio::EarMaterial> material);

}  // namespace ombra::train
