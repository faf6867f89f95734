#pragma once
// The live show: sound in, dancer out, the desk over it, frame by frame until the operator quits.
// Thread: construct, run and frame on the main thread. Other threads live in AudioInput and DanceThread.

#include "core/frames.hpp"
#include "core/outputs.hpp"
#include "gfx/gpu_timer.hpp"
#include "gfx/window.hpp"
#include "show/dance/dance_thread.hpp"
#include "show/dance/director.hpp"
#include "show/dance/figure_decoder.hpp"
#include "show/desk/desk.hpp"
#include "show/live/audio_input.hpp"
#include "show/live/beat_lead.hpp"
#include "show/live/calibrate.hpp"
#include "show/live/frame_stats.hpp"
#include "show/live/governor.hpp"
#include "show/live/pace.hpp"
#include "show/live/recording.hpp"
#include "show/live/sharing.hpp"
#include "show/offline/take.hpp"
#include "show/params/presets.hpp"
#include "show/session/display_watch.hpp"
#include "show/session/master.hpp"
#include "show/session/outputs.hpp"
#include "show/session/picture_watcher.hpp"
#include "show/session/report.hpp"
#include "show/session/session_store.hpp"
#include "stage/stage.hpp"

#include <exception>
#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace ombra::show {

struct SessionOptions {
  DancerFactory dancer;  // makes the dancer from the model folder
  std::filesystem::path model;
  DecoderMode decoder = DecoderMode::kAuto;
  std::string input;                           // "" = the default input
  std::optional<audio::ChannelPair> channels;  // of the input; nothing: the loudest two
  std::filesystem::path play;                  // a sound file instead of an input
  bool silent = false;                         // recordings are not played aloud
  std::string midi;                            // a part of the name of a MIDI input, "" = the one of the last session
  std::vector<std::string> sets;
  std::filesystem::path preset;
  int width = 1280, height = 720;
  // The picture's own displays, see choose_outputs(); empty: of the last session, or the one that is not the operator's
  std::vector<std::string> outputs;
  std::string display;  // of a single window: number or part of the name, "" = the one of the last session
  bool fullscreen = false;
  bool keep_session = true;  // never with headless
  bool headless = false;
  bool uncapped = false;  // as many frames as there can be: no vertical sync, no pace, no governor; for measurements
  double seconds = 0.0;   // 0: until the operator quits
  std::filesystem::path save_frames;
  int save_every = 1;
  RecordingOptions recording;
  bool record = false;                                    // from the beginning
  SharingOptions sharing;                                 // "": as in the last session
  bool stream = false, pipewire = false, camera = false;  // from the beginning
  std::filesystem::path take;                             // a folder to keep the show in, see take.hpp; "": none
  TakeDancer take_dancer;                                 // what makes `dancer` again
  std::string version;                                    // of the program, for the take
  PictureWatcher* watcher = nullptr;                      // for measurements; outlives the show
};

class Session {
 public:
  // Throws Error (no display, no model, a broken preset) and UsageError (--set).
  explicit Session(SessionOptions options);
  ~Session();
  Session(const Session&) = delete;
  Session& operator=(const Session&) = delete;

  SessionReport run();
  // One frame. -> false when the show is over
  bool frame();

  ShowParams& params() { return director_.params(); }
  Modulation& modulation() { return director_.modulation(); }
  SessionReport report();
  BeatStatus beat() const { return lead_->status(); }
  media::RecorderStatus recording() const { return recording_->view().status; }  // that runs, or the last
  SharingView sharing() const { return sharing_->view(); }
  audio::ListenerStatus listener_status() const { return audio_input_->status(); }
  const Desk& desk() const { return *desk_; }

 private:
  void restore();
  void open_window();
  void announce_outputs();
  void bind_keys();
  void begin_sharing();
  void events();
  void drop_file(const std::filesystem::path& path);
  void listen();
  void ask_for_dance(double now);
  void learn_styles();
  void draw(double now);
  std::exception_ptr draw_picture(double now, const CalibrationView& calibration);
  bool draw_desk(double now, const CalibrationView& calibration);
  stage::Scene scene(double now);
  CalibrationView calibrate(double now);
  void act(const DeskActions& actions);
  void keep_session(bool now);
  DeskView desk_view(double now);
  void keep_frame(const stage::Scene& scene);
  void save_picture();
  void govern();
  void pace();
  void note(const std::string& text, double seconds = 15.0);
  void warn(const std::string& text, double seconds = 15.0);
  std::vector<Message> messages(double now);
  void look_for_presets(double now);
  void save_as(const std::string& name, bool replace);

  // immutable after construction
  const SessionOptions options_;
  // main thread only
  Inputs inputs_;  // what is played and danced from; what is dropped on the window, too
  Director director_;
  SessionStore store_;
  std::unique_ptr<gfx::Window> window_;
  std::unique_ptr<gfx::GpuTimer> timer_;
  std::unique_ptr<stage::Stage> stage_;
  std::unique_ptr<Master> master_;
  std::unique_ptr<FigureDecoder> decoder_;
  std::unique_ptr<Desk> desk_;
  std::unique_ptr<Outputs> outputs_;
  std::unique_ptr<Take> take_;  // may be null
  std::unique_ptr<Recording> recording_;
  std::unique_ptr<Sharing> sharing_;
  MessageBoard board_;
  FrameStats stats_;
  DrawCost cost_;
  Governor governor_;
  DeskActions actions_;
  AudioFrame audio_;  // its grid is the one to dance to
  BeatGrid heard_;
  ReportSums sums_;
  Pace pace_;
  double start_s_ = 0.0, last_s_ = 0.0, desk_s_ = 0.0, step_s_ = 1.0 / 60.0, refresh_s_ = 1.0 / 60.0;
  double latency_s_ = 0.0, clipped_s_ = -1e9, presets_s_ = 0.0;
  double field_s_ = -1.0;  // the time that the fields on the screen were made for; under 0: there are none
  double busy_s_ = 0.0, governed_s_ = -1e9;  // of the last frame before it was presented; when the governor acted
  std::uint64_t styles_of_ = 0;              // the dancer whose styles the parameters know
  int faults_in_a_row_ = 0;
  bool over_ = false, drew_ = false;
  // threads inside: stopped first
  std::unique_ptr<BeatLead> lead_;
  std::unique_ptr<Calibration> calibration_;  // while it is on
  std::unique_ptr<AudioInput> audio_input_;
  std::unique_ptr<DanceThread> dance_;
  std::optional<DisplayWatch> watch_;  // while frames are drawn
};

}  // namespace ombra::show
