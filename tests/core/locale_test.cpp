#include "core/locale.hpp"

#include <gtest/gtest.h>

#include <clocale>
#include <cstdlib>
#include <string>

namespace ombra {
namespace {

std::string of(int category) {
  const char* name = std::setlocale(category, nullptr);
  return name ? name : "";
}

class Locale : public testing::Test {
 protected:
  void SetUp() override {
    ::setenv("LOCPATH", OMBRA_LOCALES, 1);
    if (!std::setlocale(LC_ALL, "de_DE.UTF-8")) GTEST_SKIP() << "localedef made no de_DE.UTF-8 (package locales)";
    ASSERT_STREQ(std::localeconv()->decimal_point, ",");
    for (const char* name : {"LANG", "LC_ALL", "LC_NUMERIC", "LC_TIME", "LC_CTYPE"}) ::unsetenv(name);
  }
};

TEST_F(Locale, WhoeverAsksForTheUsersGetsPlainNumbers) {
  for (const char* variable : {"LC_ALL", "LANG", "LC_NUMERIC"}) {
    SCOPED_TRACE(variable);
    ::setenv(variable, "de_DE.UTF-8", 1);
    use_plain_numbers();
    EXPECT_STREQ(std::localeconv()->decimal_point, ".") << "at once";
    std::setlocale(LC_ALL, "");  // as SDL does
    EXPECT_STREQ(std::localeconv()->decimal_point, ".");
    ::unsetenv(variable);
  }
}

TEST_F(Locale, EverythingElseStaysTheUsers) {
  ::setenv("LC_ALL", "de_DE.UTF-8", 1);
  use_plain_numbers();
  std::setlocale(LC_ALL, "");
  EXPECT_EQ(of(LC_NUMERIC), "C");
  for (const int category : {LC_CTYPE, LC_TIME, LC_COLLATE, LC_MONETARY, LC_MESSAGES}) EXPECT_EQ(of(category), "de_DE.UTF-8");
}

}  // namespace
}  // namespace ombra
