#include "service/past/spread.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <random>
#include <vector>

namespace hotclock::past {
namespace {

TEST(Spread, OfNothingIsNothing) {
  EXPECT_EQ(Spread().count(), 0);
  EXPECT_EQ(Spread().percentile(0.5), 0);
}

TEST(Spread, SmallValuesAreKeptExactly) {
  Spread spread;
  for (int i = 1; i <= 100; ++i) spread.add(i);
  EXPECT_EQ(spread.percentile(0.5), 50);
  EXPECT_EQ(spread.percentile(0.99), 99);
  EXPECT_EQ(spread.percentile(1), 100);
  spread.add(-5);
  EXPECT_EQ(spread.percentile(0), 0);
}

TEST(Spread, PercentilesAreRightToWithinOnePercentWhateverTheValues) {
  std::mt19937_64 random(4);
  std::lognormal_distribution<double> times(7, 3);
  std::vector<std::int64_t> values;
  Spread spread;
  for (int i = 0; i < 20'000; ++i) {
    values.push_back(static_cast<std::int64_t>(times(random)));
    spread.add(values.back());
  }
  std::ranges::sort(values);
  for (const double part : {0.01, 0.1, 0.5, 0.9, 0.99, 0.999, 1.0}) {
    const auto exact =
        static_cast<double>(values[static_cast<std::size_t>(std::ceil(part * 20'000)) - 1]);
    EXPECT_NEAR(static_cast<double>(spread.percentile(part)), exact, exact * 0.01 + 0.5) << part;
  }
}

TEST(Spread, TwoOfThemAddedAreAsIfAllHadComeToOne) {
  Spread all, odd, even;
  for (int i = 0; i < 3'000; ++i) {
    all.add(i * i);
    (i % 2 ? odd : even).add(i * i);
  }
  odd.add(even);
  EXPECT_EQ(odd, all);
}

TEST(Spread, ItsTextIsReadAgain) {
  Spread spread;
  for (const std::int64_t value :
       {std::int64_t{0}, std::int64_t{127}, std::int64_t{128}, std::int64_t{86'400'000},
        std::numeric_limits<std::int64_t>::max() / 4})
    spread.add(value, 3);
  const auto read = Spread::parse(spread.text());
  ASSERT_TRUE(read) << read.error().message();
  EXPECT_EQ(*read, spread);
  EXPECT_EQ(*Spread::parse(""), Spread());
}

TEST(Spread, WhatIsNoneIsRefused) {
  for (const char* text : {"x", "1", "1:", "1:0", "-1:2", "1:2;3:4", "99999:1", "1:-2", ":"})
    EXPECT_FALSE(Spread::parse(text)) << text;
}

}  // namespace
}  // namespace hotclock::past
