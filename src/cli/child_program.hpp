#pragma once
// This program once more, in a process of its own: how long it takes and what it needs can be measured from outside.
// Thread: main.

#include <string>
#include <vector>

namespace ombra::cli {

struct ChildProgram {
  int status = 0;        // its exit status; -1: a signal ended it
  std::string out;       // what it printed; its messages go where ours go
  double peak_mb = 0.0;  // the most resident memory that it held
};

// Runs `ombra words...` to its end. Throws Error when it cannot be started.
ChildProgram run_child(const std::vector<std::string>& words);

}  // namespace ombra::cli
