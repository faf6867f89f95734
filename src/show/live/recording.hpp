#pragma once
// Records what the audience sees and the show hears, while `record/on` is on. Pictures are taken from the window before
// the desk is drawn over them and scaled to the recording's own size: drawing them a second time would cost as much as
// the show itself, and trails and flash guard would advance twice. So a window of another shape gets black bars.
// Faults end the recording and are told; the show goes on. Thread: the show's; the encoder's is inside.

#include "audio/input/sound_tap.hpp"
#include "gfx/readback.hpp"
#include "media/record/recorder.hpp"
#include "show/params/show_params.hpp"

#include <filesystem>
#include <functional>
#include <memory>
#include <string>
#include <utility>

namespace ombra::show {

class AudioInput;

struct RecordingOptions {
  std::filesystem::path file;    // of the first recording, see record_files.hpp; "": by date and time in folder
  bool overwrite = false;        // file may exist
  std::filesystem::path folder;  // "": the desktop's folder for videos
  int width = 0, height = 0;     // of the recording; 0: as the parameter says
  std::string encoder;           // of FFmpeg's; "": the best that opens
};

// What the desk shows.
struct RecordingView {
  bool on = false;
  media::RecorderStatus status;  // of the recording that runs, or the last one
  std::filesystem::path folder;
};

class Recording {
 public:
  // Throws as asked_recording: at the start there is somebody to read it.
  Recording(RecordingOptions options, const ShowParams& params);
  ~Recording();
  Recording(const Recording&) = delete;
  Recording& operator=(const Recording&) = delete;

  // Somebody else who keeps the sound; called from step() and finish().
  void share_sound(std::function<void(const audio::HeardSound&)> also) { also_ = std::move(also); }
  // Once a frame: begins and ends as record/on says, passes the sound on. -> has it ended by itself? Then record/on is
  // to be turned off
  bool step(const ShowParams& params, AudioInput& input);
  // When the picture is in the surface, and the desk is not: seen_s, when it is seen.
  void picture(const ShowParams& params, const gfx::Surface& surface, double seen_s);
  // Ends a recording that runs and waits until its file is complete.
  void finish(AudioInput& input);

  bool on() const { return recorder_ != nullptr; }
  RecordingView view() const;
  // -> what the operator should read once, or empty
  std::string news() { return std::exchange(news_, {}); }
  const std::filesystem::path& folder() const { return options_.folder; }

 private:
  void start(const ShowParams& params, int width, int height);
  void collect();
  void listen(AudioInput& input);
  bool look_after(AudioInput& input);
  void tell(const media::RecorderStatus& status);

  RecordingOptions options_;
  media::VideoKind asked_kind_ = media::VideoKind::kMp4;  // of options_.file
  std::unique_ptr<gfx::Readback> readback_;
  std::unique_ptr<media::Recorder> recorder_;  // takes pictures
  std::unique_ptr<media::Recorder> ending_;    // completes its file
  media::RecorderStatus last_;
  audio::HeardSound sound_;
  std::function<void(const audio::HeardSound&)> also_;
  std::string news_;
  bool wanted_ = false, tapped_ = false, first_ = true, failed_ = false;
};

}  // namespace ombra::show
