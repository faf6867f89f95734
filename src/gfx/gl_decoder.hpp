#pragma once
// A painter's decoder in OpenGL compute shaders: latent vectors in, distance fields of all dancers out, nothing read
// back. The second executor of a recipe's layer list; LibTorch is the first, and a test holds them together.
// Weights lie on the GPU in 16 bits (or 32); numbers in between are 32-bit floats. The same latents give the same
// field, bit for bit on the same machine. No state is kept from picture to picture: a number that is not finite harms
// one picture only, and is drawn as far outside. Thread: render only (the thread whose context is current).

#include "core/frames.hpp"
#include "gfx/decoder_passes.hpp"
#include "gfx/program.hpp"
#include "gfx/texture.hpp"

#include <map>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

namespace ombra::gfx {

// Distance fields as FieldImage in core/frames.hpp, but on the GPU.
struct GpuFields {
  const Texture* texture = nullptr;  // R32F array, a layer a dancer; picture heights
  int dancers = 0, size = 0;
  // 8 whole numbers a dancer, see Boxes in shaders/decoder/decode_output.glsl
  GLuint boxes = 0;
};

class GlDecoder {
 public:
  // bits: of a weight, 16 (half the memory traffic) or 32 (processors unpack 16 slowly). Nothing is compiled yet.
  // Throws Error where this OpenGL is too small for the plan.
  explicit GlDecoder(std::shared_ptr<const model::DecoderPlan> plan, int bits = 16);

  // Sends the weights, or compiles one more shader and runs it once (many drivers compile only then), so that a show
  // need not stop for all of it. -> ready(). Throws Error: it cannot run here.
  bool build_some();
  bool ready() const { return built_ == jobs(); }
  const model::DecoderPlan& plan() const { return *plan_; }

  // Decodes latents [dancers][code] into fields of size x size samples. -> what to draw, valid until the next call.
  // Builds what is not built yet. Throws Error.
  const GpuFields& decode(std::span<const float> latents, int size);
  const GpuFields& fields() const { return fields_; }

  // The numbers of the last step before they became a field, [dancers][channels][height][width]. Waits for the GPU: for
  // tests and measurements.
  std::vector<float> read_numbers();
  // The fields, [dancers][size][size]; likewise.
  std::vector<float> read_fields() const;

 private:
  // One way to run a pass: its program and where its numbers go.
  struct Variant {
    GLuint program = 0;
    std::vector<std::pair<GLint, int>> numbers;
    GLint dancers = -1, size = -1;
  };
  struct Stage {
    Variant many, one;  // one: where a single dancer dances; program 0: as many
    std::array<int, 3> groups{};
    int batch = 1;
  };
  std::size_t jobs() const { return 1 + passes_.passes.size() + ending_.size(); }
  void plan_ending();
  void check_limits() const;
  void send_weights();
  Variant variant(const DecoderPass& pass, const std::string& defines);
  Stage stage(const DecoderPass& pass);
  void try_out(const Stage& stage, bool ending);
  void begin_fields();
  void make_room(int dancers, int size);
  void send_latents(std::span<const float> latents, int dancers);
  void bind_constants() const;  // of all passes: weights, and what the network is given
  void run(const Stage& stage, GLuint from, GLuint to, std::array<int, 3> groups) const;
  void draw_fields(GLuint numbers);

  const std::shared_ptr<const model::DecoderPlan> plan_;
  DecoderPasses passes_;
  std::vector<DecoderPass> ending_;
  std::map<std::string, Program> programs_;  // by their text
  std::vector<Stage> stages_, end_stages_;
  std::size_t built_ = 0;
  BufferHandle weights_, biases_, latents_, boxes_;
  std::array<BufferHandle, 3> numbers_;  // two in turn, and one for the end
  int room_ = 0;                         // dancers that they have room for
  std::optional<Texture> texture_;
  GpuFields fields_;
  std::vector<float> packed_;  // the latents in groups of four
  GLuint last_ = 0;            // the buffer that the last step wrote
};

}  // namespace ombra::gfx
