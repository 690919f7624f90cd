#include "service/jobs/og_daily_bonus/og_daily_bonus.h"

#include <fmt/format.h>
#include <gtest/gtest.h>

#include <optional>

#include "scheduler/zone/civil.h"
#include "service/jobs/kit/workbench_support.h"

namespace hotclock::og_daily_bonus {
namespace {

using kit::counted;
using kit::is_done;

Instant sydney(const char* wall) {
  return load_zone("Australia/Sydney").value()->from_civil(parse_civil(wall).value()).first;
}

const Instant monday = sydney("2026-11-23T00:05");
const Instant tuesday = sydney("2026-11-24T00:05");

// A platform with the five real tiers and the users a test names.
class Platform : public kit::Workbench {
 public:
  Platform() {
    sql("INSERT INTO og_tiers (tier, name, price_coins, duration_days) VALUES"
        " (1, 'Fresh OG', 5000, 15), (2, 'Skilled OG', 7000, 25), (3, 'Elite OG', 9000, 30),"
        " (4, 'Crown OG', 15000, 60), (5, 'Immortal OG', 45000, 180)");
  }

  void user(std::int64_t id, int og_level, Instant og_expires_at, const char* more = "") {
    sql(fmt::format("INSERT INTO users (id, username, og_level, og_expires_at, country, coin_balance,"
                    " created_at) VALUES ({0}, 'viewer{0}', {1}, {2}, 'NP', 77, 0); {3}",
                    id, og_level, to_millis(og_expires_at), more));
  }
  // `count` users with ids from 1, tier and expiry good for every slot here.
  void crowd(int count) {
    for (int i = 1; i <= count; ++i) user(i, 1 + i % 5, monday + std::chrono::days{30});
  }

  OgDailyBonus job(Settings settings = {}) {
    return {desk(), load_zone("Australia/Sydney").value(), settings};
  }
  Outcome run(Instant slot, Settings settings = {}) {
    Execution execution = claimed("og-daily-bonus", slot);
    return job(settings).run(execution);
  }

  std::int64_t balance(std::int64_t user) {
    return number(fmt::format("SELECT bonus_balance FROM users WHERE id = {}", user));
  }
  std::int64_t payments() { return number("SELECT count(*) FROM transactions"); }
  std::int64_t coins() { return number("SELECT coalesce(sum(amount), 0) FROM transactions"); }

  // For every user the balance is the sum of the audit rows and, where one is, of the last event.
  void expect_books_agree() {
    EXPECT_EQ(number("SELECT count(*) FROM users AS u WHERE bonus_balance <> coalesce("
                     "(SELECT sum(amount) FROM transactions WHERE user_id = u.id), 0)"),
              0);
    EXPECT_EQ(number("SELECT count(*) FROM transactions"), number("SELECT count(*) FROM outbox"));
    EXPECT_EQ(number("SELECT count(*) FROM users WHERE coin_balance <> 77"), 0);
  }
  void expect_paid_once_each(int users) {
    expect_books_agree();
    EXPECT_EQ(payments(), users);
    EXPECT_EQ(number("SELECT count(DISTINCT user_id) FROM transactions"), users);
  }
};

TEST(OgDailyBonus, PaysATierHolderAndTellsHim) {
  Platform p;
  p.user(4711, 3, monday + std::chrono::days{1});
  const Outcome outcome = p.run(monday);
  EXPECT_TRUE(is_done(outcome));
  EXPECT_EQ(counted(outcome, "users"), 1);
  EXPECT_EQ(counted(outcome, "coins"), 180);
  EXPECT_EQ(p.balance(4711), 180);
  EXPECT_EQ(p.text("SELECT type || ' ' || amount || ' ' || currency || ' ' || status || ' ' ||"
                   " bonus_date FROM transactions"),
            "og_bonus 180 bonus completed 2026-11-23");
  EXPECT_EQ(p.text("SELECT last_bonus_date FROM users"), "2026-11-23");
  const auto heard = p.heard();
  ASSERT_EQ(heard.size(), 1U);
  EXPECT_EQ(heard[0].event, "og:bonus");
  EXPECT_EQ(heard[0].rooms, "user:4711");
  EXPECT_EQ(heard[0].payload,
            (boost::json::value{{"userId", "4711"},
                                {"amount", 180},
                                {"tier", 3},
                                {"date", "2026-11-23"},
                                {"bonusBalance", 180}}));
}

TEST(OgDailyBonus, NamesItsExecutionInTheAuditRowAndTheEvent) {
  Platform p;
  p.crowd(1);
  Execution execution = p.claimed("og-daily-bonus", monday);
  EXPECT_TRUE(is_done(p.job().run(execution)));
  const std::string id = execution.permit->execution.text();
  EXPECT_EQ(p.text("SELECT execution_id FROM transactions"), id);
  EXPECT_EQ(p.text("SELECT execution_id FROM outbox"), id);
}

TEST(OgDailyBonus, PaysNobodyWithoutATierABannedOneOrAnExpiredOne) {
  Platform p;
  p.user(1, 0, monday + std::chrono::days{1});
  p.user(2, 1, monday + std::chrono::days{1}, "UPDATE users SET is_banned = 1 WHERE id = 2");
  p.user(3, 1, monday);                                // expires with the slot's instant
  p.user(4, 1, monday + std::chrono::milliseconds{1});  // and a moment later
  p.user(5, 1, monday, "UPDATE users SET og_expires_at = NULL WHERE id = 5");
  EXPECT_EQ(counted(p.run(monday), "users"), 1);
  EXPECT_EQ(p.balance(4), 200);
  p.expect_paid_once_each(1);
}

TEST(OgDailyBonus, JudgesExpiryByTheSlotHoweverLateItRuns) {
  // The wall clock of the bench stands in 2096: every tier here has long expired by it.
  Platform p;
  p.crowd(3);
  EXPECT_EQ(counted(p.run(monday), "users"), 3);
  EXPECT_EQ(p.number("SELECT count(*) FROM transactions WHERE created_at = 4000000000000"), 3);
}

TEST(OgDailyBonus, PaysNothingForATierThatIsNotActiveMissingOrWorthNothing) {
  Platform p;
  p.user(1, 1, tuesday);
  p.user(2, 2, tuesday);
  p.user(3, 3, tuesday);
  p.sql("UPDATE og_tiers SET is_active = 0 WHERE tier = 1; DELETE FROM og_tiers WHERE tier = 2;"
        " UPDATE og_tiers SET price_coins = 49, duration_days = 30 WHERE tier = 3");
  const Outcome outcome = p.run(monday);
  EXPECT_TRUE(is_done(outcome));
  EXPECT_EQ(counted(outcome, "users"), 0);
  p.expect_paid_once_each(0);
}

TEST(OgDailyBonus, PaysTheShareThatIsSet) {
  Platform p;
  p.user(1, 1, tuesday);
  Settings settings;
  settings.share = *config::Decimal::parse("0.25");
  EXPECT_EQ(counted(p.run(monday, settings), "coins"), 83);  // 5000 / 60
}

TEST(OgDailyBonus, BooksTheDayOfTheScheduleNotOfTheServer) {
  // The earlier implementation took the server's date: in UTC this slot still is the day before.
  Platform p;
  p.crowd(1);
  ASSERT_EQ(to_string(monday), "2026-11-22T13:05:00Z");
  p.run(monday);
  EXPECT_EQ(p.text("SELECT bonus_date FROM transactions"), "2026-11-23");
}

TEST(OgDailyBonus, PaysEachDayOnceHoweverOftenItRuns) {
  Platform p;
  p.crowd(25);
  Settings settings;
  settings.chunk = 10;
  EXPECT_EQ(counted(p.run(monday, settings), "users"), 25);
  EXPECT_EQ(counted(p.run(monday, settings), "users"), 0);
  EXPECT_EQ(counted(p.run(monday + std::chrono::hours{3}, settings), "users"), 0);
  p.expect_paid_once_each(25);
  EXPECT_EQ(counted(p.run(tuesday, settings), "users"), 25);
  EXPECT_EQ(p.payments(), 50);
  p.expect_books_agree();
}

TEST(OgDailyBonus, PaysWhoJoinedSinceTheFirstRunOfTheDay) {
  Platform p;
  p.crowd(3);
  p.run(monday);
  p.user(9, 1, tuesday);
  EXPECT_EQ(counted(p.run(monday), "users"), 1);
  p.expect_paid_once_each(4);
}

TEST(OgDailyBonus, PaysAMissedDayAfterALaterOne) {
  Platform p;
  p.crowd(3);
  p.run(tuesday);
  EXPECT_EQ(counted(p.run(monday), "users"), 3);
  EXPECT_EQ(p.payments(), 6);
  EXPECT_EQ(p.number("SELECT count(*) FROM users WHERE last_bonus_date = '2026-11-24'"), 3);
  p.expect_books_agree();
}

TEST(OgDailyBonus, KeepsABalanceThatOtherPaymentsMade) {
  Platform p;
  p.user(1, 1, tuesday,
         "INSERT INTO transactions (user_id, type, amount, currency, status, created_at) VALUES"
         " (1, 'referral', 30, 'bonus', 'completed', 0);"
         " UPDATE users SET bonus_balance = 30 WHERE id = 1");
  p.run(monday);
  EXPECT_EQ(p.balance(1), 230);
}

TEST(OgDailyBonus, SetsAsideABalanceThatWouldOverflowAndPaysTheRest) {
  Platform p;
  p.crowd(40);
  p.sql("UPDATE users SET bonus_balance = 9223372036854775800 WHERE id IN (7, 8, 40)");
  Settings settings;
  settings.chunk = 16;
  const Outcome outcome = p.run(monday, settings);
  const auto* partial = std::get_if<Partial>(&outcome);
  ASSERT_NE(partial, nullptr);
  EXPECT_EQ(partial->total, 3);
  ASSERT_EQ(partial->set_aside.size(), 3U);
  EXPECT_EQ(partial->set_aside[0].record, "user 7");
  EXPECT_EQ(partial->set_aside[1].record, "user 8");
  EXPECT_EQ(partial->set_aside[2].record, "user 40");
  EXPECT_EQ(partial->set_aside[0].why.code(), Errc::check);
  EXPECT_EQ(counted(outcome, "users"), 37);
  EXPECT_EQ(p.balance(7), 9223372036854775800);
  EXPECT_EQ(p.payments(), 37);
  EXPECT_EQ(p.number("SELECT count(*) FROM transactions WHERE user_id IN (7, 8, 40)"), 0);
  EXPECT_EQ(p.number("SELECT count(*) FROM outbox"), 37);
}

TEST(OgDailyBonus, TellsAgainOfTheOneSetAsideWhenItIsResumed) {
  Platform p;
  p.crowd(30);
  p.sql("UPDATE users SET bonus_balance = 9223372036854775800 WHERE id = 4");
  Settings settings;
  settings.chunk = 5;
  Execution execution = p.claimed("og-daily-bonus", monday);
  // A chunk is fewer steps where one statement pays it.
  p.dying().die_at(p.database().dialect().changes_in_with ? 55 : 80, false);
  EXPECT_TRUE(std::holds_alternative<Failed>(p.job(settings).run(execution)));
  p.dying().die_at(0, false);
  ASSERT_GT(p.payments(), 4);  // it died behind that user
  Execution next = p.claimed_again(execution);
  const Outcome outcome = p.job(settings).run(next);
  const auto* partial = std::get_if<Partial>(&outcome);
  ASSERT_NE(partial, nullptr);
  EXPECT_EQ(partial->total, 1);
  EXPECT_EQ(p.payments(), 29);
}

TEST(OgDailyBonus, EndsWhenTheVeryLastUserIsSetAside) {
  Platform p;
  p.crowd(1);
  p.sql("UPDATE users SET bonus_balance = 9223372036854775800");
  const Outcome outcome = p.run(monday);
  const auto* partial = std::get_if<Partial>(&outcome);
  ASSERT_NE(partial, nullptr);
  EXPECT_EQ(partial->total, 1);
  EXPECT_EQ(counted(outcome, "users"), 0);
}

TEST(OgDailyBonus, CountsInADryRunWhatItWouldPayAndPaysNothing) {
  Platform p;
  p.crowd(25);
  Settings settings;
  settings.chunk = 10;
  Execution dry = p.claimed("og-daily-bonus", monday);
  dry.dry_run = true;
  const Outcome planned = p.job(settings).run(dry);
  EXPECT_TRUE(is_done(planned));
  p.expect_paid_once_each(0);
  const Outcome real = p.run(monday, settings);
  EXPECT_EQ(counted(planned, "users"), counted(real, "users"));
  EXPECT_EQ(counted(planned, "coins"), counted(real, "coins"));
  EXPECT_EQ(counted(real, "users"), 25);
}

TEST(OgDailyBonus, WritesNothingOnceItsLeaseIsAnothers) {
  Platform p;
  p.crowd(5);
  Execution old = p.claimed("og-daily-bonus", monday);
  p.taken_away(old);
  EXPECT_TRUE(std::holds_alternative<LeaseLost>(p.job().run(old)));
  p.expect_paid_once_each(0);
}

TEST(OgDailyBonus, StopsAfterAChunkAndResumesBehindIt) {
  Platform p;
  p.crowd(30);
  Settings settings;
  settings.chunk = 10;
  Execution execution = p.claimed("og-daily-bonus", monday);
  p.dying().stop_at(15, execution.permit);  // in the middle of the second chunk
  EXPECT_TRUE(kit::is_stopped(p.job(settings).run(execution)));
  const std::int64_t paid = p.payments();
  EXPECT_GT(paid, 0);
  EXPECT_LT(paid, 30);
  p.expect_books_agree();
  Execution next = p.claimed_again(execution);
  EXPECT_EQ(next.cursor, fmt::format("{0} paid {0} {1}", paid, p.coins()));  // no partition: to the end
  const Outcome end = p.job(settings).run(next);
  EXPECT_EQ(counted(end, "users"), 30) << "the end counts what both attempts have paid";
  EXPECT_EQ(counted(end, "coins"), p.coins());
  p.expect_paid_once_each(30);
}

// ---------------------------------------------------------------- partitions

Settings in_parts(std::int64_t partitions, std::int64_t chunk = 2) {
  Settings settings;
  settings.chunk = chunk;
  settings.partitions = partitions;
  return settings;
}

TEST(OgDailyBonus, DividesManyUsersIntoRangesOfAboutAsManyEach) {
  Platform p;
  for (int i = 1; i <= 40; ++i) p.user(i * i, 1 + i % 5, tuesday);  // ids far apart from each other
  Execution execution = p.claimed("og-daily-bonus", monday);
  const Outcome outcome = p.job(in_parts(3)).run(execution);
  const auto* divided = std::get_if<Divided>(&outcome);
  ASSERT_NE(divided, nullptr);
  EXPECT_EQ(divided->cursors, (std::vector<std::string>{"0..169", "169..676", "676"}));
  EXPECT_EQ(execution.progress->total, 40);
  EXPECT_EQ(p.payments(), 0);
}

TEST(OgDailyBonus, PaysEachUserOnceInWhicheverPartitionHeIs) {
  Platform p;
  p.crowd(45);
  Execution whole = p.claimed("og-daily-bonus", monday);
  auto parts = p.partitions(whole, p.job(in_parts(4)).run(whole));
  ASSERT_EQ(parts.size(), 4U);
  std::int64_t users = 0, planned = 0;
  for (auto part = parts.rbegin(); part != parts.rend(); ++part) {
    users += counted(p.job(in_parts(4)).run(*part), "users");
    planned += part->progress->total;
  }
  EXPECT_EQ(users, 45);
  EXPECT_EQ(planned, 45);
  p.expect_paid_once_each(45);
}

TEST(OgDailyBonus, DoesNotDivideAFewUsersNorAPartitionNorARestNorADryRun) {
  Platform p;
  p.crowd(45);
  Execution few = p.claimed("og-daily-bonus", monday);
  EXPECT_TRUE(is_done(p.job(in_parts(4, 6)).run(few)));  // a partition is worth four chunks at least
  Execution dry = p.claimed("og-daily-bonus", tuesday);
  dry.dry_run = true;
  EXPECT_TRUE(is_done(p.job(in_parts(4)).run(dry)));
  Execution rest = p.claimed("og-daily-bonus", tuesday);
  rest.cursor = "3";
  EXPECT_TRUE(is_done(p.job(in_parts(4)).run(rest)));
  Execution whole = p.claimed("og-daily-bonus", tuesday);
  auto parts = p.partitions(whole, p.job(in_parts(2)).run(whole));
  EXPECT_TRUE(is_done(p.job(in_parts(2)).run(parts.at(0))));
}

TEST(OgDailyBonus, DividesNothingWhereEverybodyWasPaidBefore) {
  Platform p;
  p.crowd(45);
  p.run(monday);
  Execution again = p.claimed("og-daily-bonus", monday);
  EXPECT_EQ(counted(p.job(in_parts(4)).run(again), "users"), 0);
  p.user(46, 1, tuesday);
  Execution with_another = p.claimed("og-daily-bonus", monday);
  EXPECT_TRUE(std::holds_alternative<Divided>(p.job(in_parts(4)).run(with_another)));
}

TEST(OgDailyBonus, PaysWhoJoinsWhileThePartitionsRun) {
  Platform p;
  p.crowd(20);
  Execution whole = p.claimed("og-daily-bonus", monday);
  auto parts = p.partitions(whole, p.job(in_parts(2)).run(whole));
  p.user(4711, 1, tuesday);
  for (Execution& part : parts) p.job(in_parts(2)).run(part);
  p.expect_paid_once_each(21);
}

TEST(OgDailyBonus, ResumesAPartitionBehindItsLastChunkAndStaysWithinIt) {
  Platform p;
  p.crowd(40);
  Execution whole = p.claimed("og-daily-bonus", monday);
  auto parts = p.partitions(whole, p.job(in_parts(2)).run(whole));
  p.dying().stop_at(20, parts[0].permit);
  EXPECT_TRUE(kit::is_stopped(p.job(in_parts(2)).run(parts[0])));
  const std::int64_t paid = p.payments();
  ASSERT_GT(paid, 0);
  ASSERT_LT(paid, 20);
  Execution next = p.claimed_again(parts[0]);
  EXPECT_EQ(next.cursor, fmt::format("{0}..20 paid {0} {1}", paid, p.coins()));
  EXPECT_EQ(counted(p.job(in_parts(2)).run(next), "users"), 20) << "the end counts what both attempts have paid";
  EXPECT_EQ(p.payments(), 20);
}

TEST(OgDailyBonus, BeginsAnewWhereACursorCannotBeRead) {
  Platform p;
  p.crowd(5);
  Execution execution = p.claimed("og-daily-bonus", monday);
  execution.cursor = "seven";
  EXPECT_EQ(counted(p.job().run(execution), "users"), 5);
}

// The earlier implementation wrote balance and audit row apart, so that a crash between them lost
// the one or the other.
class KilledAtAStep : public testing::TestWithParam<bool> {};

TEST_P(KilledAtAStep, EverybodyIsPaidOnceAndTheBooksAgree) {
  Settings settings;
  settings.chunk = 3;
  bool died = true;
  for (int step = 1; died; ++step) {
    Platform p;
    p.crowd(8);
    Execution execution = p.claimed("og-daily-bonus", monday);
    p.dying().die_at(step, GetParam());
    p.job(settings).run(execution);
    died = p.dying().died();
    p.dying().die_at(0, false);
    p.expect_books_agree();
    Execution next = p.claimed_again(execution);
    EXPECT_TRUE(is_done(p.job(settings).run(next)));
    p.expect_paid_once_each(8);
    if (HasFailure()) FAIL() << "killed at step " << step;
    ASSERT_LT(step, 200);
  }
}

INSTANTIATE_TEST_SUITE_P(OgDailyBonus, KilledAtAStep, testing::Bool(),
                         [](const auto& which) { return which.param ? "AfterIt" : "BeforeIt"; });

// A server is restarted, a session ended, a deadlock broken: an attempt is not worth so little.
TEST(OgDailyBonus, PaysEverybodyInOneGoThoughTheConnectionIsLostOnTheWay) {
  Settings settings;
  settings.chunk = 3;
  for (int step = 1, steps = step + 1; step < steps; ++step) {
    Platform p;
    p.crowd(8);
    Execution execution = p.claimed("og-daily-bonus", monday);
    p.dying().stumble_at(step);
    const Outcome outcome = p.job(settings).run(execution);
    steps = p.dying().steps();
    EXPECT_TRUE(is_done(outcome));
    EXPECT_EQ(counted(outcome, "users"), 8);
    p.expect_paid_once_each(8);
    EXPECT_EQ(execution.progress->done, 8);
    if (testing::Test::HasFailure()) FAIL() << "lost at step " << step;
  }
}

TEST(OgDailyBonusSettings, TakeAShareAsAnExactDecimal) {
  auto section = config::Section::parse("share = 0.35\nchunk = 20");
  const auto settings = read_settings(section);
  ASSERT_TRUE(settings);
  EXPECT_EQ(settings->share, (config::Decimal{35, 2}));
  EXPECT_EQ(settings->chunk, 20);
}

TEST(OgDailyBonusSettings, AreThoseOfTheRealTiersByDefault) {
  auto section = config::Section::parse("");
  const auto settings = read_settings(section);
  ASSERT_TRUE(settings);
  EXPECT_EQ(settings->share, (config::Decimal{6, 1}));
  EXPECT_EQ(settings->chunk, 5000);
}

TEST(OgDailyBonusSettings, RefuseMoreThanThePriceNothingAtATimeAndUnknownKeys) {
  for (const char* text : {"share = 1.5", "share = -0.1", "chunk = 0", "shar = 0.6"}) {
    auto section = config::Section::parse(text);
    EXPECT_FALSE(read_settings(section)) << text;
  }
}

}  // namespace
}  // namespace hotclock::og_daily_bonus
