#include "show/live/beat_lead.hpp"

#include <fmt/format.h>

namespace ombra::show {
namespace {

constexpr double kNudgeS = 0.010;
constexpr double kSayS = 4.0;

// -> why a lead that was chosen by name says nothing, or empty
std::string why_silent(const BeatStatus& s, bool linked) {
  if (!s.lead.locked || !s.lead.waiting) return "";
  if (s.lead.lead == audio::Lead::kLink && !linked)
    return "Link is chosen to lead, but it is off: switch it on under Beat";
  if (s.lead.lead == audio::Lead::kLink)
    return "Link is chosen to lead, but no peer is playing: the last tempo goes on";
  if (s.lead.lead != audio::Lead::kMidi) return "";
  if (s.midi_port.empty()) return "MIDI clock is chosen to lead, but no input is open: choose one under Beat";
  return fmt::format("MIDI clock is chosen to lead, but {} sends no running clock: the last tempo goes on",
                     s.midi_port);
}

}  // namespace

BeatLead::BeatLead(const std::string& midi) {
  if (!midi.empty()) midi_port_.open(midi);
}

// -> was the beat given back?
bool BeatLead::act(const ShowParams& p, double now_s, double step_s) {
  // a key that arrived since the last frame was pressed half a frame ago on the average
  if (p.fired(p.tap) && !conductor_.tap(now_s - 0.5 * step_s)) refused_until_s_ = now_s + kSayS;
  if (p.fired(p.earlier)) conductor_.nudge(kNudgeS);
  if (p.fired(p.later)) conductor_.nudge(-kNudgeS);
  if (p.fired(p.resync)) conductor_.resync(now_s - 0.5 * step_s);
  if (p.fired(p.twice)) conductor_.multiply_tempo(1);
  if (p.fired(p.half)) conductor_.multiply_tempo(-1);
  if (!p.fired(p.beat_reset)) return false;
  conductor_.reset();
  return true;
}

LeadStep BeatLead::step(const ShowParams& p, const BeatGrid& heard, double now_s, double step_s) {
  now_s_ = now_s;
  link_.enable(p.get(p.link));
  midi_port_.read(midi_);
  sources_ = {heard, link_.grid(now_s), midi_.grid(now_s)};
  LeadStep done;
  done.freed = act(p, now_s, step_s);
  audio::LeadSettings settings;
  settings.choice = static_cast<audio::LeadChoice>(p.get(p.lead));
  settings.free = p.get(p.free_run) && !done.freed;
  settings.typed_bpm = p.get(p.typed_bpm);
  done.grid = conductor_.step(now_s, sources_, settings);
  const audio::LeadStatus lead = conductor_.status();
  if (settings.typed_bpm > 0.0 && !lead.typed) {
    if (lead.locked && lead.lead != audio::Lead::kHand) refused_until_s_ = now_s + kSayS;
    done.typed = true;
  }
  if (p.get(p.link_lead) && lead.lead != audio::Lead::kLink) link_.lead(done.grid, lead.bpm, now_s);
  return done;
}

BeatStatus BeatLead::status() const {
  BeatStatus s;
  s.lead = conductor_.status();
  s.peers = link_.peers();
  s.link_bpm = sources_.link ? sources_.link->bpm : 0.0;
  s.midi_bpm = sources_.midi ? sources_.midi->bpm : 0.0;
  s.midi_ticking = midi_.ticking(now_s_);
  s.midi_port = midi_port_.port();
  s.midi_ports = midi_port_.ports();
  s.message = midi_port_.message();
  if (s.message.empty()) s.message = why_silent(s, link_.enabled());
  if (now_s_ < refused_until_s_) {
    s.message = fmt::format("The beat is locked to {}: choose auto or hand under Beat to lead it yourself",
                            audio::lead_name(s.lead.lead));
  }
  return s;
}

std::string lead_text(const BeatStatus& s) {
  std::string text(audio::lead_name(s.lead.lead));
  if (s.lead.free) text = "runs free";
  if (s.lead.lead == audio::Lead::kLink) text += fmt::format(", {} peer{}", s.peers, s.peers == 1 ? "" : "s");
  if (s.lead.waiting) text += ", silent";
  if (s.lead.locked && !s.lead.free) text += ", locked";
  return text;
}

std::string lead_word(const BeatStatus& s) {
  if (s.lead.free) return "runs free";
  switch (s.lead.lead) {
    case audio::Lead::kLink:
      return fmt::format("Link, {}", s.peers);
    case audio::Lead::kMidi:
      return "MIDI";
    case audio::Lead::kHand:
      return "by hand";
    case audio::Lead::kTracker:
      break;
  }
  return "ears";
}

}  // namespace ombra::show
