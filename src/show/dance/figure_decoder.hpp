#pragma once
// Who makes distance fields of the latents: OpenGL on the render thread, or the processor on the dance thread. On a
// graphics card both are measured once and the faster one stays; the times are remembered per machine, model and number
// of dancers. A software renderer would take the processor cores that the dance uses better, and is not even tried
// unless it is asked for. A decoder is compiled a little every frame while the processor draws, and one that does not
// run here says why and leaves the drawing to the processor. Thread: render only.

#include "core/frames.hpp"
#include "gfx/gl_decoder.hpp"
#include "show/dance/dance_thread.hpp"
#include "show/params/decoder_times.hpp"

#include <memory>
#include <string>
#include <vector>

namespace ombra::show {

enum class DecoderMode { kAuto, kGl, kCpu };
// "auto", "gl" or "cpu"; throws UsageError
DecoderMode decoder_mode(const std::string& word);

// Is OpenGL the better choice? It has half a millisecond in advance: what it does not take from the processor. Half a
// refresh is too much, though: the processor would be late with its fields, OpenGL with the picture.
bool gl_is_better(const DecoderTimes& times);

// For shows without time: OpenGL's fields of latents. Throws Error where OpenGL cannot decode for this dancer.
std::unique_ptr<gfx::GlDecoder> make_gl_decoder(const model::PlanOrReason& made, const std::string& renderer);

class FigureDecoder {
 public:
  FigureDecoder(DecoderMode mode, std::string renderer, std::vector<DecoderTimes> remembered);

  // Once a frame, before decode(): takes up the dancer on offer, compiles a little, measures.
  void step(const DecoderOffer& offer, const DanceStatus& dance, int dancers, int field_size);
  // Number of the dancer whose latents are wanted instead of fields; 0: of none.
  std::uint64_t wants() const { return ready_ && wanted_ ? ready_dancer_ : 0; }
  // -> the fields of these latents; of the ones before where they belong to another dancer; null before the first.
  const gfx::GpuFields* decode(const LatentFrame& frame);
  const gfx::GpuFields* fields() const { return ready_ && ready_->fields().texture ? &ready_->fields() : nullptr; }

  bool draws() const { return ready_ && wanted_ && ready_dancer_ == offered_; }
  double gl_ms() const { return gl_ms_; }  // of a picture, measured before it draws
  // for the desk: "OpenGL, 0.12 ms", "the processor, 0.30 ms (software OpenGL)"; what is wrong, or empty
  std::string line(const DanceStatus& dance) const;
  const std::string& message() const { return message_; }
  const std::vector<DecoderTimes>& remembered() const { return remembered_; }

 private:
  void take_up(const DecoderOffer& offer, int batch);
  void go_on(const DanceStatus& dance, int dancers, int field_size);
  double measure(int dancers, int field_size);
  void give_up(const std::string& why);
  DecoderTimes* known();

  const DecoderMode mode_;
  const std::string renderer_;
  const bool software_;
  std::vector<DecoderTimes> remembered_;
  std::uint64_t offered_ = 0;  // the dancer on offer
  int batch_ = 0;              // 1, 4 or 16: dancers that it was measured with
  std::string key_, why_not_, message_;
  double gl_ms_ = 0.0;
  // the one that draws, and the one that is being made
  std::unique_ptr<gfx::GlDecoder> ready_, coming_;
  std::uint64_t ready_dancer_ = 0;
  bool wanted_ = false;         // else ready_ draws only until the processor's first picture is there
  std::vector<double> cpu_ms_;  // of pictures since the dancer was offered
  std::uint64_t cpu_frames_ = 0;
};

}  // namespace ombra::show
