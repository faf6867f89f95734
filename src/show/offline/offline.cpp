#include "show/offline/offline.hpp"

#include "core/denormals.hpp"
#include "core/embedded.hpp"
#include "core/error.hpp"
#include "core/log.hpp"
#include "show/params/preset_shelf.hpp"

#include <algorithm>
#include <cmath>

namespace ombra::show {
namespace {

constexpr double kHalfHopS = 0.005;
constexpr double kTempoS = 30.0;  // of music that say its tempo, where the part that is shown is shorter

// Before anything slow begins, so that a mistyped parameter is told at once.
Director director_for(const OfflineOptions& options) {
  Director director;
  if (!options.preset.empty()) {
    for (const std::string& remark : director.load(find_preset(options.preset))) log::warn("{}", remark);
  }
  for (const std::string& remark : director.assign(options.sets)) log::warn("{}", remark);
  return director;
}

}  // namespace

OfflineShow::OfflineShow(OfflineOptions options, std::vector<AudioFrame> music)
    : options_(std::move(options)),
      music_(std::move(music)),
      director_(director_for(options_)),
      window_(gfx::context_only()),
      stage_((data_folder() / "shaders").string()),
      canvas_(GL_RGBA8, options_.width, options_.height) {
  audio::flush_denormals();
  const std::string fault = stage_.status().message;
  if (!fault.empty()) log::warn("{}\nhint: the built-in look is drawn instead", fault);
  dance_.emplace(options_.dancer(options_.model));
  params().know_styles(dance_->source().info().styles);
  if (const std::string remark = params().unknown_styles(); !remark.empty()) log::warn("{}", remark);
  if (options_.decoder == DecoderMode::kGl)
    decoder_ = make_gl_decoder(dance_->source().decoder_plan(), window_.renderer());
  // the last picture begins before the music ends; a remainder of less than a thousandth is rounding
  frames_ = static_cast<std::int64_t>(std::ceil((options_.to_s - options_.from_s) * options_.fps - 1e-3));
  gfx::gl_check("preparing to render");
}

// What was heard when a picture is seen: the hop that ends nearest to that time.
const AudioFrame& OfflineShow::heard_at(double time_s) {
  while (hop_ + 1 < music_.size() && music_[hop_ + 1].time_s <= time_s + kHalfHopS) ++hop_;
  return music_[hop_];
}

bool OfflineShow::next(gfx::Image& picture) {
  if (drawn_ >= frames_ || music_.empty()) return false;
  const double time_s = time_of(drawn_), step_s = 1.0 / options_.fps;
  const AudioFrame& audio = heard_at(time_s);
  const DanceRequest request = director_.ask(audio, time_s, time_s, step_s);
  director_.settle();
  if (decoder_) {
    dance_->step(request, latents_);
    decoder_->decode(latents_.latents, latents_.size);
  } else {
    dance_->step(request, field_);
  }
  stage_.set_look(director_.look());
  stage::Scene scene = director_.scene(field_, audio.grid, time_s, step_s);
  if (decoder_) scene.decoded = &decoder_->fields();
  scene.patient = true;
  scene.transparent = options_.transparent;
  stage_.draw(scene, canvas_.get(), canvas_.width(), canvas_.height());
  picture = gfx::read_pixels(canvas_.get(), canvas_.width(), canvas_.height(), options_.transparent ? 4 : 3);
  ++drawn_;
  sums_.confidence += audio.grid.confidence;
  sums_.beats += step_s * audio.grid.bpm / 60.0;
  return true;
}

// The beats of the part that is shown, or of more of the music around it: a second of them says little.
double OfflineShow::tempo() const {
  const double more_s = std::max(0.0, 0.5 * (kTempoS - (time_of(drawn_) - options_.from_s)));
  const auto hop_at = [&](double time_s) {
    const auto after = std::lower_bound(music_.begin(), music_.end(), time_s,
                                        [](const AudioFrame& hop, double t) { return hop.time_s < t; });
    return after == music_.end() ? music_.end() - 1 : after;
  };
  const auto first = hop_at(options_.from_s - more_s), last = hop_at(time_of(drawn_) + more_s);
  if (!(last->time_s - first->time_s > 0.0)) return first->grid.bpm;
  return 60.0 * (last->grid.beat_at(last->time_s) - first->grid.beat_at(first->time_s)) /
         (last->time_s - first->time_s);
}

OfflineReport OfflineShow::report() const {
  OfflineReport r = sums_;
  r.frames = drawn_;
  if (drawn_ > 0) {
    r.tempo_bpm = tempo();
    r.confidence /= static_cast<double>(drawn_);
  }
  const model::DanceCounters counters = dance_->source().counters();
  r.moves = counters.moves, r.jumps = counters.jumps, r.freezes = counters.freezes;
  r.scrubbed = dance_->scrubbed();
  r.model = dance_->source().info().name;
  r.look = stage_.status().look;
  r.renderer = window_.renderer();
  return r;
}

}  // namespace ombra::show
