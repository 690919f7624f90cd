#include "scheduler/base/uuid.h"

#include <gtest/gtest.h>

namespace hotclock {
namespace {

const Instant noon = from_millis(1'795'608'000'000);

TEST(Uuid, IsOfVersionSevenAndCarriesItsMillisecond) {
  UuidSource source;
  const std::string text = source.next(noon).text();
  EXPECT_EQ(text[14], '7');
  EXPECT_NE(std::string_view("89ab").find(text[19]), std::string_view::npos);
  EXPECT_EQ(std::stoll(text.substr(0, 8) + text.substr(9, 4), nullptr, 16), to_millis(noon));
}

TEST(Uuid, EachIsLargerThanTheLastEvenWhenTheClockGoesBack) {
  UuidSource source;
  Uuid last = source.next(noon);
  for (int i = 0; i < 20'000; ++i) {
    const Uuid next = source.next(noon - Duration{i});
    ASSERT_LT(last, next);
    ASSERT_LT(last.text(), next.text());
    last = next;
  }
}

TEST(Uuid, ReadsWhatItPrints) {
  UuidSource source;
  const Uuid uuid = source.next(noon);
  EXPECT_EQ(Uuid::parse(uuid.text()), uuid);
  EXPECT_FALSE(Uuid::parse("0193a4f2-5b7c-7c3e-9a61"));
  EXPECT_FALSE(Uuid::parse("0193a4f2-5b7c-7c3e-9a61-3f0e1d2c4bzz"));
  EXPECT_FALSE(Uuid::parse("0193a4f2x5b7c-7c3e-9a61-3f0e1d2c4b5a"));
}

}  // namespace
}  // namespace hotclock
