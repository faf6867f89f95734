#include "stage/stage.hpp"

#include "core/clock.hpp"
#include "gfx/framebuffer.hpp"
#include "gfx/gpu_timer.hpp"
#include "stage/field_textures.hpp"
#include "stage/figures_area.hpp"
#include "stage/flash_guard.hpp"
#include "stage/layout.hpp"
#include "stage/looks.hpp"
#include "stage/noise.hpp"
#include "stage/overlays.hpp"
#include "stage/pass_target.hpp"
#include "stage/ripples.hpp"
#include "stage/scene_uniforms.hpp"
#include "stage/shader_library.hpp"
#include "stage/uniform_buffer.hpp"
#include "stage/uniforms.hpp"

#include <algorithm>
#include <array>
#include <cmath>

namespace ombra::stage {
namespace {

// texture units, as common.glsl binds its samplers; slot i is on kFirstSlotUnit + i
constexpr int kFieldUnit = 0, kFirstSlotUnit = 1, kMeasureUnit = 8, kGuardUnit = 9, kNoiseUnit = 10, kPictureUnit = 0;
// From this scale on the figures keep all pixels; below it, everything counts.
constexpr double kSharpScale = 0.5;

}  // namespace

struct Stage::Impl {
  ShaderLibrary shaders;
  const Look* look = &all_looks().front();
  std::string wrong_look;
  gfx::EmptyVertices vertices;
  FrameUniforms u;
  gfx::BufferHandle frame_buffer = make_uniform_buffer<FrameUniforms>(0);
  gfx::BufferHandle figure_buffer = make_uniform_buffer<FigureUniforms>(1);
  gfx::Texture noise{GL_RGBA8, kNoiseSize, kNoiseSize, 0, gfx::mip_levels(kNoiseSize, kNoiseSize), gfx::Wrap::kRepeat};
  FieldTextures fields;
  std::array<PassTarget, kSlots> targets;
  FlashGuard guard;
  Ripples ripples;
  Overlays overlays;
  int figures = 0;
  Area figures_area;         // of the output
  gfx::Framebuffer smaller;  // the output where it is drawn with fewer pixels
  // five fetches a pixel cost software as much as a whole look does
  const char* const enlarging = gfx::draws_in_software() ? "enlarge_plainly.glsl" : "enlarge.glsl";
  unsigned frame_number = 0;
  gfx::GpuTimer* timer = nullptr;

  explicit Impl(const std::string& folder) : shaders(folder) {
    noise.fill_rgba8(make_noise());
    // all of them now: changing the look in the middle of a show must not make the picture wait
    for (const Look& each : all_looks()) {
      for (const Pass& pass : each.passes) program(pass);
      for (const ShaderUse use : {ShaderUse::kFinal, ShaderUse::kBeside, ShaderUse::kFigure})
        shaders.program(use, each.final);
    }
    for (const char* name : {"guard.glsl", enlarging}) shaders.program(ShaderUse::kScreen, name);
    overlay_program();
  }

  const gfx::Program& program(const Pass& pass) {
    return shaders.program(pass.draw == Draw::kScreen ? ShaderUse::kScreen : ShaderUse::kFigures, pass.fragment);
  }

  const gfx::Program& overlay_program() { return shaders.program(ShaderUse::kOverlay, "overlay.glsl"); }

  void write_uniforms(const Scene& scene, int width, int height);
  void bind_inputs() const;
  void draw_pass(const Pass& pass, int width, int height);
  void draw_final(ShaderUse use, bool measuring);
  void draw_output(const Area& all);
  void draw_area(ShaderUse use, const Area& area);
  void set_resolution(int width, int height);
  void draw_passes(int width, int height, int mask_width, int mask_height);
  void draw_whole(const Scene& scene, GLuint target, int width, int height);
  void draw_sharp(const Scene& scene, GLuint target, int width, int height);
  void draw_overlays(GLuint target);
  void enlarge(GLuint target, int width, int height);
  void mark(std::string_view part) const {
    if (timer != nullptr) timer->mark(part.substr(0, part.find('.')));
  }
};

void Stage::Impl::write_uniforms(const Scene& scene, int width, int height) {
  const LookControls controls = sane(scene.controls);
  const float aspect = static_cast<float>(width) / static_cast<float>(height);
  const Layout layout = place_dancers({fields.dancers(), aspect, controls.size, controls.spread});
  ripples.see(controls.flash, scene.time_s);

  u = frame_uniforms(scene, controls, layout);
  u.resolution = {width, height};
  u.aspect = aspect;
  ripples.write(u);
  u.seed = static_cast<float>(frame_number % 1024);
  fill(frame_buffer, 0, u);

  figures = std::min(static_cast<int>(layout.places.size()), kMaxDancers);
  const FigureUniforms f = figure_uniforms(layout, fields, figures);
  fill(figure_buffer, 1, f);
  fields.write_boxes(figure_buffer.get(), figures);
  figures_area = area_of(f, figures, controls.mirror, width, height);
}

void Stage::Impl::bind_inputs() const {
  fields.bind(kFieldUnit);
  for (int i = 0; i < kSlots; ++i) {
    const PassTarget& target = targets[i];
    if (target.pictures[target.newest]) target.pictures[target.newest]->texture().bind(kFirstSlotUnit + i);
  }
  noise.bind(kNoiseUnit);
}

void Stage::Impl::draw_pass(const Pass& pass, int width, int height) {
  const SlotInfo& slot = info(pass.target);
  PassTarget& target = targets[static_cast<int>(pass.target)];
  target.fit(slot, width, height);
  const int next = slot.keeps_before ? 1 - target.newest : target.newest;
  gfx::Framebuffer& picture = *target.pictures[next];
  bind_inputs();
  picture.bind();
  program(pass).use();
  if (pass.draw == Draw::kScreen) {
    vertices.draw_fullscreen();
  } else {
    const float empty = pass.draw == Draw::kMin ? kFarDistance : 0.0f;  // far away, or nothing painted
    picture.clear(empty, empty, empty, empty);
    program(pass).set("u_far_boxes", pass.draw == Draw::kMin ? 1 : 0);
    glEnable(GL_BLEND);
    glBlendEquation(pass.draw == Draw::kMin ? GL_MIN : GL_FUNC_ADD);
    glBlendFunc(GL_ONE, GL_ONE_MINUS_SRC_ALPHA);
    if (figures > 0) vertices.draw_quads(figures);
    glDisable(GL_BLEND);
  }
  target.newest = next;
  mark(pass.fragment);
}

void Stage::Impl::draw_final(ShaderUse use, bool measuring) {
  const gfx::Program& last = shaders.program(use, look->final);
  last.use();
  last.set("u_measuring", measuring ? 1 : 0);
  vertices.draw_fullscreen();
}

void Stage::Impl::draw_area(ShaderUse use, const Area& area) {
  if (area.right <= area.left || area.top <= area.bottom) return;
  glEnable(GL_SCISSOR_TEST);
  glScissor(area.left, area.bottom, area.right - area.left, area.top - area.bottom);
  draw_final(use, false);
  glDisable(GL_SCISSOR_TEST);
}

// The figures' area with them, and what lies round it without: below, above, left, right.
void Stage::Impl::draw_output(const Area& all) {
  const Area& a = figures_area;
  draw_area(ShaderUse::kBeside, {all.left, all.bottom, all.right, a.bottom});
  draw_area(ShaderUse::kBeside, {all.left, a.top, all.right, all.top});
  draw_area(ShaderUse::kBeside, {all.left, a.bottom, a.left, a.top});
  draw_area(ShaderUse::kBeside, {a.right, a.bottom, all.right, a.top});
  draw_area(ShaderUse::kFinal, a);
}

Stage::Stage(const std::string& shader_folder) : impl_(std::make_unique<Impl>(shader_folder)) {
  gfx::gl_check("setting up the stage");
}

Stage::~Stage() = default;

const std::vector<std::string>& Stage::looks() {
  static const std::vector<std::string> kNames = [] {
    std::vector<std::string> names;
    for (const Look& look : all_looks()) names.push_back(look.name);
    return names;
  }();
  return kNames;
}

void Stage::set_look(const std::string& name) {
  for (const Look& look : all_looks()) {
    if (look.name != name) continue;
    impl_->look = &look;
    impl_->wrong_look.clear();
    return;
  }
  impl_->wrong_look = fmt::format("no look is called \"{}\"", name);
}

void Stage::Impl::set_resolution(int width, int height) {
  u.resolution = {width, height};
  fill(frame_buffer, 0, u);
}

void Stage::Impl::draw_passes(int width, int height, int mask_width, int mask_height) {
  for (const Pass& pass : look->passes) {
    const bool mask = pass.target == Slot::kMask;
    draw_pass(pass, mask ? mask_width : width, mask ? mask_height : height);
  }
  bind_inputs();
  guard.picture().bind();
  draw_final(ShaderUse::kFinal, true);
  overlays.measure(overlay_program(), vertices);
  guard.update(shaders.program(ShaderUse::kScreen, "guard.glsl"), vertices, kMeasureUnit, kGuardUnit);
  guard.bind(kGuardUnit);
  mark("guard");
}

void Stage::Impl::draw_whole(const Scene& scene, GLuint target, int width, int height) {
  write_uniforms(scene, width, height);
  draw_passes(width, height, width, height);
  glBindFramebuffer(GL_FRAMEBUFFER, target);
  glViewport(0, 0, width, height);
  draw_output({0, 0, width, height});
  mark("final");
}

// The room as large as `smaller` is, enlarged, and the figures over it with all pixels of the target.
void Stage::Impl::draw_sharp(const Scene& scene, GLuint target, int width, int height) {
  write_uniforms(scene, width, height);
  draw_passes(smaller.width(), smaller.height(), width, height);
  set_resolution(smaller.width(), smaller.height());
  smaller.bind();
  draw_final(ShaderUse::kBeside, false);
  mark("room");
  enlarge(target, width, height);
  set_resolution(width, height);
  bind_inputs();
  draw_area(ShaderUse::kFigure, figures_area);
  mark("figures");
}

void Stage::Impl::enlarge(GLuint target, int width, int height) {
  glBindFramebuffer(GL_FRAMEBUFFER, target);
  glViewport(0, 0, width, height);
  smaller.texture().bind(kPictureUnit);
  const gfx::Program& program = shaders.program(ShaderUse::kScreen, enlarging);
  program.use();
  program.set("u_pixels", glm::vec2(smaller.width(), smaller.height()));
  vertices.draw_fullscreen();
  mark("enlarge");
}

void Stage::Impl::draw_overlays(GLuint target) {
  if (!overlays.any()) return;
  bind_inputs();
  overlays.draw(overlay_program(), vertices, target);
  mark("title");
}

void Stage::draw(const Scene& scene, unsigned target, int width, int height, double scale) {
  Impl& body = *impl_;
  if (width <= 0 || height <= 0) return;
  body.shaders.poll(now_s());
  if (scene.decoded != nullptr && scene.decoded->texture != nullptr) {
    body.fields.borrow(*scene.decoded);
  } else {
    body.fields.give_back();
    if (scene.field != nullptr) body.fields.upload(*scene.field);
  }
  body.mark("upload");
  for (GLenum state : {GL_BLEND, GL_DEPTH_TEST, GL_CULL_FACE, GL_SCISSOR_TEST, GL_FRAMEBUFFER_SRGB}) glDisable(state);
  body.overlays.prepare(scene, width, height);
  const int w = drawn_size(width, scale), h = drawn_size(height, scale);
  if (w == width && h == height) {
    body.draw_whole(scene, target, width, height);
  } else {
    if (body.smaller.get() == 0) body.smaller = gfx::Framebuffer(GL_BGRA, w, h);
    body.smaller.resize(w, h);
    if (scale >= kSharpScale && !scene.transparent) {
      body.draw_sharp(scene, target, width, height);
    } else {
      body.draw_whole(scene, body.smaller.get(), w, h);
      body.enlarge(target, width, height);
    }
  }
  body.draw_overlays(target);
  glUseProgram(0);
  glBindVertexArray(0);
  glActiveTexture(GL_TEXTURE0);
  ++body.frame_number;
}

int Stage::drawn_size(int length, double scale) {
  return std::max(1, static_cast<int>(std::lround(length * std::clamp(scale, 0.1, 1.0))));
}

void Stage::time_with(gfx::GpuTimer* timer) { impl_->timer = timer; }

StageStatus Stage::status() const {
  std::string message = impl_->shaders.message();
  if (message.empty()) message = impl_->wrong_look;
  return {impl_->look->name, message.empty() ? impl_->overlays.message() : message};
}

}  // namespace ombra::stage
