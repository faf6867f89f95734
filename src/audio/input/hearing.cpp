#include "audio/input/hearing.hpp"

#include "audio/beat/analysis.hpp"
#include "audio/input/loud_time.hpp"
#include "core/clock.hpp"
#include "core/denormals.hpp"
#include "core/process.hpp"

#include <algorithm>
#include <array>
#include <chrono>
#include <cmath>

namespace ombra::audio {
namespace {

constexpr std::size_t kFrames = 1024;  // ten seconds of hops until a reader that sleeps misses some
constexpr auto kTick = std::chrono::milliseconds(4);
constexpr double kGapS = 0.3;         // without sound for so long, silence is analysed on the clock instead
constexpr double kMaxOverlapS = 1.0;  // two sources whose times differ more do not share a clock
constexpr double kHopS = 0.01;
constexpr std::size_t kBlock = 1024;

bool is_loud(std::span<const float> mono) {
  return std::any_of(mono.begin(), mono.end(), [](float x) { return std::abs(x) > kLoudPlayed; });
}

}  // namespace

Hearing::Hearing() : hops_(kFrames) {
  EarFile::shipped();  // read here: a thread beside others does not look into the environment, and waits for no disk
  thread_ = std::jthread([this](const std::stop_token& stop) { run(stop); });
}

Hearing::~Hearing() = default;

void Hearing::use(std::shared_ptr<SampleSource> source) {
  const std::scoped_lock lock(source_mutex_);
  source_ = std::move(source);
  ++source_generation_;
  loud_s_.store(now_s(), std::memory_order_relaxed);
}

void Hearing::run(const std::stop_token& stop) {
  name_thread("ombra-analysis");
  flush_denormals();
  std::shared_ptr<SampleSource> source;
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
    if (source) analysis_hz_.store(analyser->rate_hz(), std::memory_order_relaxed);
    double end_s = 0.0;
    while (const std::size_t n = source ? source->read(block, end_s, stereo) : 0) {
      std::span<const float> mono = std::span<const float>(block).first(n);
      sound_s = now_s();
      if (is_loud(mono)) loud_s_.store(sound_s, std::memory_order_relaxed);
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
void Hearing::be_silent(Analyser& analyser, double& heard_s, double until_s) {
  static constexpr std::array<float, kBlock> kSilence{};
  const auto hop = std::min(kBlock, static_cast<std::size_t>(kHopS * analyser.rate_hz()));
  for (; heard_s + kHopS <= until_s; heard_s += kHopS) {
    publish(analyser, std::span<const float>(kSilence).first(hop), heard_s + kHopS, now_s());
  }
}

// The first samples of a new source, the last of which was heard at end_s, begin where the analysis is: what is older
// is left out, what is missing is silence. -> false: all of them are older
bool Hearing::join(Analyser& analyser, std::span<const float>& mono, double end_s, double& heard_s) {
  const double rate_hz = analyser.rate_hz(), start_s = end_s - static_cast<double>(mono.size()) / rate_hz;
  if (std::abs(start_s - heard_s) > kMaxOverlapS) return true;
  if (start_s >= heard_s) {
    be_silent(analyser, heard_s, start_s);
    return true;
  }
  mono = mono.subspan(std::min(mono.size(), static_cast<std::size_t>((heard_s - start_s) * rate_hz)));
  return !mono.empty();
}

void Hearing::publish(Analyser& analyser, std::span<const float> mono, double end_s, double arrived_s) {
  Hop hop;
  while (!mono.empty()) {
    if (!analyser.take(mono, end_s, hop.frame)) continue;
    hop.times = {arrived_s, now_s()};
    hops_.push({&hop, 1});
  }
}

}  // namespace ombra::audio
