// The same as enlarge.glsl by one fetch a pixel. Written so that llvmpipe knows it for a plain copy (one sampler, on unit 0),
// which it makes three times as fast as anything else.
layout(binding = 0) uniform sampler2D u_picture;
in vec2 v_uv;
out vec4 o_colour;

void main() { o_colour = texture(u_picture, v_uv); }
