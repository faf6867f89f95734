#include "model/dancers/generator.hpp"

#include "core/clock.hpp"
#include "core/error.hpp"
#include "core/frames.hpp"
#include "model/dancers/embodiment.hpp"
#include "model/dancers/frames_stream.hpp"
#include "model/dancers/libtorch_dancer.hpp"
#include "model/dancers/moves_stream.hpp"

#include <malloc.h>

#include <algorithm>
#include <cmath>
#include <numbers>

namespace ombra::model {

namespace {
constexpr double kReach = 2.0;          // ticks that the cubic needs beyond the moment
constexpr double kPicturedBeatS = 0.5;  // of people in pictures

// Where dancer 0, 1, 2, ... stands within a move, so that however many there are their moves fall due evenly:
// 0, 1/2, 1/4, 3/4, 1/8, ... (van der Corput 1935)
double share_of(std::size_t dancer) {
  double share = 0.0;
  for (double bit = 0.5; dancer > 0; dancer /= 2, bit /= 2.0) share += dancer % 2 == 1 ? bit : 0.0;
  return share;
}
}  // namespace

struct Generator::Impl {
  std::filesystem::path folder;
  std::string device;
  std::shared_ptr<DancerFile> file;
  DancerInfo info;
  std::uint64_t seed = 1;
  std::unique_ptr<LibTorchDancer> libtorch;  // where something needs it
  std::shared_ptr<MoveNetworks> moves;       // kind moves, of all dancers
  std::shared_ptr<FrameStepper> stepper;     // kind frames, likewise
  std::unique_ptr<LatentDecoder> decoder;
  std::vector<std::unique_ptr<DanceStream>> streams;
  std::vector<std::unique_ptr<Embodiment>> bodies;  // of the streams
  bool started = false;
  std::vector<float> last_pose;
  int first_seed = -1;           // that dances begin with; -1: by chance
  std::uint64_t lost_moves = 0;  // counters of dancers that left
  double decode_ms = 0.0;

  const Recipe& recipe() const { return file->recipe; }

  double tick_of(const Timestamp& timestamp) const {
    return info.kind == "moves" ? timestamp.beat * info.frames_per_beat : timestamp.time_s * info.frames_per_second;
  }
  // The tick that is shown at a moment: the accent bends the beat's time without ever running backwards.
  double shown_tick(const Timestamp& timestamp, const DanceControls& controls) const {
    if (info.kind != "moves") return tick_of(timestamp);
    const double turn = 2.0 * std::numbers::pi, accent = std::clamp(static_cast<double>(controls.accent), 0.0, 1.0);
    return (timestamp.beat - accent / turn * std::sin(turn * timestamp.beat)) * info.frames_per_beat;
  }
  // width of the smoothing window, in ticks: up to half a beat (a quarter of a second for frames)
  double width(const DanceControls& controls) const {
    return controls.smoothness * (info.kind == "moves" ? 0.5 * info.frames_per_beat : 0.25 * info.frames_per_second);
  }
  std::span<float> figure_of(std::span<float> figures, std::size_t i) const {
    const auto size = static_cast<std::size_t>(info.figure_size);
    return figures.subspan(i * size, size);
  }
  void add_stream() {
    bodies.push_back(std::make_unique<Embodiment>(file, static_cast<int>(streams.size())));
    const std::uint64_t own = seed * 1000003u + streams.size() * 7919u;
    if (info.kind == "moves") {
      streams.push_back(std::make_unique<MovesStream>(
          file, moves, own, share_of(streams.size()) * static_cast<double>(recipe().mover.frames_per_move)));
    } else {
      streams.push_back(std::make_unique<FramesStream>(file, stepper, own));
    }
  }
  LibTorchDancer& by_libtorch() {
    if (!libtorch) libtorch = open_libtorch_dancer(folder, device);
    return *libtorch;
  }
  // On Ombra's own kernels, as far as they know the layers and no graphics card is asked for.
  void make_networks() {
    const bool own = device != "cuda";
    if (own) decoder = LatentDecoder::make(*file);
    if (info.kind == "moves") {
      if (own) moves = MoveNetworks::make(*file);
      if (!moves) moves = by_libtorch().moves();
    } else {
      if (own) stepper = FrameStepper::make(*file);
      if (!stepper) stepper = by_libtorch().frames();
    }
    if (!decoder) decoder = by_libtorch().decoder();
    file->weights.reset();
    ::malloc_trim(0);  // what the weights took on their way lies in this thread's part of the heap
  }
};

Generator::Generator(const std::filesystem::path& folder, const std::string& device, std::uint64_t seed, int dancers)
    : impl_(std::make_unique<Impl>()) {
  if (device != "auto" && device != "cpu" && device != "cuda")
    throw UsageError(fmt::format("--device {}: not a device\nhint: auto, cpu or cuda", device));
  impl_->folder = folder, impl_->device = device;
  impl_->file = std::make_shared<DancerFile>(read_dancer(folder));
  impl_->seed = seed;
  const Recipe& recipe = impl_->recipe();
  DancerInfo& info = impl_->info;
  info.name = std::filesystem::weakly_canonical(folder).filename().string();
  info.kind = recipe.kind;
  info.latent_size = static_cast<int>(recipe.painter.code);
  info.figure_size = static_cast<int>(Embodiment::size(*impl_->file));
  info.people = impl_->file->cast.names;
  info.styles = recipe.choreographer.styles;
  info.knows_build = !impl_->file->cast.taller.empty() && !impl_->file->cast.stouter.empty();
  if (recipe.kind == "moves") {
    info.frames_per_beat = static_cast<double>(recipe.mover.frames_per_beat);
    info.moves_per_beat = static_cast<int>(recipe.mover.frames_per_beat / recipe.mover.frames_per_move);
  } else {
    info.frames_per_second = recipe.frames.fps;
  }
  info.seeds = impl_->file->seeds.size();
  impl_->make_networks();
  set_dancers(dancers);
}

Generator::~Generator() = default;

const DancerInfo& Generator::info() const { return impl_->info; }

int Generator::dancers() const { return static_cast<int>(impl_->streams.size()); }

void Generator::begin_after(std::span<const float> pictures, std::size_t count, std::size_t framings) {
  OMBRA_ASSERT(count > 0 && framings > 0 && pictures.size() % (framings * count) == 0);
  const VideoPhrase phrase = impl_->by_libtorch().add_video(pictures, count, framings);
  SeedPhrases& seeds = impl_->file->seeds;
  seeds.names.push_back("video");
  seeds.energy.push_back(0.0f);
  seeds.latents.insert(seeds.latents.end(), phrase.latents.begin(), phrase.latents.end());
  seeds.moves.insert(seeds.moves.end(), phrase.moves.begin(), phrase.moves.end());
  impl_->last_pose = phrase.last_pose;
  impl_->info.seeds = seeds.size();
  impl_->first_seed = impl_->info.seeds - 1;
}

const std::vector<float>& Generator::last_pose() const { return impl_->last_pose; }

void Generator::set_dancers(int dancers) {
  const int wanted = std::clamp(dancers, 1, kMaxDancers);
  while (this->dancers() > wanted) {
    impl_->lost_moves += impl_->streams.back()->counters.moves;
    impl_->streams.pop_back();
    impl_->bodies.pop_back();
  }
  while (this->dancers() < wanted) {
    impl_->add_stream();
    const LatentTrack& first = impl_->streams.front()->track();
    if (impl_->started && this->dancers() > 1) {  // joins on the move that the first one is at
      const auto per_move = impl_->info.kind == "moves" ? impl_->recipe().mover.frames_per_move : 1;
      impl_->streams.back()->start(first.end() - std::min<std::int64_t>(first.end() - first.begin(), 4 * per_move), -1);
    }
  }
}

void Generator::advance(const Timestamp& until, const DanceControls& controls) {
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

void Generator::jump(int seed, const Timestamp& now, const DanceControls& controls, int dancer) {
  if (seed >= impl_->info.seeds) return;
  if (!impl_->started) advance(now, controls);
  const double per_beat = impl_->info.frames_per_beat;
  const auto tick = static_cast<std::int64_t>(impl_->info.kind == "moves" ? std::ceil(now.beat) * per_beat
                                                                          : std::ceil(impl_->tick_of(now)));
  for (int d = 0; d < dancers(); ++d) {
    if (dancer < 0 || d == dancer) impl_->streams[static_cast<std::size_t>(d)]->jump(tick, seed, controls);
  }
}

void Generator::pull(const Timestamp& timestamp, const DanceControls& controls, std::span<float> latents) const {
  const auto z = static_cast<std::size_t>(impl_->info.latent_size);
  OMBRA_ASSERT(latents.size() == z * impl_->streams.size());
  const double tick = impl_->shown_tick(timestamp, controls), width = impl_->width(controls);
  for (std::size_t d = 0; d < impl_->streams.size(); ++d) {
    const StopWarp* warp = impl_->streams[d]->warp();
    impl_->streams[d]->track().sample(warp ? warp->shown(tick, controls.tightness) : tick, width,
                                      latents.subspan(d * z, z));
  }
}

void Generator::embody(std::span<const float> latents, double time_s, const FigureControls& controls,
                       std::span<float> figures) {
  const auto z = static_cast<std::size_t>(impl_->info.latent_size);
  OMBRA_ASSERT(latents.size() == z * impl_->bodies.size() &&
               figures.size() == static_cast<std::size_t>(impl_->info.figure_size) * impl_->bodies.size());
  for (std::size_t d = 0; d < impl_->bodies.size(); ++d) {
    impl_->bodies[d]->embody(latents.subspan(d * z, z), time_s, dancers(), controls, impl_->figure_of(figures, d));
  }
}

void Generator::decode(std::span<const float> figures, int size, FieldImage& image) {
  const double begun = now_s();
  impl_->decoder->decode(figures, figures.size() / static_cast<std::size_t>(impl_->info.figure_size), size, image);
  impl_->decode_ms = (now_s() - begun) * 1e3;
}

PlanOrReason Generator::decoder_plan() const { return impl_->decoder->plan(); }

FieldImage Generator::seed_pictures(int size) {
  const SeedPhrases& seeds = impl_->file->seeds;
  std::vector<float> figures(static_cast<std::size_t>(seeds.size() * impl_->info.figure_size));
  for (int seed = 0; seed < seeds.size(); ++seed) {
    const auto middle = seeds.latents_of(seed).subspan(seeds.length / 2 * seeds.code, seeds.code);
    Embodiment(impl_->file, 0).embody(middle, 0.0, 1, {}, impl_->figure_of(figures, static_cast<std::size_t>(seed)));
  }
  FieldImage image;
  decode(figures, size, image);
  return image;
}

FieldImage Generator::people_pictures(int size, int poses) {
  const SeedPhrases& seeds = impl_->file->seeds;
  const int people = std::min(static_cast<int>(impl_->info.people.size()), kPicturedPeople);
  std::vector<float> figures(static_cast<std::size_t>(people * poses * impl_->info.figure_size));
  const double beat_ticks = std::max(2.0, impl_->info.frames_per_beat);
  const auto apart = static_cast<int>(0.5 * beat_ticks);
  Embodiment body(impl_->file, 0);
  // the first one dances every tick, which swings hair and hems; all are taken at the last of each half beat
  for (int tick = 0; people > 0 && tick < poses * apart; ++tick) {
    const std::size_t at = std::min(static_cast<std::size_t>(tick), seeds.length - 1);
    const bool all = tick % apart == apart - 1;
    for (int person = 0; person < (all ? people : 1); ++person) {
      body.embody(seeds.latents_of(0).subspan(at * seeds.code, seeds.code), tick * kPicturedBeatS / beat_ticks, 1,
                  {.person = static_cast<float>(person + 1)},
                  impl_->figure_of(figures, static_cast<std::size_t>(person * poses + tick / apart)));
    }
  }
  FieldImage image, one;
  image.dancers = people * poses, image.size = size;
  const auto each = static_cast<std::size_t>(poses * impl_->info.figure_size);
  for (int person = 0; person < people; ++person) {  // one at a time: LibTorch's memory grows with their number
    decode(std::span(figures).subspan(static_cast<std::size_t>(person) * each, each), size, one);
    image.distance.insert(image.distance.end(), one.distance.begin(), one.distance.end());
  }
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
  if (!impl_->streams.empty()) sum.styles = impl_->streams.front()->counters.styles;
  sum.decode_ms = impl_->decode_ms;
  return sum;
}

DanceCounters Generator::counters(int dancer) const {
  return impl_->streams.at(static_cast<std::size_t>(dancer))->counters;
}

std::vector<std::int64_t> Generator::last_move(int dancer) const {
  return impl_->streams.at(static_cast<std::size_t>(dancer))->last_move();
}

PlanOrReason fresh_decoder_plan(const std::filesystem::path& path) {
  const Recipe recipe = read_recipe(path);
  const NetworkLayout decoder = painter_decoder(recipe);
  return painter_plan(recipe.frames.picture, decoder, plans_of(decoder, "", fresh_weights(1)), 1.0);
}

}  // namespace ombra::model
