#pragma once
// All systems side by side on the same footage: what their painters give back, what their dancers do when nobody helps,
// and what that costs. Dance is measured from pictures, in a space that belongs to no system (picture_space.hpp).
// Thread: one owner.

#include "studio/orders.hpp"

#include <string>

namespace ombra::train {

// -> the tables as Markdown. Systems are loaded one after another; one that cannot be read is reported in its row and
// the others go on. Throws Error when no system could be evaluated, when the data set cannot be used, or on Ctrl-C.
std::string compare(const CompareOptions& options);

}  // namespace ombra::train
