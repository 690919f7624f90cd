// Live changes: what people change of a job while nodes work. They are kept in the database,
// versioned by job, stronger than every file, and in force on every node within a second.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "scheduler/base/result.h"
#include "scheduler/base/time.h"
#include "service/audit/audit.h"
#include "service/sql/sql.h"

namespace hotclock::live {

// What may be changed: "schedule" (with "zone" and "dst" beside it), "enabled", "priority". A value
// is written as the settings' environment has it: "*/5 * * * *", "true", "10".
struct Value {
  std::string key;
  std::string value;
  friend bool operator==(const Value&, const Value&) = default;
};

// One act: a job's values before and after it, in the order of their keys.
struct Change {
  std::int64_t id = 0;
  std::string job;
  std::int64_t version = 0;  // of the job, from 1 on
  std::string act;  // "schedule.set", "schedule.reset", "enable", "disable", "priority", "undo"
  std::vector<Value> was, became;  // all values of the job that are in force live
  std::string author, reason;
  Instant at;
  std::optional<std::int64_t> undoes;  // the version that it took back
};

struct Edit {
  std::string job;
  std::string act;
  std::vector<Value> set = {};
  std::vector<std::string> reset = {};       // keys that go by the files again
  std::optional<std::int64_t> version = {};  // as its author saw the job; none: whatever it is
};

// Each is one transaction with its audit row, and wakes all nodes. Of two at once with the same
// version one is Errc::stale: the message says who was first. Errc::not_found names the nearest
// job; Errc::invalid where the reason is empty, a key cannot be changed live or "enabled" is
// neither true nor false; Errc::conflict where nothing would be different. Whether the values are
// good settings is the caller's to check before (config::read with them on top).
//
// Once it has returned the ledger holds it on every node, whether that has heard of it or not: a
// job that was switched off is not claimed, and slots of a schedule from before are not entered.
Result<Change> change(sql::Database& database, const Edit& edit, const audit::Person& by,
                      Instant now);
// Takes the newest change of a job back, or the one of version `which`: the keys that it touched
// are again what they were before it, the others stay. It is a change itself, and may be undone.
// Errc::conflict where one of those keys has another value since, Errc::not_found where there is no
// such change.
Result<Change> undo(sql::Database& database, const std::string& job,
                    std::optional<std::int64_t> which, std::optional<std::int64_t> version,
                    const audit::Person& by, Instant now);

// Newest first; `job` empty: of all jobs; `before`: ids below it.
Result<std::vector<Change>> changes(sql::Database& database, const std::string& job,
                                    std::optional<std::int64_t> before, int limit);

// A value in force, and the change that put it there.
struct ValueInForce : Value {
  std::int64_t version = 0;
  std::string author, reason;
  Instant at;
};

// What is in force of one job.
struct Standing {
  std::string job;
  std::int64_t version = 0;  // 0: never changed
  std::vector<ValueInForce> values;
  std::string author, reason;  // of the newest change
  Instant at;
  // The newest change of "schedule", "zone" or "dst": its version, and since when it counts. 0:
  // there is none.
  std::int64_t schedule_version = 0;
  Instant scheduled_at;

  const ValueInForce* find(std::string_view key) const;  // null: it goes by the files
};
// Of all jobs that were ever changed, and a number that rises with every change: cheap to ask.
struct InForce {
  std::int64_t newest = 0;
  std::vector<Standing> jobs;  // in the order of their names

  const Standing* find(std::string_view job) const;  // null: never changed
};
Result<InForce> in_force(sql::Database& database);
Result<std::int64_t> newest(sql::Database& database);

// The kill switch: nothing starts, on any node, whoever asks; what runs is asked to stop where
// `stop_running` says so. The guard reads it where it claims, so not one execution starts after
// this has returned. Slots that come due are refused with its reason and stand in the history, so
// that a backfill can bring them. Parts of what was divided before wait instead: they start once it
// is off. Killing again replaces who and why.
struct KillSwitch {
  std::string by, reason;
  Instant since;
};
// Errc::invalid where the reason is empty.
Result<> kill(sql::Database& database, bool stop_running, const audit::Person& by, Instant now);
Result<> revive(sql::Database& database, const audit::Person& by,
                Instant now);  // Errc::conflict where it is off
Result<std::optional<KillSwitch>> kill_switch(sql::Database& database);

}  // namespace hotclock::live
