#include "service/config/units.h"

#include <gtest/gtest.h>

namespace hotclock::config {
namespace {

using namespace std::chrono_literals;

TEST(DurationText, ReadsWhatPeopleWrite) {
  EXPECT_EQ(parse_duration("90s"), 90s);
  EXPECT_EQ(parse_duration("5 min"), 5min);
  EXPECT_EQ(parse_duration("5m"), 5min);
  EXPECT_EQ(parse_duration("1h30m"), 90min);
  EXPECT_EQ(parse_duration("250ms"), 250ms);
  EXPECT_EQ(parse_duration("1 w 2 d"), 216h);
  EXPECT_EQ(parse_duration(" 0 "), 0ms);
  EXPECT_EQ(parse_duration("0 s"), 0ms);
}

TEST(DurationText, ReadsAFractionInItsLastPart) {
  EXPECT_EQ(parse_duration("4.2 s"), 4200ms);
  EXPECT_EQ(parse_duration("1 min 0.25 s"), 60'250ms);
  EXPECT_FALSE(parse_duration("1.5 h 3 min"));
  EXPECT_FALSE(parse_duration("0.5 ms"));
}

TEST(DurationText, RefusesWhatHasNoClearMeaning) {
  for (const char* text :
       {"", " ", "5", "min", "5 minutes ago", "-5 s", "5 s 1 h", "1 h 1 h", "5 M", "1e3 s", "5s!",
        "3 m 2 min", "99999999999999999999 s", "20000000 d"})
    EXPECT_FALSE(parse_duration(text)) << text;
}

TEST(DurationText, IsExactAndReadable) {
  EXPECT_EQ(duration_text(0ms), "0 s");
  EXPECT_EQ(duration_text(90min), "1 h 30 min");
  EXPECT_EQ(duration_text(4250ms), "4 s 250 ms");
  EXPECT_EQ(duration_text(24h * 7), "7 d");
  for (const auto d : {1ms, 999ms, 60'001ms, 86'400'001ms, 123'456'789ms})
    EXPECT_EQ(parse_duration(duration_text(d)), d);
}

TEST(BytesText, ReadsBinaryAndDecimalUnits) {
  EXPECT_EQ(parse_bytes("64 MiB"), 67'108'864);
  EXPECT_EQ(parse_bytes("64MiB"), 67'108'864);
  EXPECT_EQ(parse_bytes("2 MB"), 2'000'000);
  EXPECT_EQ(parse_bytes("4096"), 4096);
  EXPECT_EQ(parse_bytes("1.5 KiB"), 1536);
}

TEST(BytesText, RefusesOtherUnitsAndParts) {
  for (const char* text : {"", "MiB", "64 MegaBytes", "-1", "0.5", "64 mib", "9999999 GiB"})
    EXPECT_FALSE(parse_bytes(text)) << text;
}

TEST(BytesText, PrintsTheLargestExactUnit) {
  EXPECT_EQ(bytes_text(67'108'864), "64 MiB");
  EXPECT_EQ(bytes_text(1536), "1536 B");
  EXPECT_EQ(bytes_text(2048), "2 KiB");
  EXPECT_EQ(bytes_text(0), "0 B");
}

}  // namespace
}  // namespace hotclock::config
