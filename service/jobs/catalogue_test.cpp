#include "service/jobs/catalogue.h"

#include <gtest/gtest.h>

#include <map>
#include <string>

#include "service/jobs/kit/workbench_support.h"

namespace hotclock::jobs {
namespace {

using std::chrono::days;
using std::chrono::minutes;

config::Config read_all() {
  const auto known = defaults();
  auto read = config::read({}, {}, known);
  EXPECT_TRUE(read) << (read ? "" : read.error().message());
  return std::move(read).value();
}

std::map<std::string, Policy> policies() {
  std::map<std::string, Policy> all;
  for (const config::JobDefaults& d : defaults()) all[d.name] = d.policy;
  return all;
}

TEST(Catalogue, ListsTheFiveJobsWithTheirSchedules) {
  std::string list;
  for (const config::JobDefaults& d : defaults())
    list += d.name + ": " + d.schedule + " " + d.zone + "\n";
  EXPECT_EQ(list,
            "og-daily-bonus: 5 0 * * * Australia/Sydney\n"
            "throne-expiry: */5 * * * * UTC\n"
            "festival-activation: 0 * * * * UTC\n"
            "stream-ranking: */10 * * * * UTC\n"
            "trust-score: */30 * * * * UTC\n");
}

TEST(Catalogue, GivesEachJobItsLimitLeaseAndRetries) {
  struct Row {
    const char* job;
    minutes limit, lease;
    int retries;
    minutes first_delay;
  };
  for (const Row& row : {Row{"og-daily-bonus", minutes{10}, minutes{30}, 3, minutes{5}},
                         Row{"throne-expiry", minutes{2}, minutes{10}, 2, minutes{1}},
                         Row{"festival-activation", minutes{5}, minutes{15}, 3, minutes{2}},
                         Row{"stream-ranking", minutes{3}, minutes{10}, 2, minutes{1}},
                         Row{"trust-score", minutes{10}, minutes{30}, 3, minutes{3}}}) {
    const Policy p = policies().at(row.job);
    EXPECT_EQ(p.soft_limit, row.limit) << row.job;
    EXPECT_GT(p.hard_limit, p.soft_limit) << row.job;
    EXPECT_EQ(p.lease, row.lease) << row.job;
    EXPECT_EQ(p.retry.retries, row.retries) << row.job;
    EXPECT_EQ(p.retry.first_delay, row.first_delay) << row.job;
    EXPECT_TRUE(p.repeatable) << row.job;
  }
}

TEST(Catalogue, PaysEveryMissedDayAndRunsTheOthersOnce) {
  for (const auto& [job, policy] : policies())
    EXPECT_EQ(policy.catch_up.kind, job == "og-daily-bonus" ? CatchUp::all : CatchUp::last) << job;
  EXPECT_EQ(policies().at("og-daily-bonus").catch_up.window, days{90});
}

TEST(Catalogue, PutsMoneyFirst) {
  const int money = policies().at("og-daily-bonus").priority;
  for (const auto& [job, policy] : policies()) {
    if (job == "og-daily-bonus") continue;
    EXPECT_LT(policy.priority, money) << job;
  }
}

TEST(Catalogue, MakesEveryJobFromItsSettings) {
  kit::Workbench bench;
  const config::Config config = read_all();
  const auto listed = catalogue();
  ASSERT_EQ(config.jobs.size(), listed.size());
  for (std::size_t i = 0; i < listed.size(); ++i) {
    const auto made = listed[i].make(bench.desk(), config.jobs[i]);
    ASSERT_TRUE(made) << made.error().message();
    Execution execution =
        bench.claimed(config.jobs[i].name, from_millis(1'790'000'000'000));
    EXPECT_TRUE(kit::is_done(made.value()->run(execution))) << config.jobs[i].name;
  }
}

TEST(Catalogue, ReportsAMistakeInAJobsOwnSettings) {
  config::Sources sources;
  sources.jobs.push_back({"jobs.d/og-daily-bonus.toml", "[settings]\nshare = 2\n"});
  const auto known = defaults();
  const auto read = config::read(sources, {}, known);
  ASSERT_FALSE(read);
  EXPECT_NE(read.error().message().find("share"), std::string::npos) << read.error().message();
}

TEST(Catalogue, SaysOnlyWhatTheSchemaUnderstands) {
  kit::Workbench bench;
  const auto all = statements(bench.database().dialect());
  EXPECT_GT(all.size(), 30U);
  const auto prepared = sql::prepare_all(bench.database(), all);
  EXPECT_TRUE(prepared) << prepared.error().message();
}

}  // namespace
}  // namespace hotclock::jobs
