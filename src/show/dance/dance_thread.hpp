#pragma once
// The dance on a thread of its own, so that the picture never waits for the network: the show posts what it wants for
// its next frame and takes the newest picture that there is. Thread: construct, post, picture, status, seeds, people,
// load from one thread (the show's).

#include "core/frames.hpp"
#include "core/triple_buffer.hpp"
#include "show/dance/attention.hpp"
#include "show/dance/dance.hpp"
#include "show/dance/dance_observer.hpp"

#include <atomic>
#include <filesystem>
#include <memory>
#include <mutex>
#include <semaphore>
#include <string>
#include <thread>
#include <vector>

namespace ombra::show {

inline constexpr int kPeoplePoses = 8;  // pictures of each of the people: half beats of a phrase

// How the dancer that was loaded last can be drawn elsewhere, and what it can be asked for.
struct DecoderOffer {
  std::uint64_t dancer = 0;  // its number: 1 for the first, rising
  model::PlanOrReason made;
  std::vector<std::string> styles;  // as DancerInfo::styles
};

// What the dance gives for a frame: fields, or latents for who asked to decode them.
struct DanceFrame {
  bool drawn = false;
  FieldImage field;     // where drawn
  LatentFrame latents;  // where not
};

struct DanceStatus {
  model::DancerInfo info;
  model::DanceCounters counters;
  std::uint64_t frames = 0;    // pictures published
  std::uint64_t misses = 0;    // requests that came before the picture of the last one was done
  std::uint64_t faults = 0;    // steps that failed
  std::uint64_t scrubbed = 0;  // numbers that were not finite
  double frame_ms = 0.0;       // the last whole step, networks and drawing
  std::string message;         // why the last step failed, or empty
};

class DanceThread {
 public:
  // Makes the first dancer here: throws what the factory throws. observer: may be null; outlives the thread.
  DanceThread(DancerFactory factory, const std::filesystem::path& model, DanceObserver* observer = nullptr);
  ~DanceThread();
  DanceThread(const DanceThread&) = delete;
  DanceThread& operator=(const DanceThread&) = delete;

  // What the next frame needs; never waits.
  void post(const DanceRequest& request);
  // The newest frame, valid until the next call; no dancers before the first. fresh: set where it was not read before.
  const DanceFrame& newest(bool* fresh = nullptr) { return frames_.read(fresh); }
  const FieldImage& picture() { return newest().field; }
  const DanceStatus& status() { return statuses_.read(); }

  // Loads another model in the background; the old dancer dances on until it is there, and for good when it fails.
  void load(const std::filesystem::path& model);
  bool loading() const { return loading_.load(std::memory_order_acquire); }
  // -> why the last load() failed, or empty
  std::string load_message() const;
  DecoderOffer offer() const;
  // -> one small picture per seed phrase; a new pointer when the dancer has changed
  std::shared_ptr<const FieldImage> seeds() const;
  // -> kPeoplePoses small pictures of each of the people that the dancer knows, one behind the other, likewise
  std::shared_ptr<const FieldImage> people() const;

 private:
  struct Loaded {
    std::filesystem::path model;
    std::unique_ptr<DancerSource> source;
    DecoderOffer offer;
    std::shared_ptr<const FieldImage> seeds, people;
  };
  Loaded make(const std::filesystem::path& model);
  void run(const std::stop_token& stop);
  void frame(Dance& dance, std::uint64_t dancer, DanceStatus& status);

  // immutable after construction
  const DancerFactory factory_;
  DanceObserver* const observer_;
  // dance thread only
  Attention attention_;
  // one writer, one reader each
  TripleBuffer<DanceRequest> requests_;  // show -> dance
  TripleBuffer<DanceFrame> frames_;      // dance -> show
  TripleBuffer<DanceStatus> statuses_;   // dance -> show
  // shared, atomic
  std::counting_semaphore<> wake_{0};      // holds at most one: see pending_
  std::atomic<bool> pending_{false};       // a request has been posted and not yet taken
  std::atomic<std::uint64_t> dancers_{0};  // made so far
  std::atomic<std::uint64_t> misses_{0};   // requests posted over one that had not been taken
  std::atomic<bool> loading_{false}, arrived_{false};
  // guarded by mutex_: touched when a model is loaded, not per frame
  mutable std::mutex mutex_;
  Loaded incoming_;
  std::string load_message_;
  std::shared_ptr<const FieldImage> seeds_, people_;
  DecoderOffer offer_;
  // last: joined before the rest goes
  std::jthread loader_, thread_;
};

}  // namespace ombra::show
