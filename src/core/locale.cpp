#include "core/locale.hpp"

#include <clocale>
#include <cstdlib>
#include <string>

namespace ombra {

void use_plain_numbers() {
  // LC_ALL goes before LC_NUMERIC, so what it says is handed to each of the others first (locale(7))
  if (const char* all = std::getenv("LC_ALL"); all && *all) {
    const std::string name = all;
    for (const char* part : {"LC_ADDRESS", "LC_COLLATE", "LC_CTYPE", "LC_IDENTIFICATION", "LC_MEASUREMENT",
                             "LC_MESSAGES", "LC_MONETARY", "LC_NAME", "LC_PAPER", "LC_TELEPHONE", "LC_TIME"}) {
      ::setenv(part, name.c_str(), 1);
    }
    ::unsetenv("LC_ALL");
  }
  ::setenv("LC_NUMERIC", "C", 1);
  std::setlocale(LC_NUMERIC, "C");
}

}  // namespace ombra
