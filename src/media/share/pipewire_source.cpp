#include "media/share/pipewire_source.hpp"

#include "core/clock.hpp"
#include "core/error.hpp"
#include "media/share/pipewire_buffer.hpp"

#include <pipewire/pipewire.h>
#include <spa/param/video/format-utils.h>
#include <spa/param/video/type-info.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cmath>
#include <cstdlib>
#include <cstring>
#include <mutex>
#include <optional>
#include <string>
#include <utility>

namespace ombra::media {
namespace {

constexpr std::size_t kPictures = 4;    // that wait, and the one that is given
constexpr double kLongestPauseS = 2.0;  // between two tries
constexpr double kTurnS = 0.02;         // so often the daemon is listened to when no picture comes
constexpr double kAskEveryS = 1.0;      // whether the daemon still lives
constexpr double kAnswerS = 5.0;        // then it hangs
constexpr int kBuffers = 4, kMostBuffers = 8;
constexpr const char* kHint = "does PipeWire run on this desktop? `systemctl --user status pipewire` tells";

struct Free {
  void operator()(pw_loop* p) const { pw_loop_destroy(p); }
  void operator()(pw_context* p) const { pw_context_destroy(p); }
  void operator()(pw_core* p) const { pw_core_disconnect(p); }
  void operator()(pw_stream* p) const { pw_stream_destroy(p); }
};
template <typename T>
using Own = std::unique_ptr<T, Free>;

void start_library() {
  static std::once_flag once;
  std::call_once(once, [] {
    pw_init(nullptr, nullptr);
    if (!std::getenv("PIPEWIRE_DEBUG")) pw_log_set_level(SPA_LOG_LEVEL_NONE);  // we say ourselves what is wrong
  });
}

class PipeWireWork final : public OutletWork {
 public:
  PipeWireWork(int width, int height, double fps)
      : OutletWork("PipeWire", width, height, kPictures, kLongestPauseS), width_(width), height_(height), fps_(fps) {}

  // called by the library, in serve()
  void state(pw_stream_state state, const char* fault);
  void format(const spa_pod* pod);
  void fill();
  void answer() { asked_s_.reset(); }
  void fail(std::string why) { fault_ = std::move(why); }

 protected:
  void serve() override;

 private:
  void connect();
  void close();
  void offer();
  void turn();
  void give(const LiveQueue::Picture& picture);
  bool due(double time_s);
  int stride() const { return 4 * width_; }

  const int width_, height_;
  const double fps_;
  // of this connection, in the order in which they are made
  Own<pw_loop> loop_;
  Own<pw_context> context_;
  Own<pw_core> core_;
  spa_hook core_listener_{}, stream_listener_{};
  Own<pw_stream> stream_;
  std::string fault_;
  std::optional<double> asked_s_;  // the daemon owes an answer since then
  double turned_s_ = 0.0, given_s_ = -1e9;
  double rate_ = 0.0;                          // pictures a second that the other side wants; 0: all
  bool swapped_ = false;                       // it wants blue first
  std::optional<LiveQueue::Picture> picture_;  // the newest, until there is another
  std::uint64_t sequence_ = 0;
  bool there_ = false;  // the daemon knows the source
};

const pw_core_events kCoreEvents = [] {
  pw_core_events events{};
  events.version = PW_VERSION_CORE_EVENTS;
  events.done = [](void* work, std::uint32_t, int) { static_cast<PipeWireWork*>(work)->answer(); };
  events.error = [](void* work, std::uint32_t id, int, int code, const char* words) {
    if (id == PW_ID_CORE) static_cast<PipeWireWork*>(work)->fail(pipewire_fault(code, words));
  };
  return events;
}();

const pw_stream_events kStreamEvents = [] {
  pw_stream_events events{};
  events.version = PW_VERSION_STREAM_EVENTS;
  events.state_changed = [](void* work, pw_stream_state, pw_stream_state now, const char* fault) {
    static_cast<PipeWireWork*>(work)->state(now, fault);
  };
  events.param_changed = [](void* work, std::uint32_t id, const spa_pod* pod) {
    if (id == SPA_PARAM_Format && pod) static_cast<PipeWireWork*>(work)->format(pod);
  };
  events.process = [](void* work) { static_cast<PipeWireWork*>(work)->fill(); };
  return events;
}();

void PipeWireWork::serve() {
  start_library();
  try {
    connect();
    offer();
    while (fault_.empty()) {
      const LiveQueue::Batch batch = queue().next(kTurnS, false);
      turn();
      if (batch.picture) give(*batch.picture);
      if (batch.end) break;
    }
  } catch (...) {
    close();
    throw;
  }
  const std::string fault = fault_;  // closing leaves one, too
  close();
  if (!fault.empty()) throw error("PipeWire: {}\nhint: {}", fault, kHint);
}

void PipeWireWork::connect() {
  fault_.clear();
  loop_.reset(pw_loop_new(nullptr));
  if (loop_) context_.reset(pw_context_new(loop_.get(), nullptr, 0));
  if (!context_) throw error("PipeWire: its library does not start: {}\nhint: {}", std::strerror(errno), kHint);
  pw_loop_enter(loop_.get());
  core_.reset(pw_context_connect(context_.get(), nullptr, 0));
  if (!core_) throw error("PipeWire does not run\nhint: {}", kHint);
  core_listener_ = {};
  pw_core_add_listener(core_.get(), &core_listener_, &kCoreEvents, this);
  asked_s_.reset();
  turned_s_ = 0.0;
  there_ = false;
}

void PipeWireWork::close() {
  if (picture_) queue().give_back(*std::exchange(picture_, std::nullopt));
  stream_.reset();
  core_.reset();
  context_.reset();
  if (loop_) pw_loop_leave(loop_.get());
  loop_.reset();
}

// The node, and what its pictures are.
void PipeWireWork::offer() {
  pw_properties* about = pw_properties_new(PW_KEY_MEDIA_CLASS, "Video/Source", PW_KEY_MEDIA_TYPE, "Video",
                                           PW_KEY_MEDIA_CATEGORY, "Capture", PW_KEY_MEDIA_ROLE, "Camera",
                                           PW_KEY_NODE_NAME, "Ombra", PW_KEY_NODE_DESCRIPTION, "Ombra", nullptr);
  stream_.reset(pw_stream_new(core_.get(), "Ombra", about));
  if (!stream_) throw error("PipeWire takes no video source\nhint: {}", kHint);
  stream_listener_ = {};
  pw_stream_add_listener(stream_.get(), &stream_listener_, &kStreamEvents, this);
  std::array<std::uint8_t, 1024> memory{};
  spa_pod_builder builder = SPA_POD_BUILDER_INIT(memory.data(), static_cast<std::uint32_t>(memory.size()));
  const spa_rectangle size = {static_cast<std::uint32_t>(width_), static_cast<std::uint32_t>(height_)};
  const spa_fraction rate = {static_cast<std::uint32_t>(std::lround(1000.0 * fps_)), 1000}, least = {0, 1};
  const auto* format = static_cast<const spa_pod*>(spa_pod_builder_add_object(
      &builder, SPA_TYPE_OBJECT_Format, SPA_PARAM_EnumFormat,      //
      SPA_FORMAT_mediaType, SPA_POD_Id(SPA_MEDIA_TYPE_video),      //
      SPA_FORMAT_mediaSubtype, SPA_POD_Id(SPA_MEDIA_SUBTYPE_raw),  //
      SPA_FORMAT_VIDEO_format,
      SPA_POD_CHOICE_ENUM_Id(3, SPA_VIDEO_FORMAT_RGBx, SPA_VIDEO_FORMAT_RGBx, SPA_VIDEO_FORMAT_BGRx),  //
      SPA_FORMAT_VIDEO_size, SPA_POD_Rectangle(&size),                                                 //
      SPA_FORMAT_VIDEO_framerate, SPA_POD_CHOICE_RANGE_Fraction(&rate, &least, &rate)));
  const int code =
      pw_stream_connect(stream_.get(), PW_DIRECTION_OUTPUT, PW_ID_ANY,
                        static_cast<pw_stream_flags>(PW_STREAM_FLAG_DRIVER | PW_STREAM_FLAG_MAP_BUFFERS), &format, 1);
  if (code < 0) throw error("PipeWire takes no video source: {}\nhint: {}", std::strerror(-code), kHint);
}

void PipeWireWork::state(pw_stream_state state, const char* fault) {
  if (state == PW_STREAM_STATE_ERROR || state == PW_STREAM_STATE_UNCONNECTED) {
    if (fault_.empty()) fault_ = fault && *fault ? pipewire_fault(0, fault) : "the source was removed";
    return;
  }
  take(state == PW_STREAM_STATE_STREAMING);
  if (state != PW_STREAM_STATE_PAUSED) return;
  if (!std::exchange(there_, true)) connected();
  tell([](OutletStatus& s) {
    s.state = OutletStatus::State::kReady;
    s.message.clear();
  });
}

// The other side has chosen among what was offered. It is told what memory that needs.
void PipeWireWork::format(const spa_pod* pod) {
  spa_video_info_raw chosen{};
  if (spa_format_video_raw_parse(pod, &chosen) < 0) return;
  swapped_ = chosen.format == SPA_VIDEO_FORMAT_BGRx;
  rate_ = chosen.framerate.denom > 0 ? static_cast<double>(chosen.framerate.num) / chosen.framerate.denom : 0.0;
  std::array<std::uint8_t, 512> memory{};
  spa_pod_builder builder = SPA_POD_BUILDER_INIT(memory.data(), static_cast<std::uint32_t>(memory.size()));
  const std::array<const spa_pod*, 2> params = {
      static_cast<const spa_pod*>(spa_pod_builder_add_object(
          &builder, SPA_TYPE_OBJECT_ParamBuffers, SPA_PARAM_Buffers,                       //
          SPA_PARAM_BUFFERS_buffers, SPA_POD_CHOICE_RANGE_Int(kBuffers, 2, kMostBuffers),  //
          SPA_PARAM_BUFFERS_blocks, SPA_POD_Int(1),                                        //
          SPA_PARAM_BUFFERS_size, SPA_POD_Int(stride() * height_),                         //
          SPA_PARAM_BUFFERS_stride, SPA_POD_Int(stride()),                                 //
          SPA_PARAM_BUFFERS_dataType, SPA_POD_CHOICE_FLAGS_Int(1 << SPA_DATA_MemFd | 1 << SPA_DATA_MemPtr))),
      static_cast<const spa_pod*>(spa_pod_builder_add_object(
          &builder, SPA_TYPE_OBJECT_ParamMeta, SPA_PARAM_Meta, SPA_PARAM_META_type, SPA_POD_Id(SPA_META_Header),
          SPA_PARAM_META_size, SPA_POD_Int(static_cast<int>(sizeof(spa_meta_header)))))};
  auto* list = const_cast<const spa_pod**>(params.data());
  pw_stream_update_params(stream_.get(), list, static_cast<std::uint32_t>(params.size()));
  tell([this](OutletStatus& s) { s.detail = fmt::format("{} x {}, {}", width_, height_, swapped_ ? "BGRx" : "RGBx"); });
}

// Listens to the daemon, and asks it now and then: one that hangs says nothing.
void PipeWireWork::turn() {
  pw_loop_iterate(loop_.get(), 0);
  const double now = now_s();
  if (asked_s_ && now - *asked_s_ > kAnswerS && fault_.empty()) fault_ = "it does not answer";
  if (asked_s_ || now - turned_s_ < kAskEveryS) return;
  turned_s_ = now;
  asked_s_ = now;
  pw_core_sync(core_.get(), PW_ID_CORE, 0);
}

// Fewer where the other side wants fewer.
bool PipeWireWork::due(double time_s) {
  if (rate_ > 0.0 && time_s - given_s_ < 1.0 / rate_ - 0.5 / fps_) return false;
  given_s_ = time_s;
  return true;
}

void PipeWireWork::give(const LiveQueue::Picture& picture) {
  if (picture_) queue().give_back(*picture_);
  picture_ = picture;
  if (takes() && due(picture.time_s)) pw_stream_trigger_process(stream_.get());  // calls fill(), now or later
}

void PipeWireWork::fill() {
  if (!picture_) return;
  pw_buffer* buffer = pw_stream_dequeue_buffer(stream_.get());
  if (!buffer) return;  // the other side has all of them still
  const bool filled = fill_buffer(picture_->rgba, width_, height_, swapped_, *buffer->buffer);
  auto* header = static_cast<spa_meta_header*>(
      spa_buffer_find_meta_data(buffer->buffer, SPA_META_Header, sizeof(spa_meta_header)));
  if (header) {
    *header = {};
    header->pts = static_cast<std::int64_t>(1e9 * now_s());
    header->seq = sequence_++;
  }
  pw_stream_queue_buffer(stream_.get(), buffer);
  if (filled) return given();
  tell([this](OutletStatus& s) {
    ++s.left_out;
    s.message = fmt::format("PipeWire: the other side has no memory for pictures of {} x {}", width_, height_);
  });
}

}  // namespace

std::unique_ptr<Outlet> make_pipewire_source(int width, int height, double fps) {
  return std::make_unique<Outlet>(std::make_shared<PipeWireWork>(width, height, fps), fps);
}

}  // namespace ombra::media
