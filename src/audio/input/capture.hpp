#pragma once
// A live input, whatever sound system it comes from: an open stream whose callback copies samples into a ring.
// Thread: construct, healthy, trouble, close from the thread that owns it; read from the analysis thread.

#include "audio/input/devices.hpp"
#include "audio/input/input_ring.hpp"
#include "audio/input/sample_source.hpp"

#include <memory>
#include <string>

namespace ombra::audio {

class Capture : public SampleSource {
 public:
  int rate_hz() const override { return rate_hz_; }
  std::size_t read(std::span<float> mono, double& end_s, std::span<float> stereo = {}) override {
    return ring_->read(mono, end_s, stereo);
  }
  double arrived_s() const override { return ring_->last_callback_s(); }

  virtual void close() noexcept = 0;
  // false: the device is gone, or the stream stopped
  virtual bool healthy(double now_s) const = 0;
  // -> why no sound comes although the device is there, in plain words, or empty
  virtual std::string trouble() const { return {}; }

  const InputDevice& device() const { return device_; }
  const std::string& name() const { return device_.name; }
  double latency_s() const { return latency_s_; }  // of the device's own buffer
  bool heard() const { return ring_->last_callback_s() > 0.0; }
  InputRing& ring() { return *ring_; }
  const InputRing& ring() const { return *ring_; }

 protected:
  explicit Capture(InputDevice device) : device_(std::move(device)) {}

  // immutable after construction
  InputDevice device_;
  int rate_hz_ = 0;
  double latency_s_ = 0.0, opened_s_ = 0.0;
  std::shared_ptr<InputRing> ring_;  // a stream that hangs may outlive us
};

}  // namespace ombra::audio
