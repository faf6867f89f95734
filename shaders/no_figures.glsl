// In place of figures.glsl, for the part of the output that lies beside all figures: most of it, and much cheaper so.
vec4 mask_here() { return vec4(0.0); }
