#include "media/share/camera.hpp"

#include "core/error.hpp"
#include "core/text.hpp"
#include "media/share/camera_pixels.hpp"

#include <fcntl.h>
#include <linux/videodev2.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cmath>
#include <cstring>
#include <filesystem>
#include <optional>
#include <string_view>
#include <utility>

namespace ombra::media {
namespace {

constexpr std::size_t kPictures = 4;    // that wait
constexpr double kLongestPauseS = 4.0;  // between two tries
constexpr int kMostDevices = 64;
constexpr const char* kHint =
    "`sudo modprobe v4l2loopback exclusive_caps=1 card_label=Ombra` makes one; `ombra devices` lists them";

struct Kind {
  CameraPixels pixels;
  std::uint32_t code;
  const char* name;
};
constexpr std::array kKinds = {Kind{CameraPixels::kYuyv, V4L2_PIX_FMT_YUYV, "YUYV"},
                               Kind{CameraPixels::kYu12, V4L2_PIX_FMT_YUV420, "YU12"},
                               Kind{CameraPixels::kBgrx, V4L2_PIX_FMT_BGR32, "BGR4"}};

// An open device.
class OpenCamera {
 public:
  OpenCamera(CameraSystem& system, const std::string& path) : system_(system), file_(system.open(path)) {}
  ~OpenCamera() {
    if (file_ >= 0) system_.close(file_);
  }
  OpenCamera(const OpenCamera&) = delete;
  OpenCamera& operator=(const OpenCamera&) = delete;

  bool open() const { return file_ >= 0; }
  int control(unsigned long request, void* argument) const { return system_.control(file_, request, argument); }
  std::ptrdiff_t write(std::span<const std::uint8_t> bytes) const { return system_.write(file_, bytes); }
  // -> the name of a device that takes pictures, or nothing
  std::optional<std::string> name() const {
    v4l2_capability c{};
    if (!open() || control(VIDIOC_QUERYCAP, &c) < 0) return std::nullopt;
    const std::uint32_t can = (c.capabilities & V4L2_CAP_DEVICE_CAPS) != 0 ? c.device_caps : c.capabilities;
    if ((can & V4L2_CAP_VIDEO_OUTPUT) == 0) return std::nullopt;
    const auto* letters = reinterpret_cast<const char*>(c.card);
    return printable(std::string_view(letters, ::strnlen(letters, sizeof c.card)));
  }

 private:
  CameraSystem& system_;
  const int file_;
};

class CameraWork final : public OutletWork {
 public:
  CameraWork(const std::string& device, int width, int height, double fps, CameraSystem& system)
      : OutletWork(device.empty() ? "camera" : printable(device), width, height, kPictures, kLongestPauseS),
        device_(device),
        width_(width),
        height_(height),
        fps_(fps),
        system_(system) {}

 protected:
  void serve() override;

 private:
  std::string path() const;
  const Kind& agree(const OpenCamera& camera, const std::string& path) const;
  void give(const OpenCamera& camera, const std::string& path, const Kind& kind, const LiveQueue::Picture& picture);

  const std::string device_;
  const int width_, height_;
  const double fps_;
  CameraSystem& system_;
  std::vector<std::uint8_t> bytes_;
};

std::string CameraWork::path() const {
  if (device_.starts_with('/')) return device_;
  const std::vector<CameraDevice> all = list_cameras(system_);
  for (const CameraDevice& each : all) {
    if (device_.empty() || lower(each.name).find(lower(device_)) != std::string::npos) return each.path;
  }
  if (device_.empty()) throw error("there is no video device that pictures can be written to\nhint: {}", kHint);
  throw error("no video device that pictures can be written to is called \"{}\"\nhint: {}", printable(device_), kHint);
}

void CameraWork::serve() {
  const std::string path = this->path();
  const OpenCamera camera(system_, path);
  if (!camera.open()) throw error("{}: cannot be opened: {}\nhint: {}", printable(path), std::strerror(errno), kHint);
  const std::optional<std::string> name = camera.name();
  if (!name) throw error("{}: pictures cannot be written to it\nhint: {}", printable(path), kHint);
  const Kind& kind = agree(camera, path);
  tell([&](OutletStatus& s) {
    s.name = fmt::format("{} ({})", printable(path), *name);
    s.detail = fmt::format("{} x {}, {}", width_, height_, kind.name);
  });
  connected();
  take(true);
  while (true) {
    const LiveQueue::Batch batch = queue().next(0.05, false);
    const LiveQueue::Loan loan(queue(), batch.picture);
    if (batch.picture) give(camera, path, kind, *batch.picture);
    if (batch.end) return;
  }
}

// -> the first kind of pictures that the device takes in our size
const Kind& CameraWork::agree(const OpenCamera& camera, const std::string& path) const {
  for (const Kind& kind : kKinds) {
    v4l2_format f{};
    f.type = V4L2_BUF_TYPE_VIDEO_OUTPUT;
    f.fmt.pix.width = static_cast<std::uint32_t>(width_), f.fmt.pix.height = static_cast<std::uint32_t>(height_);
    f.fmt.pix.pixelformat = kind.code;
    f.fmt.pix.field = V4L2_FIELD_NONE;
    f.fmt.pix.colorspace = kind.pixels == CameraPixels::kBgrx ? V4L2_COLORSPACE_SRGB : V4L2_COLORSPACE_REC709;
    const std::size_t bytes = camera_bytes(kind.pixels, width_, height_);
    f.fmt.pix.sizeimage = static_cast<std::uint32_t>(bytes);
    if (camera.control(VIDIOC_S_FMT, &f) < 0) continue;
    const v4l2_pix_format& p = f.fmt.pix;
    if (p.pixelformat != kind.code || static_cast<int>(p.width) != width_ || static_cast<int>(p.height) != height_)
      continue;
    if (p.sizeimage != 0 && p.sizeimage != bytes) continue;  // with room between the rows
    v4l2_streamparm rate{};
    rate.type = V4L2_BUF_TYPE_VIDEO_OUTPUT;
    rate.parm.output.timeperframe = {1000, static_cast<std::uint32_t>(std::lround(1000.0 * fps_))};
    camera.control(VIDIOC_S_PARM, &rate);  // only told to those who read
    return kind;
  }
  throw error(
      "{}: takes no pictures of {} x {}\nhint: does another program write to it, or read from it in another size?",
      printable(path), width_, height_);
}

void CameraWork::give(const OpenCamera& camera, const std::string& path, const Kind& kind,
                      const LiveQueue::Picture& picture) {
  to_camera(picture.rgba, width_, height_, kind.pixels, bytes_);
  const std::ptrdiff_t written = camera.write(bytes_);
  if (written == static_cast<std::ptrdiff_t>(bytes_.size())) return given();
  if (written < 0 && (errno == EAGAIN || errno == EINTR)) return;  // those who read are too slow
  throw error("{}: pictures cannot be written: {}\nhint: {}", printable(path),
              written < 0 ? std::strerror(errno) : "it took a part only", kHint);
}

}  // namespace

std::vector<std::string> CameraSystem::paths() const {
  std::vector<std::string> all;
  std::error_code ignored;
  for (int i = 0; i < kMostDevices; ++i) {
    std::string path = fmt::format("/dev/video{}", i);
    if (std::filesystem::exists(path, ignored)) all.push_back(std::move(path));
  }
  return all;
}

int CameraSystem::open(const std::string& path) { return ::open(path.c_str(), O_RDWR | O_NONBLOCK | O_CLOEXEC); }

int CameraSystem::control(int file, unsigned long request, void* argument) { return ::ioctl(file, request, argument); }

std::ptrdiff_t CameraSystem::write(int file, std::span<const std::uint8_t> bytes) {
  return ::write(file, bytes.data(), bytes.size());
}

void CameraSystem::close(int file) { ::close(file); }

CameraSystem& camera_system() {
  static auto* system = new CameraSystem;
  return *system;
}

std::vector<CameraDevice> list_cameras(CameraSystem& system) {
  std::vector<CameraDevice> all;
  for (const std::string& path : system.paths()) {
    if (const auto name = OpenCamera(system, path).name()) all.push_back({path, *name});
  }
  return all;
}

std::unique_ptr<Outlet> make_camera(const std::string& device, int width, int height, double fps,
                                    CameraSystem& system) {
  return std::make_unique<Outlet>(std::make_shared<CameraWork>(device, width, height, fps, system), fps);
}

}  // namespace ombra::media
