#include "service/auditor/slots.h"

#include "service/audit/audit.h"
#include "service/auditor/auditor_support.h"

namespace hotclock::auditor {
namespace {

using Lines = std::vector<std::string>;

constexpr auto every_five = "vixie hotclock UTC */5 * * * *";
constexpr auto every_ten = "vixie hotclock UTC */10 * * * *";

class SlotsTest : public AuditorFixture {
 protected:
  SlotsTest() {
    enrol("poll", every_five, start);
    now_ = start + 1h + 1min;
  }
  void works_on_time() { works("poll", start + 5min, start + 1h, 5min); }
  void acts(const std::string& what, Instant at, const std::string& job = "poll",
            const std::string& detail = "") {
    must(audit::append(db(), {.what = what, .job = job, .detail = detail},
                       {.name = "asha", .reason = "test"}, at));
  }
};

TEST_F(SlotsTest, WhatWasWorkedAsItWasDueIsNoDifference) {
  works_on_time();
  EXPECT_EQ(found(), Lines{});
  EXPECT_EQ(counts("poll").expected, 12);
  EXPECT_EQ(counts("poll").found, 12);
  EXPECT_EQ(counts("poll").not_judged, 0);
}

TEST_F(SlotsTest, ASlotThatWasNeverEnteredIsFound) {
  works("poll", start + 5min, start + 20min, 5min);
  works("poll", start + 30min, start + 1h, 5min);
  EXPECT_EQ(found(), Lines{"slot_missing slot 2026-11-23T14:25:00Z"});
}

TEST_F(SlotsTest, ASlotWhoseRowIsGoneIsFound) {
  works_on_time();
  sql("DELETE FROM history WHERE slot_id = 3");
  sql("DELETE FROM slots WHERE id = 3");
  EXPECT_EQ(found(), Lines{"slot_missing slot 2026-11-23T14:15:00Z"});
}

TEST_F(SlotsTest, ASlotThatIsLostOnItsWayIsFound) {
  works_on_time();
  sql("DELETE FROM history WHERE slot_id = 3");
  EXPECT_EQ(found(), Lines{"slot_lost slot 2026-11-23T14:15:00Z"});
}

TEST_F(SlotsTest, ASlotThatWasEnteredTwiceIsFound) {
  works_on_time();
  sql("INSERT INTO slots (job_id, scheduled_for, slot_key, trigger, priority, claim_rank, "
      "requested_by, entered_at)"
      " SELECT job_id, scheduled_for, 'again', trigger, priority, claim_rank, requested_by, "
      "entered_at FROM slots WHERE id = 3");
  sql("INSERT INTO history (slot_id, fence, ended, attempt, ended_at, outcome, reason)"
      " SELECT max(s.id), 1, 'cancelled', 0, max(s.entered_at), 'cancelled', '' FROM slots AS s");
  EXPECT_EQ(found(), Lines{"slot_twice slot 2026-11-23T14:15:00Z again"});
}

TEST_F(SlotsTest, ASlotThatEndedTwiceIsFound) {
  works_on_time();
  sql("INSERT INTO history (slot_id, fence, ended, attempt, execution_id, node_id, started_at, "
      "ended_at, outcome, reason)"
      " SELECT slot_id, 9, ended, attempt, execution_id, node_id, started_at, ended_at, outcome, "
      "reason FROM history WHERE slot_id = 3");
  EXPECT_EQ(found(), Lines{"ended_twice slot 2026-11-23T14:15:00Z"});
}

TEST_F(SlotsTest, ASlotThatEndedAndWaitsIsFound) {
  works_on_time();
  sql("INSERT INTO queue (phase, line, claim_rank, slot_id, available_at, attempt, fence, "
      "vanished, cursor_at, progress_done, reason)"
      " SELECT 'due', 0, claim_rank, id, entered_at, 0, 0, 0, '', 0, '' FROM slots WHERE id = 3");
  EXPECT_EQ(found(), Lines{"slot_in_two_places slot 2026-11-23T14:15:00Z"});
}

TEST_F(SlotsTest, ASlotThatNoScheduleNamesIsFound) {
  works_on_time();
  works_one("poll", start + 1h + 30s);
  EXPECT_EQ(found(), Lines{"slot_unexpected slot 2026-11-23T15:00:30Z"});
}

TEST_F(SlotsTest, WhatAJobAskedForEarlyOrAPersonByHandIsExpectedOfNobody) {
  works_on_time();
  works_one("poll", start + 7min + 3s, {}, Trigger::early);
  worker().enters("poll", start + 1h + 30s, Trigger::manual);
  EXPECT_EQ(found(), Lines{});
  EXPECT_EQ(counts("poll").others, 2);
}

TEST_F(SlotsTest, AnEarlySlotAtTheInstantOfTheScheduleStandsForIt) {
  works("poll", start + 5min, start + 55min, 5min);
  works_one("poll", start + 1h, {}, Trigger::early);
  EXPECT_EQ(found(), Lines{});
}

TEST_F(SlotsTest, AChangedScheduleCountsFromItsInstantOn) {
  works("poll", start + 5min, start + 30min, 5min);
  reschedule("poll", every_ten, start + 32min);
  works("poll", start + 40min, start + 1h, 10min);
  EXPECT_EQ(found(), Lines{});
  EXPECT_EQ(counts("poll").expected, 9);
  works_one("poll", start + 35min);
  EXPECT_EQ(found(), Lines{"slot_unexpected slot 2026-11-23T14:35:00Z"});
}

TEST_F(SlotsTest, AScheduleThatNoChangeAccountsForIsFound) {
  works_on_time();
  sql("UPDATE jobs SET schedule = 'vixie hotclock UTC 0 0 1 1 *'");
  EXPECT_EQ(found(), Lines{"schedule_not_in_force schedule of poll"});
}

TEST_F(SlotsTest, AScheduleThatWasSetLiveAndDoesNotCountIsFound) {
  works_on_time();
  const auto set = [this](const std::string& text) {
    sql("DELETE FROM live_changes");
    sql("INSERT INTO live_changes (job, version, act, was, became, author, reason, at) VALUES "
        "('poll', 1, 'schedule.set', '{}',"
        " '{\"schedule\": [\"" +
        text + "\", 1]}', 'asha', 'test', " + std::to_string(to_millis(start)) + ")");
  };
  set("*/5 * * * *");
  EXPECT_EQ(found(), Lines{});
  set("0 4 * * *");
  EXPECT_EQ(found(), Lines{"schedule_not_in_force schedule of poll"});
}

TEST_F(SlotsTest, WhatNobodyWasThereToEnterWaitsForCatchUp) {
  works("poll", start + 5min, start + 30min, 5min);
  EXPECT_EQ(found(), Lines{}) << "no node has said lately that it is there";
  EXPECT_EQ(counts("poll").not_yet, 6);
  sql("UPDATE nodes SET seen_at = " + std::to_string(to_millis(now_)));
  EXPECT_EQ(found().size(), 5u) << "one was, all the time; the newest may still come";
}

TEST_F(SlotsTest, AJobThatNoSettingsKnowAnyMoreIsExpectedNoFurther) {
  enrol("old", every_five, start);
  works("old", start + 5min, start + 30min, 5min);
  works_on_time();
  sql("UPDATE nodes SET seen_at = " + std::to_string(to_millis(now_)));
  EXPECT_EQ(found(), Lines{});
}

TEST_F(SlotsTest, TheHourThatIsSkippedOrShownTwiceIsReckonedAsTheRuleSays) {
  // New York, 2026-11-01: 01:30 is there twice; a fixed time is due at the first of them.
  const Instant november = from_millis(1'793'491'200'000);  // 00:00Z of that day
  enrol("fixed", "vixie hotclock America/New_York 30 1 * * *", november);
  works_one("fixed", november + 5h + 30min);
  EXPECT_EQ(found(november, november + 24h), Lines{});
  works_one("fixed", november + 6h + 30min);
  EXPECT_EQ(found(november, november + 24h), Lines{"slot_unexpected slot 2026-11-01T06:30:00Z"});
}

TEST_F(SlotsTest, ASlotLeftOutOnTimeIsFound) {
  works("poll", start + 5min, start + 55min, 5min);
  ends_unworked("poll", start + 1h, start + 1h + 10s, End::missed, "no scheduler was there");
  EXPECT_EQ(found(), Lines{"missed_without_cause slot 2026-11-23T15:00:00Z"});
}

TEST_F(SlotsTest, OfAnOutageTheNewestIsKeptAndTheOthersAreMissed) {
  works("poll", start + 5min, start + 30min, 5min);
  const Instant back = start + 58min;
  for (Instant at = start + 35min; at < start + 55min; at += 5min)
    ends_unworked("poll", at, back, End::missed, "away");
  ends_unworked("poll", start + 55min, back, End::missed, "away");
  works_one("poll", start + 1h);
  EXPECT_EQ(found(), Lines{"missed_without_cause slot 2026-11-23T14:55:00Z"})
      << "catch_up = \"last\" keeps it";
}

TEST_F(SlotsTest, ARowThatStandsForManyMustSayHowMany) {
  const Instant back = start + 1h;
  ends_unworked("poll", start + 5min, back, End::missed,
                "away; stands for 9 further slots before 2026-11-23T14:55:00Z");
  ends_unworked("poll", start + 55min, back, End::missed, "away");
  works_one("poll", start + 1h);
  EXPECT_EQ(found(), Lines{});
  EXPECT_EQ(counts("poll").summed_up, 9);
  EXPECT_EQ(found(start + 20min, now_), Lines{})
      << "it stands for them in a part of the range, too";
  sql("UPDATE history SET reason = 'away; stands for 7 further slots before 2026-11-23T14:55:00Z' "
      "WHERE slot_id = 1");
  EXPECT_EQ(found(), Lines{"wrong_summary slot 2026-11-23T14:05:00Z"});
}

TEST_F(SlotsTest, WorkInAPauseIsFound) {
  works_on_time();
  acts("pause", start + 11min);
  acts("resume", start + 19min);
  EXPECT_EQ(found(), Lines{"worked_while_paused slot 2026-11-23T14:15:00Z"});
}

TEST_F(SlotsTest, APauseThatEndsByItselfIsOverThen) {
  works_on_time();
  acts("pause", start + 11min, "poll", "until 2026-11-23T14:19:00Z");
  EXPECT_EQ(found(), Lines{"worked_while_paused slot 2026-11-23T14:15:00Z"});
}

TEST_F(SlotsTest, WorkUnderTheKillSwitchIsFound) {
  works_on_time();
  acts("kill", start + 11min, "");
  acts("revive", start + 19min, "");
  EXPECT_EQ(found(), Lines{"worked_while_off slot 2026-11-23T14:15:00Z"});
}

TEST_F(SlotsTest, WorkOfAJobThatIsSwitchedOffIsFound) {
  works_on_time();
  sql("INSERT INTO live_changes (job, version, act, was, became, author, reason, at) VALUES "
      "('poll', 1, 'disable', '{}',"
      " '{\"enabled\": [\"false\", 1]}', 'asha', 'test', " +
      std::to_string(to_millis(start + 51min)) + ")");
  EXPECT_EQ(found(), (Lines{"worked_while_off slot 2026-11-23T14:55:00Z",
                            "worked_while_off slot 2026-11-23T15:00:00Z"}));
}

TEST_F(SlotsTest, ARefusalWithoutItsCauseIsFound) {
  works("poll", start + 5min, start + 50min, 5min);
  acts("pause", start + 51min);
  acts("resume", start + 56min);
  ends_unworked("poll", start + 55min, start + 55min, End::refused, "paused by asha: test");
  ends_unworked("poll", start + 1h, start + 1h, End::refused, "paused by asha: test");
  EXPECT_EQ(found(), Lines{"refused_without_cause slot 2026-11-23T15:00:00Z"});
}

TEST_F(SlotsTest, WorkInABlackoutOrInMaintenanceIsFoundBySettingsAsTheyWereThen) {
  settings({{"poll",
             "blackouts = [\"2026-11-23T14:14/2026-11-23T14:16\"]\n"
             "maintenance = [\"2026-11-23T14:38/2026-11-23T14:42\"]"}});
  works_on_time();
  EXPECT_EQ(found(), Lines{}) << "nobody has seen these settings";
  must(see_settings(db(), in_force(), start));
  EXPECT_EQ(found(), (Lines{"worked_in_blackout slot 2026-11-23T14:15:00Z",
                            "worked_in_maintenance slot 2026-11-23T14:40:00Z"}));
  settings();
  must(see_settings(db(), in_force(), start + 30min));
  EXPECT_EQ(found(), Lines{"worked_in_blackout slot 2026-11-23T14:15:00Z"})
      << "the maintenance was called off before";
}

TEST_F(SlotsTest, SlotsCaughtUpAgainstTheRuleAreFound) {
  settings({{"poll", "[catch_up]\nkind = \"none\""}});
  must(see_settings(db(), in_force(), start));
  works("poll", start + 5min, start + 55min, 5min);
  works_one("poll", start + 1h, {}, Trigger::catch_up);
  EXPECT_EQ(found(), Lines{"caught_up_against_rule slot 2026-11-23T15:00:00Z"});
}

TEST_F(SlotsTest, WhatMayHaveBeenRemovedWithTheHistoryIsNotMissed) {
  settings({}, "[history]\nretention = \"1 d\"");
  now_ = start + 48h + 1min;
  works("poll", start + 47h, start + 48h, 5min);
  const auto comparison = compared(start, now_);
  EXPECT_EQ(comparison.known_from, now_ - 24h);
  EXPECT_EQ(looked_at(comparison, "slots poll").differences.total(), 24 * 12 - 13 + 1 - 1);
}

TEST_F(SlotsTest, WhatAnEndsOwnRuleMayHaveRemovedIsNotMissed) {
  settings({}, "[history.completed]\nretention = \"1 d\"");
  EXPECT_EQ(removed_before(in_force(), now_), now_ - 24h);
  settings({}, "[history.completed]\nmost = 10");
  EXPECT_EQ(removed_before(in_force(), now_), start - 14h + 24h);  // yesterday's midnight in UTC
}

TEST(SpansTest, TheBordersOfASpanDecideNothing) {
  Spans spans;
  spans.begin(start, "asha");
  spans.end(start + 10min);
  EXPECT_EQ(spans.well_inside(start + 1min, 2min), nullptr);
  EXPECT_NE(spans.well_inside(start + 5min, 2min), nullptr);
  EXPECT_EQ(spans.well_inside(start + 9min, 2min), nullptr);
  EXPECT_TRUE(spans.near(start + 11min, 2min));
  EXPECT_FALSE(spans.near(start + 13min, 2min));
}

}  // namespace
}  // namespace hotclock::auditor
