// A title or a logo: one quad, where it lies. The mirror does not turn letters round.
uniform vec4 u_rectangle;  // left, bottom, right, top, in shares of the screen
out vec2 v_at;             // of the overlay's picture, y down
out vec2 v_uv;             // of the screen, y up
flat out float v_gain;     // of the flash guard

void main() {
  vec2 corner = vec2(gl_VertexID & 1, gl_VertexID >> 1);
  v_at = vec2(corner.x, 1.0 - corner.y);
  v_uv = mix(u_rectangle.xy, u_rectangle.zw, corner);
  v_gain = texelFetch(u_guard, ivec2(0), 0).r;
  gl_Position = vec4(v_uv * 2.0 - 1.0, 0.0, 1.0);
}
