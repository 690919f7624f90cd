#include "service/config/maintenance.h"

#include <gtest/gtest.h>

#include "service/config/config.h"

namespace hotclock::config {
namespace {

using namespace std::chrono_literals;

Instant at(std::string_view text) {
  return load_zone("UTC").value()->from_civil(parse_civil(text).value()).first;
}
bool holds(const std::string& text, std::string_view instant) {
  const auto window = read_window(text, load_zone("UTC").value());
  return window && held_up(std::span(&*window, 1), at(instant));
}
bool is_window(const std::string& text) {
  return read_window(text, load_zone("UTC").value()).has_value();
}

TEST(MaintenanceSettings, AWindowComesBackOnItsDays) {
  EXPECT_TRUE(holds("Sun 02:00-04:00", "2026-11-29T03:00"));
  EXPECT_FALSE(holds("Sun 02:00-04:00", "2026-11-30T03:00"));
  EXPECT_TRUE(holds("Mon-Fri 22:00-01:30", "2026-11-28T01:00"));
  EXPECT_FALSE(holds("Mon-Fri 22:00-01:30", "2026-11-28T23:00"));
  EXPECT_TRUE(holds("Fri-Mon 02:00-03:00", "2026-11-29T02:00"));
  EXPECT_TRUE(holds("Sat,Sun 02:00-03:00", "2026-11-28T02:00"));
  EXPECT_TRUE(holds("* 23:50-24:00", "2026-11-25T23:55"));
  EXPECT_FALSE(holds("* 23:50-24:00", "2026-11-26T00:00"));
}

TEST(MaintenanceSettings, AWindowMayBeOnce) {
  EXPECT_TRUE(holds("2026-12-24T18:00/2026-12-25T06:00", "2026-12-25T05:59"));
  EXPECT_FALSE(holds("2026-12-24T18:00/2026-12-25T06:00", "2026-12-25T06:00"));
  EXPECT_TRUE(holds("2026-12-24", "2026-12-24T23:59"));
}

TEST(MaintenanceSettings, WhatIsNoWindowIsRefused) {
  for (const char* text :
       {"", "Sun", "Sun 2:00-4:00", "Son 02:00-04:00", "Sun 02:00-25:00", "Sun 02:60-04:00",
        "Sun, 02:00-04:00", "Sun 24:00-04:00", "Sun  02:00-04:00", "* 02:00-04:00 ",
        "2026-12-24T18:00", "2026-12-25/2026-12-24", "Sun-Fro 02:00-04:00"})
    EXPECT_FALSE(is_window(text)) << text;
}

JobDefaults pay() { return {.name = "pay", .schedule = "* * * * *", .zone = "Asia/Kathmandu"}; }

Result<Config> settings(const std::string& main, const std::string& job) {
  const JobDefaults jobs[] = {pay()};
  return read({File{"hotclock.toml", main}, {{"jobs.d/pay.toml", job}}}, {}, jobs);
}

TEST(MaintenanceSettings, AJobsWindowsGoByItsZoneAndThoseOfAllByTheirs) {
  const auto config =
      settings("[maintenance]\nwindows = ['* 10:00-11:00']\n", "maintenance = ['* 02:00-04:00']\n");
  ASSERT_TRUE(config) << config.error().message();
  const auto& windows = config->jobs.at(0).policy->maintenance;
  ASSERT_EQ(windows.size(), 2u);
  EXPECT_EQ(held_up(windows, at("2026-11-28T20:15"))->until, at("2026-11-28T22:15"));
  EXPECT_EQ(held_up(windows, at("2026-11-28T10:30"))->by, "* 10:00-11:00");
}

TEST(MaintenanceSettings, WindowsThatLeaveNoTimeAreRefused) {
  const auto own = settings("", "maintenance = ['* 00:00-24:00']\n");
  ASSERT_FALSE(own);
  EXPECT_NE(own.error().message().find("jobs.d/pay.toml:1:15: jobs.pay.maintenance"),
            std::string::npos)
      << own.error().message();
  const auto together =
      settings("[maintenance]\nwindows = ['* 18:15-06:15']\n", "maintenance = ['* 12:00-24:00']\n");
  ASSERT_FALSE(together);
  EXPECT_NE(together.error().message().find("with those of pay"), std::string::npos)
      << together.error().message();
}

TEST(MaintenanceSettings, AMistakeSaysWhereAndWhatIsRight) {
  const auto wrong = settings("[maintenance]\nzone = 'Asia/Kathmandoo'\nwindows = ['Sun 2-4']\n",
                              "maintenance = ['sometimes']\n");
  ASSERT_FALSE(wrong);
  const std::string message = wrong.error().message();
  EXPECT_NE(message.find("\"sometimes\" is no window of time"), std::string::npos) << message;
  EXPECT_NE(message.find("Asia/Kathmandu"), std::string::npos) << message;
}

}  // namespace
}  // namespace hotclock::config
