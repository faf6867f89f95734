// Lantern: warm light behind a cloth, everything but the silhouettes, at half size. Output: display-linear colour.
in vec2 v_uv;
out vec4 o_lit;

void main() {
  vec2 p = screen_of(v_uv);
  float below = max(u_floor - p.y, 0.0);
  // under the floor line the picture is its own reflection, blurred by the way it has come
  vec2 q = vec2(p.x, p.y < u_floor ? u_floor + below : p.y);
  vec2 quv = uv_of(q);
  vec2 lamp = vec2(0.0, u_floor + 0.52 * u_figure);
  float breath = 1.0 + 0.35 * u_bass * u_glow;
  float r = length((q - lamp) * vec2(0.92, 1.0));

  vec3 lamp_colour = u_light.rgb;
  vec3 hot = mix(lamp_colour, vec3(1.0, 0.93, 0.82), 0.55);
  float core = exp(-r * r / (0.075 * breath));
  float halo = 1.0 / (1.0 + pow(r / (0.36 * breath), 2.6));
  float rays = texture(u_rays, quv).r;
  float wide = texture(u_wide, quv).r;
  float cloth = texture(u_noise, p * vec2(1.3, 1.3)).g - 0.5;

  vec3 light = u_backdrop.rgb * (0.55 + 0.6 * halo);
  light += hot * core * 1.15 * breath * mix(0.45, 1.0, rays);
  light += lamp_colour * halo * 0.42 * breath * rays;
  light *= 1.0 + 0.10 * cloth;

  // the outline's own glow, and the haze of light around the whole body
  float d = distance_at(quv);
  float tight = exp(-max(d, 0.0) / 0.010), loose = exp(-max(d, 0.0) / 0.032);
  float pulse = u_glow * (0.35 + 0.9 * u_bass);
  light += (hot * 0.75 * tight + lamp_colour * 0.5 * loose) * pulse * (0.35 + 0.65 * halo);
  light += lamp_colour * wide * (1.0 - wide) * 0.5 * pulse;

  // trails: embers that cool from white through the lamp's colour to the backdrop's
  vec2 trail = texture(u_trail, quv).rg;
  float ember = max(trail.r - exp(-abs(d) / 0.007), 0.0);
  vec3 cool = mix(u_backdrop.rgb * 6.0, lamp_colour, smoothstep(0.05, 0.45, ember));
  light += mix(cool, hot, smoothstep(0.4, 0.95, ember)) * ember * 1.1;
  light *= 1.0 - 0.35 * trail.g * smoothstep(-0.01, 0.02, d);

  if (p.y < u_floor) {
    float blur = 0.002 + 0.22 * below;
    float fade = exp(-below / 0.09);
    float body = 1.0 - smoothstep(-blur, blur, d);
    light *= mix(1.0, 0.08, body * (0.35 + 0.65 * fade)) * (0.20 + 0.42 * fade);
  } else {
    light *= mix(0.62, 1.0, smoothstep(0.0, 0.035, p.y - u_floor));
  }
  // contact: the floor is dark where feet come close to it
  float near = exp(-abs(p.y - u_floor) / 0.012) * (1.0 - smoothstep(0.0, 0.045, distance_at(uv_of(vec2(p.x, u_floor + 0.008)))));
  light *= 1.0 - 0.65 * near;

  vec2 corner = (v_uv - 0.5) * vec2(min(u_aspect, 1.6), 1.0);
  light *= 1.0 - 0.75 * smoothstep(0.25, 1.05, length(corner));
  o_lit = vec4(filmic(light * 1.05), 1.0);
}
