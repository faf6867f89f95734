// Lantern: warm light behind a cloth, everything but the silhouettes, at half size. Output: display-linear colour.
in vec2 v_uv;
out vec4 o_lit;

void main() {
  vec2 p = screen_of(v_uv);
  // under the floor line the picture is its own reflection
  float below = max(u_floor - p.y, 0.0) * u_room;
  vec2 q = vec2(p.x, p.y + 2.0 * below);
  vec2 quv = uv_of(q);
  float d = distance_at(quv), outside = abs(d);
  vec2 wide = texture(u_wide, quv).rg;
  float rays = texture(u_rays, quv).r;
  float breath = 1.0 + 0.30 * u_throb * u_glow;
  vec3 lamp = u_light.rgb, hot = mix(lamp, vec3(1.0, 0.92, 0.80), 0.42), deep = lamp * lamp;

  // the lamp behind the cloth: a soft core, a halo, and the room's own colour at the edges
  vec2 away = (q - vec2(0.0, u_floor + 0.52 * u_figure)) * vec2(0.95, 1.0) / clamp(u_aspect / 1.6, 0.62, 1.0);
  float r2 = dot(away, away), r = sqrt(r2);
  float core = exp(-r2 / (0.052 * breath));
  float halo = 1.0 / (1.0 + r2 * sqrt(r) / (0.040 * breath));
  float cloth = textureLod(u_noise, p * 1.3, 0.0).g - 0.5;
  vec3 light = u_backdrop.rgb * (0.35 + 0.9 * halo);
  light += hot * core * 0.72 * breath * mix(0.35, 1.0, rays);
  light += mix(deep, lamp, halo) * halo * 0.46 * breath * mix(0.12, 1.0, rays);
  light *= (1.0 + 0.12 * cloth) * u_room;

  // trails: a veil that is thick and warm where the body was a moment ago, thin and of the room's colour later
  float ember = texture(u_trail, quv).r;
  float veil = ember * smoothstep(-0.004, 0.006, d);
  vec3 tint = mix(mix(vec3(0.55), u_backdrop.rgb * 4.0, 0.35), mix(vec3(0.30), deep, 0.7), smoothstep(0.1, 0.7, ember));
  light *= mix(vec3(1.0), tint, 0.85 * veil);
  light += hot * 0.35 * veil * veil * veil * (0.4 + u_throb) * halo;

  // the outline's own glow, tight and loose, and lit haze around the whole body
  float pulse = u_glow * (0.30 + 0.95 * u_throb);
  float near_lamp = 0.25 + 0.75 * halo;
  float reach = max(u_room, 1.0 - smoothstep(0.4 * kFar, 0.95 * kFar, outside));  // its end is to be seen nowhere
  light += reach * (hot * 0.85 * exp(-outside / 0.008) + lamp * 0.42 * exp(-outside / 0.034)) * pulse * near_lamp;
  light += lamp * wide.r * (1.0 - wide.r) * 0.35 * pulse;

  if (below > 0.0) {
    // polished floor: the reflection blurs and fades with the way it has come
    float blur = 0.003 + 0.26 * below;
    float fade = exp(-below / 0.085);
    float body = 1.0 - smoothstep(-blur, blur, d);
    light *= mix(1.0, 0.06, body * (0.30 + 0.70 * fade)) * (0.16 + 0.44 * fade);
  } else if (u_room > 0.5) {
    light *= mix(0.60, 1.0, smoothstep(0.0, 0.035, p.y - u_floor));
  }
  // contact: the floor is dark where feet come close to it
  float foot = distance_at(uv_of(vec2(p.x, u_floor + 0.01 * u_figure)));
  light *= 1.0 - u_room * 0.7 * exp(-abs(p.y - u_floor) / 0.012) * (1.0 - smoothstep(0.0, 0.05, foot));

  vec2 corner = (v_uv - 0.5) * vec2(1.5, 1.0);
  light *= 1.0 - u_room * 0.8 * smoothstep(0.25, 1.0, length(corner));
  o_lit = vec4(filmic(light * 1.15), 1.0);
}
