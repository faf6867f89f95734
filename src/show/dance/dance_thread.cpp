#include "show/dance/dance_thread.hpp"

#include "core/clock.hpp"
#include "core/denormals.hpp"
#include "core/error.hpp"
#include "core/log.hpp"
#include "core/process.hpp"

#include <chrono>
#include <exception>

namespace ombra::show {
namespace {

constexpr int kPicturePixels = 72;  // of seeds and people
constexpr auto kAfterFault = std::chrono::milliseconds(300);

}  // namespace

DanceThread::DanceThread(DancerFactory factory, const std::filesystem::path& model, DanceObserver* observer)
    : factory_(std::move(factory)), observer_(observer) {
  incoming_ = make(model);
  seeds_ = incoming_.seeds, people_ = incoming_.people;
  offer_ = incoming_.offer;
  arrived_.store(true, std::memory_order_release);
  thread_ = std::jthread([this](const std::stop_token& stop) { run(stop); });
}

DanceThread::~DanceThread() = default;

DanceThread::Loaded DanceThread::make(const std::filesystem::path& model) {
  Loaded loaded;
  loaded.model = model;
  loaded.source = factory_(model);
  loaded.offer = {++dancers_, loaded.source->decoder_plan(), loaded.source->info().styles};
  loaded.seeds = std::make_shared<FieldImage>(loaded.source->seed_pictures(kPicturePixels));
  loaded.people = std::make_shared<FieldImage>(loaded.source->people_pictures(kPicturePixels, kPeoplePoses));
  return loaded;
}

void DanceThread::post(const DanceRequest& request) {
  requests_.write(request);
  if (pending_.exchange(true, std::memory_order_acq_rel)) {
    misses_.fetch_add(1, std::memory_order_relaxed);
  } else {
    wake_.release();
  }
}

void DanceThread::load(const std::filesystem::path& model) {
  if (loading_.exchange(true, std::memory_order_acq_rel)) return;
  loader_ = std::jthread([this, model] {
    name_thread("ombra-load");
    Loaded loaded;
    std::string message;
    try {
      loaded = make(model);
    } catch (const std::exception& fault) {
      message = fault.what();
    }
    const std::lock_guard lock(mutex_);
    load_message_ = std::move(message);
    if (loaded.source) {
      seeds_ = loaded.seeds, people_ = loaded.people;
      offer_ = loaded.offer;
      incoming_ = std::move(loaded);
      arrived_.store(true, std::memory_order_release);
    }
    loading_.store(false, std::memory_order_release);
  });
}

std::string DanceThread::load_message() const {
  const std::lock_guard lock(mutex_);
  return load_message_;
}

std::shared_ptr<const FieldImage> DanceThread::seeds() const {
  const std::lock_guard lock(mutex_);
  return seeds_;
}

std::shared_ptr<const FieldImage> DanceThread::people() const {
  const std::lock_guard lock(mutex_);
  return people_;
}

DecoderOffer DanceThread::offer() const {
  const std::lock_guard lock(mutex_);
  return offer_;
}

void DanceThread::run(const std::stop_token& stop) {
  name_thread("ombra-dance");
  audio::flush_denormals();
  std::unique_ptr<Dance> dance;
  std::uint64_t dancer = 0;
  DanceStatus status;
  while (!stop.stop_requested()) {
    try {
      if (arrived_.exchange(false, std::memory_order_acq_rel)) {
        Loaded loaded;
        {
          const std::lock_guard lock(mutex_);
          loaded = std::move(incoming_);
        }
        if (dance && observer_) observer_->swaps(loaded.model);
        if (dance) dance->swap(std::move(loaded.source));
        if (!dance) dance = std::make_unique<Dance>(std::move(loaded.source));
        dancer = loaded.offer.dancer;
        status.info = dance->source().info();
        statuses_.write(status);
      }
      frame(*dance, dancer, status);
    } catch (const std::exception& fault) {
      // The last picture stays up; the operator reads why, and the dance tries again.
      if (status.faults++ == 0) log::warn("the dance failed: {}", fault.what());
      status.message = fault.what();
      statuses_.write(status);
      std::this_thread::sleep_for(kAfterFault);
    }
  }
}

void DanceThread::frame(Dance& dance, std::uint64_t dancer, DanceStatus& status) {
  if (!wake_.try_acquire_for(std::chrono::duration<double>(attention_.wait_s()))) {
    // Nobody looks (minimised, or the display stalls): take an undrawn step to where the next frame would be.
    if (status.frames == 0) return;
    DanceRequest request = requests_.read();
    request.seen_s = std::max(request.seen_s, now_s());
    if (request.styles_of != dancer) request.controls.styles = {};
    if (observer_) observer_->steps(request, false);
    dance.advance(request);
    return;
  }
  attention_.asked(now_s());
  pending_.store(false, std::memory_order_release);
  DanceRequest request = requests_.read();
  if (request.styles_of != dancer) request.controls.styles = {};
  const double start_s = now_s();
  if (observer_) observer_->steps(request, true);
  DanceFrame& made = frames_.back();
  made.drawn = request.decodes != dancer;
  if (made.drawn) {
    dance.step(request, made.field);
  } else {
    dance.step(request, made.latents);
    made.latents.dancer = dancer;
  }
  frames_.publish();
  ++status.frames;
  status.frame_ms = 1000.0 * (now_s() - start_s);
  status.counters = dance.source().counters();
  status.scrubbed = dance.scrubbed();
  status.misses = misses_.load(std::memory_order_relaxed);
  status.message.clear();
  statuses_.write(status);
}

}  // namespace ombra::show
