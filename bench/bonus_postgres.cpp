// og-daily-bonus on PostgreSQL through job, chunks and fence, with one worker and with two that share its
// partitions, beside the best SQL we could write by hand: one statement a chunk, the user's row first.
// In turn, each in a process of its own, on a fresh copy, after a checkpoint.
//   bonus_postgres [--json FILE] [--users N] [--days N] [--pairs N] [--chunk N]
#include <algorithm>
#include <atomic>
#include <cstring>
#include <thread>
#include <vector>

#include "bench/duel.h"
#include "bench/postgres.h"
#include "bench/report.h"
#include "bench/work_desk.h"
#include "scheduler/zone/zone.h"
#include "service/jobs/og_daily_bonus/og_daily_bonus.h"

namespace hotclock::bench {
namespace {

constexpr Instant slot = from_millis(1'795'352'700'000);  // 2026-11-23, five past midnight in Sydney
const std::string date = "2026-11-23";

struct Size {
  std::int64_t users = 1'000'000;
  int days = 3;
  int pairs = 5;
  std::int64_t chunk = 5000;
};

// Nine users in ten hold a tier, and were paid on each of the days before.
void fill(const ServerGround& ground, const Size& size) {
  std::vector<std::string> statements{
      "INSERT INTO og_tiers (tier, name, price_coins, duration_days) VALUES (1, 'Fresh OG', 5000, 15),"
      " (2, 'Skilled OG', 7000, 25), (3, 'Elite OG', 9000, 30), (4, 'Crown OG', 15000, 60),"
      " (5, 'Immortal OG', 45000, 180)",
      fmt::format("INSERT INTO users (id, username, og_level, og_expires_at, coin_balance, bonus_balance, kyc_status,"
                  " phone_verified, country, followers, created_at, last_bonus_date)"
                  " SELECT i, 'viewer_' || i, CASE WHEN i % 10 = 0 THEN 0 ELSE 1 + i % 5 END, '{}', i % 5000,"
                  " CASE WHEN i % 10 = 0 THEN 0 ELSE 100 * {} END, 'verified', 1, 'NP', i % 1000, '2025-01-01',"
                  " CASE WHEN i % 10 = 0 THEN NULL ELSE '2026-11-22' END FROM generate_series(1, {}) AS i",
                  to_string(slot + std::chrono::days{1}), size.days, size.users)};
  for (int day = size.days - 1; day >= 0; --day)
    statements.push_back(
        fmt::format("INSERT INTO transactions (user_id, type, amount, currency, status, description, bonus_date,"
                    " execution_id, metadata, created_at) SELECT id, 'og_bonus', 100, 'bonus', 'completed',"
                    " 'OG daily bonus', '2026-11-{}', '0193a4f2-5b7c-7c3e-9a61-3f0e1d2c4b5a',"
                    " '{{\"tier\":' || og_level || '}}', '2026-11-01' FROM users WHERE og_level > 0",
                    22 - day));
  ground.keep_base(statements);
}

Cost hand_run(const std::string& url, const Size& size, const std::string& execution) {
  Hand hand(url);
  // Tier prices and days do not change within a day: the amounts are worked out beforehand.
  const std::string amount = "CASE og_level WHEN 1 THEN 200 WHEN 2 THEN 168 WHEN 3 THEN 180 ELSE 150 END";
  hand.prepare("pay", "WITH paid AS (UPDATE users SET bonus_balance = bonus_balance + " + amount +
                          ", last_bonus_date = $3 WHERE id > $1::bigint AND id <= $2::bigint AND og_level > 0"
                          " AND og_expires_at > $5::timestamptz AND is_banned = 0"
                          " AND (last_bonus_date IS NULL OR last_bonus_date < $3)"
                          " RETURNING id, og_level, bonus_balance, " + amount + " AS amount),"
                          " audited AS (INSERT INTO transactions (user_id, type, amount, currency, status,"
                          " description, bonus_date, execution_id, metadata, created_at)"
                          " SELECT id, 'og_bonus', amount, 'bonus', 'completed', 'OG daily bonus', $3, $4,"
                          " '{\"tier\":' || og_level || '}', $5::timestamptz FROM paid),"
                          " told AS (INSERT INTO outbox (created_at, event, rooms, payload, execution_id)"
                          " SELECT $5::timestamptz, 'og:bonus', 'user:' || id, '{\"userId\":\"' || id ||"
                          " '\",\"amount\":' || amount || ',\"tier\":' || og_level || ',\"date\":\"' || $3 ||"
                          " '\",\"bonusBalance\":' || bonus_balance || '}', $4 FROM paid)"
                          " SELECT count(*) FROM paid");
  Meter meter;
  meter.start();
  std::int64_t paid = 0;
  for (std::int64_t after = 0; after < size.users; after += size.chunk) {
    const std::vector<std::string> values = {std::to_string(after), std::to_string(after + size.chunk), date,
                                             execution, to_string(slot)};
    paid += std::stoll(hand.run_prepared("pay", values));
  }
  return meter.read(paid);
}

og_daily_bonus::OgDailyBonus job(WorkDesk& desk, const Size& size, std::int64_t partitions) {
  og_daily_bonus::Settings settings;
  settings.chunk = size.chunk;
  settings.partitions = partitions;
  return {desk.desk(), must(load_zone("Australia/Sydney")), settings};
}

Cost one_worker(const std::string& url, const Size& size) {
  WorkDesk desk(url, {.connections = 4});
  auto bonus = job(desk, size, 1);
  Execution execution = desk.claimed("og-daily-bonus", slot);
  Meter meter;
  meter.start();
  return meter.read(desk.run(bonus, execution));
}

Cost two_workers(const std::string& url, const Size& size) {
  WorkDesk desk(url, {.connections = 4});
  auto bonus = job(desk, size, 8);
  Execution whole = desk.claimed("og-daily-bonus", slot);
  Meter meter;
  meter.start();
  const Outcome outcome = bonus.run(whole);
  if (!std::holds_alternative<Divided>(outcome)) fail("it was not divided");
  auto partitions = desk.partitions(whole, std::get<Divided>(outcome));
  std::atomic<std::size_t> next = 0;
  std::atomic<std::int64_t> paid = 0;
  const auto work = [&] {
    for (std::size_t i = next++; i < partitions.size(); i = next++) paid += desk.run(bonus, partitions[i]);
  };
  std::thread other(work);
  work();
  other.join();
  return meter.read(paid);
}

// Stops it halfway and lets it go on from its cursor, which counts both parts together; the note is how long
// after the request it had stopped, in milliseconds.
Cost stopped_and_resumed(const std::string& url, const Size& size) {
  using Steady = std::chrono::steady_clock;
  WorkDesk desk(url, {.connections = 4});
  auto bonus = job(desk, size, 1);
  Execution execution = desk.claimed("og-daily-bonus", slot);
  Steady::time_point ended;
  Outcome outcome;
  std::thread worker([&] {
    outcome = bonus.run(execution);
    ended = Steady::now();
  });
  while (execution.progress->done < size.users / 2) std::this_thread::yield();
  const Steady::time_point asked = Steady::now();
  execution.permit->request_stop(StopReason::cancelled);
  worker.join();
  if (!std::holds_alternative<Stopped>(outcome)) fail("it was not stopped");

  Execution rest = desk.claimed("og-daily-bonus", slot);
  rest.cursor = execution.cursor;
  Meter meter;
  meter.start();
  Cost cost = meter.read(desk.run(bonus, rest));
  cost.note = std::chrono::duration<double, std::milli>(ended - asked).count();
  return cost;
}

// For every user the balance is the sum of the audit rows, and each was paid and told once.
void check(const std::string& url, std::int64_t paid, const Size& size) {
  Hand hand(url);
  const auto eligible = static_cast<double>(size.users - size.users / 10);
  const std::string audited = " FROM transactions WHERE bonus_date = '" + date + "'";
  if (static_cast<double>(paid) != eligible || hand.number("SELECT count(*) FROM outbox") != eligible ||
      hand.number("SELECT count(DISTINCT user_id)" + audited) != eligible ||
      hand.number("SELECT count(*)" + audited) != eligible)
    fail("not everybody was paid and told once");
  if (hand.number("SELECT count(*) FROM users AS u LEFT JOIN (SELECT user_id, sum(amount) AS coins FROM transactions"
                  " GROUP BY user_id) AS t ON t.user_id = u.id WHERE u.bonus_balance <> coalesce(t.coins, 0)") != 0)
    fail("balances and audit rows differ");
}

// What runs of one kind cost.
struct Series {
  std::vector<double> rate, cpu, client_cpu, wal, growth;
  double rss = 0;
};

double ratio(const std::vector<double>& ours, const std::vector<double>& others) {
  std::vector<double> ratios;
  for (std::size_t i = 0; i < ours.size(); ++i) ratios.push_back(ours[i] / others[i]);
  return median(ratios);
}

class Comparison {
 public:
  explicit Comparison(const Size& size) : size_(size) { fill(ground_, size_); }

  void run() {
    for (int pair = 0; pair < size_.pairs; ++pair) {
      one(hand_, [&] { return hand_run(ground_.copy(), size_, "0193a4f2-5b7c-7c3e-9a61-3f0e1d2c4b5c"); });
      again(again_by_hand_,
            [&] { return hand_run(ground_.copy(), size_, "0193a4f2-5b7c-7c3e-9a61-3f0e1d2c4b5d"); });
      one(ours_, [&] { return one_worker(ground_.copy(), size_); });
      again(again_, [&] { return one_worker(ground_.copy(), size_); });
      one(two_, [&] { return two_workers(ground_.copy(), size_); });
      fmt::print("  pair {}: by hand {:.0f}/s, hotclock {:.0f}/s, two workers {:.0f}/s\n", pair + 1,
                 hand_.rate.back(), ours_.rate.back(), two_.rate.back());
      std::fflush(stdout);
    }
    for (int i = 0; i < size_.pairs; ++i) stop();
  }

  void print(const std::string& json) const {
    Report report(fmt::format("og-daily-bonus on PostgreSQL, {} users, {} days of history, chunks of {}, {} pairs",
                              size_.users, size_.days, size_.chunk, size_.pairs));
    report.add("by hand", median(hand_.rate), "users/s");
    report.add("hotclock, one worker", median(ours_.rate), "users/s");
    report.add("hotclock, two workers", median(two_.rate), "users/s");
    report.at_least("one worker / by hand, median of pairs", ratio(ours_.rate, hand_.rate), "", 0.85);
    report.at_least("two workers / by hand with one, median of pairs", ratio(two_.rate, hand_.rate), "", 1.1);
    report.at_least("two workers / one worker, median of pairs", ratio(two_.rate, ours_.rate), "", 1.15);
    report.add("CPU of both sides, by hand", median(hand_.cpu), "s per M");
    report.add("CPU of both sides, one worker", median(ours_.cpu), "s per M");
    report.add("CPU of the client, one worker", median(ours_.client_cpu), "s per M");
    report.at_most("CPU of both sides / by hand, median of pairs", ratio(ours_.cpu, hand_.cpu), "", 1.25);
    report.add("WAL, by hand", median(hand_.wal), "B per user");
    report.at_most("WAL", median(ours_.wal), "B per user", 850);
    report.add("database growth, by hand", median(hand_.growth), "B per user");
    report.at_most("database growth", median(ours_.growth), "B per user", 350);
    report.add("a second run the same day, by hand", median(again_by_hand_), "CPU s per M");
    report.add("a second run the same day", median(again_), "CPU s per M");
    report.at_most("a second run / by hand, median of pairs", ratio(again_, again_by_hand_), "", 2);
    report.at_most("memory, one worker", ours_.rss, "MiB", 100);
    report.at_most("memory, two workers", two_.rss, "MiB", 100);
    report.at_most("from a stop request to the end, longest", *std::ranges::max_element(stops_), "ms", 250);
    report.print(json);
  }

 private:
  void one(Series& series, const std::function<Cost()>& work) {
    ground_.fresh();
    const double wal = ground_.wal_bytes(), bytes = ground_.copy_bytes(), cpu = ground_.cpu_seconds();
    const Cost cost = in_child(work);
    const auto rows = static_cast<double>(cost.count);
    series.cpu.push_back((cost.cpu + ground_.cpu_seconds() - cpu) / rows * 1e6);
    series.client_cpu.push_back(cost.cpu / rows * 1e6);
    series.wal.push_back((ground_.wal_bytes() - wal) / rows);
    series.growth.push_back((ground_.copy_bytes() - bytes) / rows);
    series.rate.push_back(rows / cost.seconds);
    series.rss = std::max(series.rss, cost.rss_mib);
    check(ground_.copy(), cost.count, size_);
  }
  // Pays nobody; CPU seconds of both sides per million users looked at.
  void again(std::vector<double>& series, const std::function<Cost()>& work) const {
    const double before = ground_.cpu_seconds();
    const Cost cost = in_child(work);
    if (cost.count != 0) fail("a second run paid somebody");
    series.push_back((cost.cpu + ground_.cpu_seconds() - before) / static_cast<double>(size_.users) * 1e6);
  }
  void stop() {
    ground_.fresh();
    const Cost cost = in_child([&] { return stopped_and_resumed(ground_.copy(), size_); });
    check(ground_.copy(), cost.count, size_);
    stops_.push_back(cost.note);
  }

  const Size size_;
  const ServerGround ground_;
  Series hand_, ours_, two_;
  std::vector<double> again_by_hand_, again_, stops_;
};

int benchmark(int argc, char** argv) {
  std::string json;
  Size size;
  for (int i = 1; i + 1 < argc; i += 2) {
    if (std::strcmp(argv[i], "--json") == 0) json = argv[i + 1];
    if (std::strcmp(argv[i], "--users") == 0) size.users = std::atoll(argv[i + 1]);
    if (std::strcmp(argv[i], "--days") == 0) size.days = std::atoi(argv[i + 1]);
    if (std::strcmp(argv[i], "--pairs") == 0) size.pairs = std::atoi(argv[i + 1]);
    if (std::strcmp(argv[i], "--chunk") == 0) size.chunk = std::atoll(argv[i + 1]);
  }
  Comparison comparison(size);
  comparison.run();
  comparison.print(json);
  return 0;
}

}  // namespace
}  // namespace hotclock::bench

int main(int argc, char** argv) { return hotclock::bench::benchmark(argc, argv); }
