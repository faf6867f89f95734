#pragma once
// A window that holds the picture alone, and what is drawn in it: in a context of its own, which shares the textures of
// the show's. (One context for all windows was slower: a software renderer makes the buffers of a window anew whenever
// the context comes back to it.) Thread: render only.

#include "gfx/framebuffer.hpp"
#include "gfx/window.hpp"
#include "stage/mapping/mapping_marks.hpp"
#include "stage/mapping/mapping_pass.hpp"

#include <memory>

namespace ombra::show {

class OutputScreen {
 public:
  // Covers that display of SDL's list, black; the context of `show` is current again. Throws Error.
  OutputScreen(int display, gfx::Window& show);
  ~OutputScreen();
  OutputScreen(const OutputScreen&) = delete;
  OutputScreen& operator=(const OutputScreen&) = delete;

  gfx::Window& window() { return window_; }
  const gfx::Window& window() const { return window_; }

  // Its context is current from here on. ready: of the picture's drawing. marked: the editor's point, or null.
  void draw(const gfx::Texture& picture, GLsync ready, const stage::Mapping& mapping,
            const stage::MappingPoint* marked);
  // After draw(): what it shows is copied, half as large, for the desk.
  void copy_preview();
  const gfx::Texture& preview() const { return preview_.texture(); }
  // After draw(): its commands have been given; whoever changes the picture waits for this. The caller's to delete.
  GLsync done() const;
  void present() { window_.present(); }

 private:
  gfx::Window window_;
  // of its context
  std::unique_ptr<stage::MappingPass> pass_;
  std::unique_ptr<stage::MappingMarks> marks_;  // once they are needed
  gfx::Framebuffer preview_;
};

}  // namespace ombra::show
