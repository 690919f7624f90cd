// The same act on many slots and jobs: rights at each of them, what became of each, and the audit.
#include <fmt/format.h>
#include <boost/json/serialize.hpp>

#include "service/ledger/ledger_support.h"
#include "service/operations/operations_support.h"

namespace hotclock::operations {
namespace {

namespace json = boost::json;
using namespace std::chrono_literals;
using ledger::Worker;

class ManyTest : public OperationsFixture {
 protected:
  ManyTest() : worker_(*database) {}

  std::string in_line(const std::string& job) { return text(posts("/jobs/" + job + "/run"), "id"); }
  // Slots of the schedule, each a minute after the one before, that came to that end.
  void ended(const std::string& job, int n, const std::string& outcome) {
    auto& policy = worker_.job(job);
    policy.overlap = Overlap::allow;
    policy.max_running = 1000;
    for (int i = 0; i < n; ++i) worker_.enters(job, t0 - 1h + i * 1min);
    const End end = outcome == "failed" ? End::failed : End::completed;
    for (int left = n; left > 0;) {
      const auto settled = worker_.claims(100, clock.now());
      ASSERT_FALSE(settled.claims.empty());
      for (const auto& claim : settled.claims) {
        worker_.ends(claim, Ends{end}, outcome, {}, clock.now());
        --left;
      }
    }
  }
  Answer many(const access::Principal& who, const std::string& path, const std::string& which) {
    return does(who, "POST", path, "{" + which + R"(,"reason":"a test"})");
  }
  Answer many(const std::string& path, const std::string& which) { return many(asha, path, which); }
  static std::int64_t counted(const Answer& answer, const char* name) {
    return answer.body.as_object().at(name).to_number<std::int64_t>();
  }
  // "job outcome: why", the refused first.
  static std::vector<std::string> each(const Answer& answer) {
    std::vector<std::string> out;
    for (const auto& one : items(answer)) {
      const auto& is = one.as_object();
      const auto member = [&](const char* name) { return std::string(is.at(name).as_string()); };
      out.push_back(member("job") + " " + member("outcome") +
                    (member("why").empty() ? "" : ": " + member("why")));
    }
    return out;
  }

  Worker worker_;
};

using Strings = std::vector<std::string>;

TEST_F(ManyTest, CancelsThoseThatAreNamedAndTellsOfEach) {
  const std::string one = in_line("throne-expiry"), two = in_line("trust-score");
  const auto answer =
      many("/slots/cancel", fmt::format(R"("slots":["{}","{}","{}","424242"])", one, two, one));
  ASSERT_EQ(answer.status, 200) << json::serialize(answer.body);
  EXPECT_EQ(each(answer), (Strings{" refused: there is no slot 424242", "throne-expiry cancelled",
                                   "trust-score cancelled"}));
  EXPECT_EQ(counted(answer, "done"), 2);
  EXPECT_EQ(count("SELECT count(*) FROM slot_states WHERE ended = 'cancelled'"), 2);
  EXPECT_EQ(count("SELECT count(*) FROM audit WHERE what = 'slots.cancel' AND outcome = 'done'"), 1)
      << "one act";
}

TEST_F(ManyTest, ASecondTimeNothingIsDoneTwice) {
  const std::string which = fmt::format(R"("slots":["{}"])", in_line("throne-expiry"));
  EXPECT_EQ(counted(many("/slots/cancel", which), "done"), 1);
  const auto again = many("/slots/cancel", which);
  EXPECT_EQ(counted(again, "refused"), 1);
  EXPECT_NE(each(again)[0].find("has ended as cancelled"), std::string::npos) << each(again)[0];
  EXPECT_EQ(count("SELECT count(*) FROM audit WHERE what = 'slots.cancel' AND outcome = 'refused'"),
            1);
}

TEST_F(ManyTest, EachJobIsAskedForItsOwnRight) {
  const std::string mine = in_line("throne-expiry"), other = in_line("trust-score");
  const auto omar = somebody("omar", {.role = access::Role::operator_, .jobs = {"throne-*"}});
  const auto answer =
      many(omar, "/slots/cancel", fmt::format(R"("slots":["{}","{}"])", mine, other));
  ASSERT_EQ(answer.status, 200);
  ASSERT_EQ(each(answer).size(), 2u);
  EXPECT_TRUE(each(answer)[0].starts_with("trust-score refused: omar")) << each(answer)[0];
  EXPECT_EQ(each(answer)[1], "throne-expiry cancelled");
  EXPECT_EQ(many(vic, "/slots/cancel", R"("slots":["1"])").status, 403);
}

TEST_F(ManyTest, WhatFailedIsWorkedAnewOnceAndWaitsForEachOther) {
  ended("throne-expiry", 3, "failed");
  ended("trust-score", 1, "completed");
  const auto first = many("/slots/retry", R"("matching":3,"end":"failed")");
  ASSERT_EQ(first.status, 200) << json::serialize(first.body);
  EXPECT_EQ(each(first), (Strings(3, "throne-expiry worked_anew")));
  EXPECT_EQ(
      count("SELECT count(*) FROM slot_states WHERE trigger = 'backfill' AND state <> 'ended' AND "
            "requested_by = 'asha'"),
      3);
  const auto again = many("/slots/retry", R"("matching":3,"end":"failed")");
  EXPECT_EQ(counted(again, "refused"), 3);
  EXPECT_NE(each(again)[0].find("it was worked anew as slot "), std::string::npos);
  const auto done = many("/slots/retry", R"("matching":1,"end":"completed")");
  EXPECT_EQ(each(done), (Strings{"trust-score refused: it was completed"}));
}

TEST_F(ManyTest, MoneyIsNotWorkedAnewInACrowd) {
  settings("second_person = true\n");
  ended("og-daily-bonus", 1, "failed");
  const auto answer = many("/slots/retry", R"("matching":1,"end":"failed")");
  ASSERT_EQ(counted(answer, "refused"), 1);
  EXPECT_NE(each(answer)[0].find("needs a second person"), std::string::npos);
}

TEST_F(ManyTest, FarMoreThanWereSeenAreRefused) {
  ended("throne-expiry", 30, "failed");
  EXPECT_EQ(many("/slots/retry", R"("matching":3,"end":"failed")").status, 412);
  EXPECT_EQ(count("SELECT count(*) FROM slots WHERE trigger = 'backfill'"), 0);
  EXPECT_EQ(many("/slots/retry", R"("end":"failed")").status, 400) << "how many were seen?";
  EXPECT_EQ(many("/slots/retry", R"("matching":3,"slots":["1"])").status, 400) << "which, then?";
  EXPECT_EQ(counted(many("/slots/retry", R"("matching":25,"end":"failed")"), "done"), 30);
}

TEST_F(ManyTest, ManyGoInPiecesAndTheAuditHasEachSlot) {
  ended("throne-expiry", 450, "failed");
  EXPECT_EQ(counted(many("/slots/retry", R"("matching":450,"end":"failed","job":"throne-expiry")"),
                    "done"),
            450);
  EXPECT_EQ(count("SELECT count(*) FROM audit WHERE what = 'slots.retry' AND job = 'throne-expiry' "
                  "AND request = "
                  "'request-1' AND detail LIKE '%of 450 (all job=%'"),
            3);
  const auto cancelled = many("/slots/cancel", R"("matching":450,"trigger":"backfill")");
  EXPECT_EQ(counted(cancelled, "done"), 450);
  EXPECT_EQ(count("SELECT count(*) FROM queue"), 0);
}

TEST_F(ManyTest, WhoAskedForItIsToldHowFarItIs) {
  const auto underway = [&](const access::Principal& who) {
    return json::serialize(does(who, "GET", "/slots/many/k-1").body);
  };
  const std::string nobody_knows = R"({"done":0,"refused":0,"of":null,"over":false})";
  EXPECT_EQ(underway(asha), nobody_knows);
  ended("throne-expiry", 3, "failed");
  ended("trust-score", 1, "completed");
  key = "k-1";
  many("/slots/retry", R"("matching":4)");
  EXPECT_EQ(underway(asha), R"({"done":3,"refused":1,"of":4,"over":true})");
  EXPECT_EQ(underway(vic), nobody_knows) << "it is not theirs";
}

TEST(UnderwayTest, KnowsTheNewestActsAsTheyStandNow) {
  Underway underway;
  underway.stands("asha", "", {.of = 1});
  EXPECT_FALSE(underway.of("asha", ""));
  for (int i = 0; i < 100; ++i) underway.stands("asha", std::to_string(i), {.of = 10});
  underway.stands("asha", "99", {.done = 5, .of = 10});
  EXPECT_FALSE(underway.of("asha", "0"));
  ASSERT_TRUE(underway.of("asha", "99"));
  EXPECT_EQ(underway.of("asha", "99")->done, 5u);
}

TEST_F(ManyTest, JobsArePausedTogetherAndAPauseOfBeforeStays) {
  ASSERT_EQ(posts("/jobs/trust-score/pause", R"({"reason":"wallet migration"})").status, 200);
  const auto paused = many("/jobs/pause", R"("all":true,"until":"2026-11-24T06:00:00Z")");
  ASSERT_EQ(paused.status, 200) << json::serialize(paused.body);
  EXPECT_EQ(counted(paused, "done"), 4);
  EXPECT_EQ(each(paused)[0],
            "trust-score refused: it is paused already, by asha: wallet migration");
  EXPECT_EQ(
      count("SELECT count(*) FROM jobs WHERE paused_by IS NOT NULL AND paused_until IS NOT NULL"),
      4);
  const auto shown = gets("/jobs/throne-expiry").body.as_object().at("paused").as_object();
  EXPECT_EQ(shown.at("since"), "2026-11-24T00:00:00.000Z");
  const auto resumed =
      many("/jobs/resume", R"("jobs":["throne-expiry","og-daily-bonus","no-such-job"])");
  EXPECT_EQ(counted(resumed, "done"), 2);
  EXPECT_TRUE(each(resumed)[0].ends_with("there is no job no-such-job")) << each(resumed)[0];
  EXPECT_EQ(count("SELECT count(*) FROM audit WHERE what = 'resume'"), 2)
      << "in each job's own record";
}

TEST_F(ManyTest, JobsOfAQueueOrOfAToken) {
  EXPECT_EQ(many("/jobs/pause", R"("queue":"nowhere")").status, 404);
  EXPECT_EQ(many("/jobs/pause", R"("queue":"default","all":true)").status, 400);
  EXPECT_EQ(many("/jobs/pause", R"("all":true,"until":"2026-11-23T06:00:00Z")").status, 400);
  const auto omar = somebody("omar", {.role = access::Role::operator_, .jobs = {"throne-*"}});
  const auto paused = many(omar, "/jobs/pause", R"("all":true)");
  EXPECT_EQ(counted(paused, "done"), 1);
  EXPECT_EQ(counted(many("/jobs/pause", R"("queue":"default")"), "done"), 3);
  EXPECT_EQ(count("SELECT count(*) FROM audit WHERE what = 'pause' AND outcome = 'refused' AND who "
                  "= 'omar'"),
            4);
}

}  // namespace
}  // namespace hotclock::operations
