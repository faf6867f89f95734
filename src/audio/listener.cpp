#include "audio/listener.hpp"

#include "audio/hearing.hpp"
#include "audio/lookout.hpp"
#include "audio/no_answer.hpp"
#include "audio/player.hpp"
#include "audio/port_capture.hpp"
#include "audio/pulse_capture.hpp"
#include "core/clock.hpp"
#include "core/error.hpp"
#include "core/log.hpp"

#include <pthread.h>

#include <algorithm>
#include <atomic>
#include <chrono>
#include <condition_variable>
#include <mutex>
#include <optional>
#include <stop_token>
#include <thread>

namespace ombra::audio {
namespace {

constexpr auto kTick = std::chrono::milliseconds(4);
constexpr auto kWatch = std::chrono::milliseconds(100);
constexpr double kSearchS = 1.0, kServerSearchS = 0.3;  // a missing device is looked for this often; one of a server
constexpr double kFirstSoundS = 2.5;                    // a new device has this long to be heard
constexpr int kLeastSharedHz = 32000;   // a server delivers at the rate of the analysis, if that is no less
constexpr double kQuietS = 6.0;         // an input that nobody chose may be left when nothing was loud for so long
constexpr double kOutputSearchS = 3.0;  // an output that has gone is tried this often

std::string first_line(const std::string& text) { return text.substr(0, text.find('\n')); }

}  // namespace

struct Listener::Body {
  Body() {
    watch_ = std::jthread([this](const std::stop_token& stop) { run_watch(stop); });
  }

  ~Body() {
    watch_.request_stop();
    wake_.notify_all();
    watch_.join();
    replace(nullptr, nullptr);  // the stream first, then the thread that reads from it
  }

  // --- any thread that holds control_ ---

  // The new source takes over, then the old one ends. Both may be null.
  void replace(std::shared_ptr<Capture> capture, std::shared_ptr<Player> player) {
    capture ? hearing_.use(capture) : hearing_.use(player);
    std::swap(capture, capture_);
    std::swap(player, player_);
    if (capture) capture->close();
    if (player) player->close();
  }

  void say(const std::string& source, const std::string& message, bool is_recording) {
    const std::scoped_lock lock(status_mutex_);
    if (!message.empty() && message != status_.message) log::info("listening: {}", message);
    status_.source = source;
    status_.message = message;
    status_.is_recording = is_recording;
  }

  std::shared_ptr<Capture> make_capture(const InputDevice& device) {
    std::shared_ptr<Capture> capture;
    if (device.system == InputSystem::pulse) {
      const int rate_hz = hearing_.rate_hz();
      capture = std::make_shared<PulseCapture>(systems_.server(), device, rate_hz >= kLeastSharedHz ? rate_hz : 0);
    } else {
      capture = std::make_shared<PortCapture>(device);
    }
    capture->ring().listen_to(channels_);
    return capture;
  }

  // Opens device, hears it, and only then lets the present source go. -> success
  bool open_device(const InputDevice& device) {
    if (capture_ && capture_->healthy(now_s()) && capture_->device().system == device.system &&
        capture_->device().id == device.id) {
      return true;
    }
    try {
      const std::shared_ptr<Capture> capture = make_capture(device);
      const double patience_s = capture_ || player_ ? kFirstSoundS : 0.0;
      for (const double until_s = now_s() + patience_s; !capture->heard() && now_s() < until_s;) {
        if (!capture->trouble().empty()) break;
        std::this_thread::sleep_for(kTick);
      }
      replace(capture, nullptr);
      stand_in_.reset();
      say(device.name, capture->trouble(), false);
      const std::scoped_lock lock(status_mutex_);
      status_.stands_in = false;
      status_.kind = device.kind;
      status_.rate_hz = capture->rate_hz();
      status_.capture_latency_s = capture->latency_s();
      return true;
    } catch (const Error& e) {
      say(capture_ || player_ ? status_.source : device.name, first_line(e.what()), player_ != nullptr);
      return false;
    }
  }

  // text: as Listener::open
  bool open_input(const std::string& text) {
    std::shared_ptr<PortSession> session;
    const std::vector<InputDevice> inputs = systems_.look(true, &session);
    if (const auto device = choose_input(inputs, text)) return open_device(*device);
    const bool heard = capture_ || player_;
    std::string why = inputs.empty() ? "no sound input found" : "no music is heard at any input";
    if (!text.empty()) why = fmt::format("no input called {}", text);
    if (const std::string hangs = systems_.hangs(); !hangs.empty()) {
      why = hangs + (text.empty() ? "" : "; waiting for " + text);
    }
    say(heard ? status_.source : text, why, player_ != nullptr);
    const std::scoped_lock lock(status_mutex_);
    status_.any_input = !inputs.empty();
    return false;
  }

  // The lost input, by its name and whatever its number is now; one that nobody asked for may be replaced by another.
  bool open_again() {
    if (!lost_ || lost_->system != InputSystem::pulse) return open_input(lost_ ? lost_->name : wanted_);
    const std::vector<InputDevice> inputs = systems_.look(false);
    const auto same = std::find_if(inputs.begin(), inputs.end(), [this](const auto& d) { return d.id == lost_->id; });
    if (same != inputs.end()) return open_device(*same);
    auto device = choose_input(inputs, lost_->name);
    if (!device && wanted_.empty()) device = choose_input(inputs, "");
    return device && open_device(*device);
  }

  // The desktop's sound, taken because nothing was asked for, moves with the desktop's default output.
  void follow_default() {
    const PulseServer* server = systems_.server().get();
    if (!capture_ || !wanted_.empty() || !server || server->changes() == seen_changes_) return;
    seen_changes_ = server->changes();
    const InputDevice& now = capture_->device();
    if (now.kind != InputKind::monitor || !now.standard || now.demanded) return;
    for (const InputDevice& d : systems_.look(false)) {
      if (d.kind == InputKind::monitor && d.standard) return void(open_device(d));
    }
  }

  void start_player(bool audible, std::uint64_t at) {
    std::string message;
    std::shared_ptr<Player> player;
    output_due_ = false;
    try {
      if (audible) player = std::make_shared<Player>(recording_, true, at, hushed_);
    } catch (const Error& e) {
      message = fmt::format("playing silently: {}", first_line(e.what()));
      output_due_ = dynamic_cast<const NoAnswer*>(&e) != nullptr;
    }
    if (!player) player = std::make_shared<Player>(recording_, false, at);
    use_player(player, message);
  }

  // stand_in: as stand_in_
  void play(Recording recording, bool audible, const std::optional<std::string>& stand_in) {
    const auto next = std::make_shared<const Recording>(std::move(recording));
    const Player check(next, false);  // throws before anything changes
    searching_ = false;
    lost_.reset();
    wanted_.clear();
    recording_ = next;
    stand_in_ = stand_in;
    lookout_.end();
    {
      const std::scoped_lock lock(status_mutex_);
      status_.stands_in = stand_in.has_value();
      status_.hangs = systems_.hangs();
      status_.channels.clear();
      status_.unusual.clear();
    }
    start_player(audible, 0);
  }

  void use_player(const std::shared_ptr<Player>& player, const std::string& message) {
    replace(nullptr, player);
    say(recording_->name, message, true);
    const std::scoped_lock lock(status_mutex_);
    status_.kind = InputKind::recording;
    status_.rate_hz = recording_->rate_hz;
    status_.capture_latency_s = 0.0;
  }

  void check_player(double now) {
    if (!player_) return;
    if (!player_->healthy(now)) {
      start_player(false, player_->position());
      say(recording_->name, "the sound output is gone; playing silently", true);
      output_due_ = true;
    }
    if (!output_due_ || now < next_output_s_) return;
    try {
      use_player(std::make_shared<Player>(recording_, true, player_->position(), hushed_), "");
      output_due_ = false;
    } catch (const Error&) {
      next_output_s_ = now_s() + kOutputSearchS;  // it goes on silently
    }
  }

  void check_capture(double now) {
    if (capture_ && !capture_->healthy(now)) {
      say(capture_->name(), fmt::format("{} is gone; looking for it", capture_->name()), false);
      lost_ = capture_->device();
      replace(nullptr, nullptr);
      next_search_s_ = now;
    }
    if (searching_ && !capture_ && now >= next_search_s_) {
      if (open_again()) {
        if (lost_) {
          const std::scoped_lock lock(status_mutex_);
          ++status_.reconnects;
        }
        lost_.reset();
      } else if (lost_ && !systems_.hangs().empty()) {
        say(lost_->name, fmt::format("{}; waiting for {}", systems_.hangs(), lost_->name), false);
      }
      next_search_s_ = now_s() + (lost_ && lost_->system == InputSystem::pulse ? kServerSearchS : kSearchS);
    }
  }

  // What nobody chose may be left for music elsewhere: a recording that stands in, or an input that is silent.
  bool may_leave(double now) const {
    if (!wanted_.empty()) return false;
    if (player_) return stand_in_.has_value();
    return capture_ && !capture_->device().demanded && now - hearing_.last_loud_s() > kQuietS;
  }

  void look_out(double now) {
    if (!may_leave(now)) return lookout_.end();
    const bool audible = player_ && player_->audible() && !hushed_->load(std::memory_order_relaxed);
    const Lookout::Found found = lookout_.look({player_ != nullptr, audible, stand_in_.value_or("")}, now);
    if (player_) player_->fade_out(found.hush);
    if (found.input) take(*found.input);
    const std::scoped_lock lock(status_mutex_);
    status_.any_input = found.any_input;
    status_.hangs = systems_.hangs();
  }

  // The recording or the silence ends.
  void take(const InputDevice& device) {
    if (player_) player_->fade_out(true);
    if (capture_ && capture_->device().id == device.id) return;
    if (!open_device(device)) {
      if (player_) player_->fade_out(false);
      return lookout_.rest_until(now_s() + kSearchS);
    }
    lookout_.end();
    lost_.reset();
    searching_ = true;
    const std::scoped_lock lock(status_mutex_);
    ++status_.taken;
  }

  void check_source() {
    const double now = now_s();
    check_capture(now);
    follow_default();
    check_player(now);
    look_out(now);
    if (!capture_) return;
    if (capture_->trouble() != trouble_) say(capture_->name(), trouble_ = capture_->trouble(), false);
    const InputRing& ring = capture_->ring();
    const ChannelPair pair = ring.heard();
    const std::scoped_lock lock(status_mutex_);
    status_.overruns = ring.overruns();
    status_.dropped_samples = ring.dropped_frames();
    status_.channels = channel_words(pair, ring.channels(), ring.sounding());
    status_.unusual = ring.channels() > 2 && pair.left != 0 && !channels_ ? channel_words(pair) : "";
  }

  // --- threads ---

  void run_watch(const std::stop_token& stop) {
    ::pthread_setname_np(::pthread_self(), "ombra watch");
    std::unique_lock lock(control_);
    while (!stop.stop_requested()) {
      wake_.wait_for(lock, stop, kWatch, [&stop] { return stop.stop_requested(); });
      if (!stop.stop_requested()) check_source();
    }
  }

  // guarded by control_
  std::mutex control_;
  std::condition_variable_any wake_;
  SoundSystems systems_;
  Lookout lookout_{systems_};
  std::uint64_t seen_changes_ = 0;
  std::shared_ptr<Capture> capture_;
  // shared with the audio callback of player_
  std::shared_ptr<std::atomic<bool>> hushed_ = std::make_shared<std::atomic<bool>>(false);
  std::shared_ptr<Player> player_;
  std::shared_ptr<const Recording> recording_;
  std::optional<std::string> stand_in_;  // the recording is one; name of the input that was hoped for
  std::optional<ChannelPair> channels_;  // to listen to
  bool output_due_ = false;              // the recording is to be heard when there is an output again
  double next_output_s_ = 0.0;
  std::string wanted_;               // as it was asked for; "": the default
  std::string trouble_;              // what the present input has said last
  std::optional<InputDevice> lost_;  // is looked for
  bool searching_ = false;
  double next_search_s_ = 0.0;

  // guarded by status_mutex_
  mutable std::mutex status_mutex_;
  ListenerStatus status_;

  Hearing hearing_;     // its thread ends after the streams that it reads from
  std::jthread watch_;  // last
};

Listener::Listener() : body_(std::make_unique<Body>()) {}
Listener::~Listener() = default;

bool Listener::open(const std::string& device) {
  const std::scoped_lock lock(body_->control_);
  const bool opened = body_->open_input(device);
  if (!opened && (body_->capture_ || body_->player_)) return false;  // what was heard goes on
  body_->wanted_ = device;
  body_->lost_.reset();
  body_->searching_ = true;
  body_->next_search_s_ = now_s() + kSearchS;
  return opened;
}

void Listener::play(Recording recording, bool audible) {
  const std::scoped_lock lock(body_->control_);
  body_->play(std::move(recording), audible, std::nullopt);
}

void Listener::play_until_music(Recording recording, bool audible, const std::string& hoped_for) {
  const std::scoped_lock lock(body_->control_);
  body_->play(std::move(recording), audible, hoped_for);
}

void Listener::listen_to(std::optional<ChannelPair> channels) {
  const std::scoped_lock lock(body_->control_);
  body_->channels_ = channels;
  if (body_->capture_) body_->capture_->ring().listen_to(channels);
}

void Listener::hush(bool on) { body_->hushed_->store(on, std::memory_order_relaxed); }

void Listener::tap(bool on) { body_->hearing_.taps().turn(on); }

SoundTap& Listener::sounds() { return body_->hearing_.taps(); }

bool Listener::next(AudioFrame& frame, HopTimes* times) {
  Hearing::Hop hop;
  if (!body_->hearing_.next(hop)) return false;
  frame = hop.frame;
  if (times) *times = hop.times;
  return true;
}

ListenerStatus Listener::status() const {
  const std::scoped_lock lock(body_->status_mutex_);
  ListenerStatus status = body_->status_;
  status.live = body_->hearing_.live();
  return status;
}

}  // namespace ombra::audio
