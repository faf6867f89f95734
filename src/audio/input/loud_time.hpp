#pragma once
// Is there music? From peaks alone, as a sound server's meter gives them: what is loud without a break is music, a bell
// or a knock is not. And for a microphone: is it somebody else's music, or our own out of the loudspeakers?
// Thread: one owner; no allocation.

#include <algorithm>

namespace ombra::audio {

inline constexpr float kLoudPlayed = 0.01f;      // -40 dBFS: what programs play is either silent or far above
inline constexpr float kLoudMicrophone = 0.05f;  // -26 dBFS: a room is never silent

class LoudTime {
 public:
  explicit LoudTime(float least) : least_(least) {}

  // peak: the largest amplitude since the last call
  void add(float peak, double now_s) {
    if (now_s - slot_s_ > kSlotS) {
      before_ = now_s - slot_s_ > 2.0 * kSlotS ? 0.0f : slot_;
      slot_ = 0.0f;
      slot_s_ = now_s;
    }
    slot_ = std::max(slot_, peak);
    if (!(peak > least_)) return;
    if (now_s - last_s_ > kBreakS) since_s_ = now_s;
    last_s_ = now_s;
  }
  // -> for so long it has been loud without a break
  double seconds(double now_s) const { return now_s - last_s_ > kBreakS ? 0.0 : last_s_ - since_s_; }
  // -> largest amplitude of the last half second or more
  float peak() const { return std::max(slot_, before_); }
  float least() const { return least_; }

 private:
  static constexpr double kSlotS = 0.5;
  static constexpr double kBreakS = 0.8;  // more than from one beat to the next

  float least_, slot_ = 0.0f, before_ = 0.0f;
  double slot_s_ = -1e9, last_s_ = -1e9, since_s_ = -1e9;
};

inline constexpr double kMusicS = 2.0;  // so long without a break is music

// A microphone hears our own track through the loudspeakers. The first time that it hears something the track
// is muted for three seconds: what is still there is not ours. What was ours is known by its level from then on, and
// only something louder is worth another mute. (The other way, to compare the microphone with what is played, has to
// tell two pieces of music of one tempo apart in a room that nobody knows; silence cannot be mistaken.)
class MicrophoneCheck {
 public:
  enum class Verdict { kWait, kMute, kMusic };

  // audible: our track is being played aloud
  Verdict step(const LoudTime& microphone, bool audible, double now_s) {
    if (muted_s_ < 0.0) {
      if (microphone.seconds(now_s) < kMusicS || microphone.peak() < ours_) return Verdict::kWait;
      if (!audible) return Verdict::kMusic;
      muted_s_ = now_s, before_ = microphone.peak(), heard_ = 0.0f;
      return Verdict::kMute;
    }
    if (now_s - muted_s_ > kGoneS) heard_ = std::max(heard_, microphone.peak());
    if (now_s - muted_s_ < kGoneS + kListenS) return Verdict::kMute;
    muted_s_ = -1.0;
    if (heard_ > std::max(microphone.least(), kSoftened * before_)) return Verdict::kMusic;
    ours_ = kLouder * before_;
    return Verdict::kWait;
  }

 private:
  // until the fade, what is on its way to the loudspeakers, the room's echo and the meter's half seconds are over
  static constexpr double kGoneS = 2.2;
  static constexpr double kListenS = 0.8;
  static constexpr float kSoftened = 0.25f, kLouder = 2.0f;  // 12 dB less is gone; 6 dB more is something else

  double muted_s_ = -1.0;
  float before_ = 0.0f, heard_ = 0.0f;
  float ours_ = 0.0f;
};

}  // namespace ombra::audio
