// A picture drawn with fewer pixels than the output has, enlarged: Catmull-Rom over 4 x 4 texels, as five bilinear
// fetches without the corners (after Jimenez 2016, "Filmic SMAA"), so that outlines stay crisp where plain enlarging
// blurs them.
uniform vec2 u_pixels;  // of the picture
layout(binding = 0) uniform sampler2D u_picture;
in vec2 v_uv;
out vec4 o_colour;

void main() {
  vec2 at = v_uv * u_pixels, middle = floor(at - 0.5) + 0.5, f = at - middle;
  vec2 w0 = f * (-0.5 + f * (1.0 - 0.5 * f)), w1 = 1.0 + f * f * (-2.5 + 1.5 * f);
  vec2 w2 = f * (0.5 + f * (2.0 - 1.5 * f)), w3 = f * f * (-0.5 + 0.5 * f), w12 = w1 + w2;
  vec2 p0 = (middle - 1.0) / u_pixels, p3 = (middle + 2.0) / u_pixels, p12 = (middle + w2 / w12) / u_pixels;
  vec4 sum = texture(u_picture, p12) * (w12.x * w12.y);
  sum += texture(u_picture, vec2(p12.x, p0.y)) * (w12.x * w0.y) + texture(u_picture, vec2(p12.x, p3.y)) * (w12.x * w3.y);
  sum += texture(u_picture, vec2(p0.x, p12.y)) * (w0.x * w12.y) + texture(u_picture, vec2(p3.x, p12.y)) * (w3.x * w12.y);
  o_colour = sum / (w12.x * w12.y + w12.x * (w0.y + w3.y) + w12.y * (w0.x + w3.x));
}
