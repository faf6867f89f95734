#pragma once
// A take: the show in a folder, small enough for whole nights, from which every picture can be drawn again
// (take_show.hpp). score.bin holds what was asked of the dance and what frames were drawn with, sound.flac the sound as
// it was heard, take.json what belongs to both. Writing is done in a thread of its own, twice a second; faults end the
// take, not the show. Thread: the show's; steps and swaps: the dance thread.

#include "audio/input/sound_tap.hpp"
#include "show/dance/dance_observer.hpp"
#include "show/offline/take_score.hpp"

#include <cstdint>
#include <filesystem>
#include <mutex>
#include <stop_token>
#include <string>
#include <thread>
#include <vector>

namespace ombra::show {

// What makes the same dancer again.
struct TakeDancer {
  std::filesystem::path model;
  std::string device = "cpu";
  std::uint64_t seed = 1;
  std::filesystem::path video;     // --continue
  std::string figure = "largest";  // --figure
};

// take.json
struct TakeFacts {
  std::string version;  // of the program
  std::string started;  // local time, "2026-08-01 23:10:05"
  TakeDancer dancer;
  std::string weights;  // a checksum of the model's
  double start_s = 0.0;
  std::vector<std::string> looks;  // FrameRecord::look counts in these
};
// Throws Error: cannot be read, is none.
TakeFacts read_take_facts(const std::filesystem::path& folder);
bool is_take(const std::filesystem::path& folder);
// -> of the model's weights, or "" without any
std::string checksum_of(const std::filesystem::path& model);

struct TakeStatus {
  std::string folder;   // empty: there is no take
  std::string message;  // why it ended although the show goes on, or empty
  std::int64_t bytes = 0;
  double seconds = 0.0;
};

class Take final : public DanceObserver {
 public:
  // Makes the folder, which must not exist or be empty. Throws Error.
  Take(const std::filesystem::path& folder, TakeDancer dancer, std::string version);
  ~Take() override;  // completes the files
  Take(const Take&) = delete;
  Take& operator=(const Take&) = delete;

  void steps(const DanceRequest& request, bool drawn) override;
  void swaps(const std::filesystem::path& model) override;
  void frame(const FrameRecord& record);
  void sound(const audio::HeardSound& piece);
  TakeStatus status() const;

 private:
  void add(RecordKind kind, const std::string& bytes);
  void run(const std::stop_token& stop);

  // immutable after construction
  const std::filesystem::path folder_;
  const double start_s_;
  // guarded by mutex_
  mutable std::mutex mutex_;
  ScorePacker packer_;
  std::string pending_;
  std::vector<audio::HeardSound> pieces_;
  TakeStatus status_;
  std::jthread thread_;  // last: joined before the rest goes
};

}  // namespace ombra::show
