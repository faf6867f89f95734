// One triangle over the output. The mirror turns the whole picture round here.
out vec2 v_uv;
flat out float v_gain;

void main() {
  vec2 corner = vec2(gl_VertexID & 1, gl_VertexID >> 1) * 2.0;
  v_uv = vec2(mix(corner.x, 1.0 - corner.x, u_mirror), corner.y);
  v_gain = texelFetch(u_guard, ivec2(0), 0).r;
  gl_Position = vec4(corner * 2.0 - 1.0, 0.0, 1.0);
}
