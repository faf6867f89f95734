#pragma once
// This program once more, in a process of its own: so a measurement finds it as a user does, freshly started.
// Thread: main.

#include <string>
#include <vector>

namespace ombra::cli {

struct ChildProgram {
  int status = 0;   // its exit status; -1: a signal ended it
  std::string out;  // what it printed; its messages go where ours go
};

// Runs `ombra words...` to its end. Throws Error when it cannot be started.
ChildProgram run_child(const std::vector<std::string>& words);

}  // namespace ombra::cli
