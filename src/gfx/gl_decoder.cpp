#include "gfx/gl_decoder.hpp"

#include "core/embedded.hpp"
#include "core/error.hpp"
#include "model/figure/strokes.hpp"

#include <algorithm>
#include <cmath>

namespace ombra {
std::span<const EmbeddedFile> decoder_shaders();
}

namespace ombra::gfx {
namespace {

using model::PlanEnd;
using model::PlanShape;

// bindings, as the shaders have them
constexpr GLuint kIn = 0, kOut = 1, kWeights = 2, kBiases = 3, kBoxes = 4, kGiven = 5;
constexpr int kFieldTile = 16, kFieldThreads = 8;  // of decode_strokes and decode_distance; of the others
constexpr int kBoxNumbers = 8;
// Distances are exact up to the clamp and as far beyond it as the bicubic between pixels can see.
constexpr int kReachBeyond = 6;

int parts(int n, int size) { return (n + size - 1) / size; }

std::string text_of(const std::string& name) { return embedded_text(decoder_shaders(), name); }

bool draws_fields(const std::string& shader) {
  return shader == "decode_strokes.glsl" || shader == "decode_field.glsl";
}

GLint limit(GLenum name) {
  GLint value = 0;
  glGetIntegerv(name, &value);
  return value;
}

BufferHandle make_buffer(const void* data, std::size_t bytes, GLenum usage) {
  GLuint name = 0;
  glGenBuffers(1, &name);
  BufferHandle buffer(name);
  glBindBuffer(GL_SHADER_STORAGE_BUFFER, name);
  glBufferData(GL_SHADER_STORAGE_BUFFER, static_cast<GLsizeiptr>(bytes), data, usage);
  glBindBuffer(GL_SHADER_STORAGE_BUFFER, 0);
  gl_check("a buffer of the decoder");
  return buffer;
}

}  // namespace

GlDecoder::GlDecoder(std::shared_ptr<const model::DecoderPlan> plan, int bits)
    : plan_(std::move(plan)), passes_(passes_of(*plan_, bits)) {
  plan_ending();
  check_limits();
}

// What comes after the steps: PainterImpl::fields_of, or the drawing of strokes.
void GlDecoder::plan_ending() {
  const PlanShape& picture = plan_->output;
  if (plan_->end == PlanEnd::kStrokes) {
    ending_.push_back({.shader = "decode_strokes.glsl",
                       .defines = fmt::format("#define STROKES {}\n#define RADIUS {:.9f}\n#define RADIUS_SHIFT {:.9f}\n"
                                              "#define MIDDLE {:.9f}\n",
                                              plan_->strokes, model::kStrokeRadius, model::kStrokeRadiusShift,
                                              model::kStrokeMiddle)});
    return;
  }
  const int side = plan_->side(), across = std::min(side, picture.width);
  const int left = (side - across) / 2, shift_x = (picture.width - across) / 2 - left, shift_y = picture.height - side;
  OMBRA_ASSERT(side > 0);
  const std::vector<std::pair<const char*, int>> square = {{"u_side", side},
                                                           {"u_shift_x", shift_x},
                                                           {"u_shift_y", shift_y},
                                                           {"u_channels", picture.channels},
                                                           {"u_picture_h", picture.height},
                                                           {"u_picture_w", picture.width}};
  if (plan_->end == PlanEnd::kLight) {
    const int reach = static_cast<int>(std::ceil(static_cast<double>(model::kMaxDistance) * side)) + kReachBeyond;
    const int tiles = parts(side, kFieldTile), threads = parts(side, kFieldThreads);
    ending_.push_back({.shader = "decode_outline.glsl", .numbers = square, .groups = {threads, threads, 1}});
    ending_.push_back({.shader = "decode_distance.glsl",
                       .numbers = {{"u_side", side}, {"u_reach", reach}},
                       .groups = {tiles, tiles, 1}});
    passes_.largest = std::max(passes_.largest, side * side);
  }
  ending_.push_back({.shader = "decode_field.glsl",
                     .defines = plan_->end == PlanEnd::kDistances ? "#define DISTANCES\n" : "",
                     .numbers = square});
}

void GlDecoder::check_limits() const {
  const auto most = static_cast<std::size_t>(limit(GL_MAX_SHADER_STORAGE_BLOCK_SIZE));
  const std::size_t largest = std::max({static_cast<std::size_t>(passes_.largest) * 16 * kMaxDancers,
                                        passes_.weights.size() * 4, passes_.biases.size() * 4});
  if (largest > most) {
    throw error("the decoder needs a buffer of {} MB, this OpenGL has {} MB at most\nhint: --decoder torch",
                largest >> 20, most >> 20);
  }
  std::array<GLint, 3> groups{};
  for (GLuint i = 0; i < 3; ++i) glGetIntegeri_v(GL_MAX_COMPUTE_WORK_GROUP_COUNT, i, &groups[i]);
  for (const DecoderPass& pass : passes_.passes) {
    for (std::size_t i = 0; i < 3; ++i) {
      if (std::int64_t{pass.groups[i]} * (i == 2 ? kMaxDancers : 1) > groups[i])
        throw error("a layer of the decoder is larger than this OpenGL can run\nhint: --decoder torch");
    }
  }
}

void GlDecoder::send_weights() {
  weights_ = make_buffer(passes_.weights.data(), passes_.weights.size() * 4, GL_STATIC_DRAW);
  biases_ = make_buffer(passes_.biases.data(), passes_.biases.size() * 4, GL_STATIC_DRAW);
  boxes_ = make_buffer(nullptr, sizeof(GLint) * kBoxNumbers * kMaxDancers, GL_DYNAMIC_COPY);
  passes_.weights.clear(), passes_.weights.shrink_to_fit();
  passes_.biases.clear(), passes_.biases.shrink_to_fit();
}

GlDecoder::Variant GlDecoder::variant(const DecoderPass& pass, const std::string& defines) {
  Program& program = programs_[pass.shader + defines];
  if (!program) {
    std::vector<ShaderSource> sources = {{"names", defines}};
    if (draws_fields(pass.shader)) {
      sources.push_back({"decode_output.glsl", text_of("decode_output.glsl")});
    } else if (defines.find("ACTIVATION") != std::string::npos) {
      sources.push_back({"decode_common.glsl", text_of("decode_common.glsl")});
    }
    sources.push_back({pass.shader, text_of(pass.shader)});
    program = Program(sources);
  }
  Variant v;
  v.program = program.get();
  for (const auto& [name, value] : pass.numbers) {
    if (const GLint at = glGetUniformLocation(v.program, name); at >= 0) v.numbers.emplace_back(at, value);
  }
  v.dancers = glGetUniformLocation(v.program, "u_dancers");
  v.size = glGetUniformLocation(v.program, "u_size");
  if (const GLint span = glGetUniformLocation(v.program, "u_span"); span >= 0) {
    glProgramUniform1f(v.program, span, static_cast<float>(plan_->span));
  }
  return v;
}

GlDecoder::Stage GlDecoder::stage(const DecoderPass& pass) {
  Stage s;
  s.many = variant(pass, pass.defines);
  if (!pass.single_defines.empty()) s.one = variant(pass, pass.single_defines);
  s.groups = pass.groups;
  s.batch = pass.batch;
  return s;
}

// For two dancers and for one; what it makes of whatever lies in the buffers is of no interest.
void GlDecoder::try_out(const Stage& stage, bool ending) {
  constexpr int kSize = 16;
  make_room(2, kSize);
  bind_constants();
  for (const int dancers : {2, 1}) {
    fields_ = {&*texture_, dancers, kSize, boxes_.get()};
    if (ending) begin_fields();
    run(stage, numbers_[0].get(), numbers_[1].get(), {stage.groups[0], stage.groups[1], stage.groups[2]});
    if (stage.one.program == 0) break;
  }
  glUseProgram(0);
  gl_check("trying out the decoder");
}

bool GlDecoder::build_some() {
  if (ready()) return true;
  if (built_ == 0) {
    send_weights();
  } else if (built_ <= passes_.passes.size()) {
    stages_.push_back(stage(passes_.passes[built_ - 1]));
    try_out(stages_.back(), false);
  } else {
    end_stages_.push_back(stage(ending_[built_ - 1 - passes_.passes.size()]));
    try_out(end_stages_.back(), true);
  }
  ++built_;
  return ready();
}

void GlDecoder::make_room(int dancers, int size) {
  if (!texture_ || texture_->width() != size || texture_->layers() < dancers) {
    if (size > limit(GL_MAX_TEXTURE_SIZE))
      throw error("a field of {0} x {0} samples is larger than this OpenGL's textures", size);
    texture_.emplace(GL_R32F, size, size, dancers);
  }
  if (room_ >= dancers) return;
  const auto bytes = static_cast<std::size_t>(passes_.largest) * 16 * static_cast<std::size_t>(dancers);
  for (BufferHandle& buffer : numbers_) buffer = make_buffer(nullptr, bytes, GL_DYNAMIC_COPY);
  latents_ = make_buffer(nullptr, static_cast<std::size_t>(passes_.latent_groups * dancers) * 16, GL_STREAM_DRAW);
  room_ = dancers;
}

void GlDecoder::send_latents(std::span<const float> latents, int dancers) {
  const auto code = static_cast<std::size_t>(plan_->code), padded = static_cast<std::size_t>(passes_.latent_groups) * 4;
  packed_.assign(padded * static_cast<std::size_t>(dancers), 0.0f);
  for (std::size_t d = 0; d < static_cast<std::size_t>(dancers); ++d) {
    for (std::size_t i = 0; i < code; ++i) {
      const float v = latents[d * code + i];
      packed_[d * padded + i] = std::isfinite(v) ? v : 0.0f;
    }
  }
  glBindBuffer(GL_SHADER_STORAGE_BUFFER, latents_.get());
  // a fresh one, so that nobody waits for a picture that is still being decoded
  glBufferData(GL_SHADER_STORAGE_BUFFER, static_cast<GLsizeiptr>(packed_.size() * sizeof(float)), packed_.data(),
               GL_STREAM_DRAW);
  glBindBuffer(GL_SHADER_STORAGE_BUFFER, 0);
}

void GlDecoder::run(const Stage& stage, GLuint from, GLuint to, std::array<int, 3> groups) const {
  const bool one = fields_.dancers == 1 && stage.one.program != 0;
  const Variant& v = one ? stage.one : stage.many;
  glUseProgram(v.program);
  for (const auto& [at, value] : v.numbers) glUniform1i(at, value);
  if (v.dancers >= 0) glUniform1i(v.dancers, fields_.dancers);
  if (v.size >= 0) glUniform1i(v.size, fields_.size);
  glBindBufferBase(GL_SHADER_STORAGE_BUFFER, kIn, from);
  glBindBufferBase(GL_SHADER_STORAGE_BUFFER, kOut, to);
  const int z = groups[2] * parts(fields_.dancers, stage.batch);
  glDispatchCompute(static_cast<GLuint>(groups[0]), static_cast<GLuint>(groups[1]), static_cast<GLuint>(z));
  glMemoryBarrier(GL_SHADER_STORAGE_BARRIER_BIT);
}

void GlDecoder::bind_constants() const {
  glBindBufferBase(GL_SHADER_STORAGE_BUFFER, kWeights, weights_.get());
  glBindBufferBase(GL_SHADER_STORAGE_BUFFER, kBiases, biases_.get());
  glBindBufferBase(GL_SHADER_STORAGE_BUFFER, kGiven, latents_.get());
}

// Empty boxes, and the texture to draw into.
void GlDecoder::begin_fields() {
  constexpr GLint kEmpty = 0x7fffffff;
  glBindBuffer(GL_SHADER_STORAGE_BUFFER, boxes_.get());
  glClearBufferData(GL_SHADER_STORAGE_BUFFER, GL_R32I, GL_RED_INTEGER, GL_INT, &kEmpty);
  glBindBuffer(GL_SHADER_STORAGE_BUFFER, 0);
  glBindBufferBase(GL_SHADER_STORAGE_BUFFER, kBoxes, boxes_.get());
  glBindImageTexture(0, texture_->get(), 0, GL_TRUE, 0, GL_WRITE_ONLY, GL_R32F);
}

void GlDecoder::draw_fields(GLuint numbers) {
  begin_fields();
  const int tile = plan_->end == PlanEnd::kStrokes ? kFieldTile : kFieldThreads, tiles = parts(fields_.size, tile);
  GLuint from = numbers;
  const GLuint other = numbers == numbers_[0].get() ? numbers_[1].get() : numbers_[0].get();
  const std::array<GLuint, 2> to = {other, numbers_[2].get()};
  for (std::size_t i = 0; i + 1 < end_stages_.size(); ++i) {
    run(end_stages_[i], from, to[i], end_stages_[i].groups);
    from = to[i];
  }
  run(end_stages_.back(), from, other, {tiles, tiles, 1});
  glBindImageTexture(0, 0, 0, GL_TRUE, 0, GL_WRITE_ONLY, GL_R32F);
}

const GpuFields& GlDecoder::decode(std::span<const float> latents, int size) {
  const auto code = static_cast<std::size_t>(plan_->code);
  const int dancers = static_cast<int>(latents.size() / code);
  OMBRA_ASSERT(dancers > 0 && dancers <= kMaxDancers && latents.size() % code == 0 && size > 1);
  while (!build_some()) {
  }
  make_room(dancers, size);
  send_latents(latents, dancers);
  fields_ = {&*texture_, dancers, size, boxes_.get()};
  bind_constants();
  GLuint from = latents_.get();
  for (std::size_t i = 0; i < stages_.size(); ++i) {
    const GLuint to = numbers_[i % 2].get();
    run(stages_[i], from, to, stages_[i].groups);
    from = to;
  }
  last_ = from;
  draw_fields(from);
  glMemoryBarrier(GL_TEXTURE_FETCH_BARRIER_BIT | GL_SHADER_STORAGE_BARRIER_BIT | GL_BUFFER_UPDATE_BARRIER_BIT);
  glUseProgram(0);
  return fields_;
}

std::vector<float> GlDecoder::read_numbers() {
  const PlanShape& shape = plan_->output;
  const auto channels = static_cast<std::size_t>(shape.channels),
             pixels = static_cast<std::size_t>(shape.height) * static_cast<std::size_t>(shape.width),
             groups = (channels + 3) / 4, dancers = static_cast<std::size_t>(fields_.dancers);
  std::vector<float> packed(dancers * groups * pixels * 4), numbers(dancers * channels * pixels);
  glMemoryBarrier(GL_BUFFER_UPDATE_BARRIER_BIT);
  glBindBuffer(GL_SHADER_STORAGE_BUFFER, last_);
  glGetBufferSubData(GL_SHADER_STORAGE_BUFFER, 0, static_cast<GLsizeiptr>(packed.size() * sizeof(float)),
                     packed.data());
  glBindBuffer(GL_SHADER_STORAGE_BUFFER, 0);
  gl_check("reading the decoder's numbers");
  for (std::size_t d = 0; d < dancers; ++d) {
    for (std::size_t c = 0; c < channels; ++c) {
      for (std::size_t p = 0; p < pixels; ++p)
        numbers[(d * channels + c) * pixels + p] = packed[((d * groups + c / 4) * pixels + p) * 4 + c % 4];
    }
  }
  return numbers;
}

std::vector<float> GlDecoder::read_fields() const {
  const auto layer = static_cast<std::size_t>(fields_.size) * static_cast<std::size_t>(fields_.size);
  std::vector<float> values(layer * static_cast<std::size_t>(texture_->layers()));
  glMemoryBarrier(GL_TEXTURE_UPDATE_BARRIER_BIT);
  glBindTexture(GL_TEXTURE_2D_ARRAY, texture_->get());
  glGetTexImage(GL_TEXTURE_2D_ARRAY, 0, GL_RED, GL_FLOAT, values.data());
  glBindTexture(GL_TEXTURE_2D_ARRAY, 0);
  gl_check("reading the decoder's fields");
  values.resize(layer * static_cast<std::size_t>(fields_.dancers));
  return values;
}

}  // namespace ombra::gfx
