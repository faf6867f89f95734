#pragma once
// Where sound comes from, as the analysis thread sees it.

#include <span>
#include <string>

namespace ombra::audio {

class SampleSource {
 public:
  virtual ~SampleSource() = default;
  virtual int rate_hz() const = 0;
  // Fills mono with what has been heard since the last call, oldest first; end_s: clock time at which the last of it
  // was heard. stereo: empty, or room for twice as many samples: the same, left and right, before they were mixed.
  // -> samples written, 0 when there is nothing new. Thread: analysis only; never waits, never allocates.
  virtual std::size_t read(std::span<float> mono, double& end_s, std::span<float> stereo = {}) = 0;
  // -> clock time at which the newest of it came in. Thread: analysis only.
  virtual double arrived_s() const = 0;
};

}  // namespace ombra::audio
