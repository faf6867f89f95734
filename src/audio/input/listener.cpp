#include "audio/input/listener.hpp"

#include "audio/input/lookout.hpp"
#include "audio/input/present_source.hpp"
#include "core/clock.hpp"
#include "core/process.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <condition_variable>
#include <mutex>
#include <optional>
#include <stop_token>
#include <thread>

namespace ombra::audio {
namespace {

constexpr auto kWatch = std::chrono::milliseconds(100);
constexpr double kSearchS = 1.0, kServerSearchS = 0.3;  // a missing device is looked for this often; one of a server
constexpr double kQuietS = 6.0;  // an input that nobody chose may be left when nothing was loud for so long

}  // namespace

struct Listener::Impl {
  Impl() {
    watch_ = std::jthread([this](const std::stop_token& stop) { run_watch(stop); });
  }

  ~Impl() {
    watch_.request_stop();
    wake_.notify_all();
    watch_.join();
  }

  // --- any thread that holds control_ ---

  // text: as Listener::open
  bool open_input(const std::string& text) {
    std::shared_ptr<PortSession> session;
    const std::vector<InputDevice> inputs = systems_.find_inputs(true, &session);
    if (const auto device = choose_input(inputs, text)) return present_.open_device(*device);
    std::string why = inputs.empty() ? "no sound input found" : "no music is heard at any input";
    if (!text.empty()) why = fmt::format("no input called {}: `ombra devices` names them", text);
    if (const std::string hangs = systems_.hangs(); !hangs.empty()) {
      why = hangs + (text.empty() ? "" : "; waiting for " + text);
    }
    present_.say_failed(text, why);
    present_.change_status([&](ListenerStatus& status) { status.any_input = !inputs.empty(); });
    return false;
  }

  // The lost input, by its name and whatever its number is now; one that nobody asked for may be replaced by another.
  bool open_again() {
    if (!lost_ || lost_->system != InputSystem::kPulse) return open_input(lost_ ? lost_->name : wanted_);
    const std::vector<InputDevice> inputs = systems_.find_inputs(false);
    const auto same = std::find_if(inputs.begin(), inputs.end(), [this](const auto& d) { return d.id == lost_->id; });
    if (same != inputs.end()) return present_.open_device(*same);
    auto device = choose_input(inputs, lost_->name);
    if (!device && wanted_.empty()) device = choose_input(inputs, "");
    return device && present_.open_device(*device);
  }

  // The desktop's sound, taken because nothing was asked for, moves with the desktop's default output.
  void follow_default() {
    const Capture* capture = present_.capture();
    const PulseServer* server = systems_.server().get();
    if (!capture || !wanted_.empty() || !server || server->changes() == seen_changes_) return;
    seen_changes_ = server->changes();
    const InputDevice& now = capture->device();
    if (now.kind != InputKind::kMonitor || !now.standard || now.demanded) return;
    for (const InputDevice& d : systems_.find_inputs(false)) {
      if (d.kind == InputKind::kMonitor && d.standard) return void(present_.open_device(d));
    }
  }

  // stand_in: as PresentSource::play
  void play(Track track, bool audible, const std::optional<std::string>& stand_in) {
    const auto next = std::make_shared<const Track>(std::move(track));
    const Player check(next, false);  // throws before anything changes
    searching_ = false;
    lost_.reset();
    wanted_.clear();
    lookout_.end();
    present_.play(next, audible, stand_in);
  }

  void check_capture(double now) {
    if (const Capture* capture = present_.capture(); capture && !capture->healthy(now)) {
      present_.say(capture->name(), fmt::format("{} is gone; looking for it", capture->name()), false);
      lost_ = capture->device();
      present_.drop();
      next_search_s_ = now;
    }
    if (searching_ && !present_.capture() && now >= next_search_s_) {
      if (open_again()) {
        if (lost_) present_.change_status([](ListenerStatus& status) { ++status.reconnects; });
        lost_.reset();
      } else if (lost_ && !systems_.hangs().empty()) {
        present_.say(lost_->name, fmt::format("{}; waiting for {}", systems_.hangs(), lost_->name), false);
      }
      next_search_s_ = now_s() + (lost_ && lost_->system == InputSystem::kPulse ? kServerSearchS : kSearchS);
    }
  }

  // What nobody chose may be left for music elsewhere: a track that stands in, or an input that is silent.
  bool may_leave(double now) const {
    if (!wanted_.empty()) return false;
    if (present_.player()) return present_.stand_in().has_value();
    const Capture* capture = present_.capture();
    return capture && !capture->device().demanded && now - present_.hearing().last_loud_s() > kQuietS;
  }

  void look_out(double now) {
    if (!may_leave(now)) return lookout_.end();
    Player* player = present_.player();
    const bool audible = player && player->audible() && !present_.muted();
    const Lookout::Found found = lookout_.step({player != nullptr, audible, present_.stand_in().value_or("")}, now);
    if (player) player->fade_out(found.mute);
    if (found.input) take(*found.input);
    present_.change_status([&](ListenerStatus& status) {
      status.any_input = found.any_input;
      status.hangs = systems_.hangs();
    });
  }

  // The track or the silence ends.
  void take(const InputDevice& device) {
    if (Player* player = present_.player()) player->fade_out(true);
    if (present_.capture() && present_.capture()->device().id == device.id) return;
    if (!present_.open_device(device)) {
      if (Player* player = present_.player()) player->fade_out(false);
      return lookout_.rest_until(now_s() + kSearchS);
    }
    lookout_.end();
    lost_.reset();
    searching_ = true;
    present_.change_status([](ListenerStatus& status) { ++status.taken; });
  }

  void check_source() {
    const double now = now_s();
    check_capture(now);
    follow_default();
    present_.check_player(now);
    look_out(now);
    present_.check_input();
  }

  // --- threads ---

  void run_watch(const std::stop_token& stop) {
    name_thread("ombra-watch");
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
  PresentSource present_{systems_};
  std::uint64_t seen_changes_ = 0;
  std::string wanted_;               // as it was asked for; "": the default
  std::optional<InputDevice> lost_;  // is looked for
  bool searching_ = false;
  double next_search_s_ = 0.0;

  std::jthread watch_;  // last
};

Listener::Listener() : impl_(std::make_unique<Impl>()) {}
Listener::~Listener() = default;

bool Listener::open(const std::string& device) {
  const std::scoped_lock lock(impl_->control_);
  const bool opened = impl_->open_input(device);
  if (!opened && impl_->present_.any()) return false;  // what was heard goes on
  impl_->wanted_ = device;
  impl_->lost_.reset();
  impl_->searching_ = true;
  impl_->next_search_s_ = now_s() + kSearchS;
  return opened;
}

void Listener::play(Track track, bool audible) {
  const std::scoped_lock lock(impl_->control_);
  impl_->play(std::move(track), audible, std::nullopt);
}

void Listener::play_until_music(Track track, bool audible, const std::string& hoped_for) {
  const std::scoped_lock lock(impl_->control_);
  impl_->play(std::move(track), audible, hoped_for);
}

void Listener::listen_to(std::optional<ChannelPair> channels) {
  const std::scoped_lock lock(impl_->control_);
  impl_->present_.listen_to(channels);
}

void Listener::mute(bool on) { impl_->present_.mute(on); }

void Listener::tap(bool on) { impl_->present_.hearing().taps().turn(on); }

SoundTap& Listener::sounds() { return impl_->present_.hearing().taps(); }

bool Listener::next(AudioFrame& frame, HopTimes* times) {
  Hearing::Hop hop;
  if (!impl_->present_.hearing().next(hop)) return false;
  frame = hop.frame;
  if (times) *times = hop.times;
  return true;
}

ListenerStatus Listener::status() const { return impl_->present_.status(); }

}  // namespace ombra::audio
