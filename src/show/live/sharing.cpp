#include "show/live/sharing.hpp"

#include "core/error.hpp"
#include "core/number.hpp"
#include "core/text.hpp"
#include "media/share/camera.hpp"
#include "media/share/pipewire_source.hpp"
#include "media/share/streamer.hpp"
#include "show/live/picture_size.hpp"

#include <algorithm>
#include <utility>

namespace ombra::show {
namespace {

constexpr double kSettleS = 1.0;  // another size counts when it has stayed so long: a window is being dragged

}  // namespace

void Sharing::set_stream(const std::string& url) {
  if (!url.empty()) media::stream_url(url);
  if (url == options_.stream) return;
  options_.stream = url;
  end(slots_[kStream]);  // picture() begins it anew
}

BoolParam Sharing::on(const ShowParams& params, Kind kind) {
  return kind == kStream ? params.share_stream : kind == kPipeWire ? params.share_pipewire : params.share_camera;
}

// As high as asked for, as wide as the picture's shape makes it.
Sharing::Format Sharing::wanted(const ShowParams& p, gfx::Surface source) {
  const PictureSize size = picture_size(p.name(p.share_height), source.width, source.height);
  Format f;
  f.width = size.width, f.height = size.height;
  f.kbit_per_s = p.get(p.share_kbps);
  f.fps = parse_number(p.name(p.share_fps)).value_or(30.0);
  return f;
}

std::unique_ptr<media::Outlet> Sharing::make(Kind kind) const {
  if (kind == kPipeWire) return media::make_pipewire_source(format_.width, format_.height, format_.fps);
  if (kind == kCamera) return media::make_camera(options_.camera, format_.width, format_.height, format_.fps);
  media::LiveFormat f;
  f.width = format_.width, f.height = format_.height;
  f.fps = format_.fps;
  f.kbit_per_s = format_.kbit_per_s;
  return media::make_streamer(media::stream_url(options_.stream), f);
}

void Sharing::end(Slot& slot) {
  if (!slot.live) return;
  slot.live->stop();
  slot.told = 0;
  slot.ending = std::move(slot.live);
}

void Sharing::collect() {
  if (!readback_) return;
  readback_->collect([this](std::span<const std::uint8_t> rgba, double time_s) {
    for (Slot& slot : slots_) {
      if (slot.live) slot.live->picture(rgba, time_s, true);
    }
  });
}

void Sharing::step(ShowParams& params) {
  if (params.get(params.share_stream) && !stream().live) {
    try {
      media::stream_url(options_.stream);
    } catch (const UsageError& fault) {
      news_ = options_.stream.empty() ? "There is no address to stream to: type it on the desk, or start with --stream"
                                      : first_line(fault.what());
      params.set(params.share_stream.index, 0.0);
    }
  }
  collect();
  for (int i = 0; i < kKinds; ++i) {
    Slot& slot = slots_[static_cast<std::size_t>(i)];
    if (slot.live && !params.get(on(params, static_cast<Kind>(i)))) end(slot);
    if (slot.ending && slot.ending->ended()) slot.ending.reset();
    if (slot.live) tell(slot);
  }
}

void Sharing::tell(Slot& slot) {
  const media::OutletStatus status = slot.live->status();
  if (status.state != media::OutletStatus::State::kGiving || status.connections == slot.told) return;
  slot.told = status.connections;
  news_ = fmt::format("The picture goes to {}", status.name);
}

// Only the bit rate differs.
bool Sharing::pictures_are_as(const Format& format) const {
  return readback_ && readback_->width() == format.width && readback_->height() == format.height && fps_ == format.fps;
}

// A new one ends what was begun with the old one; picture() begins it anew.
void Sharing::choose_format(const Format& format, double seen_s) {
  if (format != next_) next_ = format, next_s_ = seen_s;
  const bool any = std::any_of(slots_.begin(), slots_.end(), [](const Slot& slot) { return slot.live != nullptr; });
  if (format == format_ || (any && seen_s - next_s_ < kSettleS)) return;
  const int before = std::exchange(format_, format).kbit_per_s;
  if (before != format.kbit_per_s) end(slots_[kStream]);
  if (pictures_are_as(format)) return;
  for (Slot& slot : slots_) end(slot);
  readback_ = std::make_unique<gfx::Readback>(format.width, format.height);
  pacer_ = std::make_unique<media::Pacer>(format.fps);
  fps_ = format.fps;
}

void Sharing::picture(const ShowParams& params, gfx::Surface source, double seen_s) {
  bool any = false;
  for (int i = 0; i < kKinds; ++i) any |= params.get(on(params, static_cast<Kind>(i)));
  if (!any || source.width <= 0 || source.height <= 0) return;
  choose_format(wanted(params, source), seen_s);
  bool taken = false;
  for (int i = 0; i < kKinds; ++i) {
    const Kind kind = static_cast<Kind>(i);
    Slot& slot = slots_[static_cast<std::size_t>(i)];
    // one at a time: what ends may still hold the address
    if (!slot.live && !slot.ending && params.get(on(params, kind))) slot.live = make(kind);
    taken |= slot.live && slot.live->takes();
  }
  if (!taken) return;
  const std::optional<double> at_s = pacer_->due(seen_s);
  if (at_s && !readback_->copy(source, *at_s)) pacer_->refuse();
}

void Sharing::sound(const audio::HeardSound& piece) {
  if (stream().live) stream().live->sound(piece.stereo, piece.rate_hz, piece.end_s);
}

void Sharing::finish() {
  for (Slot& slot : slots_) {
    if (slot.live) slot.live->stop();
  }
  for (Slot& slot : slots_) slot.live.reset(), slot.ending.reset();
}

SharingView Sharing::view() const {
  SharingView v;
  const auto each = [this](Kind kind) {
    const Slot& slot = slots_[kind];
    return slot.live ? SharingView::Each{true, slot.live->status()} : SharingView::Each{};
  };
  v.stream = each(kStream), v.pipewire = each(kPipeWire), v.camera = each(kCamera);
  try {
    if (!options_.stream.empty()) v.address = media::stream_url(options_.stream).shown;
  } catch (const UsageError&) {
    // step() says so when it is switched on
  }
  v.width = format_.width, v.height = format_.height;
  return v;
}

std::string Sharing::message() const {
  for (const Slot& slot : slots_) {
    if (!slot.live) continue;
    if (std::string message = slot.live->status().message; !message.empty()) return message;
  }
  return {};
}

}  // namespace ombra::show
