#include "service/jobs/catalogue.h"

#include <gtest/gtest.h>

#include <map>
#include <string>

#include "service/jobs/kit/workbench_support.h"
#include "service/schema/invariants.sql.h"
#include "service/schema/platform.h"
#include "service/schema/schema.h"

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

TEST(Catalogue, ASecondPersonIsAskedWhereMoneyIsPaid) {
  for (const auto& [job, policy] : policies())
    EXPECT_EQ(policy.second_person, job == "og-daily-bonus") << job;
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

TEST(Catalogue, PreparesWhatAnEntryOfOthersSays) {
  kit::Workbench bench;
  static constexpr sql::Statement slip{"own.slip", "SELECT nothing FROM nowhere"};
  Catalogue listed = catalogue();
  listed.push_back({.defaults = {.name = "own", .schedule = "0 6 * * *"},
                    .statements = [](const sql::Dialect&) { return std::vector<const sql::Statement*>{&slip}; }});
  ASSERT_NE(find(listed, "own"), nullptr);
  EXPECT_EQ(find(catalogue(), "own"), nullptr);
  EXPECT_EQ(defaults(listed).back().name, "own");
  const auto prepared = sql::prepare_all(bench.database(), statements(bench.database().dialect(), listed));
  ASSERT_FALSE(prepared);
  EXPECT_NE(prepared.error().message().find("own.slip"), std::string::npos) << prepared.error().message();
}

TEST(Catalogue, SaysOnlyWhatTheSchemaUnderstands) {
  kit::Workbench bench;
  const auto all = statements(bench.database().dialect());
  EXPECT_GT(all.size(), 30U);
  const auto prepared = sql::prepare_all(bench.database(), all);
  EXPECT_TRUE(prepared) << prepared.error().message();
}

// ---------------------------------------------------------------- what is asked of a platform

std::string type_of(schema::Holds holds) {
  switch (holds) {
    case schema::Holds::id:
    case schema::Holds::number: return "bigint";
    case schema::Holds::flag: return "smallint";
    case schema::Holds::real: return "double precision";
    case schema::Holds::text:
    case schema::Holds::word: return "text";
    case schema::Holds::instant: return "timestamptz";
    case schema::Holds::date: return "date";
  }
  return "";
}

// A platform that has the columns of schema::platform_tables() and no other.
class BarePlatform : public testing::Test {
 protected:
  BarePlatform() {
    database_ = sql::open(place_.url(), {.create = true}).value();
    EXPECT_TRUE(schema::migrate(*database_, from_millis(0)));
    run("DROP SCHEMA platform CASCADE; CREATE SCHEMA platform");
    for (const auto& table : schema::platform_tables()) {
      std::string columns;
      for (const auto& column : table.columns)
        columns += (columns.empty() ? "" : ", ") + std::string(column.name) + " " + type_of(column.holds);
      if (!table.key.empty()) columns += ", UNIQUE (" + std::string(table.key) + ")";
      run("CREATE TABLE platform." + std::string(table.name) + " (" + columns + ")");
    }
  }
  void run(const std::string& text) {
    const auto done = database_->script(text);
    EXPECT_TRUE(done) << (done ? "" : done.error().message());
  }
  // All that is said of the platform's tables.
  Result<> prepared() {
    auto all = statements(database_->dialect());
    const auto& asked = schema::stmt::invariants::all;
    all.insert(all.end(), asked.begin(), asked.end());
    return sql::prepare_all(*database_, all);
  }

 private:
  sql::ScratchPlace place_{"postgresql"};
  std::unique_ptr<sql::Database> database_;
};

TEST_F(BarePlatform, HasAllThatTheJobsAskOfIt) {
  const auto fits = prepared();
  EXPECT_TRUE(fits) << fits.error().message();
}

TEST_F(BarePlatform, HasNothingThatTheyDoNotAskOfIt) {
  for (const auto& table : schema::platform_tables())
    for (const auto& column : table.columns) {
      const std::string named = "ALTER TABLE platform." + std::string(table.name) + " RENAME ";
      run(named + std::string(column.name) + " TO something_else");
      EXPECT_FALSE(prepared()) << table.name << "." << column.name << " is not needed";
      run(named + "something_else TO " + std::string(column.name));
    }
}

}  // namespace
}  // namespace hotclock::jobs
