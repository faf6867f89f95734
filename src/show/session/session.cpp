#include "show/session/session.hpp"

#include "core/clock.hpp"
#include "core/embedded.hpp"
#include "core/error.hpp"
#include "core/interrupt.hpp"
#include "core/log.hpp"
#include "core/process.hpp"
#include "core/text.hpp"
#include "show/live/displays.hpp"
#include "show/params/preset_shelf.hpp"

#include <SDL.h>

#include <algorithm>
#include <cmath>
#include <future>
#include <thread>

namespace ombra::show {
namespace {

constexpr double kClipLightS = 1.0;    // a clipped hop is shown for so long
constexpr int kMinLines = 360;         // that the governor leaves of a picture, except where 40 % are more
constexpr int kMaxFaultyFrames = 120;  // frames that may fail in a row before the show gives up

gfx::WindowOptions window_options(const SessionOptions& options) {
  gfx::WindowOptions w;
  w.width = options.width, w.height = options.height;
  w.offscreen = options.headless;
  w.vsync = !options.headless && !options.uncapped;
  return w;
}

std::vector<KnownDisplay> known_displays(const std::vector<OutputSettings>& settings) {
  std::vector<KnownDisplay> known;
  for (const OutputSettings& s : settings) {
    Display display{.name = s.display, .x = s.x, .y = s.y, .connector = s.connector};
    known.push_back({std::move(display), s.on});
  }
  return known;
}

}  // namespace

Session::Session(SessionOptions options)
    : options_(std::move(options)), store_(options_.keep_session && !options_.headless) {
  // no preset: it is read at once and whole, and may then be saved over
  for (const auto& path : {options_.play, options_.model, options_.take_dancer.video}) inputs_.add(path);
  if (!options_.save_frames.empty()) claim_numbered(options_.save_frames / "frame_%06d.png");
  restore();
  AudioInputOptions input{.input = options_.input,
                          .remembered_input = store_.machine().input,
                          .audible = !options_.silent,
                          .channels = options_.channels};
  if (!options_.play.empty()) input.play = read_track(options_.play), input.play_file = options_.play;
  input.bundled_track = data_folder() / "assets" / "track.opus";
  if (!options_.take.empty()) {
    take_ = std::make_unique<Take>(options_.take, options_.take_dancer, options_.version);
  }
  // The networks are read while the window opens and the shaders compile.
  auto dance = std::async(std::launch::async, [this] {
    return std::make_unique<DanceThread>(options_.dancer, options_.model, take_.get());
  });
  open_window();
  timer_ = std::make_unique<gfx::GpuTimer>();
  stage_ = std::make_unique<stage::Stage>((data_folder() / "shaders").string());
  stage_->time_with(timer_.get());
  const gfx::Surface picture = outputs_->begin();
  master_ = std::make_unique<Master>(picture.width, picture.height);
  decoder_ = std::make_unique<FigureDecoder>(options_.decoder, window_->renderer(), store_.machine().decoders);
  desk_ = std::make_unique<Desk>(*window_);
  bind_keys();
  announce_outputs();
  RecordingOptions recording = options_.recording;
  if (!recording.folder.empty()) store_.set_record_folder(std::filesystem::absolute(recording.folder).string());
  recording.folder = store_.machine().record_folder;
  recording_ = std::make_unique<Recording>(std::move(recording), params());
  params().set(params().record_on.index, options_.record ? 1.0 : 0.0);
  if (take_) {
    recording_->share_sound({[] { return true; }, [this](const audio::HeardSound& piece) { take_->sound(piece); }});
  }
  begin_sharing();
  refresh_s_ = options_.headless ? 1.0 / 60.0 : 1.0 / std::max(24.0, outputs_->refresh_hz());
  lead_ = std::make_unique<BeatLead>(options_.midi.empty() ? store_.machine().midi : options_.midi);
  audio_input_ = std::make_unique<AudioInput>(std::move(input));
  audio_input_->refresh_inputs();
  dance_ = dance.get();
  if (!options_.headless) SDL_DisableScreenSaver();
  start_s_ = last_s_ = now_s();
  store_.begin(params(), start_s_);
}

// The window, or the windows, and where the picture goes.
void Session::open_window() {
  const Machine& last = store_.machine();
  const std::string display = options_.display.empty() ? last.display : options_.display;
  gfx::WindowOptions window = window_options(options_);
  OutputChoice choice;
  std::string awaited;
  std::vector<OutputSettings> settings = store_.restore_outputs(choice.remarks);
  const Deadline deadline = gfx::display_deadline();
  if (!options_.headless) {
    const std::vector<Display> displays = list_displays();
    std::vector<std::string> remarks = std::move(choice.remarks);
    choice = choose_outputs(displays, options_.outputs, known_displays(settings),
                            !options_.display.empty() || options_.fullscreen);
    choice.remarks.insert(choice.remarks.begin(), remarks.begin(), remarks.end());
    window.maximised = std::ranges::any_of(choice.outputs, &WantedOutput::there);
    window.display = window.maximised ? choice.desk : find_display(displays, display);
    const bool fullscreen = options_.fullscreen || last.fullscreen, there = display.empty() || window.display >= 0;
    window.fullscreen = fullscreen && there && choice.outputs.empty();
    if (fullscreen && !there) awaited = display;
    if (!options_.display.empty() && !there && !fullscreen)
      choice.remarks.push_back(fmt::format("no display is called \"{}\": `ombra devices` lists them", display));
  }
  window_ = std::make_unique<gfx::Window>(window);
  outputs_ = std::make_unique<Outputs>(*window_, choice, awaited, std::move(settings), window.vsync);
  for (const std::string& remark : choice.remarks) {
    log::warn("{}", remark);
    warn(remark);
  }
}

// Textures, queries and buffers go with the context that they were made in.
Session::~Session() { window_->make_current(); }

// Defaults, then the last session, then the preset, then the command line: the later wins.
void Session::restore() {
  ShowParams& p = params();
  for (const std::string& remark : store_.restore(p, director_.modulation())) warn(remark);
  // a show begins with its desk, and with a picture that lives
  for (const BoolParam each : {p.desk_shown, p.blackout, p.freeze, p.test_card}) p.reset(each.index);
  if (options_.headless) p.set(p.desk_shown.index, 0.0);
  if (!options_.preset.empty()) {
    for (const std::string& remark : director_.load(find_preset(options_.preset))) {
      log::warn("{}", remark);
      warn(remark);
    }
  }
  for (const std::string& remark : director_.assign(options_.sets)) log::warn("{}", remark);
}

void Session::bind_keys() {
  for (const std::string& remark : desk_->bind_keys(store_.machine().keys, session_path().string())) {
    log::warn("{}", remark);
    warn(remark);
  }
}

SessionReport Session::run() {
  watch_.emplace();
  while (frame())
    ;
  watch_.reset();
  recording_->finish(*audio_input_);
  sharing_->finish();
  keep_session(true);
  return report();
}

bool Session::frame() {
  const double now = now_s();
  if (watch_) watch_->alive();
  step_s_ = std::clamp(now - last_s_, 1e-4, 0.25);
  if (drew_ && now > last_s_) {
    stats_.add(now - last_s_, governor_.refreshes() * refresh_s_);
    if (master_->live()) govern();  // else times say nothing of what the stage takes
  }
  last_s_ = now;
  events();
  outputs_->step(now);
  if (!options_.headless) refresh_s_ = 1.0 / std::max(24.0, outputs_->refresh_hz());
  if (const std::string news = outputs_->news(); !news.empty()) note(news);
  listen();
  if (recording_->step(params(), *audio_input_)) params().set(params().record_on.index, 0.0);
  sharing_->step(params());
  drew_ = outputs_->seen();
  if (!drew_) {
    director_.settle();
    SDL_WaitEventTimeout(nullptr, 50);  // the dance goes on by itself, undrawn
  } else {
    try {
      ask_for_dance(now);
      draw(now);
      faults_in_a_row_ = 0;
    } catch (const Error& fault) {
      warn(first_line(fault.what()));
      if (++faults_in_a_row_ > kMaxFaultyFrames) throw;
    }
    sums_.shown();
    if (options_.watcher) options_.watcher->shown();
    pace();
  }
  act(std::exchange(actions_, {}));
  if (store_.due(now)) keep_session(false);
  if (interrupted() || (options_.seconds > 0.0 && now_s() - start_s_ >= options_.seconds)) over_ = true;
  return !over_;
}

void Session::events() {
  SDL_Event event;
  while (SDL_PollEvent(&event)) {
    desk_->event(event, params(), actions_);
    outputs_->event(event);
    if (event.type == SDL_QUIT) desk_->close(params(), actions_);
    if (event.type == SDL_DROPFILE) {
      drop_file(event.drop.file);
      SDL_free(event.drop.file);
    }
  }
}

// A model folder, a preset, a logo or a song, dropped on the window.
void Session::drop_file(const std::filesystem::path& path) {
  if (params().get(params().key_lock)) {
    actions_.locked_key = true;
    return;
  }
  std::error_code ignored;
  if (path.extension() != ".toml") inputs_.add(path);
  if (std::filesystem::is_regular_file(path / "recipe.toml", ignored)) {
    dance_->load(path);
  } else if (path.extension() == ".toml") {
    try {
      for (const std::string& remark : director_.load(path)) warn(remark);
    } catch (const Error& fault) {
      warn(fault.what());
    }
  } else if (lower(path.extension().string()) == ".png") {
    params().set_line(params().logo_file.index, path.string());
    note(params().get(params().logo) ? "This picture is the logo now"
                                     : "This picture is the logo now: switch it on under Title");
  } else {
    audio_input_->play(path);
  }
}

void Session::listen() {
  // envelopes are read as they are now; the counters keep what happened between two pictures
  AudioFrame frame;
  audio::HopTimes times;
  while (audio_input_->next(frame, &times)) {
    audio_ = frame, heard_ = frame.grid;
    if (options_.watcher) options_.watcher->heard(frame, times);
    if (frame.clipping) clipped_s_ = last_s_;
  }
  audio_.clipping = last_s_ - clipped_s_ < kClipLightS;
  const LeadStep lead = lead_->step(params(), heard_, last_s_, step_s_);
  audio_.grid = lead.grid;
  if (lead.typed) params().set(params().typed_bpm.index, 0.0);
  if (lead.freed) params().set(params().free_run.index, 0.0);
  if (const std::string news = audio_input_->news(); !news.empty()) note(news);
  if (const std::string news = watch_ ? watch_->news() : ""; !news.empty()) warn(news);
  if (const std::string news = recording_->news(); !news.empty()) {
    const bool failed = recording_->view().status.failed || news.find("did not begin") != std::string::npos;
    failed ? warn(news) : note(news);
  }
  if (const std::string news = sharing_->news(); !news.empty()) note(news);
}

void Session::ask_for_dance(double now) {
  learn_styles();
  // This frame is shown when the next one begins, and what is asked for now is drawn then and shown one frame later.
  const double drawn_s = now + stats_.mean_s(), seen_s = now + 2.0 * stats_.mean_s();
  DanceRequest request = director_.ask(audio_, drawn_s, seen_s, step_s_);
  director_.settle();
  request.decodes = decoder_->wants();
  request.styles_of = styles_of_;
  dance_->post(request);
  const double hop_age_s = std::clamp(now - audio_.time_s, -0.5, 0.5);  // a monitor may be heard ahead of time
  latency_s_ += 0.05 * (hop_age_s + 2.0 * stats_.mean_s() - latency_s_);
}

void Session::keep_session(bool at_once) {
  const Machine machine = {.input = audio_input_->input(),
                           .midi = lead_->midi(),
                           .display = outputs_->one_window().name(),
                           .fullscreen = outputs_->one_window().fullscreen(),
                           .decoders = decoder_->remembered()};
  const std::string fault = store_.keep(machine, params(), director_.modulation(), now_s(), at_once);
  if (!fault.empty()) warn(fault);
  if (const std::string other = store_.keep_outputs(outputs_->settings()); !other.empty()) warn(other);
}

void Session::govern() {
  const ShowParams& p = params();
  const double least = static_cast<double>(kMinLines) / std::max(1, outputs_->picture().height);
  const int refreshes = governor_.refreshes();
  governor_.set(p.get(p.governor) && !options_.uncapped, p.get(p.render_scale), least);
  const double draw_s = cost_.times().known() > 0 ? 1e-3 * cost_.times().back(0) : 0.0;
  if (governor_.frame({stats_.times().back(0) / 1e3, busy_s_, draw_s}, refresh_s_)) {
    sums_.governed();
    governed_s_ = now_s();
    log::debug("the picture is drawn at {:.0f} %, for {} refreshes", 100.0 * governor_.scale(), governor_.refreshes());
  }
  if (governor_.refreshes() != refreshes && !options_.headless) outputs_->set_vsync(governor_.refreshes());
}

void Session::pace() {
  if (options_.uncapped) return;
  const double rest_s = pace_.rest_s(last_s_, now_s(), governor_.refreshes() * refresh_s_, !options_.headless);
  if (rest_s > 0.0) std::this_thread::sleep_for(std::chrono::duration<double>(rest_s));
}

SessionReport Session::report() {
  SessionReport r;
  sums_.report(r);
  stats_.refresh();
  r.seconds = last_s_ - start_s_;
  r.dropped = stats_.dropped();
  r.fps = r.seconds > 0.0 ? static_cast<double>(r.frames) / r.seconds : 0.0;
  r.p50_ms = stats_.p50_ms(), r.p95_ms = stats_.p95_ms(), r.p99_ms = stats_.p99_ms();
  r.draw_ms = cost_.times().percentile(0.5);
  r.memory_mb = resident_mb();
  r.render_scale = governor_.scale(), r.refreshes = governor_.refreshes();
  r.onsets = audio_.onset_count, r.drops = audio_.drop_count;
  const BeatStatus lead = lead_->status();
  r.lead = audio::lead_name(lead.lead.lead), r.link_peers = lead.peers;
  r.tempo_bpm = lead.lead.bpm, r.confidence = audio_.grid.confidence;
  const DanceStatus& d = dance_->status();
  r.moves = d.counters.moves, r.jumps = d.counters.jumps, r.freezes = d.counters.freezes;
  r.misses = d.misses, r.faults = d.faults, r.network_ms = d.frame_ms, r.model = d.info.name;
  const audio::ListenerStatus live = audio_input_->status();
  r.overruns = live.overruns, r.source = live.source, r.channels = live.channels, r.message = audio_input_->message();
  const media::RecorderStatus recorded = recording_->view().status;
  r.recording = recorded.path.string(), r.encoder = recorded.encoder;
  r.recorded = recorded.pictures, r.repeated = recorded.repeated, r.left_out = recorded.left_out;
  if (take_) r.take = take_->status().folder, r.take_bytes = take_->status().bytes;
  r.latency_ms = 1000.0 * latency_s_;
  r.decoder = decoder_->draws() ? "gl" : "cpu";
  r.decode_ms = decoder_->draws() ? decoder_->gl_ms() : d.counters.decode_ms;
  r.look = stage_->status().look, r.renderer = window_->renderer();
  return r;
}

}  // namespace ombra::show
