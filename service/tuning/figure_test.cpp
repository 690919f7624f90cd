#include "service/tuning/figure.h"

#include <gtest/gtest.h>

namespace hotclock::tuning {
namespace {

TEST(Figure, RoundsThatAgreeAreSure) {
  const Figure figure{"commits", "/s", {100, 98, 103, 101, 99}};
  EXPECT_DOUBLE_EQ(figure.median(), 100);
  EXPECT_EQ(figure.trust(), Trust::sure);
}

TEST(Figure, OneRoundThatMetWithSomethingIsForgiven) {
  EXPECT_EQ((Figure{"commits", "/s", {100, 98, 20, 101, 99}}.trust()), Trust::sure);
}

TEST(Figure, RoundsFarApartAreNotTrusted) {
  EXPECT_EQ((Figure{"commits", "/s", {100, 80, 115, 101, 99}}.trust()), Trust::fairly);
  EXPECT_EQ((Figure{"commits", "/s", {100, 50, 160, 40, 99}}.trust()), Trust::unsure);
}

TEST(Figure, TwoRoundsAreTooFewAndNoneIsNothing) {
  EXPECT_EQ((Figure{"commits", "/s", {100, 100}}.trust()), Trust::unsure);
  EXPECT_DOUBLE_EQ((Figure{}.median()), 0);
  EXPECT_EQ(Figure{}.trust(), Trust::unsure);
}

TEST(Figure, APercentileLiesBetweenItsNeighbours) {
  EXPECT_DOUBLE_EQ(percentile({3, 1, 2}, 0.5), 2);
  EXPECT_DOUBLE_EQ(percentile({1, 2}, 0.95), 1.95);
  EXPECT_DOUBLE_EQ(percentile({7}, 0.99), 7);
}

}  // namespace
}  // namespace hotclock::tuning
