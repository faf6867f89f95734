#pragma once
// Which bone of a figure is which, and how each bends: what the rest pose says of a rig. Thread: any.

#include "footage/people/person.hpp"

#include <string>

namespace ombra::train {

// A figure as its file has it -> one that can be driven: roles, turned to face +z with the feet on y = 0, human-sized,
// and the aim, hinge and length of every bone. Throws Error that lists the bones that are missing.
void fit_rig(Person& person, const std::string& origin);

}  // namespace ombra::train
