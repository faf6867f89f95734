#pragma once
// What the operating system says of this process (Linux: /proc), and what it is told. Thread: any.

namespace ombra {

// Seconds since the process was started, to 10 ms; 0 where that is not known.
double process_age_s();
// Memory in use by the process and held in RAM, in MB of 10^6 bytes; 0 where that is not known.
double resident_mb();
// The calling thread is called so in debuggers and lists of processes; at most 15 bytes.
void name_thread(const char* name);

}  // namespace ombra
