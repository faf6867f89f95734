#include "show/session/output_screen.hpp"

#include <algorithm>

namespace ombra::show {
namespace {

constexpr int kPreviewDivisor = 2;

gfx::WindowOptions options(int display) {
  gfx::WindowOptions w;
  w.title = "Ombra output";
  w.display = display, w.vsync = false;
  return w;
}

}  // namespace

OutputScreen::OutputScreen(int display, gfx::Window& show) : window_(options(display), show) {
  glBindFramebuffer(GL_FRAMEBUFFER, 0);
  glClearColor(0.0f, 0.0f, 0.0f, 1.0f);
  glClear(GL_COLOR_BUFFER_BIT);
  window_.present();
  pass_ = std::make_unique<stage::MappingPass>();
  show.make_current();
}

OutputScreen::~OutputScreen() { window_.make_current(); }

void OutputScreen::draw(const gfx::Texture& picture, GLsync ready, const stage::Mapping& mapping,
                        const stage::MappingPoint* marked) {
  window_.make_current();
  glWaitSync(ready, 0, GL_TIMEOUT_IGNORED);
  const gfx::Surface all{0, window_.width(), window_.height()};
  pass_->draw(picture, all, mapping);
  if (!marked) return;
  if (!marks_) marks_ = std::make_unique<stage::MappingMarks>();
  marks_->draw(all, stage::mapping_marks(mapping, *marked, static_cast<double>(all.width) / all.height));
}

void OutputScreen::copy_preview() {
  const int width = std::max(1, window_.width() / kPreviewDivisor);
  const int height = std::max(1, window_.height() / kPreviewDivisor);
  if (preview_.get() == 0) preview_ = gfx::Framebuffer(GL_RGBA8, width, height);
  preview_.resize(width, height);
  gfx::copy({0, window_.width(), window_.height()}, preview_.surface());
}

GLsync OutputScreen::done() const {
  GLsync sync = glFenceSync(GL_SYNC_GPU_COMMANDS_COMPLETE, 0);
  glFlush();
  return sync;
}

}  // namespace ombra::show
