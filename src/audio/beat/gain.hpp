#pragma once
// Automatic gain: a slow follower of loudness, so that a quiet microphone and a hot line give the same strengths.
// It only ever compares the sound with itself: above the floor its output is the same at any input level.
// Thread: one owner.

namespace ombra::audio {

class Gain {
 public:
  struct Settings {
    double floor = 4e-4;            // RMS below which there is nothing to amplify (-68 dBFS)
    double attack_s = 1.5;          // a louder passage is the new reference after this time
    double release_db_per_s = 0.3;  // a quieter one only slowly: a break must look quieter than a drop
    double lost_db = 20.0;          // below the reference by this much for lost_s: the source itself changed,
    double lost_s = 4.0;            // and the reference comes down ten times as fast
  };
  Gain() : Gain(Settings{}) {}
  explicit Gain(const Settings& settings) : settings_(settings), reference_(settings.floor) {}

  // One hop of RMS rms that lasts hop_s; floor: at least this reference now. -> the reference (RMS that counts as full)
  double follow(double rms, double hop_s, double floor = 0.0);
  double reference() const { return reference_; }
  // -> 0..1, loudness of rms against the reference: the power 0.6 of pressure (Stevens 1955, the sone)
  float strength(double rms) const;

 private:
  Settings settings_;
  double reference_;
  double heard_s_ = 0.0;  // time with sound above the floor: the first second sets the reference quickly
  double quiet_s_ = 0.0;
  double lost_s_ = 0.0;
};

}  // namespace ombra::audio
