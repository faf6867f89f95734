#include "audio/input/pulse.hpp"

#include "audio/input/no_answer.hpp"
#include "core/clock.hpp"
#include "core/number.hpp"

#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstdlib>

namespace ombra::audio {
namespace {

constexpr double kAnswerS = 2.0;  // a server that takes longer hangs

std::string text(const char* words) { return words ? words : ""; }

int number(const char* words) { return static_cast<int>(parse_integer(text(words)).value_or(-1)); }

std::string variable(const char* name) { return text(std::getenv(name)); }

NoAnswer no_answer(const std::string& who) {
  return NoAnswer(who + ": does not answer\nhint: restart it, or wait: it is taken up as soon as it answers");
}

// What the answers to inputs() are gathered in, under the lock.
struct Answers {
  std::string sink, source, software;
  std::vector<InputDevice> inputs;
  std::vector<std::uint32_t> sinks;  // of inputs[i]: the output that it is a monitor of
  std::vector<OtherStream> others;
};

void on_server(pa_context*, const pa_server_info* info, void* answers) noexcept {
  if (!info) return;
  auto& a = *static_cast<Answers*>(answers);
  a.sink = text(info->default_sink_name);
  a.source = text(info->default_source_name);
  a.software = text(info->server_name);
}

void on_source(pa_context*, const pa_source_info* info, int end, void* answers) noexcept {
  if (end || !info) return;
  auto& a = *static_cast<Answers*>(answers);
  InputDevice d;
  d.system = InputSystem::kPulse;
  d.host_api = a.software.find("PipeWire") != std::string::npos ? "PipeWire" : "PulseAudio";
  d.id = text(info->name);
  d.name = info->description && *info->description ? info->description : d.id;
  d.channels = info->sample_spec.channels;
  std::array<char, PA_CHANNEL_MAP_SNPRINT_MAX> layout{};
  d.layout = pa_channel_map_snprint(layout.data(), layout.size(), &info->channel_map);
  d.default_rate_hz = info->sample_spec.rate;
  const std::string sink = text(info->monitor_of_sink_name);
  if (info->monitor_of_sink != PA_INVALID_INDEX) {
    d.kind = InputKind::kMonitor;
    if (d.name.rfind("Monitor", 0) != 0) d.name = "Monitor of " + d.name;
  }
  const std::string demanded = variable("PULSE_SOURCE"), demanded_sink = variable("PULSE_SINK");
  d.demanded = !demanded.empty() && d.id == demanded;
  d.standard =
      d.kind == InputKind::kMonitor ? sink == (demanded_sink.empty() ? a.sink : demanded_sink) : d.id == a.source;
  d.available = !info->active_port || info->active_port->available != PA_PORT_AVAILABLE_NO;
  if (d.kind == InputKind::kInput) d.card = number(pa_proplist_gets(info->proplist, "alsa.card"));
  a.inputs.push_back(std::move(d));
  a.sinks.push_back(info->monitor_of_sink);
}

// Is it a sound of this program? PipeWire's own clients need not name their process, but its binary.
bool is_ours(const pa_proplist* about) {
  if (const char* process = pa_proplist_gets(about, PA_PROP_APPLICATION_PROCESS_ID))
    return number(process) == ::getpid();
  const char* binary = pa_proplist_gets(about, PA_PROP_APPLICATION_PROCESS_BINARY);
  return binary && text(binary) == text(program_invocation_short_name);
}

void on_playing(pa_context*, const pa_sink_input_info* info, int end, void* answers) noexcept {
  if (end || !info || info->corked || is_ours(info->proplist)) return;
  static_cast<Answers*>(answers)->others.push_back({info->index, info->sink, {}});
}

}  // namespace

PulseServer::PulseServer() {
  loop_ = pa_threaded_mainloop_new();
  if (!loop_) throw error("sound server: no memory for a connection\nhint: close another program");
  pa_threaded_mainloop_set_name(loop_, "ombra pulse");
  try {
    connect();
  } catch (...) {
    disconnect();
    throw;
  }
}

PulseServer::~PulseServer() { disconnect(); }

void PulseServer::connect() {
  context_ = pa_context_new(api(), "Ombra");
  if (!context_) throw error("sound server: no memory for a connection\nhint: close another program");
  pa_context_set_state_callback(context_, on_state, this);
  if (pa_context_connect(context_, nullptr, PA_CONTEXT_NOAUTOSPAWN, nullptr) < 0 ||
      pa_threaded_mainloop_start(loop_) < 0) {
    throw fault("sound server", "cannot be reached");
  }
  const Lock lock(*this);
  const bool decided = wait(kAnswerS, [this] {
    const pa_context_state_t state = pa_context_get_state(context_);
    return state == PA_CONTEXT_READY || !PA_CONTEXT_IS_GOOD(state);
  });
  if (!decided) throw no_answer("sound server");
  if (pa_context_get_state(context_) != PA_CONTEXT_READY) throw fault("sound server", "cannot be reached");
  pa_context_set_subscribe_callback(context_, on_event, this);
  const int what = PA_SUBSCRIPTION_MASK_SINK | PA_SUBSCRIPTION_MASK_SOURCE | PA_SUBSCRIPTION_MASK_SERVER;
  finish({pa_context_subscribe(context_, static_cast<pa_subscription_mask_t>(what), nullptr, nullptr)}, "sound server",
         "does not answer");
}

void PulseServer::disconnect() noexcept {
  if (context_) {
    const Lock lock(*this);
    pa_context_set_state_callback(context_, nullptr, nullptr);
    pa_context_set_subscribe_callback(context_, nullptr, nullptr);
    pa_context_disconnect(context_);
    pa_context_unref(context_);
  }
  pa_threaded_mainloop_stop(loop_);
  pa_threaded_mainloop_free(loop_);
}

void PulseServer::on_state(pa_context* context, void* self) noexcept {
  auto& server = *static_cast<PulseServer*>(self);
  server.alive_.store(pa_context_get_state(context) == PA_CONTEXT_READY, std::memory_order_release);
  server.wake();
}

void PulseServer::on_event(pa_context*, pa_subscription_event_type_t type, uint32_t, void* self) noexcept {
  // meters and volumes of the desktop change all the time: what counts is what comes, goes or becomes the default
  const bool server = (type & PA_SUBSCRIPTION_EVENT_FACILITY_MASK) == PA_SUBSCRIPTION_EVENT_SERVER;
  const bool change = (type & PA_SUBSCRIPTION_EVENT_TYPE_MASK) == PA_SUBSCRIPTION_EVENT_CHANGE;
  if (server || !change) static_cast<PulseServer*>(self)->changes_.fetch_add(1, std::memory_order_relaxed);
}

bool PulseServer::wait(double most_s, const std::function<bool()>& done) {
  const double until_s = now_s() + most_s;
  const auto wake_up = [](pa_mainloop_api*, pa_time_event*, const timeval*, void* self) {
    static_cast<PulseServer*>(self)->wake();
  };
  pa_time_event* alarm =
      pa_context_rttime_new(context_, pa_rtclock_now() + static_cast<pa_usec_t>(1e6 * most_s), wake_up, this);
  while (!done() && now_s() < until_s) pa_threaded_mainloop_wait(loop_);
  if (alarm) api()->time_free(alarm);
  return done();
}

void PulseServer::finish(std::initializer_list<pa_operation*> operations, const std::string& who, const char* what) {
  const auto ended = [&operations] {
    return std::none_of(operations.begin(), operations.end(),
                        [](pa_operation* o) { return o && pa_operation_get_state(o) == PA_OPERATION_RUNNING; });
  };
  for (pa_operation* operation : operations) {
    if (!operation) continue;
    pa_operation_set_state_callback(
        operation, [](pa_operation*, void* self) { static_cast<PulseServer*>(self)->wake(); }, this);
  }
  const bool in_time = wait(kAnswerS, ended);
  const bool done = std::all_of(operations.begin(), operations.end(),
                                [](pa_operation* o) { return o && pa_operation_get_state(o) == PA_OPERATION_DONE; });
  for (pa_operation* operation : operations) {
    if (!operation) continue;
    if (pa_operation_get_state(operation) == PA_OPERATION_RUNNING) pa_operation_cancel(operation);
    pa_operation_unref(operation);
  }
  if (!in_time) throw no_answer(who);
  if (!done) throw fault(who, what);
}

void PulseServer::wait_ready(pa_stream* stream, const std::string& who, const char* what) {
  const bool decided = wait(kAnswerS, [stream] {
    const pa_stream_state_t state = pa_stream_get_state(stream);
    return state == PA_STREAM_READY || !PA_STREAM_IS_GOOD(state);
  });
  if (!decided) throw no_answer(who);
  if (pa_stream_get_state(stream) != PA_STREAM_READY) throw fault(who, what);
}

Error PulseServer::fault(const std::string& who, const char* what) const {
  const int code = context_ ? pa_context_errno(context_) : PA_ERR_INTERNAL;
  return error("{}: {}: {}\nhint: `ombra devices` lists the inputs; `pactl info` asks the sound server itself", who,
               what, code == PA_OK ? "no answer" : pa_strerror(code));
}

std::vector<InputDevice> PulseServer::inputs(std::vector<OtherStream>* others) {
  Answers answers;
  const Lock lock(*this);
  // asked for at once and answered in this order: the sources are told by what the server said before
  finish({pa_context_get_server_info(context_, on_server, &answers),
          pa_context_get_source_info_list(context_, on_source, &answers),
          pa_context_get_sink_input_info_list(context_, on_playing, &answers)},
         "sound server", "does not list its inputs");
  pipewire_ = answers.software.find("PipeWire") != std::string::npos;
  for (std::size_t i = 0; i < answers.inputs.size(); ++i) {
    for (OtherStream& stream : answers.others) {
      if (stream.sink != answers.sinks[i]) continue;
      stream.id = answers.inputs[i].id;
      answers.inputs[i].playing = true;
    }
  }
  if (others) *others = std::move(answers.others);
  return std::move(answers.inputs);
}

}  // namespace ombra::audio
