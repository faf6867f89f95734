#pragma once
// What the operating system says of this process (Linux: /proc). Thread: any.

namespace ombra {

// Seconds since the process was started, to 10 ms; 0 where that is not known.
double process_age_s();
// Memory in use by the process and held in RAM, in MB of 10^6 bytes; 0 where that is not known.
double resident_mb();

}  // namespace ombra
