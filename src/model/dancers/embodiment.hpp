#pragma once
// From a dancer's codes to what a painter of people is given: the body that the code stands for, its hair and hems
// swinging behind the dance, its fingers at play, as the camera sees it; and who it is. Codes of other painters are
// given as they are. Thread: one owner.

#include "model/body/body_sense.hpp"
#include "model/body/fingers.hpp"
#include "model/figure/dance_controls.hpp"
#include "model/figure/dancer_file.hpp"

#include <cstdint>
#include <memory>
#include <span>

namespace ombra::model {

class Embodiment {
 public:
  // place: 0, 1, ... of several dancers
  Embodiment(std::shared_ptr<const DancerFile> file, int place);

  // Numbers that the painter is given a dancer.
  static std::size_t size(const DancerFile& file);
  // code [Z], seen at time_s, of so many dancers -> figure [size]. Hair and hems begin at rest after a leap of the
  // time.
  void embody(std::span<const float> code, double time_s, int dancers, const FigureControls& controls,
              std::span<float> figure);

 private:
  float yaw_of(int dancers, const FigureControls& controls) const;
  void who(const FigureControls& controls, std::span<float> person) const;

  // immutable after construction
  const std::shared_ptr<const DancerFile> file_;
  const int place_;
  const Fingers fingers_;
  // state
  BodySense sense_;
  double time_s_ = -1e9;
};

}  // namespace ombra::model
