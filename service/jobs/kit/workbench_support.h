// For the tests of jobs: a platform's database in a directory of its own, executions of slots on
// it, and a database that dies where it is told.
#pragma once

#include <gtest/gtest.h>

#include <boost/json/value.hpp>
#include <cstdint>
#include <deque>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "scheduler/base/clock.h"
#include "scheduler/core/job.h"
#include "service/ledger/sql_ledger.h"
#include "service/sql/forwarding_support.h"
#include "service/sql/sql_support.h"
#include "service/work/chunk.h"

namespace hotclock::kit {

// Forwards to a database until a given step; that step fails and so does everything after it, as
// if the process had been killed there: what was not committed is gone. Each begin, statement and
// commit is a step. Threads: one.
class DyingDatabase final : public sql::ForwardingDatabase {
 public:
  explicit DyingDatabase(sql::Database& real) : ForwardingDatabase(real) {}

  // Steps count from 1. `done_first`: the step itself still takes effect, only nobody hears of it.
  void die_at(int step, bool done_first);
  bool died() const { return died_; }
  // That step alone fails, as if the connection had been lost there: with it goes its transaction.
  void stumble_at(int step);
  int steps() const { return taken_; }
  // The step that asks for a stop instead, as a person or a time limit would.
  void stop_at(int step, std::shared_ptr<Permit> permit);

  // Takes one step: whether it may be done, and whether its result may be told.
  struct Step {
    bool act = true;
    bool tell = true;
  };
  Step step();

 private:
  Result<> may_begin() override;
  std::unique_ptr<sql::Transaction> wrapped(std::unique_ptr<sql::Transaction> real) override;

  int taken_ = 0;
  int dies_at_ = 0;
  bool done_first_ = false;
  bool died_ = false;
  int stops_at_ = 0;
  int stumbles_at_ = 0;
  std::shared_ptr<Permit> stopped_;
};

// What a client in the rooms would hear.
struct Heard {
  std::string event;
  std::string rooms;
  boost::json::value payload;
};

// A place with a migrated database in it.
struct Room {
  explicit Room(Instant now);
  sql::ScratchPlace place;
  std::unique_ptr<sql::Database> database;
};

// A migrated, empty database and a desk on it. The wall clock stands far from all slots, so that
// whoever reads it instead of the slot is found out.
class Workbench {
 public:
  Workbench();
  ~Workbench();
  Workbench(const Workbench&) = delete;
  Workbench& operator=(const Workbench&) = delete;

  sql::Database& database() { return *database_; }
  DyingDatabase& dying() { return dying_; }
  work::Desk& desk() { return desk_; }

  // Statements of any kind, past all checks but the schema's.
  void sql(std::string_view text);
  // The first column of the first row.
  std::int64_t number(std::string query);
  std::string text(std::string query);
  double real(std::string query);
  // Everything in the outbox, oldest first.
  std::vector<Heard> heard();

  // A slot of `job` at `at`, entered and claimed. Several of one instant differ by their keys.
  Execution claimed(const std::string& job, Instant at, Trigger trigger = Trigger::schedule);
  // The same slot after its worker vanished: a new fence, and the cursor of the last chunk.
  Execution claimed_again(const Execution& lost);
  // The partitions that an execution's run has divided its slot into, claimed.
  std::vector<Execution> partitions(const Execution& whole, const Outcome& outcome);
  // Another execution has taken the slot; this one does not know yet.
  void taken_away(const Execution& execution);

 private:
  std::unique_ptr<Room> room_;
  sql::Database* const database_;
  DyingDatabase dying_;
  ManualClock clock_;
  work::Desk desk_;
  ledger::SqlLedger ledger_;
  int claims_ = 0;
  std::deque<std::string> texts_;
  std::deque<sql::Statement> statements_;

  std::unique_ptr<sql::Rows> first_row(sql::Transaction& transaction, std::string query);
  std::vector<Execution> settle_all(Settlement act);
  // The one claim this settlement brings.
  Execution settle(Settlement act);
};

// What a run counted under that name; fails the test where the run did not end well.
std::int64_t counted(const Outcome& outcome, std::string_view name);

bool is_done(const Outcome& outcome);
bool is_stopped(const Outcome& outcome);

}  // namespace hotclock::kit
