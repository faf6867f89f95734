// In place of figures.glsl, where the room is there already, enlarged from fewer pixels: only the silhouettes are drawn,
// with all pixels, so that their outlines stay sharp.
vec4 mask_here() {
  vec4 mask = texelFetch(u_mask, ivec2(v_uv * u_resolution), 0);
  if (mask.a <= 0.0) discard;
  return mask;
}
