#include "audio/material/midi_file.hpp"

#include "core/error.hpp"

#include <algorithm>
#include <string_view>

namespace ombra::audio {
namespace {

constexpr double kMaxQuarters = 20000.0;
constexpr std::uint32_t kMinQuarterUs = 60'000, kMaxQuarterUs = 6'000'000;  // 1000 to 10 quarters a minute

// Bytes from front to back; what is not there is an error.
class Bytes {
 public:
  Bytes(std::span<const std::byte> bytes, const std::string& name) : bytes_(bytes), name_(name) {}

  bool empty() const { return bytes_.empty(); }
  std::uint8_t peek() const { return bytes_.empty() ? throw cut() : std::to_integer<std::uint8_t>(bytes_[0]); }
  std::uint8_t byte() {
    const std::uint8_t value = peek();
    bytes_ = bytes_.subspan(1);
    return value;
  }
  std::uint32_t number(int size) {
    std::uint32_t value = 0;
    for (int i = 0; i < size; ++i) value = value << 8 | byte();
    return value;
  }
  // seven bits a byte, at most four bytes
  std::uint32_t variable() {
    std::uint32_t value = 0;
    for (int i = 0; i < 4; ++i) {
      const std::uint8_t next = byte();
      value = value << 7 | (next & 0x7Fu);
      if (next < 0x80) return value;
    }
    throw error("{}: a number of more than four bytes\nhint: the MIDI file is damaged", name_);
  }
  Bytes take(std::size_t size) {
    if (size > bytes_.size()) throw cut();
    const Bytes taken(bytes_.first(size), name_);
    bytes_ = bytes_.subspan(size);
    return taken;
  }
  bool begins_with(std::string_view word) const {
    return bytes_.size() >= word.size() &&
           std::equal(word.begin(), word.end(), bytes_.begin(),
                      [](char a, std::byte b) { return static_cast<std::byte>(a) == b; });
  }
  Error cut() const { return error("{}: cut short\nhint: the MIDI file is damaged", name_); }

 private:
  std::span<const std::byte> bytes_;
  const std::string& name_;
};

// The events of one track, added to the file. ticks: in a quarter.
class Track {
 public:
  Track(Bytes bytes, double ticks, MidiFile& file, const std::string& name)
      : bytes_(bytes), ticks_(ticks), file_(file), name_(name) {}

  void read() {
    while (!bytes_.empty() && !ended_) {
      tick_ += bytes_.variable();
      at_ = static_cast<double>(tick_) / ticks_;
      if (at_ > kMaxQuarters) throw error("{}: longer than {} quarters\nhint: is it music?", name_, kMaxQuarters);
      event();
    }
    file_.quarters = std::max(file_.quarters, at_);
  }

 private:
  void event() {
    const std::uint8_t status = bytes_.peek() >= 0x80 ? bytes_.byte() : running_;
    if (status == 0xFF) {
      meta();
    } else if (status == 0xF0 || status == 0xF7) {
      bytes_.take(bytes_.variable());
    } else if (status >= 0x80 && status < 0xF0) {
      running_ = status;
      MidiMessage message{at_, status, data(), 0};
      if (message.kind() != MidiMessage::kProgram && message.kind() != 0xD0) message.second = data();
      file_.messages.push_back(message);
    } else {
      throw error("{}: {:#04x} is no MIDI message of a file\nhint: the MIDI file is damaged", name_, status);
    }
  }

  std::uint8_t data() { return bytes_.byte() & 0x7F; }

  void meta() {
    const std::uint8_t kind = bytes_.byte();
    Bytes body = bytes_.take(bytes_.variable());
    if (kind == 0x2F) ended_ = true;
    if (kind == 0x51) {
      const std::uint32_t us = std::clamp(body.number(3), kMinQuarterUs, kMaxQuarterUs);
      file_.tempi.push_back({at_, us * 1e-6});
    }
    if (kind == 0x58) {
      const int beats = body.byte(), power = body.byte();
      if (beats < 1 || beats > 64 || power > 5)
        throw error("{}: a bar of {} notes of 2^-{}\nhint: the MIDI file is damaged", name_, beats, power);
      file_.metres.push_back({at_, beats, 1 << power});
    }
  }

  Bytes bytes_;
  const double ticks_;
  MidiFile& file_;
  const std::string& name_;
  std::uint8_t running_ = 0;
  std::uint64_t tick_ = 0;
  double at_ = 0.0;
  bool ended_ = false;
};

}  // namespace

MidiFile read_midi(std::span<const std::byte> bytes, const std::string& name) {
  Bytes all(bytes, name);
  if (!all.begins_with("MThd")) throw error("{}: no MIDI file\nhint: its name ends in .mid, but what is in it?", name);
  all.take(4);
  Bytes head = all.take(all.number(4));
  const std::uint32_t format = head.number(2);
  head.number(2);  // how many tracks: as many as there are
  const std::uint32_t division = head.number(2);
  if (format > 1) throw error("{}: a MIDI file of format {}\nhint: 0 and 1 are known", name, format);
  if (division == 0 || division >= 0x8000)
    throw error("{}: it counts pictures of a film, not beats\nhint: store it with ticks per quarter", name);
  if (all.empty()) throw all.cut();
  MidiFile file;
  while (!all.empty()) {
    const bool track = all.begins_with("MTrk");
    all.take(4);
    const Bytes body = all.take(all.number(4));
    if (track) Track(body, division, file, name).read();
  }
  const auto earlier = [](const auto& a, const auto& b) { return a.at < b.at; };
  std::stable_sort(file.messages.begin(), file.messages.end(), earlier);
  std::stable_sort(file.tempi.begin(), file.tempi.end(), earlier);
  std::stable_sort(file.metres.begin(), file.metres.end(), earlier);
  return file;
}

}  // namespace ombra::audio
