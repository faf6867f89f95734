#pragma once
// The one door to LibTorch. What needs it (training, evaluation, import, a graphics card, layers that Ombra's own
// kernels do not know) lies in a module beside the program, which is loaded when it is first asked for: so the show
// starts without it, and what LibTorch exports (some builds: hundreds of symbols of LLVM) stays out of the graphics
// driver's way. Behind the door are C functions with C++ arguments, the same on both sides since one build makes both.
// Thread: any.

#include <string>

namespace ombra::model {

// -> the function of that name behind the door; loads the module where that has not happened. Throws Error when it is
// not there, or its libraries are not.
void* behind_door(const char* name);

// Function: such as bool(const TrainOptions&)
template <typename Function>
Function* behind_door(const char* name) {
  return reinterpret_cast<Function*>(behind_door(name));
}

}  // namespace ombra::model
