#include "stage/title/logo_file.hpp"

#include "core/error.hpp"
#include "core/file.hpp"
#include "core/text.hpp"

#include <cairo.h>

#include <algorithm>
#include <cstdlib>
#include <cstring>
#include <memory>
#include <string_view>

namespace ombra::stage {
namespace {

constexpr std::size_t kMaxBytes = 64u << 20;
constexpr std::uint64_t kMaxPixels = 24'000'000;
constexpr std::size_t kHeaderBytes = 8 + 8 + 13;  // signature; length and name of IHDR; its content

std::uint32_t number(std::string_view bytes, std::size_t at) {
  std::uint32_t value = 0;
  for (std::size_t i = 0; i < 4; ++i) value = value << 8 | static_cast<unsigned char>(bytes[at + i]);
  return value;
}

// What the header promises (PNG specification, 11.2.2), before memory is taken for it.
void check_header(std::string_view bytes, const std::string& name) {
  constexpr std::string_view kStart("\x89PNG\r\n\x1a\n\0\0\0\rIHDR", 16);
  if (bytes.size() < kHeaderBytes || !bytes.starts_with(kStart))
    throw error("{}: is no PNG picture\nhint: save the logo as PNG, with alpha", name);
  const std::uint64_t width = number(bytes, 16), height = number(bytes, 20);
  if (width == 0 || height == 0 || width > kMaxOverlaySide || height > kMaxOverlaySide || width * height > kMaxPixels) {
    throw error("{}: {} x {} pixels are too many\nhint: at most {} a side, and {} million in all", name, width, height,
                kMaxOverlaySide, kMaxPixels / 1'000'000);
  }
}

cairo_status_t take(void* rest, unsigned char* to, unsigned int count) {
  auto& bytes = *static_cast<std::string_view*>(rest);
  if (bytes.size() < count) return CAIRO_STATUS_READ_ERROR;
  std::memcpy(to, bytes.data(), count);
  bytes.remove_prefix(count);
  return CAIRO_STATUS_SUCCESS;
}

}  // namespace

std::filesystem::path logo_path(const std::string& file) {
  const char* home = std::getenv("HOME");
  if (file.starts_with("~/") && home != nullptr) return std::filesystem::path(home) / file.substr(2);
  return file;
}

FileState logo_state(const std::string& file) {
  const std::filesystem::path path = logo_path(file);
  std::error_code fault;
  const auto written = std::filesystem::last_write_time(path, fault);
  if (fault) return {};
  const std::uintmax_t bytes = std::filesystem::file_size(path, fault);
  if (fault) return {};
  return std::pair{written, bytes};
}

OverlayPicture read_logo(const LogoOrder& order) {
  const std::filesystem::path path = logo_path(order.file);
  const std::string name = printable(path.string());
  std::error_code fault;
  if (!std::filesystem::is_regular_file(path, fault)) {
    throw error("{}: {}\nhint: the logo is a PNG file", name,
                std::filesystem::exists(path, fault) ? "is no file" : "there is no such file");
  }
  const std::string bytes = read_text(path, kMaxBytes);
  check_header(bytes, name);
  std::string_view rest = bytes;
  const std::unique_ptr<cairo_surface_t, decltype(&cairo_surface_destroy)> read(
      cairo_image_surface_create_from_png_stream(take, &rest), cairo_surface_destroy);
  const cairo_status_t status = cairo_surface_status(read.get());
  if (status != CAIRO_STATUS_SUCCESS) {
    throw error("{}: {}\nhint: save the logo again", name,
                status == CAIRO_STATUS_READ_ERROR ? "ends too early" : "is damaged");
  }
  const int width = cairo_image_surface_get_width(read.get()), height = cairo_image_surface_get_height(read.get());
  // one without alpha has another format: it is painted into one that has
  const std::unique_ptr<cairo_surface_t, decltype(&cairo_surface_destroy)> whole(
      cairo_image_surface_create(CAIRO_FORMAT_ARGB32, width, height), cairo_surface_destroy);
  const std::unique_ptr<cairo_t, decltype(&cairo_destroy)> context(cairo_create(whole.get()), cairo_destroy);
  cairo_set_operator(context.get(), CAIRO_OPERATOR_SOURCE);
  cairo_set_source_surface(context.get(), read.get(), 0.0, 0.0);
  cairo_paint(context.get());
  cairo_surface_flush(whole.get());
  if (cairo_status(context.get()) != CAIRO_STATUS_SUCCESS || cairo_surface_status(whole.get()) != CAIRO_STATUS_SUCCESS)
    throw error("{}: there is no memory for {} x {} pixels\nhint: make the logo smaller", name, width, height);
  return overlay_picture(cairo_image_surface_get_data(whole.get()), cairo_image_surface_get_stride(whole.get()), width,
                         height, order.least_px);
}

}  // namespace ombra::stage
