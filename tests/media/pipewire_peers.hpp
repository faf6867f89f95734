#pragma once
// PipeWire in tests: a daemon of its own without a desktop, and a program that captures video from it.

#include "stream_peers.hpp"

#include <pipewire/pipewire.h>
#include <spa/param/video/format-utils.h>

#include <array>
#include <atomic>
#include <cstring>
#include <filesystem>
#include <memory>
#include <string>

namespace ombra::media::test {

// Its socket lies in folder, where clients of this process look for it from now on.
class PipeWireDaemon {
 public:
  explicit PipeWireDaemon(const std::filesystem::path& folder) : folder_(folder) {
    ::setenv("XDG_RUNTIME_DIR", folder.c_str(), 1);
    ::setenv("PIPEWIRE_RUNTIME_DIR", folder.c_str(), 1);
    start();
  }
  void start() {
    process_ = std::make_unique<Peer>(std::vector<std::string>{"pipewire"}, folder_ / "pipewire.log");
    for (int i = 0; i < 500 && !std::filesystem::exists(folder_ / "pipewire-0"); ++i) {
      std::this_thread::sleep_for(std::chrono::milliseconds(10));
    }
  }
  void end() {
    process_->end(SIGKILL);
    std::filesystem::remove(folder_ / "pipewire-0");
  }
  void hang(bool hung) { process_->signal(hung ? SIGSTOP : SIGCONT); }

 private:
  const std::filesystem::path folder_;
  std::unique_ptr<Peer> process_;
};

// Captures from the source called Ombra as OBS does, and looks at the pixel in the middle. There is no session manager
// that would link the two, so pw-link does.
class Capture {
 public:
  explicit Capture(spa_video_format format = SPA_VIDEO_FORMAT_RGBx) : format_(format) {
    pw_init(nullptr, nullptr);
    loop_ = pw_thread_loop_new("capture", nullptr);
    pw_thread_loop_lock(loop_);
    pw_thread_loop_start(loop_);
    stream_ = pw_stream_new_simple(pw_thread_loop_get_loop(loop_), "viewer",
                                   pw_properties_new(PW_KEY_MEDIA_TYPE, "Video", PW_KEY_MEDIA_CATEGORY, "Capture",
                                                     PW_KEY_NODE_NAME, "viewer", nullptr),
                                   &events(), this);
    if (stream_) connect();
    pw_thread_loop_unlock(loop_);
  }
  ~Capture() {
    pw_thread_loop_lock(loop_);
    if (stream_) pw_stream_destroy(stream_);
    pw_thread_loop_unlock(loop_);
    pw_thread_loop_stop(loop_);
    pw_thread_loop_destroy(loop_);
  }
  Capture(const Capture&) = delete;
  Capture& operator=(const Capture&) = delete;

  // -> did pw-link link them?
  static bool link() { return std::system("pw-link Ombra viewer >/dev/null 2>&1") == 0; }

  int frames() const { return frames_; }
  int width() const { return width_; }
  int height() const { return height_; }
  // 0xrrggbb of the newest picture's middle, and of its upper left corner
  std::uint32_t middle() const { return middle_; }
  std::uint32_t corner() const { return corner_; }

 private:
  static const pw_stream_events& events() {
    static const pw_stream_events kEvents = [] {
      pw_stream_events events{};
      events.version = PW_VERSION_STREAM_EVENTS;
      events.param_changed = [](void* self, std::uint32_t id, const spa_pod* pod) {
        if (id == SPA_PARAM_Format && pod) static_cast<Capture*>(self)->format(pod);
      };
      events.process = [](void* self) { static_cast<Capture*>(self)->look(); };
      return events;
    }();
    return kEvents;
  }

  void connect() {
    std::array<std::uint8_t, 1024> memory{};
    spa_pod_builder builder = SPA_POD_BUILDER_INIT(memory.data(), static_cast<std::uint32_t>(memory.size()));
    const spa_rectangle size = {640, 480}, least = {1, 1}, most = {8192, 8192};
    const spa_fraction rate = {30, 1}, slowest = {0, 1}, fastest = {1000, 1};
    const auto* format = static_cast<const spa_pod*>(spa_pod_builder_add_object(
        &builder, SPA_TYPE_OBJECT_Format, SPA_PARAM_EnumFormat, SPA_FORMAT_mediaType, SPA_POD_Id(SPA_MEDIA_TYPE_video),
        SPA_FORMAT_mediaSubtype, SPA_POD_Id(SPA_MEDIA_SUBTYPE_raw), SPA_FORMAT_VIDEO_format, SPA_POD_Id(format_),
        SPA_FORMAT_VIDEO_size, SPA_POD_CHOICE_RANGE_Rectangle(&size, &least, &most), SPA_FORMAT_VIDEO_framerate,
        SPA_POD_CHOICE_RANGE_Fraction(&rate, &slowest, &fastest)));
    pw_stream_connect(stream_, PW_DIRECTION_INPUT, PW_ID_ANY, PW_STREAM_FLAG_MAP_BUFFERS, &format, 1);
  }

  void format(const spa_pod* pod) {
    spa_video_info_raw chosen{};
    spa_format_video_raw_parse(pod, &chosen);
    width_ = static_cast<int>(chosen.size.width), height_ = static_cast<int>(chosen.size.height);
    swapped_ = chosen.format == SPA_VIDEO_FORMAT_BGRx;
    std::array<std::uint8_t, 512> memory{};
    spa_pod_builder builder = SPA_POD_BUILDER_INIT(memory.data(), static_cast<std::uint32_t>(memory.size()));
    const auto* buffers = static_cast<const spa_pod*>(spa_pod_builder_add_object(
        &builder, SPA_TYPE_OBJECT_ParamBuffers, SPA_PARAM_Buffers, SPA_PARAM_BUFFERS_dataType,
        SPA_POD_CHOICE_FLAGS_Int(1 << SPA_DATA_MemFd | 1 << SPA_DATA_MemPtr)));
    pw_stream_update_params(stream_, &buffers, 1);
  }

  void look() {
    pw_buffer* buffer = pw_stream_dequeue_buffer(stream_);
    if (!buffer) return;
    const spa_data& data = buffer->buffer->datas[0];
    const auto* pixels = static_cast<const std::uint8_t*>(data.data);
    if (pixels && data.chunk->size == static_cast<std::uint32_t>(width_ * height_ * 4)) {
      middle_ = colour(pixels + (height_ / 2) * data.chunk->stride + width_ / 2 * 4);
      corner_ = colour(pixels);
      ++frames_;
    }
    pw_stream_queue_buffer(stream_, buffer);
  }
  std::uint32_t colour(const std::uint8_t* p) const {
    return static_cast<std::uint32_t>(p[swapped_ ? 2 : 0] << 16 | p[1] << 8 | p[swapped_ ? 0 : 2]);
  }

  const spa_video_format format_;
  pw_thread_loop* loop_ = nullptr;
  pw_stream* stream_ = nullptr;
  bool swapped_ = false;
  std::atomic<int> frames_{0}, width_{0}, height_{0};
  std::atomic<std::uint32_t> middle_{0}, corner_{0};
};

}  // namespace ombra::media::test
