#pragma once
// Records a show while it runs: takes pictures with times and sound with times, and encodes them in a thread of its
// own. The show is never held up: what does not fit into the bounded queue is left out, evenly
// (media/record/pacer.hpp), and counted; the picture before it is shown longer, so that the rate is constant and times
// stay true. Faults end the recording, not the show; status() says what happened. Thread: one owner calls everything;
// the encoder's thread is inside.

#include "media/record/live_file.hpp"
#include "media/record/live_queue.hpp"
#include "media/record/pacer.hpp"

#include <atomic>
#include <cstdint>
#include <filesystem>
#include <mutex>
#include <optional>
#include <span>
#include <string>
#include <thread>
#include <vector>

namespace ombra::media {

struct RecorderOptions {
  std::filesystem::path path;  // of the first file; later ones are numbered, and nothing else is replaced
  bool replace = false;        // what has that name is moved aside, and goes when the new one is complete
  LiveFormat format;
  std::int64_t roll_bytes = 0;                  // a file that is as large is ended and the next one begun; 0: never
  std::int64_t least_free_bytes = 500'000'000;  // with less than that on the disk the recording ends
};

struct RecorderStatus {
  std::filesystem::path path;  // of the file that is being written
  std::string encoder;         // "h264_nvenc", "libx264 ultrafast", ... "" before the first picture
  std::string remark;          // worth knowing: software had to be taken
  std::string message;         // why it ended although nobody asked for it, or empty
  bool failed = false;         // it ended with a fault
  bool ended = false;          // the last file is complete, or the recording has failed
  double seconds = 0.0;        // of all files
  std::int64_t bytes = 0;      // of all files
  int files = 0;
  std::uint64_t pictures = 0, repeated = 0;  // in all files; of these the one before once more, for whatever reason
  std::uint64_t left_out = 0;                // of the show's, since the encoder could not keep up
  int waiting = 0;                           // pictures that are given and not yet written
  double encode_ms = 0.0;                    // of a picture, smoothed
  std::int64_t free_bytes = -1;              // on the disk; -1 unknown
  double left_s = -1.0;                      // until the disk is full at this rate; -1 unknown
};

class Recorder {
 public:
  // Returns at once; the file is opened with the first picture.
  explicit Recorder(RecorderOptions options);
  // Ends the recording and waits for it.
  ~Recorder();
  Recorder(const Recorder&) = delete;
  Recorder& operator=(const Recorder&) = delete;

  // For each picture of the show, time_s (when it is seen) rising. -> whether picture() is to be called for it, a
  // little later; then with this time, at which it stands in the recording.
  std::optional<double> wants(double time_s);
  // Instead of picture(), when there is none after all: it counts as left out.
  void refuse() { pacer_.refuse(); }
  // rgba: [format.height][format.width][4], rows from the top or from below; copied.
  void picture(std::span<const std::uint8_t> rgba, double time_s, bool from_below = false);
  // stereo: interleaved, the last of it heard at end_s on the same clock; copied. Also for a while after stop().
  void sound(std::span<const float> stereo, int rate_hz, double end_s);
  // No more pictures. The thread ends the file when the last sound has come, in less than a second.
  void stop();
  RecorderStatus status() const;

 private:
  struct Work;

  void run();
  void record(Work& work);
  void end_files(Work& work, bool all);
  void pass_on(Work& work, const std::vector<LiveQueue::Piece>& sound);
  void write(Work& work, const LiveQueue::Picture& picture);
  void open_next(Work& work, double time_s);
  void keep_up(Work& work, double took_s);
  bool loop_is_long(const Work& work);
  bool disk_is_full(Work& work);
  void tell(const Work& work);

  // immutable after construction
  const RecorderOptions options_;
  // owner only
  Pacer pacer_;
  // owner and encoder's thread
  LiveQueue queue_;
  // guarded by mutex_
  mutable std::mutex mutex_;
  RecorderStatus status_;
  bool stop_ = false;
  double last_s_ = -1e9;  // the show's newest picture, taken or not
  // shared
  std::atomic<int> stride_{1};
  std::atomic<bool> holding_{false};  // places are filled after a pause: that says nothing about the encoder's speed
  std::jthread thread_;               // last: joined before the rest goes
};

}  // namespace ombra::media
