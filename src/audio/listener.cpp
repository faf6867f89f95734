#include "audio/listener.hpp"

#include "audio/analysis.hpp"
#include "audio/denormals.hpp"
#include "audio/player.hpp"
#include "audio/port_capture.hpp"
#include "audio/pulse_capture.hpp"
#include "core/clock.hpp"
#include "core/error.hpp"
#include "core/log.hpp"

#include <pthread.h>

#include <algorithm>
#include <array>
#include <atomic>
#include <chrono>
#include <cmath>
#include <condition_variable>
#include <mutex>
#include <optional>
#include <stop_token>
#include <thread>

namespace ombra::audio {
namespace {

constexpr std::size_t kFrames = 1024;  // ten seconds of hops until a reader that sleeps misses some
constexpr auto kTick = std::chrono::milliseconds(4);
constexpr auto kWatch = std::chrono::milliseconds(100);
constexpr double kSearchS = 1.0, kServerSearchS = 0.3;  // a missing device is looked for this often; one of a server
constexpr double kFirstSoundS = 2.5;                    // a new device has this long to be heard
constexpr double kGapS = 0.3;          // without sound for so long, silence is analysed on the clock instead
constexpr double kMostOverlapS = 1.0;  // two sources whose times differ more do not share a clock
constexpr double kHopS = 0.01;
constexpr int kLeastSharedHz = 32000;  // a server delivers at the rate of the analysis, if that is no less
constexpr std::size_t kBlock = 1024;

void name_thread(const char* name) {
#if defined(__linux__)
  pthread_setname_np(pthread_self(), name);
#else
  static_cast<void>(name);
#endif
}

std::string first_line(const std::string& text) { return text.substr(0, text.find('\n')); }

}  // namespace

struct Listener::Body {
  Body() {
    analysis_ = std::jthread([this](const std::stop_token& stop) { run_analysis(stop); });
    watch_ = std::jthread([this](const std::stop_token& stop) { run_watch(stop); });
  }

  ~Body() {
    watch_.request_stop();
    wake_.notify_all();
    watch_.join();
    replace(nullptr, nullptr);  // the stream first, then the thread that reads from it
    analysis_.request_stop();
    analysis_.join();
  }

  // --- any thread that holds control_ ---

  void use(std::shared_ptr<Source> source) {
    const std::scoped_lock lock(source_mutex_);
    source_ = std::move(source);
    ++source_generation_;
  }

  // The new source takes over, then the old one ends. Both may be null.
  void replace(std::shared_ptr<Capture> capture, std::shared_ptr<Player> player) {
    capture ? use(capture) : use(player);
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

  // -> the inputs of now; without PortAudio's it is quick
  std::vector<InputDevice> look(bool with_port_audio) {
    std::vector<InputDevice> pulse, port;
    try {
      if (!pulse_ || !pulse_->alive()) {
        pulse_.reset();
        pulse_ = std::make_shared<PulseServer>();
      }
      pulse = pulse_->inputs();
    } catch (const Error&) {
      pulse_.reset();  // there is no sound server, or it has just gone
    }
    try {
      if (with_port_audio) port = port_audio_inputs();
    } catch (const Error&) {
      port.clear();
    }
    return merge_inputs(std::move(pulse), std::move(port), pulse_ && pulse_->is_pipewire());
  }

  std::shared_ptr<Capture> make_capture(const InputDevice& device) {
    if (device.system != InputSystem::pulse) return std::make_shared<PortCapture>(device);
    const int rate_hz = analysis_hz_.load(std::memory_order_relaxed);
    return std::make_shared<PulseCapture>(pulse_, device, rate_hz >= kLeastSharedHz ? rate_hz : 0);
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
      say(device.name, capture->trouble(), false);
      const std::scoped_lock lock(status_mutex_);
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
    std::unique_ptr<PortAudio> session;  // keeps PortAudio's numbers until the device is open
    try {
      session = std::make_unique<PortAudio>();
    } catch (const Error&) {
      session.reset();
    }
    const auto device = choose_input(look(session != nullptr), text);
    if (device) return open_device(*device);
    const bool heard = capture_ || player_;
    say(heard ? status_.source : text, text.empty() ? "no sound input found" : fmt::format("no input called {}", text),
        player_ != nullptr);
    return false;
  }

  // The lost input, by its name and whatever its number is now; one that nobody asked for may be replaced by another.
  bool open_again() {
    if (!lost_ || lost_->system != InputSystem::pulse) return open_input(lost_ ? lost_->name : wanted_);
    const std::vector<InputDevice> inputs = look(false);
    const auto same = std::find_if(inputs.begin(), inputs.end(), [this](const auto& d) { return d.id == lost_->id; });
    if (same != inputs.end()) return open_device(*same);
    auto device = choose_input(inputs, lost_->name);
    if (!device && wanted_.empty()) device = choose_input(inputs, "");
    return device && open_device(*device);
  }

  // The desktop's sound, taken because nothing was asked for, moves with the desktop's default output.
  void follow_default() {
    if (!capture_ || !wanted_.empty() || !pulse_ || pulse_->changes() == seen_changes_) return;
    seen_changes_ = pulse_->changes();
    const InputDevice& now = capture_->device();
    if (now.kind != InputKind::monitor || !now.standard || now.demanded) return;
    for (const InputDevice& d : look(false)) {
      if (d.kind == InputKind::monitor && d.standard) return void(open_device(d));
    }
  }

  void start_player(bool audible, std::uint64_t at) {
    std::string message;
    std::shared_ptr<Player> player;
    if (audible) {
      try {
        player = std::make_shared<Player>(recording_, true, at, &hushed_);
      } catch (const Error& e) {
        message = fmt::format("playing silently: {}", first_line(e.what()));
      }
    }
    if (!player) player = std::make_shared<Player>(recording_, false, at);
    replace(nullptr, player);
    say(recording_->name, message, true);
    const std::scoped_lock lock(status_mutex_);
    status_.kind = InputKind::recording;
    status_.rate_hz = recording_->rate_hz;
    status_.capture_latency_s = 0.0;
  }

  void check_source() {
    const double now = now_s();
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
      }
      next_search_s_ = now_s() + (lost_ && lost_->system == InputSystem::pulse ? kServerSearchS : kSearchS);
    }
    follow_default();
    if (player_ && !player_->healthy(now)) {
      start_player(false, player_->position());
      say(recording_->name, "the sound output is gone; playing silently", true);
    }
    if (capture_) {
      if (capture_->trouble() != trouble_) say(capture_->name(), trouble_ = capture_->trouble(), false);
      const std::scoped_lock lock(status_mutex_);
      status_.overruns = capture_->ring().overruns();
      status_.dropped_samples = capture_->ring().dropped_frames();
    }
  }

  // --- threads ---

  void run_watch(const std::stop_token& stop) {
    name_thread("ombra watch");
    std::unique_lock lock(control_);
    while (!stop.stop_requested()) {
      wake_.wait_for(lock, stop, kWatch, [&stop] { return stop.stop_requested(); });
      if (!stop.stop_requested()) check_source();
    }
  }

  void run_analysis(const std::stop_token& stop) {
    name_thread("ombra analysis");
    flush_denormals();
    std::shared_ptr<Source> source;
    std::uint64_t generation = 0;
    auto analyser = std::make_unique<Analyser>(48000, BeatGrid{now_s(), 0.0});
    std::array<float, kBlock> block{};
    std::array<float, 2 * kBlock> stereo{};
    double heard_s = now_s();  // up to here the analysis has come
    double sound_s = heard_s - kGapS;
    bool joined = true;
    while (!stop.stop_requested()) {
      {
        const std::scoped_lock lock(source_mutex_);
        if (generation != source_generation_) {
          source = source_;
          generation = source_generation_;
          joined = false;
        }
      }
      if (source && source->rate_hz() != analyser->rate_hz()) {
        analyser = std::make_unique<Analyser>(source->rate_hz(), analyser->grid());
      }
      if (source && !joined && source->from_its_beginning()) analyser->after_silence();
      if (source) analysis_hz_.store(analyser->rate_hz(), std::memory_order_relaxed);
      double end_s = 0.0;
      while (const std::size_t n = source ? source->read(block, end_s, stereo) : 0) {
        std::span<const float> mono = std::span<const float>(block).first(n);
        sound_s = now_s();
        if (!joined) joined = join(*analyser, mono, end_s, heard_s);
        const auto both = std::span<const float>(stereo).subspan(2 * (n - mono.size()), 2 * mono.size());
        taps_.push(both, source->rate_hz(), end_s);
        publish(*analyser, mono, end_s, source->arrived_s());
        heard_s = std::max(heard_s, end_s);
      }
      const double now = now_s();
      live_.store(now - sound_s < kGapS, std::memory_order_relaxed);
      if (now - sound_s > kGapS) {
        heard_s = std::max(heard_s, now - 1.0);
        be_silent(*analyser, heard_s, now);
      }
      std::this_thread::sleep_for(kTick);
    }
  }

  // Hops of silence from heard_s, which goes with them, to until_s.
  void be_silent(Analyser& analyser, double& heard_s, double until_s) {
    static constexpr std::array<float, kBlock> kSilence{};
    const auto hop = std::min(kBlock, static_cast<std::size_t>(kHopS * analyser.rate_hz()));
    for (; heard_s + kHopS <= until_s; heard_s += kHopS) {
      publish(analyser, std::span<const float>(kSilence).first(hop), heard_s + kHopS, now_s());
    }
  }

  // The first samples of a new source, the last of which was heard at end_s, begin where the analysis is: what is older
  // is left out, what is missing is silence. -> false: all of them are older
  bool join(Analyser& analyser, std::span<const float>& mono, double end_s, double& heard_s) {
    const double rate_hz = analyser.rate_hz(), start_s = end_s - static_cast<double>(mono.size()) / rate_hz;
    if (std::abs(start_s - heard_s) > kMostOverlapS) return true;
    if (start_s >= heard_s) {
      be_silent(analyser, heard_s, start_s);
      return true;
    }
    mono = mono.subspan(std::min(mono.size(), static_cast<std::size_t>((heard_s - start_s) * rate_hz)));
    return !mono.empty();
  }

  void publish(Analyser& analyser, std::span<const float> mono, double end_s, double arrived_s) {
    Hop hop;
    while (!mono.empty()) {
      if (!analyser.take(mono, end_s, hop.frame)) continue;
      hop.times = {arrived_s, now_s()};
      hops_.push({&hop, 1});
    }
  }

  // guarded by control_
  std::mutex control_;
  std::condition_variable_any wake_;
  std::shared_ptr<PulseServer> pulse_;  // null: there is none
  std::uint64_t seen_changes_ = 0;
  std::shared_ptr<Capture> capture_;
  std::atomic<bool> hushed_{false};  // shared with the audio callback of player_
  std::shared_ptr<Player> player_;
  std::shared_ptr<const Recording> recording_;
  std::string wanted_;               // as it was asked for; "": the default
  std::string trouble_;              // what the present input has said last
  std::optional<InputDevice> lost_;  // is looked for
  bool searching_ = false;
  double next_search_s_ = 0.0;

  // guarded by status_mutex_
  mutable std::mutex status_mutex_;
  ListenerStatus status_;

  // guarded by source_mutex_
  std::mutex source_mutex_;
  std::shared_ptr<Source> source_;
  std::uint64_t source_generation_ = 1;

  // shared: analysis thread -> the reader of next()
  struct Hop {
    AudioFrame frame;
    HopTimes times;
  };
  SpscRing<Hop> hops_{kFrames};
  SoundTap taps_;
  std::atomic<bool> live_{false};
  // shared: analysis thread -> whoever opens an input
  std::atomic<int> analysis_hz_{0};  // 0: nothing was analysed yet

  std::jthread analysis_, watch_;
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
  const auto next = std::make_shared<const Recording>(std::move(recording));
  const Player check(next, false);  // throws before anything changes
  body_->searching_ = false;
  body_->lost_.reset();
  body_->recording_ = next;
  body_->start_player(audible, 0);
}

void Listener::hush(bool on) { body_->hushed_.store(on, std::memory_order_relaxed); }

void Listener::tap(bool on) { body_->taps_.turn(on); }

SoundTap& Listener::sounds() { return body_->taps_; }

bool Listener::next(AudioFrame& frame, HopTimes* times) {
  Body::Hop hop;
  if (body_->hops_.pop({&hop, 1}) == 0) return false;
  frame = hop.frame;
  if (times) *times = hop.times;
  return true;
}

ListenerStatus Listener::status() const {
  const std::scoped_lock lock(body_->status_mutex_);
  ListenerStatus status = body_->status_;
  status.live = body_->live_.load(std::memory_order_relaxed);
  return status;
}

}  // namespace ombra::audio
