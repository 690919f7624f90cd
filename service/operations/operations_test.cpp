#include "service/operations/operations.h"

#include <algorithm>
#include <set>

#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>

#include "service/ledger/ledger_support.h"
#include "service/operations/operations_support.h"

namespace hotclock::operations {
namespace {

using namespace std::chrono_literals;
namespace json = boost::json;
using ledger::Worker;
using Strings = std::vector<std::string>;

class OperationsTest : public OperationsFixture {
 protected:
  // Puts an ended slot into the history.
  std::string worked(const std::string& job) {
    const auto slot = posts("/jobs/" + job + "/run");
    EXPECT_EQ(slot.status, 202);
    worker().job(job);
    const auto settled = worker().claims(100, clock.now());
    for (const auto& claim : settled.claims) worker().completes(claim, clock.now());
    return text(slot, "id");
  }
  Worker& worker() {
    if (!worker_) worker_ = std::make_unique<Worker>(*database);
    return *worker_;
  }

 private:
  std::unique_ptr<Worker> worker_;
};

TEST_F(OperationsTest, ListsJobsAsTheyStand) {
  const auto jobs = gets("/jobs");
  ASSERT_EQ(jobs.status, 200);
  ASSERT_EQ(items(jobs).size(), 5u);
  EXPECT_EQ(items(jobs)[0].as_object().at("paused"), nullptr);
}

TEST_F(OperationsTest, ShowsWhatAJobGoesByAndWhereThatComesFrom) {
  const auto job = gets("/jobs/og-daily-bonus");
  ASSERT_EQ(job.status, 200);
  EXPECT_EQ(job.etag, "\"0\"");
  const auto& settings = job.body.as_object().at("settings").as_array();
  EXPECT_GT(settings.size(), 10u);
  EXPECT_EQ(settings[0].as_object().at("origin"), "default");
  EXPECT_EQ(job.body.as_object().at("next_runs").as_array().size(), 5u);
}

TEST_F(OperationsTest, NamesTheNearestWhereThereIsNone) {
  const auto none = gets("/jobs/og-daly-bonus");
  EXPECT_EQ(none.status, 404);
  EXPECT_NE(text(none, "detail").find("did you mean 'og-daily-bonus'?"), std::string::npos);
  EXPECT_EQ(text(none, "code"), "not_found");
  EXPECT_EQ(gets("/jbos").status, 404);
}

TEST_F(OperationsTest, AWrongMethodIsToldWhatIsAllowed) {
  const auto no = does(asha, "PATCH", "/kill-switch");
  EXPECT_EQ(no.status, 405);
  EXPECT_EQ(no.allow, "GET, PUT, DELETE");
}

TEST_F(OperationsTest, TellsAllMistakesOfARequestAtOnce) {
  const auto no = does(asha, "GET", "/slots?limit=0&state=walking&sinec=now&until=soon");
  EXPECT_EQ(no.status, 400);
  EXPECT_EQ(wrong(no), (Strings{"query limit", "query state", "query sinec", "query until"}));
  const auto body = posts("/jobs/stream-ranking/pause", R"({"until":7,"raeson":"x"})");
  EXPECT_EQ(body.status, 400);
  EXPECT_EQ(wrong(body), (Strings{"reason", "until", "raeson"}));
  EXPECT_EQ(posts("/jobs/stream-ranking/pause", "{").status, 400);
  EXPECT_EQ(posts("/jobs/stream-ranking/pause", R"({"reason":"a","reason":"b"})").status, 400);
  EXPECT_EQ(posts("/jobs/stream-ranking/pause", R"({"reason":""})").status, 400);
}

TEST_F(OperationsTest, ASlotIsAskedForAndShown) {
  const auto asked =
      posts("/jobs/stream-ranking/run", R"({"reason":"a look","at":"2026-11-23T00:05:00Z"})");
  ASSERT_EQ(asked.status, 202);
  EXPECT_EQ(asked.location, "/slots/" + text(asked, "id"));
  EXPECT_EQ(text(asked, "scheduled_for"), "2026-11-23T00:05:00.000Z");
  EXPECT_EQ(text(asked, "requested_by"), "asha");
  const auto shown = gets(asked.location);
  EXPECT_EQ(shown.status, 200);
  EXPECT_EQ(
      count(
          "SELECT count(*) FROM audit WHERE what = 'run' AND who = 'asha' AND request = 'request-1'"
          " AND reason = 'a look' AND outcome = 'done'"),
      1);
}

TEST_F(OperationsTest, TheSameKeyAtTheSameInstantIsTheSameSlot) {
  const char* const order = R"({"reason":"a look","at":"2026-11-23T00:05:00Z","key":"mine"})";
  EXPECT_EQ(posts("/jobs/stream-ranking/run", order).status, 202);
  EXPECT_EQ(posts("/jobs/stream-ranking/run", order).status, 409);
}

TEST_F(OperationsTest, AnExecutionIsShownWithItsAttempts) {
  const std::string slot = worked("stream-ranking");
  const auto shown = gets("/slots/" + slot);
  ASSERT_EQ(shown.status, 200);
  const auto& attempts = shown.body.as_object().at("attempts").as_array();
  ASSERT_EQ(attempts.size(), 1u);
  const std::string execution(attempts[0].as_object().at("execution").as_string());
  EXPECT_EQ(gets("/executions/" + execution).status, 200);
  EXPECT_EQ(gets("/executions/0193a4f2-5b7c-7c3e-9a61-3f0e1d2c4b5a").status, 404);
}

TEST_F(OperationsTest, SlotsPageByTheirCursorAndEachIsShownOnce) {
  for (int i = 0; i < 7; ++i) {
    clock.advance(1s);
    posts("/jobs/stream-ranking/run");
  }
  Strings seen;
  std::string cursor;
  for (int page = 0; page < 4; ++page) {
    const auto slots =
        gets("/slots?limit=3&job=stream-ranking" + (cursor.empty() ? "" : "&cursor=" + cursor));
    ASSERT_EQ(slots.status, 200);
    for (const auto& one : items(slots)) seen.emplace_back(one.as_object().at("id").as_string());
    cursor = text(slots, "next");
    if (cursor == "null") break;
  }
  EXPECT_EQ(seen.size(), 7u);
  EXPECT_EQ(std::set<std::string>(seen.begin(), seen.end()).size(), 7u);
  EXPECT_EQ(gets("/slots?cursor=none").status, 400);
}

TEST_F(OperationsTest, SlotsAreFilteredByWhatTheyAre) {
  worked("stream-ranking");
  clock.advance(1min);
  posts("/jobs/throne-expiry/run");
  EXPECT_EQ(items(gets("/slots")).size(), 2u);
  EXPECT_EQ(items(gets("/slots?job=throne-expiry")).size(), 1u);
  EXPECT_EQ(items(gets("/slots?state=due")).size(), 1u);
  EXPECT_EQ(items(gets("/slots?end=completed")).size(), 1u);
  EXPECT_EQ(items(gets("/slots?end=failed")).size(), 0u);
  EXPECT_EQ(items(gets("/slots?trigger=manual")).size(), 2u);
  EXPECT_EQ(items(gets("/slots?trigger=schedule")).size(), 0u);
  EXPECT_EQ(items(gets("/slots?trigger=manual&state=due")).size(), 1u);
  EXPECT_EQ(items(gets("/slots?since=2026-11-24T00:00:30Z")).size(), 1u);
  EXPECT_EQ(items(gets("/slots?until=2026-11-24T00:00:30Z")).size(), 1u);
}

TEST_F(OperationsTest, APauseIsShownUntilItEnds) {
  const auto paused = posts("/jobs/stream-ranking/pause",
                            R"({"reason":"wallet migration","until":"2026-11-24T01:00:00Z"})");
  ASSERT_EQ(paused.status, 200);
  EXPECT_EQ(paused.body.as_object().at("paused").as_object().at("reason"), "wallet migration");
  clock.advance(2h);
  EXPECT_EQ(text(gets("/jobs/stream-ranking"), "paused"), "null");
  EXPECT_EQ(posts("/jobs/stream-ranking/resume").status, 200);
  EXPECT_EQ(posts("/jobs/stream-ranking/resume").status, 409);
  EXPECT_EQ(posts("/jobs/stream-ranking/pause", R"({"reason":"x","until":"2020-01-01T00:00:00Z"})")
                .status,
            400);
}

TEST_F(OperationsTest, WhatIsInLineIsCancelledAndWhatHasEndedIsNot) {
  const auto slot = posts("/jobs/stream-ranking/run");
  const std::string path = "/slots/" + text(slot, "id") + "/cancel";
  const auto cancelled = posts(path);
  EXPECT_EQ(cancelled.status, 200);
  EXPECT_EQ(text(cancelled, "cancelled"), "ended");
  EXPECT_EQ(posts(path).status, 409);
  EXPECT_EQ(posts("/slots/999/decide", R"({"decision":"failed","reason":"x"})").status, 404);
}

TEST_F(OperationsTest, TheNextRunsTellWhatTheZoneTakesAway) {
  const auto next = gets("/jobs/og-daily-bonus/next?n=3&from=2026-10-03T00:00:00Z");
  ASSERT_EQ(next.status, 200);
  EXPECT_GE(next.body.as_object().at("runs").as_array().size(), 3u);
}

// ---------------------------------------------------------------- live changes

TEST_F(OperationsTest, AScheduleIsChangedOnTheVersionThatWasSeen) {
  const char* const order = R"({"schedule":"*/7 * * * *","reason":"quieter"})";
  EXPECT_EQ(does(asha, "PUT", "/jobs/stream-ranking/schedule", order).status, 428);
  const auto changed = does(asha, "PUT", "/jobs/stream-ranking/schedule", order, "\"0\"");
  ASSERT_EQ(changed.status, 200);
  EXPECT_EQ(changed.etag, "\"1\"");
  EXPECT_EQ(does(asha, "PUT", "/jobs/stream-ranking/schedule",
                 R"({"schedule":"@daily","reason":"x"})", "\"0\"")
                .status,
            412);
  EXPECT_EQ(gets("/jobs/stream-ranking").etag, "\"1\"");
  EXPECT_EQ(items(gets("/jobs/stream-ranking/changes")).size(), 1u);
  EXPECT_EQ(items(gets("/config/drift")).size(), 1u);
  EXPECT_EQ(posts("/jobs/stream-ranking/undo").status, 200);
}

TEST_F(OperationsTest, AWrongScheduleIsRefusedBeforeAnythingIsChanged) {
  const auto no = does(asha, "PUT", "/jobs/stream-ranking/schedule",
                       R"({"schedule":"0 24 * * *","reason":"x"})", "*");
  EXPECT_EQ(no.status, 400);
  EXPECT_EQ(items(gets("/jobs/stream-ranking/changes")).size(), 0u);
  EXPECT_EQ(posts("/jobs/stream-ranking/schedule/preview", R"({"schedule":"0 24 * * *"})").status,
            400);
  EXPECT_EQ(posts("/jobs/stream-ranking/schedule/preview",
                  R"({"schedule":"@daily","zone":"Mars/Olympus"})")
                .status,
            400);
}

TEST_F(OperationsTest, APreviewShowsBeforeAndAfterAndChangesNothing) {
  const auto preview =
      does(vic, "POST", "/jobs/stream-ranking/schedule/preview", R"({"schedule":"0 * * * *"})");
  ASSERT_EQ(preview.status, 200);
  const auto& after = preview.body.as_object().at("after").as_object();
  EXPECT_EQ(after.at("runs").as_array()[0].as_object().at("at"), "2026-11-24T01:00:00.000Z");
  // At ten past it is alone; at the hour others are due.
  const auto day =
      does(vic, "POST", "/jobs/stream-ranking/schedule/preview", R"({"schedule":"7 * * * *"})")
          .body.as_object()
          .at("day")
          .as_object();
  EXPECT_EQ(day.at("to"), "2026-11-25T00:00:00.000Z");
  EXPECT_GT(day.at("minutes").as_array().size(), 23u);
  EXPECT_GT(day.at("overlaps").as_array().size(), 0u);
  EXPECT_EQ(items(gets("/jobs/stream-ranking/changes")).size(), 0u);
}

TEST_F(OperationsTest, TheDoctorTellsWhatIsNotAsItShouldBe) {
  const auto well = gets("/doctor");
  EXPECT_EQ(text(well, "ok"), "true") << text(well, "findings");
  auto sql = database->write().value();
  ASSERT_TRUE(
      sql->script("UPDATE audit SET reason = 'another' WHERE id = (SELECT min(id) FROM audit)"));
  ASSERT_TRUE(sql->commit());
  sql.reset();
  const auto tampered = gets("/doctor");
  EXPECT_EQ(text(tampered, "ok"), "false") << "the audit was written over";
}

TEST_F(OperationsTest, TheKillSwitchIsTurnedOnAndOff) {
  EXPECT_EQ(text(gets("/kill-switch"), "on"), "false");
  EXPECT_EQ(text(does(asha, "PUT", "/kill-switch", R"({"reason":"fire"})"), "on"), "true");
  EXPECT_EQ(text(gets("/kill-switch"), "by"), "asha");
  EXPECT_EQ(text(does(asha, "DELETE", "/kill-switch?reason=over"), "on"), "false");
  EXPECT_EQ(does(asha, "DELETE", "/kill-switch").status, 400);
}

// ---------------------------------------------------------------- backfills

TEST_F(OperationsTest, ABackfillIsWorkedExactlyAsItWasPlanned) {
  const std::string range = R"("from":"2026-11-23T00:00:00Z","to":"2026-11-23T00:20:00Z")";
  const auto plan = posts("/jobs/throne-expiry/backfills/plan", "{" + range + "}");
  ASSERT_EQ(plan.status, 200);
  EXPECT_TRUE(plan.body.at("expected_ms").is_null()) << "it never ran";
  const std::string hash = text(plan, "plan_hash");
  const std::string order = "{" + range + R"(,"reason":"an outage","plan_hash":")" + hash + "\"}";
  const auto started = posts("/jobs/throne-expiry/backfills", order);
  ASSERT_EQ(started.status, 202) << json::serialize(started.body);
  EXPECT_EQ(text(started, "slots"), text(plan, "would_work"));
  const auto shown = gets(started.location);
  EXPECT_EQ(text(shown, "over"), "false");
  const auto again = posts("/jobs/throne-expiry/backfills", order);
  EXPECT_EQ(again.status, 412) << "its slots are in line by now: the plan is another";
  const auto stopped = posts(started.location + "/stop");
  ASSERT_EQ(stopped.status, 200);
  EXPECT_EQ(text(stopped, "taken_out"), text(plan, "would_work"));
  EXPECT_EQ(text(stopped, "over"), "true");
  EXPECT_EQ(count("SELECT count(*) FROM audit WHERE what = 'backfill.stop'"), 1);
}

TEST_F(OperationsTest, ABackfillOfTheFutureOrOfNothingIsRefused) {
  EXPECT_EQ(posts("/jobs/throne-expiry/backfills/plan",
                  R"({"from":"2026-11-23T00:00:00Z","to":"2027-11-23T00:00:00Z"})")
                .status,
            400);
  EXPECT_EQ(posts("/jobs/throne-expiry/backfills/plan",
                  R"({"from":"2026-11-23T00:00:00Z","to":"2026-11-22T00:00:00Z"})")
                .status,
            400);
  EXPECT_EQ(gets("/backfills/none").status, 404);
  EXPECT_EQ(posts("/backfills/throne-expiry~1~2~abc/stop").status, 404);
}

// ---------------------------------------------------------------- whose role may act

TEST_F(OperationsTest, AJobMayBeForAdminsAloneToActOn) {
  settings("may_act = [\"admin\"]\nsecond_person = false\n");
  const std::string pause = "/jobs/og-daily-bonus/pause";
  const auto refused = does(bela, "POST", pause, R"({"reason":"a look at the wallet"})");
  EXPECT_EQ(refused.status, 403);
  EXPECT_EQ(text(refused, "detail"),
            "bela is an operator, and og-daily-bonus is for admin alone to act on (may_act)");
  EXPECT_EQ(count("SELECT count(*) FROM audit WHERE what = 'pause' AND outcome = 'refused'"), 1);
  EXPECT_EQ(does(bela, "GET", "/jobs/og-daily-bonus").status, 200) << "looking is for all";
  EXPECT_EQ(does(bela, "POST", "/jobs/trust-score/pause", R"({"reason":"a look"})").status, 200);
  EXPECT_EQ(does(asha, "POST", pause, R"({"reason":"a look at the wallet"})").status, 200);
}

// ---------------------------------------------------------------- a second person

class SecondPersonTest : public OperationsTest {
 protected:
  SecondPersonTest() { settings("second_person = true\n"); }
  const std::string run = "/jobs/og-daily-bonus/run";
};

TEST_F(SecondPersonTest, IsAskedForAndSaysYesToExactlyThat) {
  const auto asked = does(bela, "POST", run, R"({"reason":"the wallet was away"})");
  ASSERT_EQ(asked.status, 202);
  EXPECT_EQ(asked.location, "/approvals/" + text(asked, "id"));
  EXPECT_EQ(count("SELECT count(*) FROM slots"), 0) << "nothing is done yet";
  const std::string yes =
      R"({"reason":"I looked","plan_hash":")" + text(asked, "plan_hash") + "\"}";
  EXPECT_EQ(does(bela, "POST", asked.location + "/approve", yes).status, 403) << "not by who asked";
  EXPECT_EQ(count("SELECT count(*) FROM audit WHERE what = 'approve' AND outcome = 'refused' AND "
                  "who = 'bela'"),
            1);
  const std::string other = R"({"reason":"I looked","plan_hash":")" + std::string(64, '0') + "\"}";
  EXPECT_EQ(does(asha, "POST", asked.location + "/approve", other).status, 412);
  const auto done = does(asha, "POST", asked.location + "/approve", yes);
  ASSERT_EQ(done.status, 200) << json::serialize(done.body);
  EXPECT_EQ(count("SELECT count(*) FROM slots"), 1);
  EXPECT_EQ(count("SELECT count(*) FROM audit WHERE what = 'run' AND who = 'bela'"), 1)
      << "it is done in the name of who asked";
  EXPECT_EQ(does(asha, "POST", asked.location + "/approve", yes).status, 409);
  EXPECT_EQ(count("SELECT count(*) FROM slots"), 1);
}

TEST_F(SecondPersonTest, IsNotAskedForWhatNamesAVersionThatThereNeverWas) {
  const auto asked = does(bela, "PUT", "/jobs/og-daily-bonus/priority",
                          R"({"priority":3,"reason":"again"})", "\xff\xfe");
  EXPECT_EQ(asked.status, 412);
  EXPECT_EQ(items(gets("/approvals?open=false")).size(), 0u);
}

TEST_F(SecondPersonTest, SaysNo) {
  const auto asked = does(bela, "POST", run, R"({"reason":"again"})");
  EXPECT_EQ(items(gets("/approvals")).size(), 1u);
  EXPECT_EQ(does(asha, "POST", asked.location + "/refuse", R"({"reason":"no"})").status, 200);
  EXPECT_EQ(items(gets("/approvals")).size(), 0u);
  EXPECT_EQ(items(gets("/approvals?open=false")).size(), 1u);
}

TEST_F(SecondPersonTest, WhoLostTheRightMeanwhileIsNotCarriedOut) {
  const auto asked = does(bela, "POST", run, R"({"reason":"again"})");
  ASSERT_EQ(does(asha, "DELETE", "/tokens/" + std::to_string(*bela.token) + "?reason=left").status,
            204);
  const std::string yes =
      R"({"reason":"I looked","plan_hash":")" + text(asked, "plan_hash") + "\"}";
  EXPECT_EQ(does(asha, "POST", asked.location + "/approve", yes).status, 403);
  EXPECT_EQ(count("SELECT count(*) FROM slots"), 0);
}

TEST_F(SecondPersonTest, IsNeededForChangesAndBackfillsAndNotToPause) {
  EXPECT_EQ(does(bela, "PUT", "/jobs/og-daily-bonus/schedule",
                 R"({"schedule":"@daily","reason":"x"})", "*")
                .status,
            202);
  EXPECT_EQ(
      does(bela, "PUT", "/jobs/og-daily-bonus/priority", R"({"priority":1,"reason":"x"})").status,
      202);
  EXPECT_EQ(does(bela, "POST", "/jobs/og-daily-bonus/pause", R"({"reason":"stop"})").status, 200);
  EXPECT_EQ(does(bela, "POST", "/jobs/stream-ranking/run", R"({"reason":"x"})").status, 202);
  EXPECT_EQ(items(gets("/approvals")).size(), 2u);
}

// ---------------------------------------------------------------- the rest

TEST_F(OperationsTest, TokensAreMadeShownOnceRotatedAndRevoked) {
  const auto made =
      posts("/tokens", R"({"name":"ci","role":"operator","jobs":["stream-*"],"reason":"deploys"})");
  ASSERT_EQ(made.status, 201) << json::serialize(made.body);
  EXPECT_TRUE(text(made, "secret").starts_with("hc_"));
  EXPECT_EQ(text(gets(made.location), "secret"), "(none)");
  EXPECT_EQ(posts(made.location + "/rotate", R"({"reason":"monthly","overlap_ms":60000})").status,
            201);
  EXPECT_EQ(does(asha, "DELETE", made.location + "?reason=lost").status, 204);
  EXPECT_EQ(posts("/tokens", R"({"name":"ci","role":"king","reason":"x"})").status, 400);
  EXPECT_GE(items(gets("/tokens")).size(), 5u);
}

TEST_F(OperationsTest, NobodyGivesATokenMoreThanHeHas) {
  const auto keeper =
      somebody("kim", {.role = access::Role::admin, .rights = {access::Right::tokens}});
  EXPECT_EQ(does(keeper, "POST", "/tokens", R"({"name":"kim","role":"admin","reason":"x"})").status,
            403);
  EXPECT_EQ(does(keeper, "POST", "/tokens/" + std::to_string(*asha.token) + "/rotate",
                 R"({"reason":"x"})")
                .status,
            403);
  EXPECT_EQ(does(keeper, "POST", "/tokens",
                 R"({"name":"lee","role":"admin","rights":["tokens"],"reason":"x"})")
                .status,
            201);
  EXPECT_EQ(count("SELECT count(*) FROM audit WHERE who = 'kim' AND outcome = 'refused'"), 2);
}

TEST_F(OperationsTest, ATokenBoundToNetworksGivesNoneThatIsGoodFromElsewhere) {
  const auto office = somebody("kim", {.role = access::Role::admin}, {"127.0.0.0/8"});
  EXPECT_EQ(does(office, "POST", "/tokens", R"({"name":"kim","role":"admin","reason":"x"})").status,
            403);
  EXPECT_EQ(does(office, "POST", "/tokens/" + std::to_string(*asha.token) + "/rotate",
                 R"({"reason":"x"})")
                .status,
            403);
  EXPECT_EQ(does(office, "POST", "/tokens",
                 R"({"name":"kim","role":"admin","networks":["127.0.0.1"],"reason":"x"})")
                .status,
            201);
}

TEST_F(OperationsTest, TheAuditIsReadFilteredExportedAndChecked) {
  posts("/jobs/stream-ranking/pause");
  does(vic, "POST", "/jobs/stream-ranking/pause", R"({"reason":"me too"})");
  const auto refused = gets("/audit?what=pause&outcome=refused");
  ASSERT_EQ(items(refused).size(), 1u);
  EXPECT_EQ(items(refused)[0].as_object().at("who"), "vic");
  const auto page = gets("/audit?limit=1");
  EXPECT_NE(text(page, "next"), "null");
  EXPECT_EQ(items(gets("/audit?limit=1&cursor=" + text(page, "next"))).size(), 1u);
  const auto all = gets("/audit/export");
  EXPECT_EQ(all.type, "application/jsonl");
  EXPECT_GE(std::ranges::count(all.text, '\n'), 5);
  EXPECT_TRUE(gets("/audit/export?after=2").text.starts_with(R"({"number":3,)"));
  EXPECT_EQ(text(gets("/audit/check"), "whole"), "true");
}

TEST_F(OperationsTest, TheAuditorComparesForWhoeverMayAudit) {
  const auto all = gets("/audit/slots");
  EXPECT_EQ(all.status, 200);
  EXPECT_EQ(text(all, "total"), "0");
  EXPECT_EQ(gets("/audit/slots?from=2026-01-01T00:00:00Z&to=2026-03-01T00:00:00Z").status, 400)
      << "31 days at once";
  EXPECT_EQ(gets("/audit/slots?from=2026-01-02T00:00:00Z&to=2026-01-01T00:00:00Z").status, 400);
  EXPECT_EQ(does(vic, "GET", "/audit/slots").status, 403);
  EXPECT_TRUE(items(gets("/audit/differences")).empty());
  EXPECT_TRUE(items(gets("/audit/reports")).empty());
  EXPECT_EQ(gets("/audit/reports/2026-11-22").status, 404);
  EXPECT_EQ(text(gets("/audit/report-chain"), "whole"), "true");
}

TEST_F(OperationsTest, ThePastIsNarrowedSearchedSummedUpAndExported) {
  ledger::Worker by(*database);
  by.job("stream-ranking");
  for (int i = 0; i < 3; ++i) {
    by.enters("stream-ranking", t0 + i * 1min);
    const auto claim = by.claims_one(t0 + i * 1min);
    auto act = by.act(t0 + i * 3min);
    act.endings.push_back({.permit = claim.permit,
                           .started_at = t0 + i * 1min,
                           .ended_at = t0 + i * 3min,
                           .follow = Ends{i == 1 ? End::failed : End::completed},
                           .outcome = i == 1 ? "failed" : "completed",
                           .error = i == 1 ? "the bank is shut" : ""});
    by.settled(act);
  }
  clock.advance(1h);
  ledger::must(ledger::saw_node(*database, by.node().id, clock));
  EXPECT_EQ(items(gets("/slots?longer_than_ms=120000")).size(), 2u);
  EXPECT_EQ(items(gets("/slots?node=node-a&end=failed")).size(), 1u);
  EXPECT_EQ(items(gets("/slots?node=node-b")).size(), 0u);
  EXPECT_EQ(items(gets("/slots?queue=default")).size(), 3u);
  EXPECT_EQ(items(gets("/slots?requested_by=asha")).size(), 0u);
  const auto hits = items(gets("/history/search?words=shut"));
  ASSERT_EQ(hits.size(), 1u);
  EXPECT_EQ(hits[0].as_object().at("excerpt"), "the bank is shut");
  EXPECT_EQ(wrong(gets("/history/search")), std::vector<std::string>{"query words"});
  EXPECT_EQ(gets("/history/search?words=-").status, 400);
  EXPECT_EQ(text(gets("/history/count"), "count"), "3");
  EXPECT_EQ(text(gets("/history/count?end=failed&since=2026-11-23T00:00:00Z"), "count"), "1");
  EXPECT_EQ(text(gets("/history/count?job=pay"), "more"), "false");
  const auto stats = gets("/jobs/stream-ranking/statistics");
  EXPECT_EQ(text(stats, "slots"), "3");
  EXPECT_EQ(stats.body.as_object().at("duration_ms").as_object().at("count"), 3);
  EXPECT_EQ(stats.body.as_object().at("periods").as_array().size(), 1u);
  EXPECT_EQ(gets("/jobs/nobody/statistics").status, 404);
  auto page = gets("/history/export?format=csv&lines=2");
  EXPECT_EQ(std::ranges::count(page.text, '\n'), 3) << "with its header";
  ASSERT_NE(page.next, "");
  page = gets("/history/export?format=csv&lines=2&cursor=" + page.next);
  EXPECT_EQ(std::ranges::count(page.text, '\n'), 1);
  EXPECT_EQ(page.next, "");
  EXPECT_EQ(std::ranges::count(gets("/history/export?end=failed").text, '\n'), 1);
}

TEST_F(OperationsTest, ANodeIsDrainedAndTakenBack) {
  const ledger::Worker by(*database);
  const std::string node = "/nodes/" + by.node().name + "/drain";
  EXPECT_TRUE(items(gets("/nodes"))[0].as_object().at("draining").is_null());
  const auto drained = posts(node);
  ASSERT_EQ(drained.status, 200);
  EXPECT_EQ(drained.body.as_object().at("draining").as_object().at("by"), "asha");
  EXPECT_EQ(posts(node).status, 200) << "twice is no mistake";
  EXPECT_FALSE(items(gets("/nodes"))[0].as_object().at("draining").is_null());
  EXPECT_EQ(does(vic, "DELETE", node + "?reason=x").status, 403);
  EXPECT_EQ(does(asha, "DELETE", node + "?reason=done").status, 200);
  EXPECT_TRUE(items(gets("/nodes"))[0].as_object().at("draining").is_null());
  EXPECT_EQ(posts("/nodes/nobody/drain").status, 404);
  ledger::must(ledger::retire_node(*database, by.node().id, clock.now()));
  EXPECT_EQ(posts(node).status, 409);
}

TEST_F(OperationsTest, SettingsAreShownWithTheirOrigin) {
  EXPECT_GT(items(gets("/config")).size(), 50u);
  EXPECT_EQ(items(gets("/config?key=scheduler.workers")).size(), 1u);
  EXPECT_EQ(gets("/config?key=scheduler.wokers").status, 404);
  EXPECT_EQ(posts("/config/reload").status, 501) << "nothing serves here";
  desk->reload = [](const std::string& by) -> Result<Reread> {
    EXPECT_EQ(by, "asha");
    return Reread{{{"jobs.x.schedule", "a", "b", "x.toml:1:1"}}, {}};
  };
  EXPECT_EQ(posts("/config/reload").status, 200);
  desk->reload = [](const std::string&) -> Result<Reread> {
    return Error(Errc::invalid, "x.toml:1:1: no");
  };
  EXPECT_EQ(posts("/config/reload").status, 400);
}

TEST_F(OperationsTest, TellsWhoAsksAndWhatTheyMay) {
  const auto me = does(vic, "GET", "/me");
  EXPECT_EQ(text(me, "name"), "vic");
  EXPECT_EQ(me.body.as_object().at("rights").as_array(), (json::array{"look"}));
  EXPECT_EQ(text(me, "token"), std::to_string(*vic.token));
  access::Principal at_the_command_line = vic;
  at_the_command_line.token.reset();
  EXPECT_TRUE(does(at_the_command_line, "GET", "/me").body.as_object().at("token").is_null());
  EXPECT_EQ(text(gets("/version"), "version"), "1.2.3");
}

TEST_F(OperationsTest, TellsWhichRoleHoldsWhichRights) {
  const auto told = does(vic, "GET", "/roles");
  ASSERT_EQ(told.status, 200);
  const json::array& roles = told.body.as_object().at("items").as_array();
  ASSERT_EQ(roles.size(), 3u);
  EXPECT_EQ(roles[0], (json::object{{"role", "viewer"}, {"rights", json::array{"look"}}}));
  const auto rights_of = [&](std::size_t at) { return roles[at].at("rights").as_array(); };
  EXPECT_EQ(roles[1].at("role"), "operator");
  EXPECT_EQ(std::ranges::count(rights_of(1), json::value("festivals")), 1);
  EXPECT_EQ(std::ranges::count(rights_of(1), json::value("tokens")), 0);
  EXPECT_EQ(rights_of(2).size(), access::all_rights().size());
}

TEST_F(OperationsTest, NodesAndClientsAreShown) {
  worker();
  const auto nodes = gets("/nodes");
  ASSERT_EQ(items(nodes).size(), 1u);
  EXPECT_EQ(items(nodes)[0].as_object().at("name"), "node-a");
  EXPECT_EQ(items(gets("/clients")).size(), 0u);
  EXPECT_EQ(gets("/rooms").status, 200);
  EXPECT_EQ(posts("/clients/disconnect").status, 400) << "whom?";
  EXPECT_EQ(text(gets("/clients"), "note"), "(none)");
  EXPECT_EQ(posts("/clients/disconnect", R"({"user":"user:17","reason":"spam"})").status, 404);
}

TEST_F(OperationsTest, WithoutRecoveryNobodyIsSeenAndTheAnswersSaySo) {
  settings({}, "[realtime]\nrecovery = \"0 s\"\n");
  for (const char* path : {"/clients", "/rooms"}) {
    EXPECT_EQ(items(gets(path)).size(), 0u);
    EXPECT_NE(text(gets(path), "note").find("realtime.recovery is 0"), std::string::npos) << path;
  }
  const auto refused = posts("/clients/disconnect", R"({"user":"user:17","reason":"spam"})");
  EXPECT_EQ(refused.status, 404);
  EXPECT_NE(text(refused, "detail").find("realtime.recovery is 0"), std::string::npos);
}

}  // namespace
}  // namespace hotclock::operations
