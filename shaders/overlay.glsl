// A title or a logo over the output, or behind the figures, added up as light. Where it shows nothing, nothing changes.
layout(binding = 11) uniform sampler2D u_overlay;  // linear light times alpha, alpha
layout(binding = 12) uniform sampler2D u_under;    // the output so far: sRGB with straight alpha
uniform float u_opacity;
uniform int u_behind;     // 1: figures hide it
uniform int u_measuring;  // 1: into the small picture for the flash guard, which is linear and blended
in vec2 v_at;
in vec2 v_uv;
flat in float v_gain;
out vec4 o_colour;

vec3 to_linear(vec3 s) { return mix(s / 12.92, pow((s + 0.055) / 1.055, vec3(2.4)), step(0.04045, s)); }

void main() {
  vec4 over = texture(u_overlay, v_at) * u_opacity;
  // the picture is turned round by the mirror, and so is its mask
  vec2 at = vec2(mix(v_uv.x, 1.0 - v_uv.x, u_mirror), v_uv.y);
  if (u_behind == 1) over *= 1.0 - texture(u_mask, at).a;
  if (u_measuring == 1) {
    o_colour = over;
    return;
  }
  if (over.a <= 0.0) discard;
  vec4 under = texelFetch(u_under, ivec2(gl_FragCoord.xy), 0);
  float left = (u_room > 0.5 ? 1.0 : under.a) * (1.0 - over.a);
  float alpha = over.a + left;
  vec3 light = (over.rgb * v_gain + to_linear(under.rgb) * left) / alpha;
  o_colour = vec4(to_srgb(clamp(light, 0.0, 1.0)), u_room > 0.5 ? 1.0 : alpha);
}
