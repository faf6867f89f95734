// The silhouettes' mask at this pixel: one texel, as the mask is as large as the output. Put behind finish.glsl.
vec4 mask_here() { return texelFetch(u_mask, ivec2(v_uv * u_resolution), 0); }
