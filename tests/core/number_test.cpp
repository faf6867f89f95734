#include "core/number.hpp"

#include <gtest/gtest.h>

namespace ombra {
namespace {

TEST(Number, IsReadWholeOrNotAtAll) {
  EXPECT_EQ(parse_number("1.25"), 1.25);
  EXPECT_EQ(parse_number("+3"), 3.0);
  EXPECT_EQ(parse_number("-1e-3"), -0.001);
  EXPECT_EQ(parse_number(".5"), 0.5);
  for (const char* wrong : {"", "+", "+-1", "1,25", "1.25 ", " 1", "1.2.3", "0x10", "one", "nan", "inf", "1e999"}) {
    EXPECT_EQ(parse_number(wrong), std::nullopt) << wrong;
  }
}

TEST(Number, WholeNumbersHaveNoFraction) {
  EXPECT_EQ(parse_integer("42"), 42);
  EXPECT_EQ(parse_integer("-7"), -7);
  for (const char* wrong : {"", "4.2", "4 GB", "99999999999999999999"}) EXPECT_EQ(parse_integer(wrong), std::nullopt) << wrong;
}

TEST(Number, APersonMayTypeAComma) {
  EXPECT_EQ(parse_typed_number(" 127,5 "), 127.5);
  EXPECT_EQ(parse_typed_number("127.5"), 127.5);
  EXPECT_EQ(parse_typed_number("1,2,3"), std::nullopt);
  EXPECT_EQ(parse_typed_number("  "), std::nullopt);
}

TEST(Number, SixDigitsOfAFloatAreWhatWasMeant) {
  EXPECT_EQ(six_digits(0.3f), 0.3);
  EXPECT_EQ(six_digits(-1.25f), -1.25);
  EXPECT_EQ(six_digits(0.0f), 0.0);
}

}  // namespace
}  // namespace ombra
