// Thrones, ranking and trust on PostgreSQL through job, chunks and fence, each beside the same work written
// by hand with plain libpq on the same tables. In turn, each in a process of its own, on a fresh copy each
// time, after a checkpoint.
//   jobs_postgres [--json FILE] [--pairs N] [--thrones N] [--streams N] [--users N] [--events-each N]
// A tenth of the thrones are due; every stream is live; the incremental trust run has an event of each
// tenth user. Everything is done by one worker.
#include <endian.h>

#include <bit>
#include <cstring>
#include <vector>

#include "bench/duel.h"
#include "bench/postgres.h"
#include "bench/ranking_by_hand.h"
#include "bench/report.h"
#include "bench/work_desk.h"
#include "service/jobs/stream_ranking/stream_ranking.h"
#include "service/jobs/throne_expiry/throne_expiry.h"
#include "service/jobs/trust_score/trust_score.h"

namespace hotclock::bench {
namespace {

constexpr Instant slot = from_millis(20'780LL * 86'400'000 + 43'200'000);
const std::string execution_id = "0193a4f2-5b7c-7c3e-9a61-3f0e1d2c4b5a";

struct Size {
  int pairs = 5;
  std::int64_t thrones = 1'000'000;
  std::int64_t streams = 100'000;
  std::int64_t users = 1'000'000;
  std::int64_t events_each = 10;
};

template <class Make>
Cost by_job(const std::string& url, const char* name, Make make) {
  WorkDesk desk(url, {.connections = 4});
  auto job = make(desk.desk());
  Execution execution = desk.claimed(name, slot);
  Meter meter;
  meter.start();
  return meter.read(desk.run(job, execution));
}

// An instant as events show it.
std::string shown(const std::string& instant) {
  return "to_char(" + instant + " AT TIME ZONE 'UTC', 'YYYY-MM-DD\"T\"HH24:MI:SS.MS\"Z\"')";
}

// ---- thrones ----

void fill_thrones(const ServerGround& ground, const Size& size) {
  ground.keep_base({fmt::format(
      "INSERT INTO thrones (stream_id, user_id, username, total_coins, claimed_at, expires_at) SELECT i % 5000, i,"
      " 'viewer_' || i, i % 9000, '2025-01-01', '{}'::timestamptz + (i % 10) * interval '1 minute' - interval '1 ms'"
      " FROM generate_series(1, {}) AS i",
      to_string(slot), size.thrones)});
}

Cost thrones_by_hand(const std::string& url) {
  Hand hand(url);
  hand.prepare("expire",
               "WITH fallen AS (UPDATE thrones SET is_active = 0 WHERE is_active = 1 AND expires_at <= $1::timestamptz"
               " RETURNING id, stream_id, user_id, username, total_coins, expires_at)"
               " INSERT INTO outbox (created_at, event, rooms, payload, execution_id)"
               " SELECT $1::timestamptz, 'throne:expired', 'stream:' || stream_id || ' throne:' || stream_id,"
               " '{\"throneId\":\"' || id || '\",\"streamId\":\"' || stream_id || '\",\"userId\":\"' || user_id ||"
               " '\",\"username\":' || to_json(username) || ',\"totalCoins\":' || total_coins || ',\"expiredAt\":\"' || " +
                   shown("expires_at") + " || '\"}', $2 FROM fallen ORDER BY expires_at, id");
  Meter meter;
  meter.start();
  return meter.read(std::stoll(hand.run_prepared("expire", {to_string(slot), execution_id})));
}

throne_expiry::ThroneExpiry throne_job(work::Desk& desk) { return {desk, {}}; }

constexpr int polls = 20'000;

Cost poll_by_hand(const std::string& url) {
  Hand hand(url);
  hand.prepare("nearest", "SELECT min(expires_at) FROM thrones WHERE is_active = 1");
  Meter meter;
  meter.start();
  for (int i = 0; i < polls; ++i) hand.run_prepared("nearest", {});
  return meter.read(0);
}
Cost poll_by_job(const std::string& url) {
  WorkDesk desk(url, {.connections = 4});
  auto job = throne_job(desk.desk());
  Meter meter;
  meter.start();
  for (int i = 0; i < polls; ++i) (void)must(job.next_wake(slot));
  return meter.read(0);
}

// ---- ranking ----

void fill_streams(const ServerGround& ground, const Size& size) {
  ground.keep_base({fmt::format(
      "INSERT INTO streams (host_id, title, status, category, country, started_at, current_viewers, total_coins,"
      " engagement_rate) SELECT i, 'stream', 'live', 'cat' || (i % 12), chr(65 + i % 20) || chr(65 + i % 13),"
      " '2026-01-01'::timestamptz + i * interval '1 second', (i * 7919::bigint) % 100003,"
      " (i * 104729::bigint) % 1000003, (i % 1000) / 10.0 FROM generate_series(1, {}) AS i",
      size.streams)});
}

// A field of a binary row.
class Field {
 public:
  Field(const PGresult* rows, int row, int column) : rows_(rows), row_(row), column_(column) {}

  std::int64_t integer() const { return static_cast<std::int64_t>(bits()); }
  double real() const { return std::bit_cast<double>(bits()); }
  std::string text() const {
    return {PQgetvalue(rows_, row_, column_), static_cast<std::size_t>(PQgetlength(rows_, row_, column_))};
  }

 private:
  std::uint64_t bits() const {
    if (PQgetisnull(rows_, row_, column_)) return 0;
    std::uint64_t value = 0;
    std::memcpy(&value, PQgetvalue(rows_, row_, column_), sizeof value);
    return be64toh(value);
  }

  const PGresult* rows_;
  int row_;
  int column_;
};

std::vector<RankedRow> read_rows(Hand& hand) {
  PGresult* found = hand.read_prepared("live");
  std::vector<RankedRow> rows;
  rows.reserve(static_cast<std::size_t>(PQntuples(found)));
  for (int i = 0; i < PQntuples(found); ++i) {
    const auto at = [&](int column) { return Field(found, i, column); };
    rows.push_back({at(0).integer(), at(1).integer(), at(2).integer(), at(6).integer(), at(3).real(), 0, at(4).text(),
                    at(5).text(), {}, {at(8).integer(), at(9).integer(), at(10).integer()}, at(7).real()});
  }
  PQclear(found);
  return rows;
}

// One array for each column of the rows that changed: id, score, ranks.
std::vector<std::string> arrays_of_changed(const std::vector<RankedRow>& rows) {
  std::vector<std::string> arrays(5, "{");
  for (const RankedRow& r : rows) {
    if (!r.changed()) continue;
    const auto add = [&](std::size_t column, auto value) { fmt::format_to(std::back_inserter(arrays[column]), "{},", value); };
    add(0, r.id);
    add(1, r.score);
    for (std::size_t rank = 0; rank < 3; ++rank) add(2 + rank, r.ranks[rank]);
  }
  for (std::string& array : arrays) array.back() == ',' ? void(array.back() = '}') : array.push_back('}');
  return arrays;
}

const std::string put_ranks =
    " ON CONFLICT (stream_id) DO UPDATE SET engagement_score = excluded.engagement_score,"
    " rank_overall = excluded.rank_overall, rank_in_category = excluded.rank_in_category,"
    " rank_in_country = excluded.rank_in_country, previous_rank = stream_ranks.rank_overall";

Cost ranking_by_hand(const std::string& url) {
  Hand hand(url);
  hand.prepare("live",
               "SELECT s.id, current_viewers, total_coins, engagement_rate, category, country, started_at,"
               " engagement_score, rank_overall, rank_in_category, rank_in_country FROM streams s"
               " LEFT JOIN stream_ranks r ON r.stream_id = s.id WHERE status = 'live'");
  hand.prepare("put",
               "INSERT INTO stream_ranks SELECT i, score, overall, in_category, in_country, NULL, '2026-11-23' FROM"
               " unnest($1::bigint[], $2::float8[], $3::bigint[], $4::bigint[], $5::bigint[])"
               " AS r (i, score, overall, in_category, in_country)" + put_ranks);
  Meter meter;
  meter.start();
  std::vector<RankedRow> rows = read_rows(hand);
  rank_rows(rows);
  const std::vector<std::string> changed = arrays_of_changed(rows);
  if (changed[0].size() > 2) hand.run_prepared("put", changed);
  return meter.read(static_cast<std::int64_t>(rows.size()));
}

// Writes what changed, too.
Cost ranking_in_sql(const std::string& url) {
  Hand hand(url);
  Meter meter;
  meter.start();
  hand.run(
      "INSERT INTO stream_ranks SELECT id, score, row_number() OVER (ORDER BY score DESC, current_viewers DESC,"
      " started_at, id), row_number() OVER (PARTITION BY category ORDER BY score DESC, current_viewers DESC,"
      " started_at, id), row_number() OVER (PARTITION BY country ORDER BY score DESC, current_viewers DESC,"
      " started_at, id), NULL, '2026-11-23' FROM (SELECT s.*, 100 * (0.3 * (current_viewers::float8 / v) + 0.4 *"
      " (total_coins::float8 / c) + 0.3 * (engagement_rate / 100)) AS score FROM streams s,"
      " (SELECT max(current_viewers) v, max(total_coins) c FROM streams WHERE status = 'live') AS most"
      " WHERE status = 'live') AS scored" + put_ranks +
      " WHERE stream_ranks.rank_overall <> excluded.rank_overall OR stream_ranks.engagement_score <>"
      " excluded.engagement_score OR stream_ranks.rank_in_category <> excluded.rank_in_category OR"
      " stream_ranks.rank_in_country <> excluded.rank_in_country");
  const Cost cost = meter.read(0);
  Cost counted = cost;
  counted.count = static_cast<std::int64_t>(hand.number("SELECT count(*) FROM stream_ranks"));
  return counted;
}

stream_ranking::StreamRanking ranking_job(work::Desk& desk) { return {desk, {}}; }

// ---- trust ----

void fill_events(const ServerGround& ground, const Size& size) {
  ground.keep_base(
      {fmt::format("INSERT INTO users (id, username, country, created_at) SELECT i, 'viewer_' || i, 'NP',"
                   " '2023-11-14T22:13:20Z' FROM generate_series(1, {}) AS i",
                   size.users),
       fmt::format("INSERT INTO reputation_events (user_id, type, delta, created_at) SELECT 1 + (i * 7919::bigint) % {},"
                   " 'helpful', (i * 31::bigint) % 101 - 20, '2026-09-21T14:13:20Z' FROM generate_series(1, {}) AS i",
                   size.users, size.users * size.events_each)});
}

// What stands of the users in `sums` (user_id, total, hosted, sent, received), told from what stands already,
// and the events of levels that changed; all in one statement. $1 the last event that counts, $2 the slot's
// instant.
std::string trust_statement(const std::string& sums) {
  const auto yes_or_no = [](const std::string& condition) {
    return "CASE WHEN " + condition + " THEN 'true' ELSE 'false' END";
  };
  return "WITH summed AS (" + sums + "), judged AS (SELECT u.id, total, LEAST(100, GREATEST(0, total / 10)) AS score,"
         " '{\"kycVerified\":' || " + yes_or_no("kyc_status = 'verified'") + " || ',\"phoneVerified\":' || " +
         yes_or_no("phone_verified = 1") + " || ',\"emailVerified\":' || " + yes_or_no("email_verified = 1") +
         " || ',\"socialConnected\":' || " + yes_or_no("social_connected = 1") +
         " || ',\"activeDays\":' || extract(day FROM $2::timestamptz - created_at)::bigint || ',\"streamsHosted\":' ||"
         " hosted || ',\"giftsSent\":' || sent || ',\"reportsReceived\":' || received || '}' AS factors"
         " FROM summed AS e JOIN users AS u ON u.id = e.user_id), new AS (SELECT j.*, CASE WHEN j.score >= 80"
         " THEN 'verified' WHEN j.score >= 60 THEN 'high' WHEN j.score >= 30 THEN 'medium' ELSE 'low' END AS level,"
         " coalesce(t.level, 'low') AS level_before FROM judged AS j LEFT JOIN user_trust AS t ON t.user_id = j.id"
         " WHERE t.user_id IS NULL OR t.running_sum <> j.total OR t.factors <> j.factors),"
         " told AS (INSERT INTO outbox (created_at, event, rooms, payload, execution_id) SELECT $2::timestamptz,"
         " 'trust:changed', 'user:' || id, '{\"userId\":\"' || id || '\",\"score\":' || score || ',\"level\":\"' ||"
         " level || '\",\"previousLevel\":\"' || level_before || '\"}', '" + execution_id +
         "' FROM new WHERE level <> level_before)"
         " INSERT INTO user_trust SELECT id, score, level, factors, total, $1::bigint, $2::timestamptz FROM new"
         " ON CONFLICT (user_id) DO UPDATE SET score = excluded.score, level = excluded.level, factors ="
         " excluded.factors, running_sum = excluded.running_sum, watermark = excluded.watermark, summed_at ="
         " excluded.summed_at";
}

// The sums of the users $3 < id <= $4 anew, and what is counted of them: index by index, in the order of users.
const std::string everyone =
    "SELECT id AS user_id, coalesce(added, 0)::float8 AS total, coalesce(hosted, 0) AS hosted, coalesce(sent, 0) AS"
    " sent, coalesce(received, 0) AS received FROM users LEFT JOIN (SELECT user_id, sum(delta) AS added FROM"
    " reputation_events WHERE user_id > $3::bigint AND user_id <= $4::bigint AND id <= $1::bigint GROUP BY user_id)"
    " AS e ON e.user_id = users.id LEFT JOIN (SELECT host_id, count(*) AS hosted FROM streams WHERE host_id > $3 AND"
    " host_id <= $4 GROUP BY host_id) AS s ON s.host_id = users.id LEFT JOIN (SELECT user_id, count(*) AS sent FROM"
    " transactions WHERE user_id > $3 AND user_id <= $4 AND type = 'gift_sent' GROUP BY user_id) AS g ON g.user_id ="
    " users.id LEFT JOIN (SELECT user_id, count(*) AS received FROM reputation_events WHERE user_id > $3 AND user_id"
    " <= $4 AND type = 'report_received' GROUP BY user_id) AS r ON r.user_id = users.id WHERE id > $3 AND id <= $4";
// Those with events $3 < id <= $4, on top of what stands.
const std::string touched =
    "SELECT e.user_id, (added + coalesce(t.running_sum, 0))::float8 AS total,"
    " (SELECT count(*) FROM streams WHERE host_id = e.user_id) AS hosted,"
    " (SELECT count(*) FROM transactions AS g WHERE g.user_id = e.user_id AND type = 'gift_sent') AS sent,"
    " (SELECT count(*) FROM reputation_events AS r WHERE r.user_id = e.user_id AND type = 'report_received') AS received"
    " FROM (SELECT user_id, sum(delta) AS added FROM reputation_events WHERE id > $3::bigint AND id <= $4::bigint"
    " GROUP BY user_id) AS e LEFT JOIN user_trust AS t ON t.user_id = e.user_id";

// The note is how many rows it wrote.
Cost trust_by_hand(const std::string& url, const std::string& sums, std::int64_t from, std::int64_t to) {
  Hand hand(url);
  hand.prepare("keep", trust_statement(sums));
  const std::string newest = hand.run("SELECT max(id) FROM reputation_events");
  Meter meter;
  meter.start();
  double kept = 0;
  constexpr std::int64_t step = 10'000;
  for (std::int64_t after = from; after < to; after += step)
    kept += std::stod(hand.run_prepared(
        "keep", {newest, to_string(slot), std::to_string(after), std::to_string(std::min(to, after + step))}));
  Cost cost = meter.read(to - from);
  cost.note = kept;
  return cost;
}

// ---- all of them ----

class Jobs {
 public:
  Jobs(const Size& size, Report& report) : size_(size), report_(report) {}

  void thrones() {
    const ServerGround ground;
    fill_thrones(ground, size_);
    Duel expiry = duel(ground), poll = duel(ground);
    expiry.run([&] { ground.fresh(); }, [&] { return thrones_by_hand(ground.copy()); },
               [&] { return by_job(ground.copy(), "throne-expiry", throne_job); });
    expiry.print(report_, "thrones, a tenth due", 1 / 0.85);
    ground.fresh();
    poll.run([] {}, [&] { return poll_by_hand(ground.copy()); }, [&] { return poll_by_job(ground.copy()); });
    poll.print(report_, fmt::format("{} idle polls for the next throne", polls), 2);
  }

  void ranking() {
    const ServerGround ground;
    fill_streams(ground, size_);
    const auto fresh = [&] { ground.fresh(); };
    const auto by_hand = [&] { return ranking_by_hand(ground.copy()); };
    const auto in_sql = [&] { return ranking_in_sql(ground.copy()); };
    const auto ours = [&] { return by_job(ground.copy(), "stream-ranking", ranking_job); };
    Duel first = duel(ground), against_sql = duel(ground), again = duel(ground), again_sql = duel(ground);
    first.run(fresh, by_hand, ours);
    against_sql.run(fresh, in_sql, ours);
    ground.advance(ours);
    again.run(fresh, by_hand, ours);
    again_sql.run(fresh, in_sql, ours);
    first.print(report_, "ranking, first", 1.3);
    against_sql.print(report_, "ranking, first, against one statement", 1 / 1.5);
    again.print(report_, "ranking, nothing changed", 1.3);
    again_sql.print(report_, "ranking, nothing changed, against one statement", 1 / 3.0);
  }

  void trust() {
    const ServerGround ground;
    fill_events(ground, size_);
    const auto fresh = [&] { ground.fresh(); };
    const auto full = [&] { return trust_by_job(ground, true); };
    ground.advance(full);
    ground.fresh();
    if (in_child([&] { return trust_by_hand(ground.copy(), everyone, 0, size_.users); }).note != 0)
      fail("by hand, trust comes to something else");
    Duel again = duel(ground), events = duel(ground);
    again.run(fresh, [&] { return trust_by_hand(ground.copy(), everyone, 0, size_.users); }, full);
    again.print(report_, "trust, full pass, nothing changed", 1.2);

    const std::int64_t before = size_.users * size_.events_each;
    const std::int64_t fresh_events = size_.users / 10;
    ground.keep_base({fmt::format("INSERT INTO reputation_events (user_id, type, delta, created_at) SELECT i * 10,"
                                  " 'helpful', 50, '2026-09-21T14:13:20Z' FROM generate_series(1, {}) AS i",
                                  fresh_events)});
    events.run(fresh, [&] { return trust_by_hand(ground.copy(), touched, before, before + fresh_events); },
               [&] { return trust_by_job(ground, false); });
    events.print(report_, "trust, an event of each tenth user", 1.3);
  }

 private:
  Duel duel(const ServerGround& ground) const {
    return Duel(size_.pairs, [&ground] { return ground.cpu_seconds(); });
  }
  static Cost trust_by_job(const ServerGround& ground, bool full) {
    return by_job(ground.copy(), "trust-score", [full](work::Desk& desk) {
      trust_score::Settings settings;
      settings.full = full;
      settings.partitions = 1;
      return trust_score::TrustScore(desk, settings);
    });
  }

  const Size size_;
  Report& report_;
};

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
  Report report(fmt::format("jobs on PostgreSQL: {} thrones, {} live streams, {} users with {} events each, {} pairs",
                            size.thrones, size.streams, size.users, size.events_each, size.pairs));
  Jobs jobs(size, report);
  if (size.thrones > 0) jobs.thrones();
  if (size.streams > 0) jobs.ranking();
  if (size.users > 0) jobs.trust();
  report.print(json);
  return 0;
}

}  // namespace
}  // namespace hotclock::bench

int main(int argc, char** argv) { return hotclock::bench::benchmark(argc, argv); }
