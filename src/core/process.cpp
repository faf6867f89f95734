#include "core/process.hpp"

#include <pthread.h>
#include <unistd.h>

#include <algorithm>
#include <ctime>
#include <fstream>
#include <sstream>
#include <string>

namespace ombra {

double process_age_s() {
  std::ifstream file("/proc/self/stat");
  std::string text;
  std::getline(file, text);
  // proc(5): the name, in brackets, may hold anything; the 20th number behind the state is the start in clock ticks
  // since the machine's
  const auto name_ends = text.rfind(')');
  if (name_ends == std::string::npos) return 0.0;
  std::istringstream fields(text.substr(name_ends + 1));
  std::string skipped;
  for (int i = 0; i < 19; ++i) fields >> skipped;
  double ticks = 0.0;
  timespec now{};
  if (!(fields >> ticks) || clock_gettime(CLOCK_BOOTTIME, &now) != 0) return 0.0;
  const double now_s = static_cast<double>(now.tv_sec) + 1e-9 * static_cast<double>(now.tv_nsec);
  return std::max(0.0, now_s - ticks / static_cast<double>(sysconf(_SC_CLK_TCK)));
}

double resident_mb() {
  std::ifstream file("/proc/self/statm");
  double pages_in_all = 0.0, pages = 0.0;
  if (!(file >> pages_in_all >> pages)) return 0.0;
  return pages * static_cast<double>(sysconf(_SC_PAGESIZE)) / 1e6;
}

void name_thread(const char* name) { ::pthread_setname_np(::pthread_self(), name); }

}  // namespace ombra
