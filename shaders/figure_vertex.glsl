// One quad a dancer, only as large as its box. v_picture: picture coordinates; v_figure: layer, height, haze.
uniform int u_far_boxes;  // 1: the boxes of all that the field says; 0: of the outline
out vec2 v_picture;
flat out vec3 v_figure;

void main() {
  vec4 place = u_place[gl_InstanceID];
  vec4 box = u_far_boxes == 1 ? u_far_box[gl_InstanceID] : u_near_box[gl_InstanceID];
  vec2 corner = vec2(gl_VertexID & 1, gl_VertexID >> 1);
  v_picture = mix(box.xy, box.zw, corner);
  v_figure = vec3(place.w, place.z, u_tint[gl_InstanceID].x);
  vec2 p = vec2(place.x + (v_picture.x - 0.5) * place.z, place.y + (1.0 - v_picture.y) * place.z);
  gl_Position = vec4(uv_of(p) * 2.0 - 1.0, 0.0, 1.0);
}
