#pragma once
// The show offline: what Session is to a performance, this is to a render. Pictures come at exact times on the clock of
// the music, as fast as they can be made; dance and drawing are on the caller's thread, so that the same music, seed,
// parameters and model give the same pictures, bit for bit on the same machine.
// Thread: one owner; its OpenGL context becomes the current one, and denormal numbers count as zero from then on.

#include "core/frames.hpp"
#include "gfx/framebuffer.hpp"
#include "gfx/window.hpp"
#include "show/dance/director.hpp"
#include "show/dance/figure_decoder.hpp"
#include "show/offline/picture_source.hpp"
#include "stage/stage.hpp"

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

namespace ombra::show {

struct OfflineOptions {
  DancerFactory dancer;  // makes the dancer from the model folder
  std::filesystem::path model;
  std::filesystem::path preset;
  std::vector<std::string> sets;  // "path=value"
  int width = 1280, height = 720;
  DecoderMode decoder = DecoderMode::kAuto;  // which is the processor here
  bool transparent = false;                  // the figures and their light over nothing: RGBA pictures
  double fps = 60.0;
  double from_s = 0.0, to_s = 0.0;  // the part of the music; the dance begins at from_s
};

// What happened, for a line at the end and for tests.
struct OfflineReport {
  std::int64_t frames = 0;
  double tempo_bpm = 0.0;   // of the music shown, or of half a minute around it
  double confidence = 0.0;  // mean over the pictures: how sure of the beat
  double beats = 0.0;
  std::uint64_t moves = 0, jumps = 0, freezes = 0, scrubbed = 0;
  std::string model, look, renderer;
};

class OfflineShow final : public PictureSource {
 public:
  // music: consecutive hops from time 0 on, at least up to to_s (audio/beat/hindsight.hpp).
  // Throws Error (no OpenGL, no model, a broken preset) and UsageError (sets).
  OfflineShow(OfflineOptions options, std::vector<AudioFrame> music);

  // Pictures in all: enough to cover the music from from_s to to_s.
  std::int64_t frames() const override { return frames_; }
  // When picture k is seen, in the music's time.
  double time_of(std::int64_t k) const { return options_.from_s + static_cast<double>(k) / options_.fps; }

  bool next(gfx::Image& picture) override;

  ShowParams& params() { return director_.params(); }
  OfflineReport report() const;

 private:
  const AudioFrame& heard_at(double time_s);
  double tempo() const;

  // immutable after construction
  const OfflineOptions options_;
  const std::vector<AudioFrame> music_;
  std::int64_t frames_ = 0;
  // from picture to picture
  Director director_;
  gfx::Window window_;  // the context of what follows
  stage::Stage stage_;
  gfx::Framebuffer canvas_;
  std::optional<Dance> dance_;
  std::unique_ptr<gfx::GlDecoder> decoder_;  // null: the processor decodes
  LatentFrame latents_;
  FieldImage field_;
  std::int64_t drawn_ = 0;
  std::size_t hop_ = 0;
  OfflineReport sums_;
};

}  // namespace ombra::show
