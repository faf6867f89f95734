// What is drawn into the windows: the picture once, mapped onto each output, and the desk's preview of it.
#include "show/session/outputs.hpp"

#include "core/error.hpp"
#include "core/text.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

namespace ombra::show {
namespace {

constexpr int kFirstWidth = 1280, kFirstHeight = 720;  // of the picture before there was an output
constexpr int kMinSide = 64, kMaxSide = 8192;          // of the picture
constexpr double kDeskEveryS = 1.0 / 30.0;

}  // namespace

stage::Mapping Outputs::mapping_of(const Display& display) const {
  const OutputSettings* its = find_output(settings_, place_of(display));
  return its ? its->mapping : stage::Mapping{};
}

// The display that a single window fills, which is mapped then as an output is.
std::optional<Display> Outputs::alone_on() const {
  const int number = !apart_ && desk_.fullscreen() ? desk_display() : -1;
  const auto at = static_cast<std::size_t>(number);
  return number >= 0 && at < displays().size() ? std::optional(displays()[at]) : std::nullopt;
}

// After what can be mapped has changed.
void Outputs::tell_editor() {
  std::vector<MappedOutput> mapped;
  const auto add = [&](const Display& d) {
    mapped.push_back({{d.name, d.connector, d.x, d.y, true, mapping_of(d)}, d.width, d.height});
  };
  for (const auto& output : outputs_) {
    if (apart_) add(output->plan.home());
  }
  alone_ = alone_on();
  if (alone_) add(*alone_);
  editor_.set_outputs(std::move(mapped));
  heeded_ = editor_.revision() - 1;
}

void Outputs::heed_editor() {
  if (!apart_ && watch_.rests() && alone_ != alone_on()) tell_editor();
  if (heeded_ == editor_.revision()) return;
  heeded_ = editor_.revision();
  for (std::size_t i = 0; i < editor_.outputs().size(); ++i) {
    const OutputSettings& edited = editor_.outputs()[i].settings;
    const Display& display = apart_ ? outputs_[i]->plan.home() : *alone_;
    if (apart_) outputs_[i]->mapping = edited.mapping;
    if (edited.mapping == mapping_of(display)) continue;
    const OutputSettings* was = find_output(settings_, place_of(display));
    keep(display, was ? was->on : number_of(display) != operators_display(displays()), &edited.mapping);
  }
}

void Outputs::draw_alone() {
  if (!over_) over_ = std::make_unique<stage::MappingPass>();
  const gfx::Surface all{0, desk_.width(), desk_.height()};
  over_->draw(programme_.texture(), all, editor_.mapping());
  if (!editor_.editing()) return;
  if (!marks_) marks_ = std::make_unique<stage::MappingMarks>();
  const double shape = static_cast<double>(all.width) / all.height;
  marks_->draw(all, stage::mapping_marks(editor_.mapping(), editor_.selected(), shape));
}

// So many pixels that the part which an output shows has as many as the output.
void Outputs::size_picture(int width, int height, const stage::Mapping& mapping) {
  if (mapping.quarter_turns % 2 != 0) std::swap(width, height);
  const stage::Part& part = mapping.source;
  width = std::clamp(static_cast<int>(std::lround(width / part.width)), kMinSide, kMaxSide);
  height = std::clamp(static_cast<int>(std::lround(height / part.height)), kMinSide, kMaxSide);
  if (programme_.get() == 0) programme_ = gfx::Framebuffer(GL_RGBA8, width, height);
  programme_.resize(width, height);
}

gfx::Surface Outputs::begin() {
  desk_.make_current();
  heed_editor();
  for (GLsync reader : readers_) {
    glWaitSync(reader, 0, GL_TIMEOUT_IGNORED);
    glDeleteSync(reader);
  }
  readers_.clear();
  const Output* output = first();
  if (apart_ && output) {
    size_picture(output->screen->window().width(), output->screen->window().height(), output->mapping);
  } else if (apart_ && programme_.get() == 0) {
    size_picture(kFirstWidth, kFirstHeight, {});
  } else if (!apart_) {
    const bool mapped = alone_ && (editor_.editing() || !is_plain(editor_.mapping()));
    if (!mapped) return picture_ = {0, desk_.width(), desk_.height()};
    size_picture(desk_.width(), desk_.height(), editor_.mapping());
  }
  return picture_ = programme_.surface();
}

void Outputs::show(double now_s, const std::function<void()>& drawn) {
  if (!apart_) {
    if (picture_.framebuffer != 0) draw_alone();
    return;
  }
  const Output* waits = first();
  GLsync ready = glFenceSync(GL_SYNC_GPU_COMMANDS_COMPLETE, 0);
  glFlush();
  for (std::size_t i = 0; i < outputs_.size(); ++i) {
    Output& output = *outputs_[i];
    if (!output.screen) continue;
    const bool marked = editor_.editing() && editor_.output() == i;
    try {  // one that cannot be drawn leaves the others and the desk
      output.screen->draw(programme_.texture(), ready, output.mapping, marked ? &editor_.selected() : nullptr);
      if (shows_mapped() && now_s >= desk_due_s_ && !desk_.minimised()) output.screen->copy_preview();
    } catch (const Error& fault) {
      news_ = fmt::format("{}: {}", output.plan.home().name, first_line(fault.what()));
    }
    readers_.push_back(output.screen->done());
    if (&output != waits) output.screen->present();
  }
  glDeleteSync(ready);
  drawn();
  if (!waits) return;
  if (outputs_.size() > 1) waits->screen->window().make_current();
  waits->screen->present();
}

// A single output is seen on the desk as it is on the wall.
bool Outputs::shows_mapped() const {
  return outputs_.size() == 1 && outputs_.front()->screen && !is_plain(outputs_.front()->mapping);
}

bool Outputs::begin_desk(double now_s) {
  desk_.make_current();
  if (!apart_) return true;
  for (GLsync reader : readers_) glWaitSync(reader, 0, GL_TIMEOUT_IGNORED);  // a preview is among what they made
  if (now_s < desk_due_s_ || desk_.minimised()) return false;
  desk_due_s_ = std::max(desk_due_s_ + kDeskEveryS, now_s + 0.5 * kDeskEveryS);
  return true;
}

void Outputs::show_desk() { desk_.present(); }

PreviewView Outputs::unmapped() const {
  if (programme_.get() == 0 || picture_.framebuffer == 0) return {};
  return {programme_.texture().get(), programme_.width(), programme_.height()};
}

PreviewView Outputs::preview() const {
  if (!apart_ || programme_.get() == 0) return {};
  const gfx::Texture& seen = shows_mapped() && outputs_.front()->screen->preview().get() != 0
                                 ? outputs_.front()->screen->preview()
                                 : programme_.texture();
  return {seen.get(), seen.width(), seen.height()};
}

}  // namespace ombra::show
