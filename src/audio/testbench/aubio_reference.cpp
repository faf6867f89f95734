#include "audio/testbench/aubio_reference.hpp"

#include "core/error.hpp"

#include <aubio/aubio.h>

#include <algorithm>
#include <memory>

namespace ombra::audio {
namespace {

constexpr uint_t kWindow = 1024, kHop = 512;

}  // namespace

std::vector<double> aubio_beats(std::span<const float> mono, int rate_hz) {
  const std::unique_ptr<aubio_tempo_t, decltype(&del_aubio_tempo)> tempo(
      new_aubio_tempo("default", kWindow, kHop, static_cast<uint_t>(rate_hz)), del_aubio_tempo);
  const std::unique_ptr<fvec_t, decltype(&del_fvec)> in(new_fvec(kHop), del_fvec), out(new_fvec(2), del_fvec);
  if (!tempo || !in || !out) throw error("aubio: no beat tracking at {} samples a second\nhint: 44100", rate_hz);
  std::vector<double> beats;
  for (; mono.size() >= kHop; mono = mono.subspan(kHop)) {
    std::copy_n(mono.begin(), kHop, in->data);
    aubio_tempo_do(tempo.get(), in.get(), out.get());
    if (out->data[0] != 0.0f) beats.push_back(aubio_tempo_get_last_s(tempo.get()));
  }
  return beats;
}

}  // namespace ombra::audio
