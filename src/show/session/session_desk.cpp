// What the desk shows of the session, and what its operator asks for.

#include "core/clock.hpp"
#include "core/error.hpp"
#include "core/log.hpp"
#include "core/text.hpp"
#include "show/params/preset_shelf.hpp"
#include "show/session/session.hpp"

namespace ombra::show {
namespace {

constexpr double kPresetsEveryS = 1.0;
constexpr double kGovernedS = 15.0;  // the desk says for so long what the governor did

}  // namespace

// What the desk shows; of a hidden one only what it remembers of the sound.
DeskView Session::desk_view(double now) {
  DeskView view;
  view.audio = audio_;
  view.step_s = std::clamp(now - std::exchange(desk_s_, now), 1e-4, 0.25);
  view.own_window = outputs_->apart();
  if (!params().get(params().desk_shown) && !view.own_window) return view;
  view.listener = audio_input_->status();
  view.beat = audio_.grid.beat_at(now);
  view.lead = lead_->status();
  view.dance = dance_->status();
  view.recording = recording_->view();
  view.sharing = sharing_->view();
  if (take_) view.take = take_->status();
  view.seeds = dance_->seeds(), view.people = dance_->people();
  view.stats = &stats_;
  view.cost = &cost_;
  view.governor = &governor_;
  view.width = outputs_->picture().width, view.height = outputs_->picture().height;
  view.preview = outputs_->preview();
  view.picture = outputs_->unmapped();
  view.outputs = outputs_->views();
  view.mapping = outputs_->editor().outputs().empty() ? nullptr : &outputs_->editor();
  view.displays = outputs_->displays();
  view.desk_display = outputs_->desk_display();
  view.latency_ms = 1000.0 * latency_s_;
  view.renderer = window_->renderer();
  view.decoder = decoder_->line(view.dance);
  view.model = options_.model.string();
  view.inputs = audio_input_->inputs();
  view.messages = messages(now);
  return view;
}

std::vector<Message> Session::messages(double now) {
  constexpr auto kNote = Message::Kind::kNote, kWarning = Message::Kind::kWarning;
  const bool loading = dance_->loading();
  const std::string failed = dance_->status().message;
  std::vector<Message> standing = {
      {audio_input_->message(), kWarning},
      {lead_->status().message, kWarning},
      {stage_->status().message, kWarning},
      {decoder_->message(), kNote},
      {failed.empty() ? "" : "The dancer failed: " + first_line(failed), kWarning},
      {loading ? "Loading another dancer ..." : first_line(dance_->load_message()), loading ? kNote : kWarning},
      {now - governed_s_ < kGovernedS ? governor_.message() : "", kNote},
      {take_ ? first_line(take_->status().message) : "", kWarning},
      {sharing_->message(), kWarning},
  };
  for (const std::string& text : outputs_->messages()) standing.push_back({text, kWarning});
  return board_.list(std::move(standing), now);
}

// Also what was copied into the folder since.
void Session::look_for_presets(double now) {
  if (now < presets_s_ || !(params().get(params().desk_shown) || outputs_->apart())) return;
  presets_s_ = now + kPresetsEveryS;
  desk_->set_presets(preset_names());
}

void Session::act(const DeskActions& actions) {
  if (actions.quit) over_ = true;
  if (actions.locked_key) {
    const Keys& keys = desk_->keys();
    note(fmt::format("Locked: {} unlocks; {} blackout and {} freeze work", keys.first("lock"), keys.first("blackout"),
                     keys.first("freeze")),
         3.0);
  }
  if (actions.toggle_fullscreen) {
    if (const std::string fault = outputs_->toggle_fullscreen(); !fault.empty()) warn(fault);
  }
  if (actions.swap_outputs) outputs_->swap();
  if (actions.identify) outputs_->identify(now_s());
  if (actions.close_output) outputs_->close(*actions.close_output);
  if (actions.open_output) {
    if (const std::string fault = outputs_->open(*actions.open_output); !fault.empty()) warn(fault);
  }
  if (actions.refresh_inputs) audio_input_->refresh_inputs();
  if (actions.open_input) audio_input_->open(*actions.open_input);
  if (actions.refresh_midi) lead_->refresh_midi();
  if (actions.open_midi) lead_->open_midi(*actions.open_midi);
  try {
    if (actions.stream_to) {
      sharing_->set_stream(*actions.stream_to);
      store_.set_stream(*actions.stream_to);
    }
    if (actions.save_preset) save_as(*actions.save_preset, actions.replace_preset);
    if (actions.load_preset) {
      for (const std::string& remark : director_.load(preset_file(*actions.load_preset))) warn(remark);
      desk_->set_preset(*actions.load_preset, params(), modulation());
    }
    if (actions.delete_preset) {
      delete_preset(*actions.delete_preset);
      note(fmt::format("Deleted the preset {}", *actions.delete_preset));
      presets_s_ = 0.0;
    }
  } catch (const Error& fault) {
    warn(first_line(fault.what()));
  }
}

// Of the dancer that was loaded last, before it is asked for the first frame.
void Session::learn_styles() {
  const DecoderOffer offer = dance_->offer();
  if (offer.dancer == styles_of_) return;
  styles_of_ = offer.dancer;
  params().know_styles(offer.styles);
  if (const std::string remark = params().unknown_styles(); !remark.empty()) log::info("{}", remark);
}

// Where the picture is, and how to have it elsewhere.
void Session::announce_outputs() {
  for (const std::string& text : outputs_->messages()) {
    if (!text.empty()) log::warn("{}", text);
  }
  if (!outputs_->apart()) return;
  const Keys& keys = desk_->keys();
  const std::string text = fmt::format("The picture fills {}. {} swaps, {} takes it back.", outputs_->display_name(),
                                       keys.first("swap_outputs"), keys.first("toggle_fullscreen"));
  log::info("{}", text);
  note(text);
}

// To where the last session shared, unless the command line says where. Throws UsageError: it is no address.
void Session::begin_sharing() {
  const Machine& last = store_.machine();
  const SharingOptions& asked = options_.sharing;
  if (!asked.camera.empty()) store_.set_camera(asked.camera);
  sharing_ = std::make_unique<Sharing>(SharingOptions{.stream = last.stream, .camera = last.camera});
  if (!asked.stream.empty()) {
    sharing_->set_stream(asked.stream);
    store_.set_stream(asked.stream);
  }
  ShowParams& p = params();
  if (options_.stream) p.set(p.share_stream.index, 1.0);
  if (options_.pipewire) p.set(p.share_pipewire.index, 1.0);
  if (options_.camera) p.set(p.share_camera.index, 1.0);
  recording_->share_sound(
      {[this] { return sharing_->hears(); }, [this](const audio::HeardSound& piece) { sharing_->sound(piece); }});
}

void Session::save_as(const std::string& name, bool replace) {
  const std::filesystem::path file = preset_file(name);
  std::error_code ignored;
  if (!replace && std::filesystem::exists(std::filesystem::symlink_status(file, ignored))) {
    desk_->ask_replace(name);
    return;
  }
  save_preset(file, params(), director_.modulation());
  note(fmt::format("Saved the preset {}", name));
  desk_->set_preset(name, params(), modulation());
  presets_s_ = 0.0;
}

// The screen of Calibration stands in for the stage while it is on.
CalibrationView Session::calibrate(double now) {
  const ShowParams& p = params();
  audio_input_->mute(p.get(p.calibrate));
  if (!p.get(p.calibrate)) {
    calibration_.reset();
    return {};
  }
  if (!calibration_) calibration_ = std::make_unique<Calibration>(!options_.silent);
  return calibration_->at(now, now + stats_.mean_s(), p.get(p.offset_ms) / 1000.0);
}

void Session::note(const std::string& text, double seconds) {
  board_.post({text, Message::Kind::kNote}, now_s(), seconds);
}

void Session::warn(const std::string& text, double seconds) {
  board_.post({text, Message::Kind::kWarning}, now_s(), seconds);
}

}  // namespace ombra::show
