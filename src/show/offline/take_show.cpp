#include "show/offline/take_show.hpp"

#include "core/denormals.hpp"
#include "core/embedded.hpp"
#include "core/error.hpp"
#include "core/log.hpp"
#include "show/params/show_params.hpp"

#include <algorithm>
#include <cmath>

namespace ombra::show {
namespace {

constexpr double kWarmUpS = 4.0;    // drawn before from_s and thrown away, for trails and what else remembers
constexpr std::size_t kPoses = 16;  // that are kept
constexpr int kFinestField = 512;
constexpr double kLongestStepS = 0.25;  // between steps further apart nothing is interpolated

}  // namespace

TakeShow::TakeShow(TakeShowOptions options)
    : options_(std::move(options)), facts_(read_take_facts(options_.folder)), score_(options_.folder / "score.bin") {
  audio::flush_denormals();
  ShowParams params(stage::Stage::looks());
  for (const std::string& each : options_.sets) {
    if (const std::string remark = params.assign(each); !remark.empty()) log::warn("{}", remark);
  }
  titles_ = params.titles();
  measure();
  if (!options_.model.empty()) facts_.dancer.model = options_.model;
  check_model();
  factory_ = options_.dancer(facts_.dancer);
  dance_.emplace(factory_(facts_.dancer.model));
  window_.emplace(gfx::context_only());
  stage_.emplace((data_folder() / "shaders").string());
  canvas_.emplace(GL_RGBA8, options_.width > 0 ? options_.width : first_width_,
                  options_.height > 0 ? options_.height : first_height_);
  find_decoder();
  gfx::gl_check("preparing to render");
}

void TakeShow::find_decoder() {
  if (options_.decoder == DecoderMode::kGl)
    decoder_ = make_gl_decoder(dance_->source().decoder_plan(), window_->renderer());
}

void TakeShow::check_model() const {
  const std::string weights = checksum_of(facts_.dancer.model);
  if (weights != facts_.weights) {
    throw error(
        "{}: is not the model that danced in {}\nhint: put back the weights with the checksum {}, or render "
        "with the version of the program ({}) that made the take",
        facts_.dancer.model.string(), options_.folder.string(), facts_.weights, facts_.version);
  }
}

// Reads the take once: how long it is, how many frames are wanted.
void TakeShow::measure() {
  ScoreReader score(options_.folder / "score.bin");
  RecordKind kind{};
  std::string_view bytes;
  FrameRecord frame;
  double last_s = 0.0;
  std::int64_t seen = 0;
  while (score.next(kind, bytes)) {
    if (kind != RecordKind::kFrame || !unpack(bytes, frame)) continue;
    if (first_width_ == 0) first_width_ = std::max(16, frame.width), first_height_ = std::max(16, frame.height);
    last_s = std::max(last_s, frame.shown_s() - facts_.start_s);
    const double at_s = frame.shown_s() - facts_.start_s;
    if (at_s >= options_.from_s && (options_.to_s <= 0.0 || at_s < options_.to_s)) ++seen;
  }
  if (first_width_ == 0)
    throw error("{}: holds no frame\nhint: the show ended before it began?", options_.folder.string());
  to_s_ = options_.to_s > 0.0 ? std::min(options_.to_s, last_s) : last_s;
  if (options_.from_s >= to_s_) {
    throw UsageError(fmt::format("--from {} --to {}: nothing is left of the take, which lasts {:.2f} s",
                                 options_.from_s, options_.to_s, last_s));
  }
  frames_ =
      options_.fps > 0.0 ? static_cast<std::int64_t>(std::ceil((to_s_ - options_.from_s) * options_.fps - 1e-3)) : seen;
  warm_s_ = std::max(0.0, options_.from_s - kWarmUpS);
  even_ = -std::llround((options_.from_s - warm_s_) * options_.fps);
}

bool TakeShow::read_on() {
  RecordKind kind{};
  std::string_view bytes;
  while (score_.next(kind, bytes)) {
    try {
      DanceRequest request;
      FrameRecord frame;
      if (kind == RecordKind::kModel) {
        dance_->swap(factory_(std::filesystem::path(bytes)));
        find_decoder();
      } else if (kind == RecordKind::kFrame && unpack(bytes, frame)) {
        shown_.push_back(frame);
        if (shown_.size() > 2) shown_.pop_front();
        return true;
      } else if (kind == RecordKind::kUndrawn && unpack(bytes, request)) {
        dance_->advance(request);
      } else if (kind == RecordKind::kStep && unpack(bytes, request)) {
        const std::span<const float> latents = dance_->pose(request);
        poses_.push_back({request.seen_s, dance_->source().dancers(), request.field_size,
                          std::vector<float>(latents.begin(), latents.end())});
        if (poses_.size() > kPoses) poses_.pop_front();
      }
    } catch (const Error& fault) {  // as in the show, the last picture stays
      log::debug("{}", fault.what());
    }
  }
  return false;
}

const TakeShow::Pose* TakeShow::pose_of(double field_s) const {
  for (auto p = poses_.rbegin(); p != poses_.rend(); ++p) {
    if (p->seen_s == field_s) return &*p;
  }
  return nullptr;
}

void TakeShow::draw_pose(const Pose& pose) {
  if (pose.seen_s == field_of_) return;
  // a larger picture deserves a finer field
  const double larger =
      static_cast<double>(canvas_->height()) / (shown_.empty() ? first_height_ : shown_.back().height);
  const int size = std::clamp(static_cast<int>(std::lround(pose.field_size * larger)), pose.field_size,
                              std::max(pose.field_size, kFinestField));
  if (!decoder_) {
    dance_->draw(pose.latents, size, field_);
  } else if (pose.latents.size() == static_cast<std::size_t>(pose.dancers * decoder_->plan().code)) {
    decoder_->decode(pose.latents, size);
  }
  field_.seen_s = field_of_ = pose.seen_s;
}

// The pose at time_s, between the steps before and after it.
void TakeShow::between(double time_s) {
  if (poses_.empty()) return;
  auto after = std::find_if(poses_.begin(), poses_.end(), [time_s](const Pose& p) { return p.seen_s > time_s; });
  if (after == poses_.begin() || after == poses_.end()) {
    return draw_pose(after == poses_.end() ? poses_.back() : poses_.front());
  }
  const Pose &a = *std::prev(after), &b = *after;
  const double gap_s = b.seen_s - a.seen_s;
  if (a.latents.size() != b.latents.size() || gap_s > kLongestStepS) return draw_pose(a);
  Pose mean = a;
  const auto share = static_cast<float>((time_s - a.seen_s) / gap_s);
  for (std::size_t i = 0; i < mean.latents.size(); ++i) mean.latents[i] += share * (b.latents[i] - a.latents[i]);
  mean.seen_s = time_s;
  draw_pose(mean);
}

void TakeShow::draw(const FrameRecord& frame, bool field, double time_s, double beat, double step_s,
                    gfx::Image* picture) {
  stage::Scene scene;
  scene.field = field && field_.dancers > 0 ? &field_ : nullptr;
  if (decoder_ && field && decoder_->fields().texture) scene.decoded = &decoder_->fields();
  scene.controls = frame.controls;
  scene.time_s = time_s, scene.beat = beat, scene.step_s = step_s;
  scene.titles = &titles_, scene.patient = true;
  scene.transparent = options_.transparent;
  if (!options_.look.empty()) {
    stage_->set_look(options_.look);
  } else if (frame.look < facts_.looks.size()) {
    stage_->set_look(facts_.looks[frame.look]);
  }
  stage_->draw(scene, canvas_->get(), canvas_->width(), canvas_->height());
  picture_s_ = time_s + frame.offset_s - facts_.start_s;
  const int channels = options_.transparent ? 4 : 3;
  if (picture) *picture = gfx::read_pixels(canvas_->get(), canvas_->width(), canvas_->height(), channels);
}

// The next frame as it was seen.
TakeShow::Step TakeShow::step_seen(gfx::Image& picture) {
  if (!read_on()) return Step::kOver;
  const FrameRecord& frame = shown_.back();
  const double at_s = frame.shown_s() - facts_.start_s;
  if (at_s < warm_s_) return Step::kUndrawn;
  if (const Pose* pose = pose_of(frame.field_s)) draw_pose(*pose);
  const bool wanted = at_s >= options_.from_s;
  draw(frame, frame.field_s >= 0.0, frame.time_s, frame.beat, frame.step_s, wanted ? &picture : nullptr);
  return wanted ? Step::kPicture : Step::kUndrawn;
}

// The next one of a constant rate; even_ counts from from_s, the ones before warm up.
TakeShow::Step TakeShow::step_even(gfx::Image& picture) {
  if (danced_s() < warm_s_) return read_on() ? Step::kUndrawn : Step::kOver;
  const double at_s = facts_.start_s + options_.from_s + static_cast<double>(even_) / options_.fps;
  while ((shown_.empty() || shown_.back().shown_s() <= at_s) && read_on()) {
  }
  if (shown_.empty()) return Step::kOver;
  const FrameRecord& frame = shown_.front();
  const double time_s = at_s - frame.offset_s;
  between(time_s);
  draw(frame, true, time_s, frame.audio.grid.beat_at(time_s), 1.0 / options_.fps, even_ >= 0 ? &picture : nullptr);
  return even_++ >= 0 ? Step::kPicture : Step::kUndrawn;
}

bool TakeShow::next(gfx::Image& picture) {
  if (drawn_ >= frames_) return false;
  while (true) {
    const Step step = options_.fps > 0.0 ? step_even(picture) : step_seen(picture);
    if (step == Step::kPicture) break;
    if (step == Step::kOver || (options_.while_waiting && !options_.while_waiting())) return false;
  }
  ++drawn_;
  return true;
}

}  // namespace ombra::show
