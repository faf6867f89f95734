#include "audio/listener.hpp"

#include "audio/analysis.hpp"
#include "audio/capture.hpp"
#include "audio/denormals.hpp"
#include "audio/devices.hpp"
#include "audio/player.hpp"
#include "core/clock.hpp"
#include "core/error.hpp"
#include "core/log.hpp"

#include <pthread.h>

#include <algorithm>
#include <array>
#include <atomic>
#include <chrono>
#include <condition_variable>
#include <mutex>
#include <stop_token>
#include <thread>

namespace ombra::audio {
namespace {

constexpr std::size_t kFrames = 1024;  // ten seconds of hops until a reader that sleeps misses some
constexpr auto kTick = std::chrono::milliseconds(4);
constexpr auto kWatch = std::chrono::milliseconds(200);
constexpr double kSearchS = 1.0;  // a missing device is looked for this often
constexpr double kGapS = 0.3;     // without sound for so long, silence is analysed on the clock instead
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
    drop_sources();  // the stream first, then the thread that reads from it
    analysis_.request_stop();
    analysis_.join();
  }

  // --- any thread that holds control_ ---

  void use(std::shared_ptr<Source> source) {
    const std::scoped_lock lock(source_mutex_);
    source_ = std::move(source);
    ++source_generation_;
  }

  void drop_sources() {
    if (capture_) capture_->close();
    if (player_) player_->close();
    capture_.reset();
    player_.reset();
    use(nullptr);
  }

  void say(const std::string& source, const std::string& message, bool is_recording) {
    const std::scoped_lock lock(status_mutex_);
    if (!message.empty() && message != status_.message) log::info("listening: {}", message);
    status_.source = source;
    status_.message = message;
    status_.is_recording = is_recording;
  }

  // Opens the wanted input. fresh: with a new device list. -> success
  bool open_input(bool fresh) {
    try {
      if (fresh) session_.reset();
      if (!session_) session_ = std::make_unique<PortAudio>();
      // after a loss the same device is wanted, whatever its number is now
      const auto device = find_input(device_name_.empty() ? wanted_ : device_name_);
      if (!device) {
        say(wanted_, wanted_.empty() ? "no sound input found" : fmt::format("no input called {}", wanted_), false);
        return false;
      }
      capture_ = std::make_shared<Capture>(device->number);
      if (!wanted_.empty()) device_name_ = device->name;
      use(capture_);
      say(capture_->name(), "", false);
      const std::scoped_lock lock(status_mutex_);
      status_.rate_hz = capture_->rate_hz();
      status_.capture_latency_s = capture_->latency_s();
      return true;
    } catch (const Error& e) {
      capture_.reset();
      say(wanted_, first_line(e.what()), false);
      return false;
    }
  }

  void start_player(bool audible, std::uint64_t at) {
    std::string message;
    if (audible) {
      try {
        player_ = std::make_shared<Player>(recording_, true, at);
      } catch (const Error& e) {
        message = fmt::format("playing silently: {}", first_line(e.what()));
      }
    }
    if (!player_) player_ = std::make_shared<Player>(recording_, false, at);
    use(player_);
    say(recording_->name, message, true);
    const std::scoped_lock lock(status_mutex_);
    status_.rate_hz = recording_->rate_hz;
    status_.capture_latency_s = 0.0;
  }

  void check_source() {
    const double now = now_s();
    if (capture_ && !capture_->healthy(now)) {
      say(capture_->name(), fmt::format("{} is gone; looking for it", capture_->name()), false);
      drop_sources();
      lost_ = true;
      next_search_s_ = now;
    }
    if (searching_ && !capture_ && now >= next_search_s_) {
      if (open_input(true)) {
        if (lost_) {
          const std::scoped_lock lock(status_mutex_);
          ++status_.reconnects;
        }
        lost_ = false;
      }
      next_search_s_ = now_s() + kSearchS;
    }
    if (player_ && !player_->healthy(now)) {
      const std::uint64_t at = player_->position();
      drop_sources();
      start_player(false, at);
      say(recording_->name, "the sound output is gone; playing silently", true);
    }
    if (capture_) {
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
    double heard_s = now_s();  // up to here the analysis has come
    double sound_s = heard_s - kGapS;
    while (!stop.stop_requested()) {
      {
        const std::scoped_lock lock(source_mutex_);
        if (generation != source_generation_) {
          source = source_;
          generation = source_generation_;
        }
      }
      if (source && source->rate_hz() != analyser->rate_hz()) {
        analyser = std::make_unique<Analyser>(source->rate_hz(), analyser->grid());
      }
      double end_s = 0.0;
      while (const std::size_t n = source ? source->read(block, end_s) : 0) {
        publish(*analyser, std::span<const float>(block).first(n), end_s);
        heard_s = std::max(heard_s, end_s);
        sound_s = now_s();
      }
      const double now = now_s();
      live_.store(now - sound_s < kGapS, std::memory_order_relaxed);
      if (now - sound_s > kGapS) {
        block.fill(0.0f);
        const double hop_s = 0.01;
        const auto hop = std::min(kBlock, static_cast<std::size_t>(hop_s * analyser->rate_hz()));
        for (heard_s = std::max(heard_s, now - 1.0); heard_s + hop_s <= now; heard_s += hop_s) {
          publish(*analyser, std::span<const float>(block).first(hop), heard_s + hop_s);
        }
      }
      std::this_thread::sleep_for(kTick);
    }
  }

  void publish(Analyser& analyser, std::span<const float> mono, double end_s) {
    AudioFrame frame;
    while (!mono.empty()) {
      if (analyser.take(mono, end_s, frame)) frames_.push({&frame, 1});
    }
  }

  // guarded by control_
  std::mutex control_;
  std::condition_variable_any wake_;
  std::unique_ptr<PortAudio> session_;
  std::shared_ptr<Capture> capture_;
  std::shared_ptr<Player> player_;
  std::shared_ptr<const Recording> recording_;
  std::string wanted_, device_name_;
  bool searching_ = false, lost_ = false;
  double next_search_s_ = 0.0;

  // guarded by status_mutex_
  mutable std::mutex status_mutex_;
  ListenerStatus status_;

  // guarded by source_mutex_
  std::mutex source_mutex_;
  std::shared_ptr<Source> source_;
  std::uint64_t source_generation_ = 1;

  // shared: analysis thread -> the reader of next()
  SpscRing<AudioFrame> frames_{kFrames};
  std::atomic<bool> live_{false};

  std::jthread analysis_, watch_;
};

Listener::Listener() : body_(std::make_unique<Body>()) {}
Listener::~Listener() = default;

bool Listener::open(const std::string& device) {
  const std::scoped_lock lock(body_->control_);
  body_->drop_sources();
  body_->wanted_ = device;
  body_->device_name_.clear();
  body_->lost_ = false;
  const bool opened = body_->open_input(true);
  body_->searching_ = true;
  body_->next_search_s_ = now_s() + kSearchS;
  return opened;
}

void Listener::play(Recording recording, bool audible) {
  const std::scoped_lock lock(body_->control_);
  body_->searching_ = false;
  body_->drop_sources();
  body_->recording_ = std::make_shared<const Recording>(std::move(recording));
  body_->start_player(audible, 0);
}

bool Listener::next(AudioFrame& frame) { return body_->frames_.pop({&frame, 1}) == 1; }

ListenerStatus Listener::status() const {
  const std::scoped_lock lock(body_->status_mutex_);
  ListenerStatus status = body_->status_;
  status.live = body_->live_.load(std::memory_order_relaxed);
  return status;
}

}  // namespace ombra::audio
