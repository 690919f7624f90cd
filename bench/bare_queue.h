// The yardsticks of durable executions: a bare SQLite queue, and the disk itself.
#pragma once

#include <fcntl.h>

#include <vector>

#include "bench/child.h"
#include "scheduler/base/time.h"

namespace hotclock::bench {

// The instant the queues of these benchmarks begin at.
constexpr Instant queue_begin = from_millis(1'790'000'000'000);
// All of them are due by then.
constexpr Instant queue_now = queue_begin + std::chrono::hours{10};

struct Measured {
  double per_second = 0;
  double cpu_us = 0;
};

class Stopwatch {
 public:
  Measured measured(int executions) const {
    const std::chrono::duration<double> wall = std::chrono::steady_clock::now() - begun_;
    return {executions / wall.count(), (cpu_seconds() - cpu_) * 1e6 / executions};
  }

 private:
  std::chrono::steady_clock::time_point begun_ = std::chrono::steady_clock::now();
  double cpu_ = cpu_seconds();
};

// A queue, a claim of a whole group by one statement, an end and a history row each: no guard, no
// fence, no jobs, no uniqueness.
class Bare {
 public:
  Bare(const std::string& file, int executions) {
    if (sqlite3_open_v2(file.c_str(), &db_,
                        SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE | SQLITE_OPEN_NOMUTEX,
                        nullptr) != SQLITE_OK)
      fail("cannot open " + file);
    run("PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA cache_size=-16384;"
        "CREATE TABLE queue (id INTEGER PRIMARY KEY, job INTEGER, due INTEGER, state INTEGER,"
        " node INTEGER, started INTEGER, ended INTEGER) STRICT;"
        "CREATE INDEX queue_due ON queue (due) WHERE state = 0;"
        "CREATE TABLE history (id INTEGER PRIMARY KEY, slot INTEGER, started INTEGER,"
        " ended INTEGER, outcome TEXT, node INTEGER) STRICT");
    run(
        fmt::format("WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < {})"
                    " INSERT INTO queue (job, due, state) SELECT i % 1000, {} + i, 0 FROM n",
                    executions, to_millis(queue_begin)));
    run("PRAGMA wal_checkpoint(TRUNCATE)");
  }
  ~Bare() {
    for (sqlite3_stmt* statement : {begin_, commit_, claim_, end_, record_})
      sqlite3_finalize(statement);
    sqlite3_close(db_);
  }

  Measured drained(int group) {
    prepare();
    const Stopwatch watch;
    int all = 0;
    for (std::vector<std::int64_t> held; !(held = claimed(group)).empty();) {
      ended(held);
      all += static_cast<int>(held.size());
    }
    return watch.measured(all);
  }

 private:
  void run(const std::string& text) {
    if (sqlite3_exec(db_, text.c_str(), nullptr, nullptr, nullptr) != SQLITE_OK)
      fail(sqlite3_errmsg(db_));
  }
  sqlite3_stmt* prepared(const char* text) {
    sqlite3_stmt* statement = nullptr;
    if (sqlite3_prepare_v3(db_, text, -1, SQLITE_PREPARE_PERSISTENT, &statement, nullptr) !=
        SQLITE_OK)
      fail(sqlite3_errmsg(db_));
    return statement;
  }
  void prepare() {
    begin_ = prepared("BEGIN IMMEDIATE");
    commit_ = prepared("COMMIT");
    claim_ = prepared(
        "UPDATE queue SET state = 1, node = 7, started = ?1 WHERE id IN (SELECT id FROM"
        " queue WHERE state = 0 AND due <= ?1 ORDER BY due LIMIT ?2) RETURNING id");
    end_ = prepared("UPDATE queue SET state = 2, ended = ?1 WHERE id = ?2 AND state = 1");
    record_ = prepared(
        "INSERT INTO history (slot, started, ended, outcome, node)"
        " VALUES (?1, ?2, ?2, 'completed', 7)");
  }
  void step(sqlite3_stmt* statement) {
    if (sqlite3_step(statement) != SQLITE_DONE) fail(sqlite3_errmsg(db_));
    sqlite3_reset(statement);
  }
  std::vector<std::int64_t> claimed(int group) {
    std::vector<std::int64_t> ids;
    step(begin_);
    sqlite3_bind_int64(claim_, 1, to_millis(queue_now));
    sqlite3_bind_int64(claim_, 2, group);
    while (sqlite3_step(claim_) == SQLITE_ROW) ids.push_back(sqlite3_column_int64(claim_, 0));
    sqlite3_reset(claim_);
    step(commit_);
    return ids;
  }
  void ended(const std::vector<std::int64_t>& ids) {
    step(begin_);
    for (const std::int64_t id : ids) {
      sqlite3_bind_int64(end_, 1, to_millis(queue_now));
      sqlite3_bind_int64(end_, 2, id);
      step(end_);
      sqlite3_bind_int64(record_, 1, id);
      sqlite3_bind_int64(record_, 2, to_millis(queue_now));
      step(record_);
    }
    step(commit_);
  }

  sqlite3* db_ = nullptr;
  sqlite3_stmt* begin_ = nullptr;
  sqlite3_stmt* commit_ = nullptr;
  sqlite3_stmt* claim_ = nullptr;
  sqlite3_stmt* end_ = nullptr;
  sqlite3_stmt* record_ = nullptr;
};

inline Measured bare(int executions, int group) {
  Scratch scratch;
  return Bare(scratch.path + "/bare.db", executions).drained(group);
}

// Two appends of 64 bytes, each on the disk before the next begins: what no ledger can beat that
// makes a claim and an end durable one by one.
inline Measured floor_of_the_disk(int executions) {
  Scratch scratch;
  const int file = open((scratch.path + "/floor").c_str(), O_WRONLY | O_CREAT | O_APPEND, 0600);
  const char line[64] = {};
  const Stopwatch watch;
  for (int i = 0; i < 2 * executions; ++i)
    if (write(file, line, sizeof line) != sizeof line || fdatasync(file) != 0) fail("cannot write");
  close(file);
  return watch.measured(executions);
}

}  // namespace hotclock::bench
