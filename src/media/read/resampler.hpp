#pragma once
// Interleaved samples from one rate to another, a little faster or slower where that is asked for. Thread: one owner.

#include "media/read/av_check.hpp"

#include <span>
#include <string>
#include <vector>

namespace ombra::media {

class Resampler {
 public:
  // file: for messages. adjustable: adjust() will be called, so samples are computed even between equal rates.
  Resampler(int from_hz, int to_hz, int channels, const std::string& file, bool adjustable = false);

  int from_hz() const { return from_hz_; }
  // Appends to out what in becomes. A few samples stay inside until more come, or until drain().
  void push(std::span<const float> in, std::vector<float>& out);
  // Appends the rest. Nothing can be pushed afterwards.
  void drain(std::vector<float>& out) { convert(nullptr, 0, out); }
  // -> how much of what was pushed is still inside, in frames at the new rate
  double inside() const;
  // From now on the output is share longer (0.0002: 200 parts in a million; negative: shorter).
  void adjust(double share);

 private:
  void convert(const float* in, int frames, std::vector<float>& out);

  const int from_hz_, to_hz_;
  const std::size_t channels_;
  const std::string file_;
  AvPtr<SwrContext> swr_;
};

}  // namespace ombra::media
