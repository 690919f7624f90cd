#include "service/auditor/money.h"

#include "service/auditor/auditor_support.h"

namespace hotclock::auditor {
namespace {

using Lines = std::vector<std::string>;

class MoneyTest : public AuditorFixture {
 protected:
  MoneyTest() {
    enrol("og-daily-bonus", "vixie hotclock Australia/Sydney 5 0 * * *", start);
    users(20);
    now_ = bonus_slot + 1h;
  }
  Lines wrong() { return found(bonus_slot - 1h, now_); }
  MoneyCounts of(const std::string& date = "2026-11-25") {
    return looked_at(compared(bonus_slot - 1h, now_), "money " + date).money.value();
  }
  void unique_index_goes() { sql("DROP INDEX transactions_bonus"); }
  static std::string any_of(const Lines& lines, const std::string& begin) {
    for (const std::string& line : lines)
      if (line.starts_with(begin)) return line;
    return "";
  }
};

TEST_F(MoneyTest, ADayThatWasPaidIsNoDifference) {
  pays(20);
  EXPECT_EQ(wrong(), Lines{});
  EXPECT_EQ(of().payments, 20);
  EXPECT_EQ(of().coins, 4 * (200 + 168 + 180 + 150 + 150));
  EXPECT_TRUE(of().amounts_judged);
}

TEST_F(MoneyTest, APaymentThatIsMissingIsFound) {
  pays(20);
  sql("DELETE FROM transactions WHERE user_id = 7");
  EXPECT_EQ(wrong(),
            (Lines{"payment_missing user 7 for 2026-11-25", "wrong_tally slot 1 for 2026-11-25"}));
}

TEST_F(MoneyTest, AUserWhomNobodyPaidIsFoundAlthoughTheTallyIsRight) {
  sql("INSERT INTO users (id, username, og_level, og_expires_at, country, created_at)"
      " SELECT 21, 'left out', og_level, og_expires_at, country, created_at FROM users WHERE id = "
      "1");
  pays(20);
  EXPECT_EQ(wrong(), Lines{"payment_missing user 21 for 2026-11-25"});
}

TEST_F(MoneyTest, AUserWhoIsPaidTwiceIsFound) {
  unique_index_goes();
  pays(20);
  sql("INSERT INTO transactions (user_id, type, amount, currency, status, bonus_date, "
      "execution_id, metadata, created_at)"
      " SELECT user_id, type, amount, currency, status, bonus_date, execution_id, metadata, "
      "created_at"
      " FROM transactions WHERE user_id = 7");
  EXPECT_EQ(wrong(),
            (Lines{"payment_twice user 7 for 2026-11-25", "wrong_tally slot 1 for 2026-11-25"}));
}

TEST_F(MoneyTest, APaymentThatNoSlotAccountsForIsFound) {
  sql("UPDATE users SET og_level = 0 WHERE id > 10");
  pays(10);
  sql("INSERT INTO transactions (user_id, type, amount, currency, status, bonus_date, "
      "execution_id, metadata, created_at)"
      " SELECT 15, type, amount, currency, status, bonus_date, "
      "'0190aaaa-0000-7000-8000-0000000f4240', metadata, created_at"
      " FROM transactions WHERE user_id = 1");
  EXPECT_EQ(wrong(), Lines{"payment_without_slot user 15 and others by "
                           "'0190aaaa-0000-7000-8000-0000000f4240' for 2026-11-25"});
}

TEST_F(MoneyTest, APaymentForADateThatHadNoSlotIsFound) {
  pays(20);
  sql("UPDATE transactions SET bonus_date = '2026-12-24' WHERE user_id = 7");
  const Lines all = wrong();
  EXPECT_NE(any_of(all, "payment_without_slot user 7"), "") << "also one that is not there yet";
  EXPECT_NE(any_of(all, "payment_missing user 7"), "");
}

TEST_F(MoneyTest, ADayWhoseSlotIsGoneIsFound) {
  pays(20);
  sql("DELETE FROM history");
  sql("DELETE FROM slots");
  const Lines all = wrong();
  EXPECT_NE(any_of(all, "slot_missing slot 2026-11-24T13:05:00Z"), "");
  EXPECT_NE(any_of(all, "payment_without_slot"), "");
}

TEST_F(MoneyTest, ASlotThatCountsPaymentsItNeverMadeIsFound) {
  pays(20);
  sql("DELETE FROM transactions");
  sql("UPDATE users SET og_level = 0");
  EXPECT_EQ(wrong(), Lines{"wrong_tally slot 1 for 2026-11-25"});
}

TEST_F(MoneyTest, AnAmountThatNoPriceComesToIsFound) {
  pays(20);
  sql("UPDATE transactions SET amount = amount + 1 WHERE user_id = 5");
  sql("UPDATE transactions SET amount = amount - 1 WHERE user_id = 10");
  EXPECT_EQ(wrong(), (Lines{"wrong_amount user 10 and others of tier 1 for 2026-11-25",
                            "wrong_amount user 5 and others of tier 1 for 2026-11-25"}));
}

TEST_F(MoneyTest, PricesAreThoseOfThatTime) {
  pays(20);
  now_ = bonus_slot + 2h;
  sql("UPDATE og_tiers SET price_coins = 2 * price_coins");
  must(see_settings(db(), in_force(), now_));
  EXPECT_EQ(wrong(), Lines{});
}

TEST_F(MoneyTest, WhoseTermBeganBehindTheSlotWasNotEntitled) {
  pays(20);
  sql("INSERT INTO users (id, username, og_level, og_expires_at, country, created_at) VALUES (21, "
      "'late', 1, " +
      std::to_string(to_millis(bonus_slot + 10min + 15 * 24h)) + ", 'NP', 0)");
  EXPECT_EQ(wrong(), Lines{});
  EXPECT_EQ(of().entitled_since, 1);
}

TEST_F(MoneyTest, WhoWasSetAsideIsNotMissing) {
  pays(20);
  sql("DELETE FROM transactions WHERE user_id = 20");
  sql("INSERT INTO failures (execution_id, number, record, code, message)"
      " SELECT execution_id, 1, 'user 20', 'check', 'overflow' FROM history");
  sql("UPDATE history SET ended = 'completed_with_errors', set_aside_total = 1, tally = "
      "'{\"users\":19,\"coins\":3242}'");
  const Lines all = wrong();
  EXPECT_EQ(any_of(all, "payment_missing"), "");
  EXPECT_EQ(of().set_aside, 1);
}

TEST_F(MoneyTest, DaysThatSomethingElsePaidBeforeHotclockAreNotJudged) {
  pays(20);
  sql("INSERT INTO transactions (user_id, type, amount, currency, status, bonus_date, created_at)"
      " SELECT id, 'og_bonus', 7, 'bonus', 'completed', '2026-11-24', 0 FROM users");
  EXPECT_EQ(found(start - 24h, now_), Lines{});
}

TEST_F(MoneyTest, PartitionsPayForTheWhole) {
  pays(20);
  sql("INSERT INTO slots (job_id, scheduled_for, slot_key, trigger, priority, claim_rank, "
      "requested_by, entered_at, partition_of)"
      " SELECT job_id, scheduled_for, '#1', trigger, priority, claim_rank, requested_by, "
      "entered_at, id FROM slots");
  sql("INSERT INTO history (slot_id, fence, ended, attempt, ended_at, outcome, reason)"
      " SELECT max(s.id), 1, 'completed', 0, max(s.entered_at), 'completed', '' FROM slots AS s");
  sql("UPDATE transactions SET execution_id = '0190aaaa-0000-7000-8000-' || '00000000000' || "
      "(SELECT max(id) FROM slots)");
  EXPECT_EQ(wrong(), Lines{});
}

TEST_F(MoneyTest, WhileASlotOfTheDateRunsNothingIsSaid) {
  worker().enters("og-daily-bonus", bonus_slot);
  EXPECT_EQ(wrong(), Lines{});
  EXPECT_TRUE(of().open);
}

TEST_F(MoneyTest, ASlotOfTheHourThatSydneySkipsIsOfItsOwnDate) {
  // 2026-10-04: the wall clock goes from 02:00 to 03:00; the day has 23 hours.
  const Instant first = from_millis(1'790'863'500'000);  // 2026-10-01T14:05Z: before the change
  sql("DELETE FROM job_schedules");
  sql("INSERT INTO job_schedules (job_id, since, schedule) SELECT id, " +
      std::to_string(to_millis(first - 1h)) + ", schedule FROM jobs");
  sql("DELETE FROM auditor_seen");
  must(see_settings(db(), in_force(), first - 24h));
  for (const auto& [date, at] :
       std::vector<std::pair<std::string, Instant>>{{"2026-10-02", first},
                                                    {"2026-10-03", first + 24h},
                                                    {"2026-10-04", first + 48h},
                                                    {"2026-10-05", first + 71h}})
    pays(20, date, at);
  now_ = first + 72h;
  EXPECT_EQ(found(first - 30min, now_), Lines{});
}

TEST_F(MoneyTest, ManyUsersAreLookedAtInPieces) {
  sql("DELETE FROM users");
  users(25'000);
  pays(25'000);
  int pieces = 0;
  Ground ground{db(), in_force(), now_, [&pieces]() -> Result<> { return ++pieces, Result<>(); }};
  Differences differences;
  const auto counts = must(compare_money(ground, "2026-11-25", differences));
  EXPECT_EQ(counts.payments, 25'000);
  EXPECT_TRUE(differences.none());
  EXPECT_EQ(pieces, 3);
}

TEST_F(MoneyTest, OfAFloodTheFirstAreKeptAndTheOthersCounted) {
  sql("DELETE FROM users");
  users(25'000);
  pays(25'000);
  sql("DELETE FROM transactions");
  const auto comparison = compared(bonus_slot - 1h, now_);
  const auto& looked = looked_at(comparison, "money 2026-11-25");
  EXPECT_EQ(looked.differences.kept().size(), 10'000u);
  EXPECT_EQ(looked.differences.total(), 25'001);
}

class EffectsTest : public AuditorFixture {
 protected:
  EffectsTest() {
    for (const char* job : {"throne-expiry", "festival-activation"}) {
      enrol(job, "vixie hotclock UTC */5 * * * *", start);
      works(job, start + 5min, start + 10min, 5min);
    }
    now_ = start + 11min;
    sql("INSERT INTO streams (id, host_id, title, status, category, country, started_at) VALUES "
        "(1, 1, 's', 'live', 'c', 'NP', 0)");
  }
  void throne(int id, Instant expires, bool stands) {
    sql("INSERT INTO thrones (id, stream_id, user_id, username, claimed_at, expires_at, is_active) "
        "VALUES (" +
        std::to_string(id) + ", 1, 1, 'u', 0, " + std::to_string(to_millis(expires)) + ", " +
        (stands ? "1" : "0") + ")");
  }
};

TEST_F(EffectsTest, AThroneThatOutlivedItsTimeIsFound) {
  throne(1, start + 9min, false);
  throne(2, start + 20min, true);
  EXPECT_EQ(found(), Lines{});
  throne(3, start + 9min, true);
  EXPECT_EQ(found(), Lines{"throne_standing throne 3"});
}

TEST_F(EffectsTest, AGiftOnSaleWithoutItsFestivalIsFound) {
  sql("INSERT INTO gifts (id, name, price_coins, is_active, always_available) VALUES (1, 'rose', "
      "10, 1, 1), (2, 'diya', 10, 0, 0)");
  sql("INSERT INTO festivals (id, name, type, country, starts_at, ends_at, is_active)"
      " VALUES (1, 'Tihar', 'cultural', 'NP', 0, " +
      std::to_string(to_millis(start + 1h)) + ", 1)");
  EXPECT_EQ(found(), Lines{});
  sql("UPDATE gifts SET is_active = 1 WHERE id = 2");
  EXPECT_EQ(found(), Lines{"gift_wrong gift 2"});
  sql("INSERT INTO festival_gifts (festival_id, gift_id) VALUES (1, 2)");
  EXPECT_EQ(found(), Lines{});
}

TEST_F(EffectsTest, WhatMustHoldAlwaysIsAskedToo) {
  Wanted wanted;
  wanted.invariants = true;
  sql("INSERT INTO users (id, username, country, created_at) VALUES (1, 'asha', 'NP', 0)");
  EXPECT_EQ(found(start, now_, wanted), Lines{});
  sql("UPDATE users SET bonus_balance = 5 WHERE id = 1");
  EXPECT_EQ(found(start, now_, wanted), Lines{"invariant_broken bonus balances add up"});
}

}  // namespace
}  // namespace hotclock::auditor
