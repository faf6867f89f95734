#include "stage/overlays.hpp"

#include <algorithm>
#include <bit>
#include <cmath>

namespace ombra::stage {
namespace {

// texture units, as overlay.glsl binds its samplers
constexpr int kOverlayUnit = 11, kUnderUnit = 12;
constexpr double kWidest = 0.95;  // of the screen's width
constexpr double kRestS = 2.0;    // after so long without a push letters are made as large as they are shown
constexpr float kSpare = 1.25f;   // pushed ones are made so much larger, or each frame would need its own

float sane(float value, float low, float high, float otherwise) {
  return std::isfinite(value) ? std::clamp(value, low, high) : otherwise;
}

int pixels(float share, int height) { return static_cast<int>(std::lround(share * static_cast<float>(height))); }

float size_of(const Overlay& overlay) { return sane(overlay.size, 0.001f, 2.0f, 0.1f); }

bool is_pushed(const Overlay& overlay) { return overlay.size != overlay.full_size; }

}  // namespace

OverlayPlace place_overlay(const Overlay& overlay, const OverlayPicture& picture, int width, int height) {
  if (picture.levels.empty()) return {};
  const OverlayPicture::Level& whole = picture.levels.front();
  double scale =
      std::min(static_cast<double>(size_of(overlay)) * height / picture.size_px, kWidest * width / picture.width);
  const bool exact = std::abs(scale - 1.0) * std::max(whole.width, whole.height) < 1.0;
  if (exact) scale = 1.0;
  const double x = sane(overlay.x, 0.0f, 1.0f, 0.5f), y = sane(overlay.y, 0.0f, 1.0f, 0.5f);
  double left = x * (width - picture.width * scale) - picture.left * scale;
  const double below = (whole.height - picture.top - picture.height) * scale;  // of the picture, under its line
  double bottom = y * (height - picture.height * scale) - below;
  if (exact) left = std::round(left), bottom = std::round(bottom);
  return {left, bottom, left + whole.width * scale, bottom + whole.height * scale};
}

TextOrder Overlays::text_order(const Title& title, double time_s) {
  const int exact_px = pixels(sane(title.full_size, 0.001f, 2.0f, 0.1f), height_);
  const int now_px = pixels(size_of(title), height_);
  if (is_pushed(title)) title_.pushed_s = time_s;
  if (time_s - title_.pushed_s > kRestS || time_s < title_.pushed_s || title_.asked_px < exact_px) {
    title_.asked_px = exact_px;
  }
  if (now_px > title_.asked_px) title_.asked_px = static_cast<int>(kSpare * static_cast<float>(now_px));
  return {.text = title.text,
          .font = title.font,
          .rgb = {title.colour.r, title.colour.g, title.colour.b},
          .size_px = title_.asked_px,
          .most_px = static_cast<int>(kWidest * width_)};
}

// Twice as many lines when the ones that are there are not enough.
LogoOrder Overlays::logo_order(const Logo& logo) {
  const int lines = std::max(pixels(size_of(logo), height_), 16);
  if (logo.file != logo_.file) logo_.file = logo.file, logo_.asked_px = 0;
  logo_.asked_px = std::max(logo_.asked_px, static_cast<int>(std::bit_ceil(static_cast<unsigned>(lines))));
  return {logo.file, logo_.asked_px};
}

// A picture with levels. The texture is made anew only with a new one.
void Overlays::show(Layer& layer, const MadeOverlay& made) {
  if (made.picture == layer.picture) return;
  layer.picture = made.picture;
  layer.texture.reset();
  const auto& levels = layer.picture->levels;
  layer.texture.emplace(GL_SRGB8_ALPHA8, levels.front().width, levels.front().height, 0,
                        static_cast<int>(levels.size()));
  for (std::size_t i = 0; i < levels.size(); ++i) layer.texture->fill_level(static_cast<int>(i), levels[i].rgba);
}

// One that appears waits for its own picture; one that is to be seen keeps the picture before until then, and fades
// away with it where there is none any more.
void Overlays::take(Layer& layer, const Overlay& overlay, const MadeOverlay& made, double time_s) {
  const bool any = made.picture && !made.picture->levels.empty();
  const bool ready = any && (made.current || layer.fade.share() > 0.0);
  const double share = layer.fade.step(overlay.on && ready, sane(overlay.fade_s, 0.0f, 60.0f, 0.0f), time_s);
  layer.seen = false;
  if (share <= 0.0) return;
  if (any) show(layer, made);
  if (!layer.texture) return;
  layer.place = place_overlay(overlay, *layer.picture, width_, height_);
  layer.opacity = static_cast<float>(share) * sane(overlay.opacity, 0.0f, 1.0f, 1.0f);
  layer.behind = overlay.behind;
  layer.seen = layer.opacity > 0.0f;
}

void Overlays::prepare(const Scene& scene, int width, int height) {
  width_ = width, height_ = height;
  static const Titles kNone;
  const Titles& titles = scene.titles != nullptr ? *scene.titles : kNone;
  const auto wanted = [](const Overlay& overlay, const Layer& layer) { return overlay.on || layer.fade.share() > 0.0; };
  const bool text = wanted(titles.title, title_) && !titles.title.text.empty();
  const bool file = wanted(titles.logo, logo_) && !titles.logo.file.empty();
  MadeOverlay title, logo;
  for (int round = 0; round < (scene.patient ? 2 : 1); ++round) {
    if (round > 0) maker_.wait();
    title = text ? maker_.want(text_order(titles.title, scene.time_s)) : MadeOverlay{nullptr, true};
    logo = file ? maker_.want(logo_order(titles.logo)) : MadeOverlay{nullptr, true};
  }
  if (!text) maker_.forget_text();
  if (!file) maker_.forget_logo();
  take(title_, titles.title, title, scene.time_s);
  take(logo_, titles.logo, logo, scene.time_s);
}

// Those behind the figures first, and the title over the logo.
std::array<const Overlays::Layer*, 2> Overlays::in_order() const {
  if (title_.behind && !logo_.behind) return {&title_, &logo_};
  return {&logo_, &title_};
}

void Overlays::bind(const gfx::Program& program, const Layer& layer) const {
  const auto x = [this](double at) { return static_cast<float>(at / width_); };
  const auto y = [this](double at) { return static_cast<float>(at / height_); };
  layer.texture->bind(kOverlayUnit);
  program.set("u_rectangle",
              glm::vec4(x(layer.place.left), y(layer.place.bottom), x(layer.place.right), y(layer.place.top)));
  program.set("u_opacity", layer.opacity);
  program.set("u_behind", layer.behind ? 1 : 0);
}

void Overlays::measure(const gfx::Program& program, const gfx::EmptyVertices& vertices) const {
  if (!any()) return;
  program.use();
  program.set("u_measuring", 1);
  glEnable(GL_BLEND);
  glBlendEquation(GL_FUNC_ADD);
  glBlendFunc(GL_ONE, GL_ONE_MINUS_SRC_ALPHA);
  for (const Layer* layer : in_order()) {
    if (!layer->seen) continue;
    bind(program, *layer);
    vertices.draw_quads(1);
  }
  glDisable(GL_BLEND);
}

// The target's own pixels are sRGB, which no blending adds up as light: the shader reads a copy of them.
void Overlays::copy_under(const Layer& layer, unsigned target) {
  const auto pixel = [](double at, int most) { return std::clamp(static_cast<int>(std::floor(at)), 0, most); };
  const int left = pixel(layer.place.left, width_), bottom = pixel(layer.place.bottom, height_);
  const int right = pixel(layer.place.right + 1.0, width_), top = pixel(layer.place.top + 1.0, height_);
  if (under_.get() == 0) under_ = gfx::Framebuffer(GL_RGBA8, width_, height_);
  under_.resize(width_, height_);
  gfx::read_from({target, width_, height_});
  glBindFramebuffer(GL_DRAW_FRAMEBUFFER, under_.get());
  glBlitFramebuffer(left, bottom, right, top, left, bottom, right, top, GL_COLOR_BUFFER_BIT, GL_NEAREST);
  glBindFramebuffer(GL_FRAMEBUFFER, target);
  glViewport(0, 0, width_, height_);
  under_.texture().bind(kUnderUnit);
}

void Overlays::draw(const gfx::Program& program, const gfx::EmptyVertices& vertices, unsigned target) {
  if (!any()) return;
  for (const Layer* layer : in_order()) {
    if (!layer->seen) continue;
    copy_under(*layer, target);
    program.use();
    program.set("u_measuring", 0);
    bind(program, *layer);
    vertices.draw_quads(1);
  }
}

}  // namespace ombra::stage
