// The flash guard's memory (flash_guard.hpp): r gain, g luminance shown, b luminance that the look wants.
uniform float u_max_rise;    // a second
uniform float u_last_level;  // of u_measured: one texel, the mean
in vec2 v_uv;
out vec4 o_guard;

void main() {
  float wanted = max(luminance(textureLod(u_measured, vec2(0.5), u_last_level).rgb), 0.0);
  float before = texelFetch(u_guard, ivec2(0), 0).g;
  float shown = min(wanted, before + u_max_rise * u_step);
  o_guard = vec4(wanted > 1e-5 ? shown / wanted : 1.0, shown, wanted, 1.0);
}
