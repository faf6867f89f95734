#include "model/dancers/generator.hpp"

#include "core/clock.hpp"
#include "core/error.hpp"
#include "core/frames.hpp"
#include "core/log.hpp"
#include "model/dancers/frames_stream.hpp"
#include "model/dancers/moves_stream.hpp"
#include "model/dancers/pose_fit.hpp"
#include "model/figure/strokes.hpp"
#include "model/layers/plan_builder.hpp"
#include "model/layers/threads.hpp"

#include <algorithm>
#include <cmath>
#include <numbers>

namespace ombra::model {

using torch::Tensor;

namespace {
constexpr double kReach = 2.0;  // ticks that the cubic needs beyond the moment

// Where dancer 0, 1, 2, ... stands within a move, so that however many there are their moves fall due evenly:
// 0, 1/2, 1/4, 3/4, 1/8, ... (van der Corput 1935)
double share_of(std::size_t dancer) {
  double share = 0.0;
  for (double bit = 0.5; dancer > 0; dancer /= 2, bit /= 2.0) share += dancer % 2 == 1 ? bit : 0.0;
  return share;
}
}  // namespace

struct Generator::Impl {
  std::shared_ptr<Model> model;
  DancerInfo info;
  torch::Device device = torch::kCPU;
  std::uint64_t seed = 1;
  std::shared_ptr<MoveNetworks> moves;    // kind moves, of all dancers
  std::shared_ptr<FrameStepper> stepper;  // kind frames, likewise
  std::unique_ptr<FastNetwork> strokes;   // the painter's decoder where it draws strokes, on the CPU
  std::vector<std::unique_ptr<DanceStream>> streams;
  bool started = false;
  std::vector<float> last_pose;
  int first_seed = -1;           // that dances begin with; -1: by chance
  std::uint64_t lost_moves = 0;  // counters of dancers that left
  double decode_ms = 0.0;
  // scratch
  std::vector<Stroke> figures;

  // latents [n][Z] -> [n][strokes of a figure]
  const std::vector<Stroke>& strokes_of(std::span<const float> latents, std::size_t n) {
    const auto z = static_cast<std::size_t>(info.latent_size);
    figures.clear();
    if (n == 0) return figures;
    if (strokes) {
      const std::size_t numbers = strokes->out();
      figures.resize(n * numbers / kStrokeNumbers);
      std::vector<const float*> from;
      std::vector<float*> to;
      for (std::size_t i = 0; i < n; ++i) {
        from.push_back(latents.data() + i * z);
        to.push_back(&figures[0].ax + i * numbers);
      }
      strokes->forward(from, {}, to);
      return figures;
    }
    const Tensor codes = torch::from_blob(const_cast<float*>(latents.data()),
                                          {static_cast<std::int64_t>(n), static_cast<std::int64_t>(z)});
    const Tensor drawn = model->painter->strokes(codes.to(device)).cpu().contiguous();  // [n, K, 6]
    const auto* first = reinterpret_cast<const Stroke*>(drawn.data_ptr<float>());
    figures.assign(first, first + drawn.numel() / kStrokeNumbers);
    return figures;
  }

  double tick_of(const Moment& moment) const {
    return info.kind == "moves" ? moment.beat * info.frames_per_beat : moment.time_s * info.frames_per_second;
  }
  // The tick that is shown at a moment: the accent bends the beat's time without ever running backwards.
  double shown_tick(const Moment& moment, const DanceControls& controls) const {
    if (info.kind != "moves") return tick_of(moment);
    const double turn = 2.0 * std::numbers::pi, accent = std::clamp(static_cast<double>(controls.accent), 0.0, 1.0);
    return (moment.beat - accent / turn * std::sin(turn * moment.beat)) * info.frames_per_beat;
  }
  // width of the smoothing window, in ticks: up to half a beat (a quarter of a second for frames)
  double width(const DanceControls& controls) const {
    return controls.smoothness * (info.kind == "moves" ? 0.5 * info.frames_per_beat : 0.25 * info.frames_per_second);
  }
  void add_stream() {
    const std::uint64_t own = seed * 1000003u + streams.size() * 7919u;
    if (info.kind == "moves") {
      streams.push_back(std::make_unique<MovesStream>(
          model, moves, own, share_of(streams.size()) * static_cast<double>(model->recipe.mover.frames_per_move)));
    } else {
      streams.push_back(std::make_unique<FramesStream>(model, stepper, own));
    }
  }
  void make_networks() {
    if (info.kind == "moves") {
      moves = MoveNetworks::make(*model);
    } else {
      stepper = std::make_shared<FrameStepper>(model->dancer);
    }
    if (device.is_cpu() && model->painter->draws_strokes()) strokes = model->painter->fast_decoder();
  }
};

Generator::Generator(const std::filesystem::path& folder, const std::string& device, std::uint64_t seed, int dancers)
    : impl_(std::make_unique<Impl>()) {
  impl_->device = device_of(device);
  impl_->model = std::make_shared<Model>(load_model(folder, impl_->device));
  impl_->seed = seed;
  const Recipe& recipe = impl_->model->recipe;
  DancerInfo& info = impl_->info;
  info.name = std::filesystem::weakly_canonical(folder).filename().string();
  info.kind = recipe.kind;
  info.latent_size = static_cast<int>(recipe.painter.code);
  if (recipe.kind == "moves") {
    info.frames_per_beat = static_cast<double>(recipe.mover.frames_per_beat);
    info.moves_per_beat = static_cast<int>(recipe.mover.frames_per_beat / recipe.mover.frames_per_move);
  } else {
    info.frames_per_second = recipe.frames.fps;
  }
  info.seeds = static_cast<int>(impl_->model->seeds.size());
  impl_->make_networks();
  set_dancers(dancers);
}

Generator::~Generator() = default;

const DancerInfo& Generator::info() const { return impl_->info; }

int Generator::dancers() const { return static_cast<int>(impl_->streams.size()); }

void Generator::begin_after(std::span<const float> pictures, std::size_t count, std::size_t framings) {
  Model& m = *impl_->model;
  const FramesSpec& frames = m.recipe.frames;
  const auto n = static_cast<std::int64_t>(count), k = static_cast<std::int64_t>(framings),
             channels = static_cast<std::int64_t>(channels_of(frames.picture));
  OMBRA_ASSERT(n > 0 && k > 0 &&
               pictures.size() == static_cast<std::size_t>(k * n * channels * frames.height * frames.width));
  const Tensor all =
      torch::from_blob(const_cast<float*>(pictures.data()), {k, n, channels, frames.height, frames.width})
          .to(impl_->device);
  std::int64_t best = 0;
  Tensor end;
  if (m.painter->draws_strokes()) {  // the outline itself says what the encoder, which guesses once, got wrong
    const PoseFit fit = fit_pose(m, all.select(1, n - 1));
    best = fit.framing, end = fit.code;
    if (!fit.whole)
      log::warn(
          "the video ends with a figure of which too little is seen: the dance begins with the pose most like it");
  }
  const torch::NoGradGuard no_grad;
  Tensor codes = m.painter->encode(all[best]);
  if (end.defined()) codes[n - 1] = end;
  const Tensor last = codes[n - 1].cpu().to(torch::kFloat).contiguous();
  impl_->last_pose.assign(last.data_ptr<float>(), last.data_ptr<float>() + last.numel());
  add_seed(m, codes);
  impl_->info.seeds = static_cast<int>(m.seeds.size());
  impl_->first_seed = impl_->info.seeds - 1;
}

const std::vector<float>& Generator::last_pose() const { return impl_->last_pose; }

void Generator::set_dancers(int dancers) {
  const int wanted = std::clamp(dancers, 1, kMaxDancers);
  while (this->dancers() > wanted) {
    impl_->lost_moves += impl_->streams.back()->counters.moves;
    impl_->streams.pop_back();
  }
  while (this->dancers() < wanted) {
    impl_->add_stream();
    const LatentTrack& first = impl_->streams.front()->track();
    if (impl_->started && this->dancers() > 1) {  // joins on the move that the first one is at
      const auto per_move = impl_->info.kind == "moves" ? impl_->model->recipe.mover.frames_per_move : 1;
      impl_->streams.back()->start(first.end() - std::min<std::int64_t>(first.end() - first.begin(), 4 * per_move), -1);
    }
  }
}

void Generator::advance(const Moment& until, const DanceControls& controls) {
  use_threads(1);
  const double tick = std::max(impl_->tick_of(until), impl_->shown_tick(until, controls));
  const auto whole = static_cast<std::int64_t>(std::floor(tick));
  std::vector<DanceStream*> together;
  for (const auto& stream : impl_->streams) {
    const LatentTrack& track = stream->track();
    // A clock that was set (a new beat grid, a long sleep) starts the dance there instead of dancing all the way to it.
    const std::int64_t far =
        impl_->info.kind == "moves" ? static_cast<std::int64_t>(impl_->info.frames_per_beat) * 32 : 600;
    if (!impl_->started || whole > track.end() + far || whole < track.begin() - far)
      stream->start(whole, impl_->first_seed);
    stream->set_phrase_start(std::llround(until.bar * impl_->info.frames_per_beat));
    together.push_back(stream.get());
  }
  together.front()->advance(together, tick + kReach + std::ceil(impl_->width(controls)), controls);
  impl_->started = true;
}

void Generator::jump(int seed, const Moment& now, const DanceControls& controls, int dancer) {
  use_threads(1);
  if (seed >= impl_->info.seeds) return;
  if (!impl_->started) advance(now, controls);
  const double per_beat = impl_->info.frames_per_beat;
  const auto tick = static_cast<std::int64_t>(impl_->info.kind == "moves" ? std::ceil(now.beat) * per_beat
                                                                          : std::ceil(impl_->tick_of(now)));
  for (int d = 0; d < dancers(); ++d) {
    if (dancer < 0 || d == dancer) impl_->streams[static_cast<std::size_t>(d)]->jump(tick, seed, controls);
  }
}

void Generator::pull(const Moment& moment, const DanceControls& controls, std::span<float> latents) const {
  const auto z = static_cast<std::size_t>(impl_->info.latent_size);
  OMBRA_ASSERT(latents.size() == z * impl_->streams.size());
  const double tick = impl_->shown_tick(moment, controls), width = impl_->width(controls);
  for (std::size_t d = 0; d < impl_->streams.size(); ++d) {
    const StopWarp* warp = impl_->streams[d]->warp();
    impl_->streams[d]->track().sample(warp ? warp->shown(tick, controls.tightness) : tick, width,
                                      latents.subspan(d * z, z));
  }
}

void Generator::decode(std::span<const float> latents, int size, FieldImage& image) {
  use_threads(1);
  const torch::InferenceMode guard;
  const double begun = now_s();
  const std::int64_t z = impl_->info.latent_size, n = static_cast<std::int64_t>(latents.size()) / z;
  const auto pixels = static_cast<std::size_t>(size) * static_cast<std::size_t>(size);
  image.dancers = static_cast<int>(n);
  image.size = size;
  image.distance.resize(static_cast<std::size_t>(n) * pixels);
  if (impl_->model->painter->draws_strokes()) {
    const std::vector<Stroke>& all = impl_->strokes_of(latents, static_cast<std::size_t>(n));
    const std::size_t count = n > 0 ? all.size() / static_cast<std::size_t>(n) : 0;
    for (std::size_t d = 0; d < static_cast<std::size_t>(n); ++d) {
      draw_strokes(std::span(all).subspan(d * count, count), size,
                   std::span(image.distance).subspan(d * pixels, pixels));
    }
  } else {
    const Tensor codes = torch::from_blob(const_cast<float*>(latents.data()), {n, z}).to(impl_->device);
    const Tensor fields = impl_->model->painter->decode(codes, size).cpu().contiguous();
    std::copy_n(fields.data_ptr<float>(), image.distance.size(), image.distance.begin());
  }
  impl_->decode_ms = (now_s() - begun) * 1e3;
}

PlanOrReason Generator::decoder_plan() const { return plan_of(impl_->model->recipe, *impl_->model->painter); }

FieldImage Generator::seed_pictures(int size) {
  const Tensor latents = impl_->model->seeds.latents;
  const Tensor middle = latents.select(1, latents.size(1) / 2).to(torch::kFloat).cpu().contiguous();
  FieldImage image;
  decode({middle.data_ptr<float>(), static_cast<std::size_t>(middle.numel())}, size, image);
  return image;
}

DanceCounters Generator::counters() const {
  DanceCounters sum;
  for (const auto& stream : impl_->streams) {
    sum.moves += stream->counters.moves;
    sum.freezes += stream->counters.freezes;
    sum.jumps += stream->counters.jumps;
    sum.step_ms = std::max(sum.step_ms, stream->counters.step_ms);
  }
  sum.moves += impl_->lost_moves;
  sum.decode_ms = impl_->decode_ms;
  return sum;
}

DanceCounters Generator::counters(int dancer) const {
  return impl_->streams.at(static_cast<std::size_t>(dancer))->counters;
}

std::vector<std::int64_t> Generator::last_move(int dancer) const {
  return impl_->streams.at(static_cast<std::size_t>(dancer))->last_move();
}

PlanOrReason fresh_decoder_plan(const std::filesystem::path& recipe) {
  const Model model = make_model(read_recipe(recipe));
  return plan_of(model.recipe, *model.painter);
}

}  // namespace ombra::model
