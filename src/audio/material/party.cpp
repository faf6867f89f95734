#include "audio/material/party.hpp"

#include "audio/testbench/biquad.hpp"
#include "media/read/resampler.hpp"
#include "media/write/codec_pass.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <numbers>
#include <utility>

namespace ombra::audio {
namespace {

constexpr double kClean = 1.0 / 3.0;
constexpr double kTiltHz = 700.0;  // between bass and treble
constexpr std::array<int, 6> kRatesHz = {8000, 16000, 22050, 32000, 44100, 48000};
constexpr std::array<double, 6> kRateShares = {0.05, 0.1, 0.1, 0.1, 0.4, 0.25};

// Phones, streams and Bluetooth: what they send, and the fewest and the most kbit/s of one channel
struct Codec {
  const char* name;
  int least, most;
};
constexpr std::array<Codec, 4> kCodecs = {
    {{"libmp3lame", 32, 64}, {"aac", 24, 64}, {"libopus", 8, 32}, {"sbc", 64, 164}}};
constexpr double kCoded = 0.2;

double factor(double db) { return std::pow(10.0, db / 20.0); }

double rms(std::span<const float> sound) {
  double sum = 0.0;
  for (const float x : sound) sum += static_cast<double>(x) * x;
  return std::sqrt(sum / std::max<double>(1.0, static_cast<double>(sound.size())));
}

float peak(std::span<const float> sound) {
  float most = 0.0f;
  for (const float x : sound) most = std::max(most, std::abs(x));
  return most;
}

// A compressor that follows the bass and holds everything down: ratio 8, attack 5 ms, release 250 ms.
void pump(std::vector<float>& sound, int rate_hz, double depth_db) {
  Biquad low = Biquad::low_pass(150.0, 0.707, rate_hz);
  const double threshold = std::max(1e-6, rms(sound) * factor(6.0 - depth_db));
  const double attack = 1.0 - std::exp(-1.0 / (0.005 * rate_hz)), release = 1.0 - std::exp(-1.0 / (0.25 * rate_hz));
  double envelope = 0.0;
  for (float& x : sound) {
    const double level = std::max(std::abs(low(x)) * 2.0, 0.5 * std::abs(x));
    envelope += (level - envelope) * (level > envelope ? attack : release);
    if (envelope > threshold) x = static_cast<float>(x * std::pow(envelope / threshold, -0.875));
  }
}

void add_noise(std::vector<float>& sound, double level, Rng& rng) {
  double slow = 0.0;
  for (float& x : sound) {
    const double white = rng.uniform(-1.7, 1.7);  // RMS 1
    slow += 0.05 * (white - slow);
    x += static_cast<float>(level * (0.5 * white + 3.0 * slow));
  }
}

void tilt(std::vector<float>& sound, int rate_hz, double treble_db) {
  const double share = 1.0 - std::exp(-2.0 * std::numbers::pi * kTiltHz / rate_hz), gain = factor(treble_db);
  double low = 0.0;
  for (float& x : sound) {
    low += share * (x - low);
    x = static_cast<float>(low + gain * (x - low));
  }
}

void beside_subwoofer(std::vector<float>& sound, int rate_hz, double hz) {
  Biquad first = Biquad::low_pass(hz, 0.541, rate_hz), second = Biquad::low_pass(hz, 1.307, rate_hz);
  for (float& x : sound) x = static_cast<float>(second(first(x)));
}

template <typename T>
void draw(std::optional<T>& what, double share, Rng& rng, T value) {
  if (rng.uniform() < share) what = value;
}

}  // namespace

std::string Party::text() const {
  std::string out;
  const auto add = [&](const std::string& word) { out += (out.empty() ? "" : ", ") + word; };
  if (pump_db > 0.0) add(fmt::format("pumping {:.0f} dB", pump_db));
  if (room) add(fmt::format("room {:.1f} s {:+.0f} dB", room->fall_s, room->level_db));
  if (crowd) add(fmt::format("crowd {:+.0f} dB", crowd->level_db));
  if (subwoofer_hz > 0.0) add(fmt::format("subwoofer {:.0f} Hz", subwoofer_hz));
  if (phone) add("phone");
  if (noise_db > -60.0) add(fmt::format("noise {:.0f} dB", noise_db));
  if (clip_db > 0.0) add(fmt::format("clipping {:.0f} dB", clip_db));
  if (tilt_db != 0.0) add(fmt::format("treble {:+.0f} dB", tilt_db));
  if (!codec.empty()) add(fmt::format("{} {} kbit/s", codec, kbits));
  if (out.empty()) out = "clean";
  return out + fmt::format(", {} Hz", rate_hz);
}

Party draw_party(Rng& rng) {
  Party party;
  double rate = rng.uniform();
  for (std::size_t i = 0; i < kRatesHz.size() && rate >= 0.0; rate -= kRateShares[i++]) party.rate_hz = kRatesHz[i];
  party.peak_db = rng.uniform(-36.0, -1.0);
  if (rng.uniform() < kClean) return party;
  if (rng.uniform() < 0.25) party.pump_db = rng.uniform(3.0, 15.0);
  if (rng.uniform() < 0.4) party.tilt_db = rng.uniform(-15.0, 9.0);
  draw(party.room, 0.45, rng, Reverberation{rng.uniform(0.3, 2.0), rng.uniform(-8.0, 7.0)});
  draw(party.crowd, 0.45, rng, Crowd{rng.uniform(-18.0, 4.0), 1 + rng.below(24)});
  if (rng.uniform() < 0.08) party.subwoofer_hz = rng.uniform(110.0, 250.0);
  draw(party.phone, 0.25, rng, Telephone{rng.uniform(150.0, 500.0), rng.uniform(2500.0, 7000.0)});
  if (rng.uniform() < 0.35) party.noise_db = rng.uniform(-45.0, -8.0);
  if (rng.uniform() < 0.15) party.clip_db = rng.uniform(3.0, 18.0);
  if (rng.uniform() < kCoded) {
    const Codec& codec = kCodecs[static_cast<std::size_t>(rng.below(static_cast<int>(kCodecs.size())))];
    party.codec = codec.name;
    party.kbits = codec.least + rng.below(codec.most - codec.least + 1);
    party.rate_hz = 48000;  // which all of them take
  }
  return party;
}

std::vector<float> at_party(std::span<const float> mono, int rate_hz, const Party& party, Rng& rng) {
  std::vector<float> sound(mono.begin(), mono.end());
  const double music = rms(sound);
  if (party.pump_db > 0.0) pump(sound, rate_hz, party.pump_db);
  if (party.room) sound = in_room(sound, rate_hz, *party.room, rng);
  if (party.crowd) sound = with_crowd(sound, rate_hz, *party.crowd, rng);
  if (party.subwoofer_hz > 0.0) beside_subwoofer(sound, rate_hz, party.subwoofer_hz);
  if (party.tilt_db != 0.0) tilt(sound, rate_hz, party.tilt_db);
  add_noise(sound, music * factor(party.noise_db), rng);
  if (party.phone) sound = through_phone(sound, rate_hz, *party.phone);
  const float loudest = std::max(peak(sound), 1e-9f);
  if (party.clip_db > 0.0) {
    const auto limit = static_cast<float>(loudest / factor(party.clip_db));
    for (float& x : sound) x = std::clamp(x, -limit, limit);
  }
  const auto gain = static_cast<float>(factor(party.peak_db) / std::max(peak(sound), 1e-9f));
  if (loudest > 1e-6f)
    for (float& x : sound) x *= gain;
  if (party.rate_hz != rate_hz) {
    std::vector<float> out;
    media::Resampler resampler(rate_hz, party.rate_hz, 1, "the music");
    resampler.push(sound, out);
    resampler.drain(out);
    sound = std::move(out);
  }
  if (party.codec.empty()) return sound;
  std::vector<float> coded = media::through_codec(sound, party.rate_hz, party.codec, 1000 * party.kbits);
  return coded.empty() ? sound : coded;
}

}  // namespace ombra::audio
