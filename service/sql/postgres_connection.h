// One connection to PostgreSQL: its settings, its prepared statements, and the watch that ends
// whatever runs on it. A statement is sent and awaited, so that a stop, a deadline or a dead peer
// ends the wait.
#pragma once

#include <libpq-fe.h>

#include <memory>
#include <optional>
#include <span>
#include <stop_token>
#include <string>
#include <unordered_map>
#include <vector>

#include "scheduler/base/result.h"
#include "service/sql/bell.h"
#include "service/sql/postgres_values.h"
#include "service/sql/sql.h"
#include "service/sql/watch.h"

namespace hotclock::sql {

struct PostgresSettings {
  std::string url;              // as libpq takes it; the environment fills in what it leaves out
  std::string where;            // the same for people: no password
  std::string schema;           // where Hotclock's own tables are
  std::string platform_schema;  // where the platform's are
  // How long a process may stand still in the middle of a transaction before the server ends it, so
  // that what it locked is free.
  std::string idle_limit = "15s";
  // Every statement finds few rows by their keys. A plan is made once and kept, and it may be made
  // while a table is empty: it must be one that holds when the table is not.
  bool by_key = false;
  Meter* meter = nullptr;  // outlives the connections; null: nobody counts
};

struct PostgresClear {
  void operator()(PGresult* r) const { PQclear(r); }
};
using PostgresResult = std::unique_ptr<PGresult, PostgresClear>;

// Threads: one at a time; whoever took it from its pool.
class PostgresConnection {
 public:
  // Connects and sets up the session, once: Errc::unavailable where later may do.
  static Result<std::unique_ptr<PostgresConnection>> open(const PostgresSettings& settings,
                                                          const Watch& watch);
  ~PostgresConnection();
  PostgresConnection(const PostgresConnection&) = delete;
  PostgresConnection& operator=(const PostgresConnection&) = delete;

  // What runs from here on obeys `watch`.
  void obey(const Watch& watch);
  void obey_nobody();

  // Runs a text of any number of statements; the result of the last one that gave rows, or of the
  // last one.
  Result<PostgresResult> run(const std::string& text);
  // Runs a statement, prepared when it is first run.
  Result<PostgresResult> execute(const Statement& statement, std::span<const Param> params);
  // Runs several that give rows, all of them on the way at once.
  Result<std::vector<PostgresResult>> execute_all(std::span<const Question> questions);
  // Begins a transaction that writes and runs `mark`, a statement without parameters, and its first
  // questions, all of them on the way at once: the result of the mark, then those of the questions.
  Result<std::vector<PostgresResult>> begin(const Statement& mark,
                                            std::span<const Question> questions = {});
  // Sends a statement without waiting for its end, many on the way at once. Its error comes with a
  // later call.
  Result<> post(const Statement& statement, std::span<const Param> params);
  // The same for a text that is one statement without parameters.
  Result<> post_text(std::string_view name, const std::string& text);
  // Waits for the ends of all that was posted.
  Result<> await_posted();
  bool has_posted() const { return !posted_.empty(); }
  // Runs a statement once for each `width` parameters; how many rows each run changed.
  Result<std::vector<std::int64_t>> execute_each(const Statement& statement,
                                                 std::span<const Param> params, std::size_t width);
  // Prepares a statement without keeping it.
  Result<> check(const Statement& statement);

  // Waits for a notification, or until `until`, or a stop: whether one came. What came is
  // forgotten. `own` is the payload of those that this process sent itself.
  Result<bool> hear(Steady until, const std::stop_token& stop, std::string_view own);

  // Nothing has come from the peer unasked: what says that a session was ended would have.
  bool silent() const;
  // Null where nobody counts; so is the place for the times of COMMIT.
  Timing* commit_timing() const { return commit_; }
  Meter* meter() const { return meter_; }
  // No transaction is open on it.
  bool at_rest() const { return PQtransactionStatus(db_) == PQTRANS_IDLE; }
  // It is of no use any more: the peer is gone, or a cancel may still be on its way.
  bool spent() const { return spent_ || PQstatus(db_) != CONNECTION_OK; }
  // The server process it had when it was set up. A pool in between gives out numbers of its own.
  int backend() const { return backend_; }
  bool through_a_pool() const { return PQbackendPID(db_) != backend_; }
  // It was a standby when it was set up: it can only be read.
  bool standby() const { return standby_; }
  // Which life of which server it speaks to: another one has forgotten what was never written to
  // its log.
  const std::string& server() const { return server_; }
  Error is_standby() const;

 private:
  struct Ring {
    Bell* bell;
    void operator()() const { bell->ring(); }
  };
  struct Prepared {
    std::string name;
    std::string text;
    std::vector<Oid> types;
    Timing* timing = nullptr;
  };
  struct Posted {  // a statement on its way
    std::string_view name;
    Stopwatch watch;
  };
  enum class Woken { by_peer, by_bell, by_time };

  PostgresConnection(PGconn* db, const PostgresSettings& settings)
      : db_(db), where_(settings.where), meter_(settings.meter) {
    if (!meter_) return;
    begin_ = &meter_->of("begin");
    notify_ = &meter_->of("notify");
    commit_ = &meter_->of("commit");
  }

  Result<> connect(const Watch& watch);
  Result<> set_up(const PostgresSettings& settings);

  // REQUIRES: no more than may be on the way at once.
  Result<std::vector<PostgresResult>> execute_bundle(std::span<const Question> questions);
  Result<PostgresResult> execute_behind_posted(const Statement& statement,
                                               std::span<const Param> params);
  Result<> send(int accepted);
  Result<std::vector<PostgresResult>> results_of_posted();
  Result<PostgresResult> receive();
  Result<> await_result();
  // Of a text without parameters.
  Timing* timing_of(std::string_view name) const {
    return name == "commit" ? commit_ : name == "notify" ? notify_ : begin_;
  }
  Result<> await_end_of_cancel();
  Woken wait(short events, Steady until);
  void cancel();
  Error lost();
  Error failed(const PGresult* result) const;

  bool is_prepared(const Statement& statement) const;
  Result<const Prepared*> prepared(const Statement& statement);
  Result<Prepared> prepare(const Statement& statement, std::string name);

  PGconn* const db_;
  const std::string where_;
  Meter* const meter_;
  Timing* begin_ = nullptr;
  Timing* notify_ = nullptr;
  Timing* commit_ = nullptr;
  Bell bell_;
  Watch watch_;
  std::optional<std::stop_callback<Ring>> on_stop_;
  std::shared_ptr<PGcancel> cancel_;
  bool spent_ = false;
  int backend_ = 0;
  bool standby_ = false;
  std::string server_;
  std::unordered_map<const Statement*, Prepared> kept_;
  int names_ = 0;
  PostgresParams params_;
  std::vector<Posted> posted_;
};

}  // namespace hotclock::sql
