#include "audio/input/present_source.hpp"

#include "audio/input/no_answer.hpp"
#include "audio/input/port_capture.hpp"
#include "audio/input/pulse_capture.hpp"
#include "core/clock.hpp"
#include "core/error.hpp"
#include "core/log.hpp"
#include "core/text.hpp"

#include <chrono>
#include <thread>
#include <utility>

namespace ombra::audio {
namespace {

constexpr auto kTick = std::chrono::milliseconds(4);
constexpr double kFirstSoundS = 2.5;    // a new device has this long to be heard
constexpr int kMinSharedHz = 32000;     // a server delivers at the rate of the analysis, if that is no less
constexpr double kOutputSearchS = 3.0;  // an output that has gone is tried this often

}  // namespace

PresentSource::~PresentSource() { drop(); }  // the stream first, then the thread that reads from it

// The new source takes over, then the old one ends. Both may be null.
void PresentSource::replace(std::shared_ptr<Capture> capture, std::shared_ptr<Player> player) {
  capture ? hearing_.use(capture) : hearing_.use(player);
  std::swap(capture, capture_);
  std::swap(player, player_);
  if (capture) capture->close();
  if (player) player->close();
}

void PresentSource::say(const std::string& source, const std::string& message, bool is_track) {
  const std::scoped_lock lock(status_mutex_);
  if (!message.empty() && message != status_.message) log::info("listening: {}", message);
  status_.source = source;
  status_.message = message;
  status_.is_track = is_track;
}

void PresentSource::say_failed(const std::string& wanted, const std::string& message) {
  say(capture_ || player_ ? status_.source : wanted, message, player_ != nullptr);
}

std::shared_ptr<Capture> PresentSource::make_capture(const InputDevice& device) {
  std::shared_ptr<Capture> capture;
  if (device.system == InputSystem::kPulse) {
    const int rate_hz = hearing_.rate_hz();
    capture = std::make_shared<PulseCapture>(systems_.server(), device, rate_hz >= kMinSharedHz ? rate_hz : 0);
  } else {
    capture = std::make_shared<PortCapture>(device);
  }
  capture->ring().listen_to(channels_);
  return capture;
}

bool PresentSource::open_device(const InputDevice& device) {
  if (capture_ && capture_->healthy(now_s()) && capture_->device().system == device.system &&
      capture_->device().id == device.id) {
    return true;
  }
  try {
    const std::shared_ptr<Capture> capture = make_capture(device);
    const double wait_s = capture_ || player_ ? kFirstSoundS : 0.0;
    for (const double until_s = now_s() + wait_s; !capture->heard() && now_s() < until_s;) {
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
    say_failed(device.name, first_line(e.what()));
    return false;
  }
}

void PresentSource::start_player(bool audible, std::uint64_t at) {
  std::string message;
  std::shared_ptr<Player> player;
  output_due_ = false;
  try {
    if (audible) player = std::make_shared<Player>(track_, true, at, muted_);
  } catch (const Error& e) {
    message = fmt::format("playing silently: {}", first_line(e.what()));
    output_due_ = dynamic_cast<const NoAnswer*>(&e) != nullptr;
  }
  if (!player) player = std::make_shared<Player>(track_, false, at);
  use_player(player, message);
}

void PresentSource::play(std::shared_ptr<const Track> track, bool audible, const std::optional<std::string>& stand_in) {
  track_ = std::move(track);
  stand_in_ = stand_in;
  {
    const std::scoped_lock lock(status_mutex_);
    status_.stands_in = stand_in.has_value();
    status_.hangs = systems_.hangs();
    status_.channels.clear();
    status_.unusual.clear();
  }
  start_player(audible, 0);
}

void PresentSource::use_player(const std::shared_ptr<Player>& player, const std::string& message) {
  replace(nullptr, player);
  say(track_->name, message, true);
  const std::scoped_lock lock(status_mutex_);
  status_.kind = InputKind::kTrack;
  status_.rate_hz = track_->rate_hz;
  status_.capture_latency_s = 0.0;
}

void PresentSource::check_player(double now) {
  if (!player_) return;
  if (!player_->healthy(now)) {
    start_player(false, player_->position());
    say(track_->name, "the sound output is gone; playing silently", true);
    output_due_ = true;
  }
  if (!output_due_ || now < next_output_s_) return;
  try {
    use_player(std::make_shared<Player>(track_, true, player_->position(), muted_), "");
    output_due_ = false;
  } catch (const Error&) {
    next_output_s_ = now_s() + kOutputSearchS;  // it goes on silently
  }
}

void PresentSource::check_input() {
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

void PresentSource::drop() { replace(nullptr, nullptr); }

void PresentSource::listen_to(std::optional<ChannelPair> channels) {
  channels_ = channels;
  if (capture_) capture_->ring().listen_to(channels);
}

ListenerStatus PresentSource::status() const {
  const std::scoped_lock lock(status_mutex_);
  ListenerStatus status = status_;
  status.live = hearing_.live();
  return status;
}

}  // namespace ombra::audio
