// Thrones, ranking and trust through job, chunks and fence, each beside the same work written by hand
// in SQL or with bare SQLite on the same tables. In turn, each in a process of its own, on a fresh
// copy each time.
//   jobs [--json FILE] [--pairs N] [--thrones N] [--streams N] [--users N] [--events-each N]
// A tenth of the thrones are due; every stream is live; the incremental trust run has an event of each
// tenth user.
#include <cstring>
#include <vector>

#include "bench/duel.h"
#include "bench/ranking_by_hand.h"
#include "bench/report.h"
#include "bench/work_desk.h"
#include "service/jobs/stream_ranking/stream_ranking.h"
#include "service/jobs/throne_expiry/throne_expiry.h"
#include "service/jobs/trust_score/trust_score.h"

namespace hotclock::bench {
namespace {

constexpr Instant slot = from_millis(20'780LL * 86'400'000 + 43'200'000);
constexpr int cache_mib = 64;

struct Size {
  int pairs = 5;
  std::int64_t thrones = 1'000'000;
  std::int64_t streams = 100'000;
  std::int64_t users = 1'000'000;
  std::int64_t events_each = 10;
};

// A database and the copies that are worked on.
class Ground {
 public:
  std::string base() const { return scratch_.path + "/base.db"; }
  std::string copy() const { return scratch_.path + "/copy.db"; }
  void keep_base(const std::string& sql) {
    make_database(base());
    Plain plain(base(), 256);
    plain.run("PRAGMA synchronous=OFF; BEGIN;" + sql + "; COMMIT");
    plain.settle();
  }
  // The state that `work` leaves becomes the base.
  void advance(const std::function<Cost()>& work) {
    fresh();
    in_child(work);
    { Plain(copy()).settle(); }
    std::filesystem::rename(copy(), base());
    for (const char* end : {"-wal", "-shm"}) std::filesystem::remove(copy() + end);
  }
  void fresh() const {
    for (const char* end : {"", "-wal", "-shm"}) std::filesystem::remove(copy() + end);
    std::filesystem::copy_file(base(), copy());
    sync();
  }

 private:
  Scratch scratch_;
};

std::string numbers(std::int64_t count) {
  return fmt::format("WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < {})",
                     count);
}

template <class Make>
Cost by_job(const std::string& file, const char* name, Make make) {
  WorkDesk desk(file, cache_mib);
  auto job = make(desk.desk());
  Execution execution = desk.claimed(name, slot);
  Meter meter;
  meter.start();
  return meter.read(desk.run(job, execution));
}

// ---- thrones ----

void fill_thrones(Ground& ground, const Size& size) {
  ground.keep_base(numbers(size.thrones) +
                   fmt::format(" INSERT INTO thrones (stream_id, user_id, username, total_coins,"
                               " claimed_at, expires_at) SELECT i % 5000, i, 'viewer_' || i, i % 9000,"
                               " 0, {} + (i % 10) * 60000 - 1 FROM n",
                               to_millis(slot)));
}

Cost thrones_by_hand(const std::string& file) {
  Plain plain(file, cache_mib);
  Meter meter;
  meter.start();
  const std::string due = fmt::format("is_active = 1 AND expires_at <= {}", to_millis(slot));
  plain.run("BEGIN IMMEDIATE;"
            "INSERT INTO outbox (created_at, event, rooms, payload, execution_id)"
            " SELECT 0, 'throne:expired', 'stream:' || stream_id || ' throne:' || stream_id,"
            " json_object('throneId', '' || id, 'streamId', '' || stream_id, 'userId', '' || user_id,"
            " 'username', username, 'totalCoins', total_coins, 'expiredAt', '2026-11-23T12:00:00Z'),"
            " '0193a4f2-5b7c-7c3e-9a61-3f0e1d2c4b5a' FROM thrones WHERE " +
            due + ";UPDATE thrones SET is_active = 0 WHERE " + due);
  const auto fallen = sqlite3_changes64(plain.db());
  plain.run("COMMIT");
  return meter.read(fallen);
}

throne_expiry::ThroneExpiry throne_job(work::Desk& desk) { return {desk, {}}; }

// Microseconds of asking when the next throne falls, among all that stand.
Cost poll_by_hand(const std::string& file) {
  Plain plain(file, cache_mib);
  sqlite3_stmt* s = plain.prepare("SELECT min(expires_at) FROM thrones WHERE is_active = 1");
  Meter meter;
  meter.start();
  constexpr int rounds = 20'000;
  for (int i = 0; i < rounds; ++i) {
    sqlite3_step(s);
    sqlite3_reset(s);
  }
  const Cost cost = meter.read(0);
  sqlite3_finalize(s);
  return cost;
}
Cost poll_by_job(const std::string& file) {
  WorkDesk desk(file, cache_mib);
  auto job = throne_job(desk.desk());
  Meter meter;
  meter.start();
  constexpr int rounds = 20'000;
  for (int i = 0; i < rounds; ++i) (void)must(job.next_wake(slot));
  return meter.read(0);
}

void thrones(const Size& size, Report& report) {
  Ground ground;
  fill_thrones(ground, size);
  Duel expiry(size.pairs), poll(size.pairs);
  expiry.run([&] { ground.fresh(); }, [&] { return thrones_by_hand(ground.copy()); },
             [&] { return by_job(ground.copy(), "throne-expiry", throne_job); });
  expiry.print(report, "thrones, a tenth due", 1 / 0.85);
  ground.fresh();
  poll.run([] {}, [&] { return poll_by_hand(ground.copy()); },
           [&] { return poll_by_job(ground.copy()); });
  poll.print(report, "20,000 idle polls for the next throne", 2);
}

// ---- ranking ----

void fill_streams(Ground& ground, const Size& size) {
  ground.keep_base(
      numbers(size.streams) +
      " INSERT INTO streams (host_id, title, status, category, country, started_at,"
      " current_viewers, total_coins, engagement_rate) SELECT i, 'stream', 'live', 'cat' || (i % 12),"
      " char(65 + i % 20, 65 + i % 13), i, (i * 7919) % 100003, (i * 104729) % 1000003,"
      " (i % 1000) / 10.0 FROM n");
}

std::vector<RankedRow> read_rows(Plain& plain) {
  std::vector<RankedRow> rows;
  sqlite3_stmt* s = plain.prepare(
      "SELECT s.id, current_viewers, total_coins, engagement_rate, category, country, started_at,"
      " engagement_score, rank_overall, rank_in_category, rank_in_country FROM streams s"
      " LEFT JOIN stream_ranks r ON r.stream_id = s.id WHERE status = 'live'");
  const auto text = [&](int c) {
    return reinterpret_cast<const char*>(sqlite3_column_text(s, c));
  };
  while (sqlite3_step(s) == SQLITE_ROW)
    rows.push_back({sqlite3_column_int64(s, 0), sqlite3_column_int64(s, 1),
                    sqlite3_column_int64(s, 2), sqlite3_column_int64(s, 6),
                    sqlite3_column_double(s, 3), 0, text(4), text(5), {},
                    {sqlite3_column_int64(s, 8), sqlite3_column_int64(s, 9),
                     sqlite3_column_int64(s, 10)},
                    sqlite3_column_double(s, 7)});
  sqlite3_finalize(s);
  return rows;
}

Cost ranking_by_hand(const std::string& file) {
  Plain plain(file, cache_mib);
  sqlite3_stmt* put = plain.prepare(
      "INSERT INTO stream_ranks VALUES (?1, ?2, ?3, ?4, ?5, NULL, 0) ON CONFLICT (stream_id) DO UPDATE"
      " SET engagement_score = excluded.engagement_score, rank_overall = excluded.rank_overall,"
      " rank_in_category = excluded.rank_in_category, rank_in_country = excluded.rank_in_country");
  Meter meter;
  meter.start();
  std::vector<RankedRow> rows = read_rows(plain);
  rank_rows(rows);
  plain.run("BEGIN IMMEDIATE");
  for (const RankedRow& r : rows)
    if (r.changed())
      bench::run(plain, put, r.id, r.score, r.ranks[0], r.ranks[1], r.ranks[2]);
  plain.run("COMMIT");
  const Cost cost = meter.read(static_cast<std::int64_t>(rows.size()));
  sqlite3_finalize(put);
  return cost;
}

Cost ranking_in_sql(const std::string& file) {
  Plain plain(file, cache_mib);
  Meter meter;
  meter.start();
  plain.run(
      "BEGIN IMMEDIATE; INSERT INTO stream_ranks SELECT id, score, row_number() OVER (ORDER BY score"
      " DESC, current_viewers DESC, started_at, id), row_number() OVER (PARTITION BY category ORDER BY"
      " score DESC, current_viewers DESC, started_at, id), row_number() OVER (PARTITION BY country"
      " ORDER BY score DESC, current_viewers DESC, started_at, id), NULL, 0 FROM (SELECT s.*, 100 *"
      " (0.3 * current_viewers / v + 0.4 * total_coins / c + 0.3 * engagement_rate / 100) AS score"
      " FROM streams s, (SELECT max(current_viewers) v, max(total_coins) c FROM streams WHERE status ="
      " 'live') WHERE status = 'live') WHERE true ON CONFLICT (stream_id) DO UPDATE SET"
      " engagement_score = excluded.engagement_score, rank_overall = excluded.rank_overall,"
      " rank_in_category = excluded.rank_in_category, rank_in_country = excluded.rank_in_country;"
      " COMMIT");
  return meter.read(plain.number("SELECT count(*) FROM stream_ranks"));
}

stream_ranking::StreamRanking ranking_job(work::Desk& desk) { return {desk, {}}; }

void ranking(const Size& size, Report& report) {
  Ground ground;
  fill_streams(ground, size);
  const auto fresh = [&] { ground.fresh(); };
  const auto by_hand = [&] { return ranking_by_hand(ground.copy()); };
  const auto in_sql = [&] { return ranking_in_sql(ground.copy()); };
  const auto ours = [&] { return by_job(ground.copy(), "stream-ranking", ranking_job); };
  Duel first(size.pairs), against_sql(size.pairs), again(size.pairs), again_sql(size.pairs);
  first.run(fresh, by_hand, ours);
  against_sql.run(fresh, in_sql, ours);
  ground.advance(ours);
  again.run(fresh, by_hand, ours);
  again_sql.run(fresh, in_sql, ours);
  first.print(report, "ranking, first", 1.3);
  against_sql.print(report, "ranking, first, against one statement", 1 / 1.5);
  again.print(report, "ranking, nothing changed", 1.3);
  again_sql.print(report, "ranking, nothing changed, against one statement", 1 / 3.0);
}

// ---- trust ----

void fill_events(Ground& ground, const Size& size) {
  ground.keep_base(
      numbers(size.users) +
      " INSERT INTO users (id, username, country, created_at) SELECT i, 'viewer_' || i, 'NP',"
      " 1700000000000 FROM n;" +
      numbers(size.users * size.events_each) +
      fmt::format(" INSERT INTO reputation_events (user_id, type, delta, created_at) SELECT"
                  " 1 + (i * 7919) % {}, 'helpful', (i * 31) % 101 - 20, 1790000000000 FROM n",
                  size.users));
}

// A chunk of users after ?1 up to ?2, or those with events after ?1 up to ?2. Only rows that differ
// are written, with all their factors.
std::string trust_statement(const std::string& sums, const std::string& sum) {
  return fmt::format(
      "INSERT INTO user_trust SELECT id, score, CASE WHEN score >= 80 THEN 'verified' WHEN score >= 60"
      " THEN 'high' WHEN score >= 30 THEN 'medium' ELSE 'low' END, factors, total, ?3, {0} FROM"
      " (SELECT u.id, total, min(100.0, max(0.0, total / 10.0)) AS score,"
      " '{{\"kycVerified\":' || iif(kyc_status = 'verified', 'true', 'false') || ',\"phoneVerified\":'"
      " || iif(phone_verified, 'true', 'false') || ',\"emailVerified\":' || iif(email_verified, 'true',"
      " 'false') || ',\"socialConnected\":' || iif(social_connected, 'true', 'false') ||"
      " ',\"activeDays\":' || (({0} - created_at) / 86400000) || ',\"streamsHosted\":' || (SELECT"
      " count(*) FROM streams WHERE host_id = u.id) || ',\"giftsSent\":' || (SELECT count(*) FROM"
      " transactions WHERE user_id = u.id AND type = 'gift_sent') || ',\"reportsReceived\":' || (SELECT"
      " count(*) FROM reputation_events WHERE user_id = u.id AND type = 'report_received') || '}}' AS"
      " factors FROM ({1}) AS e JOIN users u ON u.id = e.user_id) WHERE true"
      " ON CONFLICT (user_id) DO UPDATE SET score = excluded.score, level = excluded.level, factors ="
      " excluded.factors, running_sum = excluded.running_sum, watermark = excluded.watermark,"
      " summed_at = excluded.summed_at WHERE user_trust.running_sum <> excluded.running_sum OR"
      " user_trust.factors <> excluded.factors",
      to_millis(slot), fmt::format(fmt::runtime(sums), sum));
}

Cost trust_by_hand(const std::string& file, const std::string& sums, std::int64_t from,
                   std::int64_t to) {
  Plain plain(file, cache_mib);
  sqlite3_stmt* s = plain.prepare(trust_statement(sums, "0"));
  const auto newest = plain.number("SELECT max(id) FROM reputation_events");
  Meter meter;
  meter.start();
  constexpr std::int64_t step = 10'000;
  for (std::int64_t after = from; after < to; after += step) {
    plain.run("BEGIN IMMEDIATE");
    bench::run(plain, s, after, std::min(to, after + step), newest);
    plain.run("COMMIT");
  }
  const Cost cost = meter.read(to - from);
  sqlite3_finalize(s);
  return cost;
}

const std::string everyone =
    "SELECT id AS user_id, coalesce((SELECT sum(delta) FROM reputation_events r WHERE r.user_id ="
    " users.id AND r.id <= ?3), {}) AS total FROM users WHERE id > ?1 AND id <= ?2";
const std::string touched =
    "SELECT e.user_id, added + coalesce(t.running_sum, {}) AS total FROM (SELECT user_id, sum(delta) AS"
    " added FROM reputation_events WHERE id > ?1 AND id <= ?2 GROUP BY user_id) e LEFT JOIN user_trust"
    " t ON t.user_id = e.user_id";

void trust(const Size& size, Report& report) {
  Ground ground;
  fill_events(ground, size);
  const auto fresh = [&] { ground.fresh(); };
  const auto by_hand = [&] { return trust_by_hand(ground.copy(), everyone, 0, size.users); };
  const auto full = [&] {
    return by_job(ground.copy(), "trust-score", [](work::Desk& desk) {
      return trust_score::TrustScore(desk, {.full = true});
    });
  };
  ground.advance(full);
  Duel again(size.pairs), events(size.pairs);
  again.run(fresh, by_hand, full);
  again.print(report, "trust, full pass, nothing changed", 1.2);

  const std::int64_t before = size.users * size.events_each;
  const std::int64_t fresh_events = size.users / 10;
  ground.advance([&] {
    Plain(ground.copy(), 256)
        .run(numbers(fresh_events) +
             " INSERT INTO reputation_events (user_id, type, delta, created_at) SELECT i * 10,"
             " 'helpful', 50, 1790000000000 FROM n");
    return Cost{};
  });
  events.run(
      fresh,
      [&] { return trust_by_hand(ground.copy(), touched, before, before + fresh_events); },
      [&] {
        return by_job(ground.copy(), "trust-score",
                      [](work::Desk& desk) { return trust_score::TrustScore(desk, {}); });
      });
  events.print(report, "trust, an event of each tenth user", 1.3);
}

int benchmark(int argc, char** argv) {
  std::string json;
  Size size;
  for (int i = 1; i + 1 < argc; i += 2) {
    const std::int64_t value = std::atoll(argv[i + 1]);
    if (std::strcmp(argv[i], "--json") == 0) json = argv[i + 1];
    if (std::strcmp(argv[i], "--pairs") == 0) size.pairs = static_cast<int>(value);
    if (std::strcmp(argv[i], "--thrones") == 0) size.thrones = value;
    if (std::strcmp(argv[i], "--streams") == 0) size.streams = value;
    if (std::strcmp(argv[i], "--users") == 0) size.users = value;
    if (std::strcmp(argv[i], "--events-each") == 0) size.events_each = value;
  }
  Report report(fmt::format("jobs: {} thrones, {} live streams, {} users with {} events each",
                            size.thrones, size.streams, size.users, size.events_each));
  thrones(size, report);
  ranking(size, report);
  trust(size, report);
  report.print(json);
  return 0;
}

}  // namespace
}  // namespace hotclock::bench

int main(int argc, char** argv) { return hotclock::bench::benchmark(argc, argv); }
