#include "stage/title/typesetter.hpp"

#include "core/error.hpp"
#include "core/text.hpp"

#include <pango/pangocairo.h>

#include <algorithm>
#include <cmath>

namespace ombra::stage {
namespace {

constexpr std::size_t kMaxTextBytes = 1000;
constexpr double kMaxPixels = 8e6;  // of one text
constexpr int kSmallestPx = 4, kLargestPx = 4096;
constexpr int kRoomPx = 2;  // around the letters, so that their edges fade out

template <class T>
struct Unref {
  void operator()(T* object) const { g_object_unref(object); }
};
template <class T>
using Object = std::unique_ptr<T, Unref<T>>;
using Font = std::unique_ptr<PangoFontDescription, decltype(&pango_font_description_free)>;
using Surface = std::unique_ptr<cairo_surface_t, decltype(&cairo_surface_destroy)>;
using Context = std::unique_ptr<cairo_t, decltype(&cairo_destroy)>;

struct Box {
  double left, top, right, bottom;  // pixels
};

Box box_of(const PangoRectangle& r) {
  const auto px = [](int units) { return static_cast<double>(units) / PANGO_SCALE; };
  return {px(r.x), px(r.y), px(r.x + r.width), px(r.y + r.height)};
}

// The line, and all that its letters touch.
struct Extents {
  Box line, all;
};

Extents extents_of(PangoLayout* layout) {
  PangoRectangle ink, logical;
  pango_layout_get_extents(layout, &ink, &logical);
  const Box line = box_of(logical), inked = box_of(ink);
  return {line,
          {std::floor(std::min(line.left, inked.left)) - kRoomPx, std::floor(std::min(line.top, inked.top)) - kRoomPx,
           std::ceil(std::max(line.right, inked.right)) + kRoomPx,
           std::ceil(std::max(line.bottom, inked.bottom)) + kRoomPx}};
}

// -> by how much a text must be smaller to be as narrow as is asked for, and no larger than is allowed; 1: by nothing
double smaller_by(const Extents& e, double most_px) {
  const double width = e.all.right - e.all.left, height = e.all.bottom - e.all.top;
  const double line = std::max(1.0, e.line.right - e.line.left);
  return std::min({1.0, most_px / line, kMaxOverlaySide / width, kMaxOverlaySide / height,
                   std::sqrt(kMaxPixels / (width * height))});
}

// -> a word on a font that is not installed, or ""
std::string missing(PangoFontMap* map, const PangoFontDescription* font) {
  const char* family = pango_font_description_get_family(font);
  if (family == nullptr || *family == '\0') return "";
  std::string names = family;  // one, or several between commas
  while (!names.empty()) {
    const std::size_t comma = std::min(names.find(','), names.size());
    if (pango_font_map_get_family(map, names.substr(0, comma).c_str()) != nullptr) return "";
    names.erase(0, comma + 1);
  }
  return fmt::format("no font is called \"{}\", another stands in its place: `fc-list : family` lists them",
                     printable(family));
}

OverlayPicture drawn(PangoLayout* layout, const Extents& e, const std::array<float, 3>& rgb) {
  const int width = std::clamp(static_cast<int>(e.all.right - e.all.left), 1, kMaxOverlaySide);
  const int height = std::clamp(static_cast<int>(e.all.bottom - e.all.top), 1, kMaxOverlaySide);
  const Surface surface(cairo_image_surface_create(CAIRO_FORMAT_ARGB32, width, height), cairo_surface_destroy);
  const Context context(cairo_create(surface.get()), cairo_destroy);
  cairo_set_source_rgb(context.get(), rgb[0], rgb[1], rgb[2]);
  cairo_move_to(context.get(), -e.all.left, -e.all.top);
  pango_cairo_show_layout(context.get(), layout);
  cairo_surface_flush(surface.get());
  const cairo_status_t status =
      std::max(cairo_status(context.get()), cairo_surface_status(surface.get()));  // 0: all is well
  if (status != CAIRO_STATUS_SUCCESS) throw error("the title cannot be drawn: {}", cairo_status_to_string(status));
  OverlayPicture picture = overlay_picture(cairo_image_surface_get_data(surface.get()),
                                           cairo_image_surface_get_stride(surface.get()), width, height, height);
  picture.left = e.line.left - e.all.left, picture.top = e.line.top - e.all.top;
  picture.width = e.line.right - e.line.left, picture.height = e.line.bottom - e.line.top;
  return picture;
}

}  // namespace

struct Typesetter::Impl {
  Object<PangoFontMap> fonts{pango_cairo_font_map_new()};
  Object<PangoContext> context{pango_font_map_create_context(fonts.get())};

  Impl() {
    // letters keep their shape at every size: nothing is moved to whole pixels
    cairo_font_options_t* options = cairo_font_options_create();
    cairo_font_options_set_antialias(options, CAIRO_ANTIALIAS_GRAY);
    cairo_font_options_set_hint_style(options, CAIRO_HINT_STYLE_NONE);
    cairo_font_options_set_hint_metrics(options, CAIRO_HINT_METRICS_OFF);
    pango_cairo_context_set_font_options(context.get(), options);
    cairo_font_options_destroy(options);
    pango_context_set_round_glyph_positions(context.get(), FALSE);
    pango_cairo_font_map_set_resolution(PANGO_CAIRO_FONT_MAP(fonts.get()), 72.0);
  }
};

Typesetter::Typesetter() : impl_(std::make_unique<Impl>()) {}
Typesetter::~Typesetter() = default;

OverlayPicture Typesetter::set(const TextOrder& order) {
  const std::string text = clean_line(order.text, kMaxTextBytes);
  if (text.find_first_not_of(' ') == std::string::npos) return {};
  const std::string name = clean_line(order.font, kMaxTextBytes);
  const Font font(pango_font_description_from_string(name.empty() ? "Sans" : name.c_str()),
                  pango_font_description_free);
  const Object<PangoLayout> layout(pango_layout_new(impl_->context.get()));
  pango_layout_set_single_paragraph_mode(layout.get(), TRUE);
  pango_layout_set_text(layout.get(), text.data(), static_cast<int>(text.size()));
  double size_px = std::clamp(order.size_px, kSmallestPx, kLargestPx);
  const auto measured = [&] {
    pango_font_description_set_absolute_size(font.get(), size_px * PANGO_SCALE);
    pango_layout_set_font_description(layout.get(), font.get());
    return extents_of(layout.get());
  };
  Extents extents = measured();
  const double most_px = std::max(16, order.most_px);
  // fonts of fixed sizes need not follow at once
  for (int i = 0; i < 3 && smaller_by(extents, most_px) < 0.9999; ++i) {
    size_px = std::max(0.01 * kSmallestPx, size_px * smaller_by(extents, most_px));
    extents = measured();
  }
  OverlayPicture picture = drawn(layout.get(), extents, order.rgb);
  picture.size_px = size_px;
  picture.remark = missing(impl_->fonts.get(), font.get());
  return picture;
}

}  // namespace ombra::stage
