// Linked into every test program: with $OMBRA_TEST_LOCALE the whole of it runs in that locale, as if a library had asked
// for the user's. $LOCPATH says where it was made. Where there is no such locale the program ends with 77, "skipped".

#include <clocale>
#include <cstdio>
#include <cstdlib>

namespace {

[[maybe_unused]] const bool kSet = [] {
  const char* name = std::getenv("OMBRA_TEST_LOCALE");
  if (!name) return false;
  if (std::setlocale(LC_ALL, name)) return true;
  std::fprintf(stderr, "no locale %s here: skipped\n", name);
  std::_Exit(77);
}();

}  // namespace
