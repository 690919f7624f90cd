// The ledger in SQL: durable, shared by every process that opens the database.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <unordered_map>
#include <vector>

#include "scheduler/base/uuid.h"
#include "scheduler/core/ledger.h"
#include "service/ledger/node.h"
#include "service/sql/database_clock.h"
#include "service/sql/sql.h"

namespace hotclock::ledger {

struct Lasting;  // what a settlement takes over from the one before it
class Settling;
enum class Found;

// Names and numbers of jobs as the database has them: neither ever changes, so what was read once
// holds. A job's queue is the one it was enrolled in by this ledger, or read in. Threads: its owner's.
class JobNames {
 public:
  struct Known {
    std::int64_t id;
    std::int64_t line;  // of the job's queue, see settle.sql
  };

  // Errc::not_found where no such job was enrolled.
  Result<Known> known(sql::Transaction& transaction, const std::string& name);
  Result<std::int64_t> id_of(sql::Transaction& transaction, const std::string& name);
  Result<const std::string*> name_of(sql::Transaction& transaction, std::int64_t id);
  // Of a committed row.
  const std::string& learn(const std::string& name, Known job);

 private:
  std::unordered_map<std::string, Known> jobs_;
  std::unordered_map<std::int64_t, std::string> names_;
};

// The queues that any node has ever put a job in, each with the number of its line: these are never taken
// back either. Read anew now and then, for other nodes may have others. Threads: its owner's.
struct KnownQueues {
  struct One {
    std::int64_t line;
    std::string name;
  };

  Result<> read(sql::Transaction& transaction);
  // 0 for the default queue; none where it is not known.
  std::optional<std::int64_t> line_of(const std::string& name) const;
  const std::string& name_of(std::int64_t line) const;  // "" for the default queue

  std::vector<One> named;
  bool are_read = false;
};

// Each settlement is one writing transaction. One that brings nothing looks first, as a rule by a
// single statement, and writes nothing where there is nothing to write. The guard is asked inside
// the transaction, about facts read inside it.
//
// An execution whose process has died on this machine is taken over at once, whatever its lease;
// one on another machine when its lease is over.
//
// Where the engine has a clock of its own, that is the ledger's clock: it decides when a slot is
// available and when a lease is over, and nodes need not agree on the time. Acts are made by a
// sql::DatabaseClock then, which shows the same time on every node.
//
// Threads: as Ledger says. Control from other threads and processes goes through control.h, on the
// same database.
class SqlLedger final : public Ledger {
 public:
  // Both must outlive it, and the schema be up to date.
  // `patience`: how long an act may take in all, waiting for other writers included.
  // `clock`: the one that acts are made by, told what the database's shows whenever an act has its
  // turn; it must outlive the ledger. Without one an act's own time is the ledger's.
  SqlLedger(sql::Database& database, Node node, Duration patience = std::chrono::seconds{30},
            sql::DatabaseClock* clock = nullptr)
      : database_(database),
        node_(std::move(node)),
        limits_{.stop = {}, .deadline = patience},
        clock_(clock) {}

  Result<std::vector<JobRow>> enrol(const std::vector<JobRow>& rows) override;
  Result<Settled> settle(const Settlement& act, const PolicyOf& policy_of) override;

  const Node& node() const { return node_; }

 private:
  struct Seen {
    Found found;
    Settled answer;  // where nothing was found
    std::vector<sql::Question> asks_first;
  };

  Lasting lasting();
  Result<Seen> looked(const Settlement& act, const PolicyOf& policy_of);
  Result<Seen> seen(sql::Transaction& transaction, Result<Found> (Settling::*look)(),
                    const Settlement& act, const PolicyOf& policy_of);
  Instant turn_of(const sql::Transaction& transaction, const Settlement& act);
  // Whether a settlement that the engine could not tell of is committed, seen by what it claimed.
  bool stands(const Settled& answer);
  Result<Settled> written(const Settlement& act, const PolicyOf& policy_of,
                          std::span<const sql::Question> first);

  sql::Database& database_;
  const Node node_;
  const sql::Limits limits_;
  sql::DatabaseClock* const clock_;
  JobNames names_;
  UuidSource uuids_;
  // Jobs in the queue that this node does not know: the first few, so that a crowd of their slots
  // is passed over by the engine and not one by one.
  std::vector<std::int64_t> strangers_;
  KnownQueues queues_;
};

}  // namespace hotclock::ledger
