// The nearest dancer's field over the whole screen, in picture heights (blending keeps the smaller value).
in vec2 v_picture;
flat in vec3 v_figure;
out float o_distance;

void main() { o_distance = min(field_at(v_picture, v_figure.x), kFar); }
