#pragma once
// Onsets from spectral flux: a local peak above an adaptive threshold (Dixon 2006: median of the recent past times a
// factor plus a constant; Boeck, Krebs and Schedl 2012: decided on line, without looking ahead).
// Thread: one owner; no allocation.

#include <array>
#include <cstddef>
#include <cstdint>

namespace ombra::audio {

class OnsetDetector {
 public:
  explicit OnsetDetector(double hop_s) : hop_s_(hop_s) {}

  // flux of the newest hop. -> true in the hop in which an onset is found
  bool push(double flux);
  // 0..1: strength of the newest onset against the strongest of late, decays to 5 % within 200 ms
  float envelope() const { return envelope_; }
  // 0..1: flux of the newest hop on the same scale
  float strength() const { return strength_; }
  std::uint64_t count() const { return count_; }

 private:
  double threshold() const;

  // immutable after construction
  double hop_s_;
  // state
  std::array<double, 80> past_{};  // 0.8 s, a ring
  std::size_t next_ = 0;
  double last_[2] = {0.0, 0.0};  // newest first
  double since_s_ = 1e9;
  double scale_ = 0.25;  // the strongest onset of late, forgotten with a half-life of 10 s
  float envelope_ = 0.0f, strength_ = 0.0f;
  std::uint64_t count_ = 0;
};

}  // namespace ombra::audio
