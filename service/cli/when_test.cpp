#include "service/cli/when.h"

#include <gtest/gtest.h>

namespace hotclock::cli {
namespace {

using namespace std::chrono_literals;

const Instant now = from_millis(1'795'608'000'000);  // 2026-11-25T12:00Z

class When : public ::testing::Test {
 protected:
  std::string read(std::string_view text, std::string_view zone = "Australia/Sydney") {
    const auto t = read_instant(text, **load_zone(zone), now);
    return t ? to_string(t.value()) : t.error().message();
  }
};

TEST_F(When, AWallClockTimeIsTheZones) {
  EXPECT_EQ(read("2026-11-24T00:05"), "2026-11-23T13:05:00Z");
  EXPECT_EQ(read("2026-11-24"), "2026-11-23T13:00:00Z");
}

TEST_F(When, AnOffsetGoesBeforeTheZone) {
  EXPECT_EQ(read("2026-11-24T00:05:00Z"), "2026-11-24T00:05:00Z");
  EXPECT_EQ(read("2026-11-24T00:05+05:45"), "2026-11-23T18:20:00Z");
  EXPECT_EQ(read("2026-11-24T00:05-0330"), "2026-11-24T03:35:00Z");
}

TEST_F(When, ASpanIsThatLongAgo) {
  EXPECT_EQ(read("24h"), "2026-11-24T12:00:00Z");
  EXPECT_EQ(read("now"), "2026-11-25T12:00:00Z");
}

TEST_F(When, ATimeInsideAGapIsAnErrorThatSaysWhy) {
  EXPECT_EQ(read("2026-03-08T02:30", "America/New_York"),
            "2026-03-08T02:30 does not exist in America/New_York: its clocks went forward to "
            "2026-03-08 03:00:00 -04:00");
}

TEST_F(When, ATimeThatComesTwiceIsTheFirst) {
  EXPECT_EQ(read("2026-11-01T01:30", "America/New_York"), "2026-11-01T05:30:00Z");
}

TEST_F(When, AnythingElseSaysWhatMayBeWritten) {
  for (const char* text : {"yesterday", "2026-13-01", "2026-11-24T00:05+1:00", "2026-11-24T00:05+99:00"})
    EXPECT_NE(read(text).find("is no instant; write 2026-11-23T00:05"), std::string::npos) << text;
}

TEST_F(When, SaysHowFarAwayAnInstantIs) {
  EXPECT_EQ(relative_text(now + 902min, now), "in 15 h 2 min");
  EXPECT_EQ(relative_text(now - 3min, now), "3 min ago");
  EXPECT_EQ(relative_text(now, now), "now");
  EXPECT_EQ(local_text(now, **load_zone("America/St_Johns")), "2026-11-25 08:30:00 -03:30");
}

}  // namespace
}  // namespace hotclock::cli
