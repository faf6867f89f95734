#pragma once
// How much there is to be seen of what appears and goes: a share that runs from 0 to 1 and back at an even pace.
// Thread: one owner.

namespace ombra::stage {

class Fade {
 public:
  // Once a frame. on: is it to be seen?; fade_s: how long it takes from end to end, 0: at once; time_s: the clock of
  // the pictures, which stands still where nothing is drawn. What is on in the first frame is there at once. -> the
  // share
  double step(bool on, double fade_s, double time_s);
  double share() const { return share_ < 0.0 ? 0.0 : share_; }

 private:
  double share_ = -1.0;  // under 0: before the first frame
  double time_s_ = 0.0;
};

}  // namespace ombra::stage
