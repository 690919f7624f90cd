// What people ask the ledger: one slot with all its attempts, how the jobs stand. Lists of slots
// are in slot_list.h. Reads only, in snapshots of their own, so it holds up nothing. The scheduler
// reads none of this.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "scheduler/base/result.h"
#include "scheduler/base/time.h"
#include "scheduler/core/guard.h"
#include "scheduler/core/slot.h"
#include "service/ledger/log_tail.h"
#include "service/sql/sql.h"

namespace hotclock::ledger {

// A slot and where it stands. Partitions are shown with the slot they are a part of. Of a slot that
// has ended, attempt, execution, node and times are the last attempt's.
struct SlotView {
  std::int64_t id = 0;
  Slot slot;
  int priority = 0;
  std::string requested_by;
  Instant entered_at;
  State state = State::due;
  std::optional<End> ended;
  std::string reason;
  int attempt = 0;
  std::string execution;  // empty where it has none yet
  std::string node;
  std::optional<Instant> started_at;
  std::optional<Instant> ended_at;
  std::optional<Instant> available_at;
  std::string cursor;
  std::int64_t progress_done = 0;
  std::int64_t progress_total = 0;  // 0: not known
  std::string cancel_requested_by;
  std::string queue;
};

struct AttemptView {
  std::string execution;
  int attempt = 0;
  std::string node;
  Instant started_at;
  Instant ended_at;
  std::string outcome;
  std::string error;
  std::string tally;  // JSON
  std::int64_t set_aside_total = 0;
};
struct FailureView {
  std::string record, code, message;
};
struct ExecutionView {
  SlotView slot;
  std::vector<AttemptView> attempts;  // that have ended, oldest first
  std::vector<SlotView> partitions;   // of a divided slot, by their numbers
  // Both of the execution asked for, or of the last one; of a divided slot, of all its partitions.
  std::vector<FailureView> failures;
  std::int64_t events = 0;  // still in the outbox
  LogView log;              // of the execution asked for, or of the last one
};
// By an execution's id or a slot's number. Errc::invalid, Errc::not_found. Of its log without the
// first `log_from` bytes of all that was said.
Result<ExecutionView> show_execution(sql::Database& database, std::string_view id,
                                     std::int64_t log_from = 0);

struct JobView {
  std::string job;
  std::string schedule;
  Instant entered_until;
  std::optional<Pause> pause;
  std::optional<Instant> paused_since;
  int failures_in_a_row = 0;
  std::optional<Instant> last_failure;
  std::int64_t running = 0;
  std::optional<SlotView> last_ended;
};
// By name; the one of this name, where one is asked for.
Result<std::vector<JobView>> list_jobs(sql::Database& database, const std::string& name = {});

// Every slot of a job from `from` until before `to`, oldest first: what a backfill leaves out.
Result<std::vector<SlotView>> slots_between(sql::Database& database, const std::string& job,
                                            Instant from, Instant to);

// How long a job's last attempts took, and how many of them failed or were stopped at their limit.
struct PastWork {
  std::vector<Duration> durations;  // newest first
  std::int64_t failed = 0;
};
// At most `most` of them; none of a job that is not known.
Result<PastWork> past_work(sql::Database& database, const std::string& job, int most);

}  // namespace hotclock::ledger
