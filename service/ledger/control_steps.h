// Steps of people's acts that the act on one slot and the act on many share. Each runs in its
// caller's transaction.
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "service/ledger/control.h"

namespace hotclock::ledger {

struct Job {
  std::int64_t id;
  bool paused;
  std::int64_t line;  // of its queue
};
// Errc::not_found names the nearest there is.
Result<Job> find_job(sql::Transaction& transaction, const std::string& name);

struct Target {
  std::int64_t slot_id;
  std::int64_t job_id;
  std::string job;
  Instant scheduled_for;
  std::optional<std::int64_t> partition_of;
};
Result<Target> find_slot(sql::Transaction& transaction, std::int64_t slot_id);
// "slot 2026-11-24T00:05:00Z of og-daily-bonus (4711)"
std::string name_of(const Target& target);

// Enters a slot that a person asks for beside the schedule: its number, or none where the job has
// one of that instant and key already. Without its row in the audit.
struct Asked {
  std::string job;
  Instant scheduled_for;
  std::string key;  // of a backfill
  Instant available_at;
  int priority = 0;
};
Result<std::optional<std::int64_t>> enter_asked(sql::Transaction& transaction, const Job& job,
                                                const Asked& asked, const Person& by, Instant now);

// Without its row in the audit. Errc::conflict where it has ended, and then nothing was written.
Result<Cancelled> cancel_slot(sql::Transaction& transaction, const Target& target, const Person& by,
                              Instant now);

}  // namespace hotclock::ledger
