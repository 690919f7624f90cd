#include "service/config/difference.h"

#include <gtest/gtest.h>

namespace hotclock::config {
namespace {

Config with(std::vector<Shown> shown) {
  Config config;
  config.shown = std::move(shown);
  return config;
}

TEST(Difference, TellsWhatChangedWhatCameAndWhatWent) {
  const Config before = with({{"log.level", "\"info\"", "default"},
                              {"jobs.throne-expiry.priority", "0", "default"},
                              {"sinks.chat.url", "\"redis://a\"", "hotclock.toml:9:7"}});
  const Config after = with({{"log.level", "\"info\"", "hotclock.toml:2:9"},
                             {"jobs.throne-expiry.priority", "5", "jobs.d/throne-expiry.toml:1:12"},
                             {"sinks.news.url", "\"redis://b\"", "hotclock.toml:9:7"}});
  const std::vector<Change> expected{
      {"jobs.throne-expiry.priority", "0", "5", "jobs.d/throne-expiry.toml:1:12"},
      {"sinks.news.url", "", "\"redis://b\"", "hotclock.toml:9:7"},
      {"sinks.chat.url", "\"redis://a\"", "", ""}};
  EXPECT_EQ(difference(before, after), expected);
  EXPECT_EQ(expected[0].text(), "jobs.throne-expiry.priority: 0 -> 5");
  EXPECT_EQ(expected[1].text(), "sinks.news.url: nothing -> \"redis://b\"");
}

TEST(Difference, KnowsWhoseSettingAKeyIs) {
  EXPECT_EQ(job_of("jobs.og-daily-bonus.retries.count"), "og-daily-bonus");
  EXPECT_EQ(job_of("jobs.directory"), "");
  EXPECT_EQ(job_of("log.level"), "");
}

}  // namespace
}  // namespace hotclock::config
