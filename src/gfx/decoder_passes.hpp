#pragma once
// From a decoder's plan to the compute passes that run it: which shader with which names defined, which numbers, how
// many workgroups; and the weights in the order in which threads read them. No OpenGL is called here.
// What has nothing to compute becomes a way of reading: a nearest upsampling and a crop in front of a convolution cost
// nothing; an upsampling by s is folded into its weights where that leaves fewer products (each of the s x s output
// pixels over an input pixel sees only few different input pixels), and so is a transposed convolution. A dense layer
// writes its numbers as the picture that they become. Thread: any (values).

#include "model/figure/decoder_plan.hpp"

#include <array>
#include <cstdint>
#include <string>
#include <utility>
#include <vector>

namespace ombra::gfx {

struct DecoderPass {
  std::string shader = {};                                // file in shaders/decoder/
  std::string defines = {};                               // lines "#define NAME value"
  std::string single_defines = {};                        // instead, where one dancer dances; empty: the same
  std::vector<std::pair<const char*, int>> numbers = {};  // uniforms
  std::array<int, 3> groups{1, 1, 1};                     // z: of as many dancers as one workgroup serves
  int batch = 1;                                          // which are so many
};

struct DecoderPasses {
  std::vector<DecoderPass> passes;
  std::vector<std::uint32_t> weights;  // in uvec4; at least one
  std::vector<float> biases;           // in vec4; at least one
  int latent_groups = 1;               // vec4 a dancer
  int largest = 1;                     // vec4 a dancer that any pass writes
};

// Weights of 16 bits (where all of them fit) or 32. Throws Error when a layer is larger than shaders can hold.
DecoderPasses passes_of(const model::DecoderPlan& plan, int bits);

}  // namespace ombra::gfx
