#include "show/dance/dance.hpp"

#include "core/arithmetic.hpp"
#include "core/frames.hpp"

#include <algorithm>
#include <cmath>

namespace ombra::show {
namespace {

constexpr double kLetGoS = 0.25;  // how long the way back from a held pose takes
constexpr double kSetOutS = 0.6;  // and the way from the last pose of a video into the dance

int allowed_size(int field_size) { return std::clamp(field_size, 16, 1024); }

}  // namespace

Dance::Dance(std::unique_ptr<DancerSource> source)
    : source_(std::move(source)),
      held_(source_->last_pose()),
      held_share_(held_.empty() ? 0.0 : 1.0),
      let_go_s_(held_.empty() ? kLetGoS : kSetOutS) {}

void Dance::swap(std::unique_ptr<DancerSource> source) {
  source_ = std::move(source);
  latents_.clear();
  last_good_.clear();
  held_.clear();
  held_share_ = 0.0;
}

model::Timestamp Dance::go_on(const DanceRequest& request) {
  const int dancers = std::clamp(request.dancers, 1, kMaxDancers);
  if (source_->dancers() != dancers) source_->set_dancers(dancers);
  const model::Timestamp timestamp = clock_.at(request.seen_s + request.offset_s, request.grid, request.speed);
  if (request.jumps != jumps_) {
    jumps_ = request.jumps;
    const int seeds = source_->info().seeds;
    if (seeds > 0)
      source_->jump(request.seed < 0 ? -1 : std::min(request.seed, seeds - 1), timestamp, request.controls);
  }
  source_->advance(timestamp, request.controls);
  return timestamp;
}

void Dance::advance(const DanceRequest& request) { go_on(request); }

void Dance::step(const DanceRequest& request, FieldImage& image) {
  draw(pose(request), request.field_size, image);
  image.seen_s = request.seen_s;
}

void Dance::step(const DanceRequest& request, LatentFrame& frame) {
  const std::span<const float> figures = pose(request);
  frame.latents.assign(figures.begin(), figures.end());
  frame.dancers = source_->dancers();
  frame.size = allowed_size(request.field_size);
  frame.seen_s = request.seen_s;
}

std::span<const float> Dance::pose(const DanceRequest& request) {
  const model::Timestamp timestamp = go_on(request);
  latents_.resize(static_cast<std::size_t>(source_->dancers()) * static_cast<std::size_t>(source_->info().latent_size));
  source_->pull(timestamp, clock_.claimed(request.controls), latents_);
  last_good_.resize(latents_.size(), 0.0f);
  for (std::size_t i = 0; i < latents_.size(); ++i) {
    if (!std::isfinite(latents_[i])) latents_[i] = last_good_[i], ++scrubbed_;
  }
  last_good_ = latents_;
  hold(request);
  const int size = std::max(source_->info().figure_size, source_->info().latent_size);
  figures_.resize(static_cast<std::size_t>(source_->dancers()) * static_cast<std::size_t>(size));
  source_->embody(latents_, request.seen_s, request.figure, figures_);
  for (float& x : figures_) {
    if (!std::isfinite(x)) x = 0.0f, ++scrubbed_;
  }
  return figures_;
}

void Dance::draw(std::span<const float> figures, int field_size, FieldImage& image) {
  source_->decode(figures, allowed_size(field_size), image);
  for (float& d : image.distance) {
    if (!std::isfinite(d)) d = 1.0f, ++scrubbed_;
  }
}

// Replaces the latents by the held ones, and leads back from them after the hold.
void Dance::hold(const DanceRequest& request) {
  const double step_s = last_seen_s_ < 0.0 ? 0.0 : std::clamp(request.seen_s - last_seen_s_, 0.0, 0.1);
  last_seen_s_ = request.seen_s;
  if (request.hold) {
    if (held_share_ < 1.0 || held_.empty()) held_ = latents_;
    held_share_ = 1.0;
    let_go_s_ = kLetGoS;
  } else {
    held_share_ = std::max(0.0, held_share_ - step_s / let_go_s_);
  }
  const auto t = static_cast<float>(smoothstep(held_share_));
  if (t <= 0.0f) return;
  for (std::size_t i = 0; i < std::min(held_.size(), latents_.size()); ++i) {
    latents_[i] += t * (held_[i] - latents_[i]);
  }
}

}  // namespace ombra::show
