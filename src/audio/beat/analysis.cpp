#include "audio/beat/analysis.hpp"

#include <algorithm>
#include <array>
#include <cmath>

namespace ombra::audio {
namespace {

constexpr double kSilenceDbfs = -66.0;  // over kPowerS
constexpr double kPowerS = 0.3;
constexpr double kLevelFallS = 0.12;
constexpr double kQuiet = 0.01;  // of the loudness: nothing to speak of ...
constexpr double kQuietS = 1.0;  // ... and for longer than from beat to beat: the music has stopped
constexpr float kClipped = 0.999f;

float finite_or_zero(float x) { return std::isfinite(x) ? std::clamp(x, -8.0f, 8.0f) : 0.0f; }

}  // namespace

Analyser::Analyser(int rate_hz, const BeatGrid& start, const std::shared_ptr<const EarFile>& ear)
    : rate_hz_(rate_hz),
      features_(rate_hz),
      onsets_(features_.hop_s()),
      ear_(ear ? std::make_unique<Ear>(*ear) : nullptr),
      beats_(features_.hop_s(), start),
      grid_(start),
      drops_(features_.hop_s()),
      hop_(static_cast<std::size_t>(features_.hop_samples()), 0.0f),
      last_s_(start.anchor_s) {}

bool Analyser::take(std::span<const float>& mono, double end_s, AudioFrame& frame) {
  const std::size_t n = std::min(mono.size(), hop_.size() - filled_);
  for (std::size_t i = 0; i < n; ++i) hop_[filled_ + i] = finite_or_zero(mono[i]);
  filled_ += n;
  mono = mono.subspan(n);
  if (filled_ < hop_.size()) return false;
  filled_ = 0;
  frame = analyse_hop(end_s - static_cast<double>(mono.size()) / rate_hz_);
  return true;
}

AudioFrame Analyser::analyse_hop(double time_s) {
  const double hop_s = features_.hop_s();
  time_s = last_s_ = std::max(time_s, last_s_);  // another source may be heard with less delay: time never runs back
  const HopFeatures hop = features_.analyse(hop_);
  power_ += (hop.rms * hop.rms - power_) * hop_s / kPowerS;

  AudioFrame frame;
  frame.time_s = time_s;
  frame.input_dbfs = static_cast<float>(20.0 * std::log10(std::max(hop.rms, 1e-6)));
  frame.gain_db = static_cast<float>(-20.0 * std::log10(hop.reference));
  frame.silent = 10.0 * std::log10(std::max(power_, 1e-12)) < kSilenceDbfs;
  frame.clipping = hop.peak >= kClipped;
  level_ = std::max(hop.level, level_ * static_cast<float>(std::exp(-hop_s / kLevelFallS)));
  frame.level = level_;
  frame.bass = hop.bass;
  frame.mid = hop.mid;
  frame.treble = hop.treble;
  onsets_.push(frame.silent ? 0.0 : hop.flux);
  frame.onset = onsets_.envelope();
  frame.flux = onsets_.strength();
  frame.onset_count = onsets_.count();
  quiet_s_ = hop.rms < kQuiet * hop.reference ? quiet_s_ + hop_s : 0.0;
  hear_beat(time_s, frame.silent || quiet_s_ > kQuietS, frame.silent);
  frame.grid = grid_;
  drops_.push(hop.bass_rms, hop.reference, frame.grid.bpm, frame.silent);
  frame.drop = drops_.envelope();
  frame.drop_count = drops_.count();
  const bool beat_ended = sums_.push(hop, frame.onset_count, grid_, frame.silent);
  sections_.push(sums_, beat_ended, frame.drop_count, hop_s, frame);
  phrases_.push(sums_, beat_ended, frame);
  return frame;
}

void Analyser::hear_beat(double time_s, bool quiet, bool silent) {
  if (!ear_) {
    grid_ = beats_.push(time_s, {}, 0.0, true, true);
    return;
  }
  std::array<float, EarBands::kBands> bands{};
  features_.ear(bands);
  // a beat lies, on average, in the middle of the hop of which it is told
  const double delay_s = (ear_->delay_hops() + 0.5) * features_.hop_s();
  grid_ = beats_.push(time_s, ear_->hear(bands), delay_s, quiet, silent);
}

std::vector<AudioFrame> analyse(std::span<const float> mono, int rate_hz) {
  Analyser analyser(rate_hz);
  std::vector<AudioFrame> frames;
  frames.reserve(mono.size() / (static_cast<std::size_t>(rate_hz) / 100) + 1);
  const double end_s = static_cast<double>(mono.size()) / rate_hz;
  AudioFrame frame;
  while (analyser.take(mono, end_s, frame)) frames.push_back(frame);
  return frames;
}

std::vector<float> mix_to_mono(std::span<const float> interleaved, int channels) {
  const auto stride = static_cast<std::size_t>(std::max(1, channels));
  std::vector<float> mono(interleaved.size() / stride);
  for (std::size_t i = 0; i < mono.size(); ++i) {
    const float left = interleaved[i * stride];
    mono[i] = stride == 1 ? left : 0.5f * (left + interleaved[i * stride + 1]);
  }
  return mono;
}

}  // namespace ombra::audio
