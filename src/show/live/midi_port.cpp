#include "show/live/midi_port.hpp"

#include "audio/input/port_audio.hpp"
#include "core/clock.hpp"
#include "core/log.hpp"
#include "core/process.hpp"
#include "core/text.hpp"

#include <RtMidi.h>

#include <algorithm>

namespace ombra::show {
namespace {

constexpr const char* kClient = "Ombra";
constexpr auto kWatchEvery = std::chrono::seconds(1);

// ALSA complains on stderr where the kernel has no sequencer. Throws RtMidiError.
std::unique_ptr<RtMidiIn> make_input() {
  const audio::QuietStderr quiet;
  auto input = std::make_unique<RtMidiIn>(RtMidi::LINUX_ALSA, kClient);
  input->setErrorCallback([](RtMidiError::Type, const std::string&, void*) {}, nullptr);
  input->ignoreTypes(true, false, true);
  return input;
}

// "KeyStep:KeyStep MIDI 1 24:0" without the numbers, which change when it is plugged in again
std::string without_numbers(const std::string& name) {
  const std::size_t space = name.find_last_of(' ');
  const bool numbers = space != std::string::npos && space + 1 < name.size() &&
                       name.find_first_not_of("0123456789:", space + 1) == std::string::npos;
  return numbers ? name.substr(0, space) : name;
}

// -> by port number; "" for those that are not to be listed
std::vector<std::string> names(RtMidiIn& input) {
  std::vector<std::string> all;
  for (unsigned i = 0; i < input.getPortCount(); ++i) {
    const std::string name = without_numbers(input.getPortName(i));
    const bool hidden = name.starts_with("Midi Through") || name.starts_with(kClient);
    all.push_back(hidden ? "" : name);
  }
  return all;
}

}  // namespace

std::vector<std::string> list_midi_inputs() {
  try {
    std::vector<std::string> all = names(*make_input());
    std::erase(all, "");
    return all;
  } catch (const RtMidiError&) {
    return {};
  }
}

void MidiInbox::put(const std::uint8_t* bytes, std::size_t count, double time_s) noexcept {
  Message m;
  if (count == 0 || count > m.bytes.size()) return;
  m.time_s = time_s;
  m.count = static_cast<std::uint8_t>(count);
  std::copy(bytes, bytes + count, m.bytes.begin());
  ring_.push({&m, 1});
}

void MidiInbox::read(audio::MidiClock& clock) {
  Message m;
  while (ring_.pop({&m, 1}) == 1) clock.feed({m.bytes.data(), m.count}, m.time_s);
}

struct MidiPort::Impl {
  std::unique_ptr<RtMidiIn> input;
  std::string open;  // name of the port that is open
};

MidiPort::MidiPort() : impl_(std::make_unique<Impl>()) {
  worker_ = std::jthread([this](const std::stop_token& stop) { work(stop); });
}

MidiPort::~MidiPort() = default;

void MidiPort::open(const std::string& name) {
  {
    const std::lock_guard lock(mutex_);
    wanted_ = name;
    look_now_ = true;
  }
  wake_.notify_one();
}

void MidiPort::refresh() {
  {
    const std::lock_guard lock(mutex_);
    look_now_ = true;
  }
  wake_.notify_one();
}

std::string MidiPort::wanted() const {
  const std::lock_guard lock(mutex_);
  return wanted_;
}

std::string MidiPort::port() const {
  const std::lock_guard lock(mutex_);
  return port_;
}

std::string MidiPort::message() const {
  const std::lock_guard lock(mutex_);
  return message_;
}

std::vector<std::string> MidiPort::ports() const {
  const std::lock_guard lock(mutex_);
  return ports_;
}

void MidiPort::work(const std::stop_token& stop) {
  name_thread("ombra-midi");
  while (!stop.stop_requested()) {
    {
      std::unique_lock lock(mutex_);
      if (wanted_.empty()) {
        wake_.wait(lock, stop, [this] { return look_now_; });
      } else {
        wake_.wait_for(lock, stop, kWatchEvery, [this] { return look_now_; });
      }
      look_now_ = false;
    }
    if (stop.stop_requested()) return;
    find_ports();
  }
}

// Opens what is wanted if it is there, closes what is gone.
void MidiPort::find_ports() {
  const std::string wanted = lower(this->wanted());
  std::string message;
  std::vector<std::string> all;
  try {
    if (!impl_->input) impl_->input = make_input();
    RtMidiIn& input = *impl_->input;
    all = names(input);
    const auto matches = [&](const std::string& name) {
      return !wanted.empty() && !name.empty() && lower(name).find(wanted) != std::string::npos;
    };
    const bool gone = std::find(all.begin(), all.end(), impl_->open) == all.end();
    if (!impl_->open.empty() && (gone || !matches(impl_->open))) {
      log::info("MIDI: {} {}", impl_->open, gone ? "is gone" : "closed");
      input.cancelCallback();
      input.closePort();
      impl_->open.clear();
    }
    const auto found = std::find_if(all.begin(), all.end(), matches);
    if (impl_->open.empty() && found != all.end()) {
      input.setCallback([](double, std::vector<unsigned char>* bytes,
                           void* inbox) { static_cast<MidiInbox*>(inbox)->put(bytes->data(), bytes->size(), now_s()); },
                        &inbox_);
      input.openPort(static_cast<unsigned>(found - all.begin()), "clock in");
      if (input.isPortOpen()) impl_->open = *found;
      if (!input.isPortOpen()) input.cancelCallback();
      if (!impl_->open.empty()) log::info("MIDI: listening to {}", impl_->open);
    }
    if (!wanted.empty() && impl_->open.empty()) {
      message = "MIDI: no input is called '" + this->wanted() + "'; it is opened when it is plugged in";
    }
  } catch (const RtMidiError& fault) {
    impl_->input.reset();
    impl_->open.clear();
    if (!wanted.empty()) {
      message = "MIDI cannot be used here: " + fault.getMessage() + " (is the kernel module snd-seq loaded?)";
    }
  }
  std::erase(all, "");
  const std::lock_guard lock(mutex_);
  if (message != message_ && !message.empty()) log::warn("{}", message);
  message_ = message;
  port_ = impl_->open;
  ports_ = std::move(all);
}

}  // namespace ombra::show
