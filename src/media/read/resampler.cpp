#include "media/read/resampler.hpp"

extern "C" {
#include <libavutil/opt.h>
}

#include <algorithm>
#include <cmath>

namespace ombra::media {

Resampler::Resampler(int from_hz, int to_hz, int channels, const std::string& file, bool adjustable)
    : from_hz_(from_hz), to_hz_(to_hz), channels_(static_cast<std::size_t>(channels)), file_(file) {
  AVChannelLayout layout{};
  av_channel_layout_default(&layout, channels);
  SwrContext* swr = nullptr;
  const int code =
      swr_alloc_set_opts2(&swr, &layout, AV_SAMPLE_FMT_FLT, to_hz, &layout, AV_SAMPLE_FMT_FLT, from_hz, 0, nullptr);
  swr_.reset(swr);
  av_check(code, file_, "cannot resample");
  if (adjustable) {  // between the taps of its filter the resampler has to interpolate, or small shares are noise
    av_opt_set_int(swr, "flags", SWR_FLAG_RESAMPLE, 0);
    av_opt_set_int(swr, "linear_interp", 1, 0);
  }
  av_check(swr_init(swr), file_, "cannot resample");
}

void Resampler::push(std::span<const float> in, std::vector<float>& out) {
  if (!in.empty()) convert(in.data(), static_cast<int>(in.size() / channels_), out);
}

void Resampler::convert(const float* in, int frames, std::vector<float>& out) {
  const int room = av_check(swr_get_out_samples(swr_.get(), frames), file_, "cannot resample");
  const std::size_t before = out.size();
  out.resize(before + static_cast<std::size_t>(room) * channels_);
  const auto* from = reinterpret_cast<const std::uint8_t*>(in);
  auto* to = reinterpret_cast<std::uint8_t*>(out.data() + before);
  const int got = swr_convert(swr_.get(), &to, room, in ? &from : nullptr, frames);
  out.resize(before + static_cast<std::size_t>(std::max(0, got)) * channels_);
  av_check(got, file_, "cannot resample");
}

double Resampler::inside() const {
  constexpr std::int64_t kUnits = 1'000'000'000;
  return static_cast<double>(swr_get_delay(swr_.get(), kUnits)) * to_hz_ / static_cast<double>(kUnits);
}

void Resampler::adjust(double share) {
  constexpr double kOverS = 10.0;  // so long that half a sample of it is a part in a million
  const int over = static_cast<int>(kOverS * to_hz_);
  av_check(swr_set_compensation(swr_.get(), static_cast<int>(std::lround(share * over)), over), file_,
           "cannot resample");
}

}  // namespace ombra::media
