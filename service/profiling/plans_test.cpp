#include "service/profiling/plans.h"

#include <fmt/format.h>

#include <algorithm>

#include "service/ledger/ledger_support.h"

namespace hotclock::profiling {
namespace {

using ledger::must;

constexpr PlanLimits small{.large = 1'000};

class PlansTest : public ledger::LedgerFixture {
 protected:
  PlansTest() {
    must(db().script("CREATE TABLE visits (id BIGINT PRIMARY KEY, guest BIGINT, note TEXT)"));
    visited(0, 3'000, "INSERT INTO visits VALUES ($1, $1, 'came and went')");
    must(db().script("ANALYZE"));
  }

  void visited(std::int64_t from, std::int64_t to, std::string_view how) {
    auto sql = must(db().write());
    for (std::int64_t i = from; i < to; ++i) must(sql->post({"t.visit", how}, {i}));
    must(sql->commit());
  }

  Plan plan(std::string_view text, std::initializer_list<sql::Param> params = {},
            std::int64_t rows = 1) {
    return plan_of(db(), {"t.asked", text, std::span(params.begin(), params.size()), rows}, small);
  }
  bool on_sqlite() { return db().dialect().engine == "sqlite"; }

  static std::string words(const Plan& plan, Finding::Kind kind) {
    for (const Finding& finding : plan.findings)
      if (finding.kind == kind) return finding.words;
    return "";
  }
  static bool says(const Plan& plan, Finding::Kind kind, std::string_view word) {
    return words(plan, kind).find(word) != std::string::npos;
  }
};

TEST_F(PlansTest, ALargeTableReadForOneRowMissesAnIndexOnTheColumnsComparedWith) {
  const Plan p =
      plan("SELECT id FROM visits AS v WHERE v.guest = $1 AND v.note <> 'x'", {std::int64_t{7}});
  EXPECT_TRUE(says(p, Finding::Kind::scan, "visits")) << words(p, Finding::Kind::no_plan);
  EXPECT_TRUE(says(p, Finding::Kind::missing_index, "guest"))
      << words(p, Finding::Kind::missing_index);
  EXPECT_FALSE(p.lines.empty());
}

TEST_F(PlansTest, WithTheIndexNothingIsWrong) {
  must(db().script("CREATE INDEX visits_by_guest ON visits (guest)"));
  const Plan p = plan("SELECT id FROM visits WHERE guest = $1", {std::int64_t{7}});
  EXPECT_TRUE(p.findings.empty()) << p.findings.front().words;
  EXPECT_NE(p.lines.at(0).find("visits_by_guest"), std::string::npos) << p.lines.at(0);
}

TEST_F(PlansTest, WhoWantsAllOfATableMissesNoIndex) {
  const Plan p = plan("SELECT note FROM visits WHERE guest >= 0", {}, 3'000);
  EXPECT_TRUE(says(p, Finding::Kind::scan, "visits"));
  EXPECT_EQ(words(p, Finding::Kind::missing_index), "");
}

TEST_F(PlansTest, AStatementThatWritesIsExplainedAndNotDone) {
  const Plan p = plan("UPDATE visits SET note = 'gone' WHERE guest = $1", {std::int64_t{7}});
  EXPECT_TRUE(says(p, Finding::Kind::missing_index, "guest")) << words(p, Finding::Kind::no_plan);
  EXPECT_EQ(number("SELECT count(*) FROM visits WHERE note = 'gone'"), 0);
}

TEST_F(PlansTest, ASmallTableMayBeRead) {
  const Plan p = plan("SELECT id FROM jobs WHERE name = 'x' AND paused_by = 'y'");
  EXPECT_TRUE(p.findings.empty());
}

TEST_F(PlansTest, AnEstimateFromBeforeTheTableGrewIsStale) {
  must(db().script("DELETE FROM visits"));
  must(db().script("INSERT INTO visits VALUES (1, 1, 'x'); ANALYZE"));
  visited(2, 40'000, "INSERT INTO visits VALUES ($1, 7, 'came again')");
  const Plan p = plan("SELECT note FROM visits WHERE guest = 7 AND note > ''", {}, 39'000);
  EXPECT_TRUE(says(p, Finding::Kind::stale_estimate, "ANALYZE"))
      << fmt::format("{}", p.lines.at(0));
}

TEST_F(PlansTest, ASortOfMoreThanFitsIsSaid) {
  if (!on_sqlite()) must(db().script("ALTER ROLE CURRENT_USER SET work_mem = '64kB'"));
  const auto again = must(sql::open(url()));
  const Plan p =
      plan_of(*again, {"t.sorted", "SELECT id FROM visits ORDER BY note, guest", {}, 3'000}, small);
  if (!on_sqlite()) must(db().script("ALTER ROLE CURRENT_USER RESET work_mem"));
  EXPECT_NE(words(p, Finding::Kind::sort_on_disk), "");
  EXPECT_EQ(
      words(plan("SELECT id FROM visits ORDER BY id", {}, 3'000), Finding::Kind::sort_on_disk), "");
}

TEST_F(PlansTest, WhatCannotBeExplainedSaysWhy) {
  const Plan p = plan("SELECT guest FROM nowhere");
  EXPECT_TRUE(says(p, Finding::Kind::no_plan, "nowhere")) << words(p, Finding::Kind::no_plan);
}

TEST(PlanWords, ColumnsOfAConditionAreThoseOfItsTable) {
  EXPECT_EQ(columns_in("((u.og_level > 0) AND (u.\"id\" = $1) AND (v.x = 2))", "u"),
            (std::vector<std::string>{"og_level", "id"}));
}

TEST(PlanWords, AnAliasIsTracedToItsTable) {
  const std::string_view text =
      "UPDATE users AS u SET x = 1 FROM og_tiers t JOIN bans b ON b.id = u.id";
  EXPECT_EQ(table_called(text, "u"), "users");
  EXPECT_EQ(table_called(text, "t"), "og_tiers");
  EXPECT_EQ(table_called(text, "b"), "bans");
  EXPECT_EQ(table_called(text, "users"), "users");
}

TEST(PlanWords, OnlyWhatStandsBehindWhereIsCompared) {
  EXPECT_EQ(compared("UPDATE users SET a = 1 WHERE b > 2 AND u.c IN (1)", {"a", "b", "c"}),
            (std::vector<std::string>{"b", "c"}));
}

}  // namespace
}  // namespace hotclock::profiling
