#include "show/dance/figure_decoder.hpp"

#include "core/clock.hpp"
#include "core/error.hpp"
#include "core/log.hpp"
#include "core/quantile.hpp"
#include "core/text.hpp"
#include "gfx/gl.hpp"

#include <algorithm>

namespace ombra::show {
namespace {

constexpr double kInAdvanceMs = 0.5, kMaxMs = 8.0;
constexpr std::size_t kCpuPictures = 12;  // of which the median counts
constexpr int kGlPictures = 5;
constexpr double kMeasureS = 0.1;  // no longer than that, and one picture at least
constexpr std::size_t kRemembered = 16;

int batch_of(int dancers) { return dancers <= 1 ? 1 : dancers <= 4 ? 4 : 16; }

}  // namespace

DecoderMode decoder_mode(const std::string& word) {
  if (word == "auto") return DecoderMode::kAuto;
  if (word == "gl") return DecoderMode::kGl;
  if (word == "cpu" || word == "torch") return DecoderMode::kCpu;  // as it was called when LibTorch did it
  throw UsageError(fmt::format("--decoder {}: expected auto, gl or cpu", word.substr(0, 40)));
}

bool gl_is_better(const DecoderTimes& times) { return times.gl_ms < std::min(times.cpu_ms + kInAdvanceMs, kMaxMs); }

std::unique_ptr<gfx::GlDecoder> make_gl_decoder(const model::PlanOrReason& made, const std::string& renderer) {
  if (!made.plan) throw error("OpenGL cannot decode for this dancer: {}\nhint: --decoder cpu", made.reason);
  return std::make_unique<gfx::GlDecoder>(made.plan, gfx::is_software(renderer) ? 32 : 16);
}

FigureDecoder::FigureDecoder(DecoderMode mode, std::string renderer, std::vector<DecoderTimes> remembered)
    : mode_(mode),
      renderer_(std::move(renderer)),
      software_(gfx::is_software(renderer_)),
      remembered_(std::move(remembered)) {}

DecoderTimes* FigureDecoder::known() {
  const auto at = std::find_if(remembered_.begin(), remembered_.end(), [this](const auto& t) { return t.key == key_; });
  return at == remembered_.end() ? nullptr : &*at;
}

void FigureDecoder::give_up(const std::string& why) {
  coming_.reset();
  ready_.reset();
  why_not_ = first_line(why);
  message_ = fmt::format("the processor decodes: {}", why_not_);
  log::warn("{}", message_);
}

void FigureDecoder::take_up(const DecoderOffer& offer, int batch) {
  // a decoder of this very dancer stands aside while the new number of dancers is measured; another dancer's stays
  // until then
  if (offer.dancer == offered_) wanted_ = false;
  offered_ = offer.dancer, batch_ = batch;
  coming_.reset();
  message_.clear(), why_not_.clear();
  cpu_ms_.clear();
  gl_ms_ = 0.0;
  if (mode_ == DecoderMode::kCpu) return;
  if (mode_ == DecoderMode::kAuto && software_) return void(why_not_ = "software OpenGL");
  if (!offer.made.plan) {
    why_not_ = offer.made.reason;
    if (mode_ == DecoderMode::kGl) message_ = fmt::format("the processor decodes: {}", why_not_);
    return;
  }
  const model::DecoderPlan& plan = *offer.made.plan;
  key_ = fmt::format("{}, {} steps, {} weights", renderer_, plan.steps.size(), plan.weights());
  if (mode_ == DecoderMode::kAuto) key_ += fmt::format(", {} dancers", batch_);
  if (const DecoderTimes* times = known(); times && mode_ == DecoderMode::kAuto && !gl_is_better(*times)) {
    why_not_ = fmt::format("OpenGL took {:.2f} ms", times->gl_ms);
    return;
  }
  coming_ = make_gl_decoder(offer.made, renderer_);
}

// A picture's time, the GPU waited for.
double FigureDecoder::measure(int dancers, int field_size) {
  const std::vector<float> latents(static_cast<std::size_t>(dancers) * static_cast<std::size_t>(coming_->plan().code),
                                   0.0f);
  std::vector<double> ms;
  const double first_s = now_s();
  coming_->decode(latents, field_size);
  for (int i = 0; i < kGlPictures && (ms.empty() || now_s() - first_s < kMeasureS); ++i) {
    glFinish();
    const double begun = now_s();
    coming_->decode(latents, field_size);
    glFinish();
    ms.push_back((now_s() - begun) * 1e3);
  }
  gfx::gl_check("decoding");
  return median(ms);
}

void FigureDecoder::go_on(const DanceStatus& dance, int dancers, int field_size) {
  if (!coming_->build_some()) return;
  const DecoderTimes* times = known();
  if (mode_ == DecoderMode::kAuto && !times) {
    // meanwhile the processor draws for this dancer, and is measured at that
    if (dance.frames != cpu_frames_ && dance.counters.decode_ms > 0.0) cpu_ms_.push_back(dance.counters.decode_ms);
    cpu_frames_ = dance.frames;
    if (cpu_ms_.size() < kCpuPictures) return;
  }
  gl_ms_ = times && mode_ == DecoderMode::kAuto ? times->gl_ms : measure(dancers, field_size);
  if (mode_ == DecoderMode::kAuto && !times) {
    if (remembered_.size() >= kRemembered) remembered_.erase(remembered_.begin());
    remembered_.push_back({key_, gl_ms_, median(cpu_ms_)});
    if (!gl_is_better(remembered_.back())) {
      why_not_ = fmt::format("OpenGL takes {:.2f} ms", gl_ms_);
      return coming_.reset();
    }
  }
  ready_ = std::move(coming_);
  ready_dancer_ = offered_;
  wanted_ = true;
}

void FigureDecoder::step(const DecoderOffer& offer, const DanceStatus& dance, int dancers, int field_size) {
  try {
    const int batch = batch_of(dancers);
    if (offer.dancer != offered_ || (mode_ == DecoderMode::kAuto && batch != batch_)) take_up(offer, batch);
    if (coming_) go_on(dance, dancers, field_size);
  } catch (const Error& fault) {
    give_up(fault.what());
  }
}

const gfx::GpuFields* FigureDecoder::decode(const LatentFrame& frame) {
  const auto numbers =
      ready_ ? static_cast<std::size_t>(frame.dancers) * static_cast<std::size_t>(ready_->plan().code) : 0;
  if (ready_ && frame.dancer == ready_dancer_ && frame.dancers > 0 && frame.latents.size() == numbers) {
    try {
      ready_->decode(frame.latents, frame.size);
    } catch (const Error& fault) {
      give_up(fault.what());
    }
  }
  return fields();
}

std::string FigureDecoder::line(const DanceStatus& dance) const {
  if (draws()) return fmt::format("OpenGL, {:.2f} ms", gl_ms_);
  const std::string cpu = fmt::format("processor, {:.2f} ms", dance.counters.decode_ms);
  if (coming_) return cpu + " (OpenGL is coming)";
  return why_not_.empty() ? cpu : fmt::format("{} ({})", cpu, why_not_);
}

}  // namespace ombra::show
