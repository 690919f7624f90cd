// og-daily-bonus over a million users through job, chunks and fence, beside the same work written by
// hand in SQL on the same tables: audit row, balance and event for each user, in transactions of the
// same size, fully synchronous. In turn, each in a process of its own, on a fresh copy each time.
//   bonus [--json FILE] [--users N] [--days N] [--pairs N] [--chunk N] [--cache-mib N]
// `--days` of earlier bonuses let the unique index meet a table that has grown.
#include <algorithm>
#include <atomic>
#include <cstring>
#include <thread>
#include <vector>

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
  int cache_mib = 64;
};

// Nine users in ten hold a tier.
void fill(const std::string& file, const Size& size) {
  make_database(file);
  Plain plain(file, 256);
  plain.run("PRAGMA synchronous=OFF; BEGIN;"
            "INSERT INTO og_tiers (tier, name, price_coins, duration_days) VALUES"
            " (1, 'Fresh OG', 5000, 15), (2, 'Skilled OG', 7000, 25), (3, 'Elite OG', 9000, 30),"
            " (4, 'Crown OG', 15000, 60), (5, 'Immortal OG', 45000, 180)");
  plain.run(fmt::format(
      "WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < {})"
      " INSERT INTO users (id, username, og_level, og_expires_at, coin_balance, bonus_balance,"
      " kyc_status, phone_verified, country, followers, created_at)"
      " SELECT i, 'viewer_' || i, CASE WHEN i % 10 = 0 THEN 0 ELSE 1 + i % 5 END, {},"
      " i % 5000, CASE WHEN i % 10 = 0 THEN 0 ELSE 100 * {} END, 'verified', 1, 'NP', i % 1000,"
      " 1700000000000 FROM n",
      size.users, to_millis(slot) + 86'400'000, size.days));
  for (int day = 0; day < size.days; ++day)
    plain.run(fmt::format(
        "INSERT INTO transactions (user_id, type, amount, currency, status, description, bonus_date,"
        " execution_id, metadata, created_at)"
        " SELECT id, 'og_bonus', 100, 'bonus', 'completed', 'OG daily bonus', '2026-11-{}',"
        " '0193a4f2-5b7c-7c3e-9a61-3f0e1d2c4b5a', '{{\"tier\":' || og_level || '}}', 1790000000000"
        " FROM users WHERE og_level > 0",
        20 + day));
  plain.run("COMMIT");
  plain.settle();
}

// The work by hand.
class ByHand {
 public:
  ByHand(const std::string& file, const Size& size) : plain_(file, size.cache_mib), size_(size) {
    // Tier prices and days do not change within a day: the amounts are worked out beforehand.
    const std::string amount =
        "CASE og_level WHEN 1 THEN 200 WHEN 2 THEN 168 WHEN 3 THEN 180 ELSE 150 END";
    const std::string due = " WHERE id > ?1 AND id <= ?2 AND og_level > 0 AND og_expires_at > ?6"
                            " AND is_banned = 0";
    audit_ = plain_.prepare(
        "INSERT INTO transactions (user_id, type, amount, currency, status, description, bonus_date,"
        " execution_id, metadata, created_at)"
        " SELECT id, 'og_bonus', " + amount + ", 'bonus', 'completed', 'OG daily bonus', ?3, ?4,"
        " '{\"tier\":' || og_level || '}', ?5 FROM users" + due + " ON CONFLICT DO NOTHING");
    pay_ = plain_.prepare("UPDATE users SET bonus_balance = bonus_balance + " + amount +
                          ", last_bonus_date = ?3" + due);
    tell_ = plain_.prepare(
        "INSERT INTO outbox (created_at, event, rooms, payload, execution_id)"
        " SELECT ?5, 'og:bonus', 'user:' || id, '{\"userId\":\"' || id || '\",\"amount\":' || " +
        amount + " || ',\"tier\":' || og_level || ',\"date\":\"' || ?3 ||"
        " '\",\"bonusBalance\":' || bonus_balance || '}', ?4 FROM users" + due);
  }

  std::int64_t run(const std::string& execution) {
    std::int64_t paid = 0;
    for (std::int64_t after = 0; after < size_.users; after += size_.chunk) {
      const std::int64_t until = after + size_.chunk;
      plain_.run("BEGIN IMMEDIATE");
      const std::int64_t now = to_millis(slot);
      const auto entered = bench::run(plain_, audit_, after, until, date, execution, now, now);
      if (entered > 0) {
        bench::run(plain_, pay_, after, until, date, execution, now, now);
        bench::run(plain_, tell_, after, until, date, execution, now, now);
      }
      plain_.run("COMMIT");
      paid += entered;
    }
    return paid;
  }
  ~ByHand() {
    for (sqlite3_stmt* s : {audit_, pay_, tell_}) sqlite3_finalize(s);
  }

 private:
  Plain plain_;
  const Size size_;
  sqlite3_stmt* audit_;
  sqlite3_stmt* pay_;
  sqlite3_stmt* tell_;
};

og_daily_bonus::OgDailyBonus job(WorkDesk& desk, const Size& size) {
  og_daily_bonus::Settings settings;
  settings.chunk = size.chunk;
  return {desk.desk(), must(load_zone("Australia/Sydney")), settings};
}

Cost hotclock_run(const std::string& file, const Size& size) {
  WorkDesk desk(file, size.cache_mib);
  auto bonus = job(desk, size);
  Execution execution = desk.claimed("og-daily-bonus", slot);
  Meter meter;
  meter.start();
  return meter.read(desk.run(bonus, execution));
}

Cost hand_run(const std::string& file, const Size& size, const std::string& execution) {
  ByHand hand(file, size);
  Meter meter;
  meter.start();
  return meter.read(hand.run(execution));
}

// Asked to stop in the middle: `note` is the time until run() returned, in milliseconds.
Cost stopped_run(const std::string& file, const Size& size) {
  WorkDesk desk(file, size.cache_mib);
  auto bonus = job(desk, size);
  Execution execution = desk.claimed("og-daily-bonus", slot);
  std::atomic<double> asked_at = 0;
  const auto seconds = [] {
    return std::chrono::duration<double>(std::chrono::steady_clock::now().time_since_epoch()).count();
  };
  std::thread person([&] {
    while (execution.progress->done < size.users / 3) std::this_thread::yield();
    asked_at = seconds();
    execution.permit->request_stop(StopReason::cancelled);
  });
  const Outcome outcome = bonus.run(execution);
  Cost cost;
  cost.note = 1000 * (seconds() - asked_at);
  person.join();
  if (!std::holds_alternative<Stopped>(outcome)) fail("it did not stop when asked");
  return cost;
}

// For every user the balance is the sum of the audit rows, and each was paid and told once.
void check(const std::string& file, std::int64_t paid, const Size& size) {
  Plain plain(file, 256);
  const std::int64_t eligible = size.users - size.users / 10;
  if (paid != eligible || plain.number("SELECT count(*) FROM outbox") != eligible ||
      plain.number("SELECT count(*) FROM transactions WHERE bonus_date = '" + date + "'") != eligible)
    fail("not everybody was paid and told once");
  if (plain.number("SELECT sum(bonus_balance) FROM users") !=
      plain.number("SELECT sum(amount) FROM transactions"))
    fail("balances and audit rows differ");
}

double median(std::vector<double> values) { return percentile(values, 0.5); }

struct Series {
  std::vector<double> rate, cpu, rss, bytes, growth;

  void add(const Cost& cost, std::uintmax_t grown) {
    const auto rows = static_cast<double>(cost.count);
    rate.push_back(rows / cost.seconds);
    cpu.push_back(cost.cpu / rows * 1e6);
    rss.push_back(cost.rss_mib);
    bytes.push_back(cost.mib_written * (1 << 20) / rows);
    growth.push_back(static_cast<double>(grown) / rows);
  }
};

class Comparison {
 public:
  explicit Comparison(const Size& size) : size_(size) { fill(base(), size_); }

  void run() {
    for (int pair = 0; pair < size_.pairs; ++pair) {
      one(hand_, [&] { return hand_run(copy(), size_, "0193a4f2-5b7c-7c3e-9a61-3f0e1d2c4b5c"); });
      rerun_hand_.push_back(again([&] { return hand_run(copy(), size_, "0193a4f2-5b7c-7c3e-9a61-3f0e1d2c4b5d"); }));
      one(ours_, [&] { return hotclock_run(copy(), size_); });
      rerun_ours_.push_back(again([&] { return hotclock_run(copy(), size_); }));
      ratio_.push_back(ours_.rate.back() / hand_.rate.back());
      cpu_ratio_.push_back(ours_.cpu.back() / hand_.cpu.back());
      fresh();
      stop_ms_.push_back(in_child([&] { return stopped_run(copy(), size_); }).note);
      fmt::print("  pair {}: by hand {:.0f}/s, hotclock {:.0f}/s\n", pair + 1, hand_.rate.back(),
                 ours_.rate.back());
    }
  }

  void print(const std::string& json) {
    Report report(fmt::format("og-daily-bonus, {} users, {} days of history, chunks of {}",
                              size_.users, size_.days, size_.chunk));
    report.add("by hand", median(hand_.rate), "users/s");
    report.add("by hand, CPU", median(hand_.cpu), "s per M");
    report.add("hotclock", median(ours_.rate), "users/s");
    report.add("hotclock, CPU", median(ours_.cpu), "s per M");
    report.at_least("hotclock / by hand, median of pairs", median(ratio_), "", 0.85);
    report.at_most("CPU of hotclock / by hand, median of pairs", median(cpu_ratio_), "", 1.25);
    report.at_most("memory, largest", *std::ranges::max_element(ours_.rss), "MiB", 100);
    report.add("memory by hand, largest", *std::ranges::max_element(hand_.rss), "MiB");
    report.add("written, by hand", median(hand_.bytes), "B per user");
    report.at_most("written", median(ours_.bytes), "B per user",
                   std::max(750.0, 1.05 * median(hand_.bytes)));
    report.add("database growth", median(ours_.growth), "B per user");
    report.at_most("time to stop when asked, longest", *std::ranges::max_element(stop_ms_), "ms", 250);
    report.add("a second run the same day, by hand", median(rerun_hand_), "CPU s per M");
    report.at_most("a second run the same day", median(rerun_ours_), "CPU s per M",
                   2 * median(rerun_hand_));
    report.print(json);
  }

 private:
  std::string base() const { return scratch_.path + "/base.db"; }
  std::string copy() const { return scratch_.path + "/copy.db"; }

  void fresh() {
    for (const char* end : {"", "-wal", "-shm"}) std::filesystem::remove(copy() + end);
    std::filesystem::copy_file(base(), copy());
    sync();  // the copy's own pages must not reach the disk on somebody else's time
  }
  void one(Series& series, const std::function<Cost()>& work) {
    fresh();
    const Cost cost = in_child(work);
    check(copy(), cost.count, size_);
    Plain(copy()).settle();
    series.add(cost, std::filesystem::file_size(copy()) - std::filesystem::file_size(base()));
  }
  // Pays nobody; CPU seconds per million users looked at.
  double again(const std::function<Cost()>& work) {
    const Cost cost = in_child(work);
    if (cost.count != 0) fail("a second run paid somebody");
    return cost.cpu / static_cast<double>(size_.users) * 1e6;
  }

  const Size size_;
  Scratch scratch_;
  Series hand_, ours_;
  std::vector<double> ratio_, cpu_ratio_, rerun_hand_, rerun_ours_, stop_ms_;
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
    if (std::strcmp(argv[i], "--cache-mib") == 0) size.cache_mib = std::atoi(argv[i + 1]);
  }
  Comparison comparison(size);
  comparison.run();
  comparison.print(json);
  return 0;
}

}  // namespace
}  // namespace hotclock::bench

int main(int argc, char** argv) { return hotclock::bench::benchmark(argc, argv); }
