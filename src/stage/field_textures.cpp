#include "stage/field_textures.hpp"

#include "core/embedded.hpp"
#include "core/error.hpp"
#include "core/frames.hpp"
#include "core/log.hpp"

#include <algorithm>
#include <cmath>

namespace ombra {
std::span<const EmbeddedFile> stage_shaders();
}

namespace ombra::stage {

Box box_around(const float* field, int size, float distance) {
  int left = size, right = -1, top = size, bottom = -1;
  for (int row = 0; row < size; ++row) {
    const float* line = field + static_cast<std::ptrdiff_t>(row) * size;
    int first = 0;
    while (first < size && !(line[first] < distance)) ++first;
    if (first == size) continue;
    int last = size - 1;
    while (!(line[last] < distance)) --last;
    left = std::min(left, first);
    right = std::max(right, last);
    top = std::min(top, row);
    bottom = row;
  }
  if (right < 0) return {};
  const auto share = [size](int sample) {
    return std::clamp(static_cast<float>(sample) / static_cast<float>(size), 0.0f, 1.0f);
  };
  return {share(left - 1), share(top - 1), share(right + 2), share(bottom + 2)};
}

bool FieldTextures::upload(const FieldImage& image) {
  const std::size_t samples = static_cast<std::size_t>(std::max(image.size, 0)) * std::max(image.size, 0);
  if (image.dancers < 0 || image.dancers > kMaxDancers || image.size < 2 || image.size > 2048 ||
      image.distance.size() != samples * image.dancers) {
    return false;
  }
  if (image.dancers == 0) {
    near_.clear();
    far_.clear();
    return true;
  }
  if (texture_.width() != image.size || texture_.layers() < image.dancers) {
    texture_ = gfx::Texture(GL_R32F, image.size, image.size, image.dancers);
  }
  clean_.resize(image.distance.size());
  std::transform(image.distance.begin(), image.distance.end(), clean_.begin(),
                 [](float d) { return std::isfinite(d) ? d : kFarDistance; });
  uploader_.upload(texture_, clean_);
  near_.resize(image.dancers);
  far_.resize(image.dancers);
  for (int i = 0; i < image.dancers; ++i) {
    const float* field = clean_.data() + samples * i;
    near_[i] = box_around(field, image.size, kSoftDistance);
    far_[i] = box_around(field, image.size, kFarDistance * 0.999f);
  }
  return true;
}

void FieldTextures::write_boxes(GLuint figures, int count) {
  constexpr GLuint kBoxes = 4, kFigures = 5;  // as figure_boxes.glsl binds them
  if (!borrowed_.texture || count == 0 || whole_) return;
  constexpr const char* kShader = "figure_boxes.glsl";
  try {
    if (!boxes_) boxes_ = gfx::Program({{kShader, embedded_text(stage_shaders(), kShader)}});
  } catch (const Error& fault) {  // whole pictures are right as well, only slower
    whole_ = true;
    log::warn("{}", fault.what());
    return;
  }
  boxes_.use();
  boxes_.set("u_count", count);
  boxes_.set("u_size", borrowed_.size);
  glBindBufferBase(GL_SHADER_STORAGE_BUFFER, kBoxes, borrowed_.boxes);
  glBindBufferBase(GL_SHADER_STORAGE_BUFFER, kFigures, figures);
  glDispatchCompute(1, 1, 1);
  glMemoryBarrier(GL_UNIFORM_BARRIER_BIT);
}

void FieldTextures::bind(int unit) const {
  if (borrowed_.texture) return borrowed_.texture->bind(unit);
  if (texture_.get() != 0) texture_.bind(unit);
}

}  // namespace ombra::stage
