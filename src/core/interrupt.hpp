#pragma once
// Ctrl-C as a flag: long work looks at it, tidies up and ends. A second Ctrl-C ends the program at once.
// Thread: any.

namespace ombra {

// From now on SIGINT and SIGTERM set the flag. Called once by main.
void watch_interrupts();

// -> has Ctrl-C been pressed?
bool interrupted() noexcept;

// Sets (as Ctrl-C does) or clears the flag: for windows that are closed, and for tests.
void set_interrupted(bool value) noexcept;

}  // namespace ombra
