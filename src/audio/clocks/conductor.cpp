#include "audio/clocks/conductor.hpp"

#include "core/arithmetic.hpp"
#include "core/bar.hpp"

#include <algorithm>
#include <cmath>

namespace ombra::audio {
namespace {

constexpr double kSlowestBpm = 30.0, kFastestBpm = 300.0;
constexpr double kPull = 2.5;             // of the slide, per beat: critical damping
constexpr double kMin = 0.5, kMax = 2.0;  // of the tempo, while something slides in
constexpr double kOtherTempo = 0.04;      // a tempo so much off is slid into as well
constexpr float kHeard = 0.15f, kConfident = 0.3f;
constexpr double kAgree = 0.03, kAgreeBeats = 0.2, kAgreeS = 8.0;
constexpr double kDoubtS = 30.0;
constexpr double kTempoEveryS = 0.05;
constexpr double kShowS = 0.15;  // time constant with which the tempo given out follows

bool usable(const BeatGrid& g) {
  return std::isfinite(g.anchor_s) && std::isfinite(g.anchor_beat) && std::isfinite(g.downbeat) && g.bpm >= 20.0 &&
         g.bpm <= 400.0 && g.beats_per_bar > 0;
}

// the same line, anchored at now_s
BeatGrid anchored(BeatGrid g, double now_s) {
  g.anchor_beat = g.beat_at(now_s);
  g.anchor_s = now_s;
  return g;
}

}  // namespace

std::string_view lead_name(Lead lead) {
  constexpr std::string_view kNames[] = {"ears", "Link", "MIDI clock", "hand"};
  return kNames[static_cast<std::size_t>(lead)];
}

std::optional<BeatGrid> Conductor::source(const BeatSources& sources, Lead lead) const {
  std::optional<BeatGrid> v;
  if (lead == Lead::kTracker) v = sources.tracker;
  if (lead == Lead::kLink) v = sources.link;
  if (lead == Lead::kMidi) v = sources.midi;
  return v && usable(*v) ? v : std::nullopt;
}

Lead Conductor::choose(const BeatSources& sources, const LeadSettings& settings, double step_s) {
  if (settings.free) return Lead::kHand;
  switch (settings.choice) {
    case LeadChoice::kTracker:
      return Lead::kTracker;
    case LeadChoice::kLink:
      return Lead::kLink;
    case LeadChoice::kMidi:
      return Lead::kMidi;
    case LeadChoice::kHand:
      return Lead::kHand;
    case LeadChoice::kAuto:
      break;
  }
  const Lead next = source(sources, Lead::kMidi)   ? Lead::kMidi
                    : source(sources, Lead::kLink) ? Lead::kLink
                                                   : Lead::kTracker;
  if (!hand_used_) return next;
  // the hand gives back when the other has found the same
  const std::optional<BeatGrid> other = source(sources, next);
  const bool confident = other && (next != Lead::kTracker || other->confidence >= kConfident);
  const bool agrees = confident && std::abs(other->bpm / hand_.bpm - 1.0) < kAgree &&
                      std::abs(wrapped(other->beat_at(last_s_) - hand_.beat_at(last_s_))) < kAgreeBeats;
  agreed_s_ = agrees ? agreed_s_ + step_s : 0.0;
  if (agreed_s_ < kAgreeS) return Lead::kHand;
  hand_used_ = typed_ = false;
  return next;
}

// What the hand typed since the last call.
void Conductor::read_typed(double now_s, const LeadSettings& settings) {
  const double typed = std::isfinite(settings.typed_bpm) && settings.typed_bpm > 0.0 ? settings.typed_bpm : 0.0;
  if (typed == settings_.typed_bpm) return;
  settings_.typed_bpm = typed;
  agreed_s_ = 0.0;
  const bool mine = settings.free || settings.choice == LeadChoice::kAuto || settings.choice == LeadChoice::kHand;
  if (typed > 0.0 && mine) {
    hand_ = anchored(hand_, now_s);
    hand_.bpm = std::clamp(typed, kSlowestBpm, kFastestBpm);
    hand_.confidence = 1.0f;
    taps_.forget();
    hand_used_ = typed_ = true;
  } else if (typed_) {
    hand_used_ = typed_ = false;
  }
}

BeatGrid Conductor::mapped(const BeatGrid& line) const {
  const double factor = std::ldexp(1.0, doublings_);
  BeatGrid g = line;
  g.bpm *= factor;
  g.anchor_beat = (line.anchor_beat - pivot_) * factor + count_;
  g.downbeat = std::round((line.downbeat - pivot_) * factor + count_);
  return g;
}

void Conductor::take_over(Lead lead, const BeatSources& sources) {
  lead_ = lead;
  doublings_ = 0, pivot_ = 0.0, count_ = 0.0;
  tempo_count_ = 0;
  agreed_s_ = 0.0;
  tracker_ready_ = lead != Lead::kTracker || sources.tracker.confidence >= kHeard;
  if (lead == Lead::kLink || lead == Lead::kMidi) one_.reset();
}

// -> the line of the lead in the output's count, or the last one going on while it says nothing
BeatGrid Conductor::aim(double now_s, const BeatSources& sources) {
  waiting_ = false;
  if (lead_ != Lead::kHand) {
    std::optional<BeatGrid> v = source(sources, lead_);
    if (lead_ == Lead::kTracker && v && !tracker_ready_) {
      tracker_ready_ = v->confidence >= kHeard;
      if (!tracker_ready_) v.reset();
    }
    if (v) {
      remember_tempo(now_s, v->bpm);
      // the lead itself may have gone to the multiple that the hand had asked for
      const double ratio = lead_bpm() / asked_bpm_;
      if ((doublings_ > 0 && ratio > 1.8) || (doublings_ < 0 && ratio < 0.55)) {
        asked_bpm_ *= doublings_ > 0 ? 2.0 : 0.5;
        doublings_ += doublings_ > 0 ? -1 : 1;
        pivot_ = std::round(v->beat_at(now_s));
        count_ = std::round(target_.beat_at(now_s));
      }
      return mapped(*v);
    }
    waiting_ = true;
  }
  BeatGrid g = hand_;
  if (waiting_) g.confidence = 0.0f;
  return g;
}

// The tracker's tempo swings while it corrects its phase, so what counts is the median of the last seconds.
void Conductor::remember_tempo(double now_s, double bpm) {
  if (lead_ != Lead::kTracker) tempo_count_ = 0;
  if (tempo_count_ > 0 && now_s < tempo_due_s_) return;
  tempo_due_s_ = now_s + kTempoEveryS;
  tempi_[tempo_count_ % kTempi] = bpm;
  ++tempo_count_;
}

double Conductor::lead_bpm() const {
  std::array<double, kTempi> sorted = tempi_;
  const auto n = static_cast<std::ptrdiff_t>(std::min(tempo_count_, kTempi));
  if (n == 0) return target_.bpm;
  std::nth_element(sorted.begin(), sorted.begin() + n / 2, sorted.begin() + n);
  return sorted[static_cast<std::size_t>(n / 2)];
}

// When is the 1 that the hand gave no longer that of the music?
void Conductor::watch_the_one(double now_s, const BeatGrid& tracker, double step_s) {
  const double moved = wrapped(tracker.beat_at(now_s) - heard_.beat_at(now_s));
  heard_ = tracker;
  if (!one_ || lead_ != Lead::kTracker || waiting_) return;
  const double place = target_.place_in_bar(*one_);
  const bool other = bar_known(target_) && place > 0.5 && place < target_.beats_per_bar - 0.5;
  doubted_s_ = other ? doubted_s_ + step_s : 0.0;
  if (doubted_s_ > kDoubtS || std::abs(moved) > 0.25) one_.reset();
}

// Makes the output go on from where it is, towards target.
void Conductor::slide(double now_s, BeatGrid target) {
  const double step_s = std::max(0.0, now_s - last_s_), pull = kPull * target_.bpm / 60.0;
  const double push = phase_offset_rate_ + pull * phase_offset_, fade = std::exp(-pull * step_s);
  phase_offset_ = (phase_offset_ + push * step_s) * fade;
  phase_offset_rate_ = (phase_offset_rate_ - pull * push * step_s) * fade;

  // what the line has changed since the last call becomes a part of the rest
  phase_offset_ += target_.beat_at(now_s) - target.beat_at(now_s);
  if (std::abs(target.bpm / target_.bpm - 1.0) > kOtherTempo) phase_offset_rate_ += (target_.bpm - target.bpm) / 60.0;
  const double whole = std::round(phase_offset_);
  if (whole != 0.0) {  // the lead counts from elsewhere
    phase_offset_ -= whole;
    (lead_ == Lead::kHand || waiting_ ? hand_.anchor_beat : count_) += whole;
    target.anchor_beat += whole;
    if (lead_ != Lead::kHand && !waiting_) target.downbeat += whole;
  }

  const double rate = target.bpm / 60.0;
  const double least = kMin * std::min(rate, target_.bpm / 60.0), most = kMax * std::max(rate, target_.bpm / 60.0);
  const double beat = std::clamp(target.beat_at(now_s) + phase_offset_, out_.anchor_beat + least * step_s,
                                 out_.anchor_beat + most * step_s);
  phase_offset_ = beat - target.beat_at(now_s);
  target_ = target;
  const double shown_bpm = out_.bpm, follow = 1.0 - std::exp(-step_s / kShowS);
  out_ = target;
  out_.anchor_s = now_s;
  out_.anchor_beat = beat;
  out_.bpm = shown_bpm + follow * (status().bpm - shown_bpm);
}

const BeatGrid& Conductor::step(double now_s, const BeatSources& sources, const LeadSettings& settings) {
  if (!std::isfinite(now_s) || (started_ && now_s < last_s_)) return out_;
  if (!started_) {
    last_s_ = now_s;
    hand_ = out_ = target_ = anchored(usable(sources.tracker) ? sources.tracker : BeatGrid{.anchor_s = now_s}, now_s);
    heard_ = out_;
  }
  const double step_s = now_s - last_s_;
  read_typed(now_s, settings);
  settings_.choice = settings.choice, settings_.free = settings.free;
  if (const Lead lead = choose(sources, settings, step_s); lead != lead_) take_over(lead, sources);
  BeatGrid target = aim(now_s, sources);
  target.anchor_s -= nudge_s_;
  slide(now_s, anchored(target, now_s));
  if (usable(sources.tracker)) watch_the_one(now_s, sources.tracker, step_s);
  if (lead_ != Lead::kHand && !waiting_) {  // the hand goes on from here when it is used
    hand_ = target_;
    hand_.anchor_s += nudge_s_;
    hand_.bpm = status().bpm;
  }
  if (one_) out_.downbeat = *one_, out_.bar_confidence = 1.0f;
  last_s_ = now_s;
  started_ = true;
  return out_;
}

bool Conductor::tap(double time_s) {
  const bool mine = settings_.free || settings_.choice == LeadChoice::kAuto || settings_.choice == LeadChoice::kHand;
  if (!mine || !std::isfinite(time_s)) return false;
  taps_.tap(time_s);
  hand_used_ = true;
  agreed_s_ = 0.0;
  nudge_s_ = 0.0;
  typed_ = false;
  // the beat of the last tap keeps the number that the show was nearest to
  const double beat = std::round(target_.beat_at(taps_.beat_s()));
  hand_.anchor_s = taps_.beat_s();
  hand_.anchor_beat = beat;
  if (taps_.bpm() > 0.0) hand_.bpm = std::clamp(taps_.bpm(), kSlowestBpm, kFastestBpm);
  hand_.confidence = 1.0f;
  return true;
}

void Conductor::nudge(double earlier_s) { nudge_s_ = std::clamp(nudge_s_ + earlier_s, -1.0, 1.0); }

void Conductor::resync(double now_s) {
  const double beat = target_.beat_at(now_s), whole = std::round(beat);
  if (std::abs(beat - whole) > 0.25) nudge_s_ += (whole - beat) * 60.0 / target_.bpm;
  one_ = whole;
  doubted_s_ = 0.0;
}

void Conductor::multiply_tempo(int step) {
  const double factor = step > 0 ? 2.0 : 0.5, bpm = target_.bpm * factor;
  if (step == 0 || bpm < kSlowestBpm || bpm > kFastestBpm) return;
  // A beat that stays one: in half time every second does, those of the 1 where it is known, those of the lead where
  // twice its tempo is taken back.
  const double beat = target_.beat_at(last_s_);
  double stays = std::round(beat);
  if (step < 0) {
    const bool own = lead_ != Lead::kHand && !waiting_ && doublings_ > 0;
    const double even = own ? count_ : one_ ? *one_ : target_.bar_confidence >= kConfident ? target_.downbeat : stays;
    stays = even + 2.0 * std::round((beat - even) / 2.0);
  }
  if (one_) one_ = std::round(stays + (*one_ - stays) * factor);
  if (lead_ == Lead::kHand || waiting_) {
    hand_.anchor_beat = stays + (hand_.anchor_beat - stays) * factor;
    hand_.downbeat = std::round(stays + (hand_.downbeat - stays) * factor);
    hand_.bpm *= factor;
    taps_.forget();
    return;
  }
  pivot_ += (stays - count_) / std::ldexp(1.0, doublings_);
  count_ = stays;
  doublings_ += step > 0 ? 1 : -1;
  asked_bpm_ = lead_bpm();
}

void Conductor::reset() {
  hand_used_ = typed_ = false;
  agreed_s_ = 0.0;
  taps_.forget();
  doublings_ = 0;
  nudge_s_ = 0.0;
  one_.reset();
}

LeadStatus Conductor::status() const {
  LeadStatus s;
  s.lead = lead_;
  s.locked = settings_.choice != LeadChoice::kAuto;
  s.free = settings_.free;
  s.waiting = waiting_;
  s.typed = typed_;
  const bool from_source = lead_ != Lead::kHand && !waiting_ && tempo_count_ > 0;
  s.bpm = from_source ? std::ldexp(lead_bpm(), doublings_) : target_.bpm;
  s.doublings = doublings_;
  s.nudge_ms = 1000.0 * nudge_s_;
  s.taps = last_s_ - taps_.beat_s() < TapTempo::kForgetS + 0.5 ? taps_.taps() : 0;
  s.one_given = one_.has_value();
  return s;
}

}  // namespace ombra::audio
