#pragma once
// Questions to the user at the terminal. Thread: main.

#include <string>

namespace ombra::cli {

// -> is there somebody to ask?
bool can_ask();
// -> yes or no; anything but "y" and "yes" is no
bool ask(const std::string& question);

}  // namespace ombra::cli
