#include "gfx/gpu_timer.hpp"

#include <algorithm>

namespace ombra::gfx {

GpuTimer::GpuTimer() {
  glGetQueryiv(GL_TIMESTAMP, GL_QUERY_COUNTER_BITS, &bits_);
  gl_check("queries for the GPU's time");
}

// Mesa's software renderer looks at its clock when a whole batch of commands is done, and draws a batch that holds a
// query without its shortcuts, three times as slowly where a picture is enlarged: the stamp is a batch of its own.
void GpuTimer::stamp(const Query& query) const {
  if (software_) glFlush();
  glQueryCounter(query.name, GL_TIMESTAMP);
  if (software_) glFlush();
}

void GpuTimer::begin() {
  collect();
  measuring_ = works() && begun_ - known_ < kFrames;
  if (!measuring_) return;
  Frame& f = frame(begun_);
  f.parts = 0;
  stamp(f.stamps[0]);
}

void GpuTimer::mark(std::string_view name) {
  if (!measuring_) return;
  Frame& f = frame(begun_);
  if (f.parts == kParts) return;
  f.names[f.parts++] = name;
  stamp(f.stamps[f.parts]);
}

void GpuTimer::end() {
  if (measuring_) ++begun_;
  measuring_ = false;
}

void GpuTimer::collect() {
  for (; known_ < begun_; ++known_) {
    const Frame& f = frame(known_);
    GLint ready = 0;
    glGetQueryObjectiv(f.stamps[f.parts].name, GL_QUERY_RESULT_AVAILABLE, &ready);  // the last: so are all before it
    if (!ready) return;
    std::array<GLuint64, kParts + 1> ns{};
    for (std::size_t i = 0; i <= f.parts; ++i) glGetQueryObjectui64v(f.stamps[i].name, GL_QUERY_RESULT, &ns[i]);
    parts_.resize(f.parts);
    for (std::size_t i = 0; i < f.parts; ++i) {
      // a time stamp may be a little before the one that was asked for earlier, on tiled and threaded renderers
      parts_[i].name = f.names[i];
      parts_[i].ms = ns[i + 1] > ns[i] ? static_cast<double>(ns[i + 1] - ns[i]) / 1e6 : 0.0;
    }
  }
}

double GpuTimer::total_ms() const {
  double sum = 0.0;
  for (const Part& part : parts_) sum += part.ms;
  return sum;
}

}  // namespace ombra::gfx
