#include "service/config/decimal.h"

#include <gtest/gtest.h>

#include <limits>

namespace hotclock::config {
namespace {

Decimal read(std::string_view text) {
  const auto decimal = Decimal::parse(text);
  EXPECT_TRUE(decimal) << text;
  return decimal.value_or(Decimal{});
}

TEST(Decimal, IsExact) {
  EXPECT_EQ(read("0.6"), (Decimal{6, 1}));
  EXPECT_EQ(read("12"), (Decimal{12, 0}));
  EXPECT_EQ(read("-0.05"), (Decimal{-5, 2}));
  EXPECT_EQ(read("+1.5"), (Decimal{15, 1}));
}

TEST(Decimal, KeepsNoTrailingZeros) {
  EXPECT_EQ(read("0.60"), read("0.6"));
  EXPECT_EQ(read("3.000"), (Decimal{3, 0}));
  EXPECT_EQ(read("100"), (Decimal{100, 0}));
}

TEST(Decimal, PrintsWhatItRead) {
  for (const char* text : {"0.6", "-0.05", "12", "0", "-7", "1.000001", "0.000000000000000001",
                           "9223372036854775807", "-9223372036854775808", "-9.223372036854775808"})
    EXPECT_EQ(read(text).text(), text);
}

TEST(Decimal, RefusesWhatIsNoPlainDecimal) {
  for (const char* text : {"", "-", ".", "1.", ".5", "1e3", "0x10", "1,5", " 1", "1 ", "--1", "+-1",
                           "inf", "nan", "1.2.3", "9223372036854775808", "0.0000000000000000001"})
    EXPECT_FALSE(Decimal::parse(text)) << text;
}

TEST(Decimal, ComparesWhateverThePlaces) {
  EXPECT_LT(read("0.59"), read("0.6"));
  EXPECT_LT(read("-0.6"), read("-0.59"));
  EXPECT_LT(read("9"), read("9.000000000000000001"));
  EXPECT_LT(read("-1"), read("0.5"));
  EXPECT_FALSE(read("0.6") < read("0.60"));
  EXPECT_FALSE(read("10") < read("9.9"));
}

TEST(Decimal, DividesByItsDivisor) {
  EXPECT_EQ(read("0.25").divisor(), 100);
  EXPECT_DOUBLE_EQ(read("0.25").nearest_double(), 0.25);
}

}  // namespace
}  // namespace hotclock::config
