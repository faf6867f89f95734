#pragma once
// Makes whatever a motion file gives into one complete, upright, human-sized dancer.
// Thread: any.

#include "footage/motion/motion.hpp"

#include <array>
#include <string>

namespace ombra::train {

// Every dancer is scaled to this height, floor to crown. Standing on the floor with raised arms it fits the picture.
inline constexpr double kStatureMetres = 1.72;

// -> standing height estimated from median bone lengths, in the clip's own units; 0 when there is nothing to measure
double stature(const MotionClip& clip);

// clip.frames hold NaN where the file has no value. Fills gaps in time, turns z-up data upright, guesses the unit
// (m, cm, mm, inch, foot, or unknown) from the stature, scales to kStatureMetres, fills in hip, spine, neck, head,
// hands and toes that the file lacks, and puts the head's centre at one distance from the neck. Shoulders, elbows,
// wrists, knees, ankles and either hips are needed: throws Error that lists what is missing. origin names the file in
// errors.
void complete(MotionClip& clip, const std::string& origin);

// -> the unit that makes this stature human ("m", "cm", "mm", "inch", "foot"), or "own unit"
std::string guess_unit(double stature);

}  // namespace ombra::train
