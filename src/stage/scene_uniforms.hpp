#pragma once
// What a scene says, made safe, as the numbers that shaders read.
// Thread: any (values); figure_uniforms render only.

#include "stage/field_textures.hpp"
#include "stage/layout.hpp"
#include "stage/uniforms.hpp"

namespace ombra::stage {

// Controls come from sliders, files and the network; a NaN that got into the trails would stay there.
LookControls sane(LookControls controls);

// All but the output's size and aspect, the ripples, and the seed. controls: sane ones.
FrameUniforms frame_uniforms(const Scene& scene, const LookControls& controls, const Layout& layout);

// The first `figures` places of the layout, back to front, at most kMaxDancers.
FigureUniforms figure_uniforms(const Layout& layout, const FieldTextures& fields, int figures);

}  // namespace ombra::stage
