// The ledger in memory: for programs that need no history beyond their own life, and the model
// against which the ledgers in SQL are tested. Everything is kept; nothing outlives the object.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <utility>
#include <unordered_map>
#include <vector>

#include "scheduler/base/mutex.h"
#include "scheduler/base/uuid.h"
#include "scheduler/core/ledger.h"

namespace hotclock {

// Threads: all members may be called from any thread at once. Several schedulers may share one,
// each through a MemoryNode of its own.
class MemoryLedger final : public Ledger {
 public:
  // What one slot has come to.
  struct SlotRow {
    std::int64_t id = 0;
    Slot slot;
    State state = State::due;
    std::optional<End> end;
    std::string reason;
    Instant entered_at;
    Instant available_at;
    std::int64_t rank = 0;
    int attempt = 0;
    std::int64_t fence = 0;
    Uuid execution;
    std::string cursor;
    Instant lease_until;
    std::string cancel_requested_by;
    bool lost_before = false;
    std::optional<std::int64_t> partition_of;
    int partitions_open = 0;  // of a divided slot
  };
  // How one attempt ended.
  struct AttemptRow {
    Uuid execution;
    std::int64_t slot_id = 0;
    std::string outcome;
    std::string error;
    Tally tally;
    std::int64_t set_aside_total = 0;
    LogText log;
  };

  // With `keeps_ended` false an ended slot and its attempts are forgotten at once: bounded memory
  // for programs that run for long. A timetable never comes back to a slot it has passed.
  explicit MemoryLedger(bool keeps_ended = true) : keeps_ended_(keeps_ended) {}

  Result<std::vector<JobRow>> enrol(const std::vector<JobRow>& rows) override;
  Result<Settled> settle(const Settlement& act, const PolicyOf& policy_of) override;

  void pause(const std::string& job, Pause pause);
  void resume(const std::string& job);
  // Nothing of the job starts until switch_on(); with an empty name, nothing at all.
  void switch_off(const std::string& job, const std::string& by, const std::string& reason);
  void switch_on(const std::string& job);
  // There has been a live change of its schedule; its version.
  std::int64_t reschedule(const std::string& job);
  // Errc::not_found; Errc::conflict where it has ended already.
  Result<> request_cancel(std::int64_t slot_id, const std::string& by, Instant now);
  // Enters a person's slot; its id.
  std::int64_t enter(const Entry& entry, Instant now);
  // Nothing that was asked for with that token may be worked from now on.
  void disallow(std::int64_t token, NotAllowed why);
  // What a chunk's commit does: moves the cursor under the fence. Errc::lease_lost.
  Result<> move_cursor(const Permit& permit, std::string cursor);

  std::vector<SlotRow> slots() const;
  std::vector<AttemptRow> attempts() const;
  std::optional<JobRow> job(const std::string& name) const;

 private:
  using Ranked = std::set<std::pair<std::int64_t, std::int64_t>>;  // (rank, id)
  // The due slots of one queue.
  struct Line {
    std::string queue;
    Ranked due;
    int running = 0;  // executions of its slots
  };
  // A line as one claim goes along it.
  struct Walk {
    Line* line;
    Turns::Queue queue;
    Ranked::iterator at;
    std::shared_ptr<const Policy> policy = {};  // of the slot at `at`, once it was found that it may be claimed
  };
  struct JobEntry {
    JobRow row;
    Line* line = nullptr;
    std::optional<Pause> pause;
    std::optional<SwitchedOff> off;
    std::int64_t rescheduled = 0;  // the version of the newest live change of the schedule
    int running = 0;
    Uuid running_execution;
    int failures_in_a_row = 0;
    Instant last_failure;
    std::set<std::int64_t> divided;  // slots that run by their partitions
    Ranked waiting;
    std::map<std::pair<Instant, std::string>, std::int64_t> entered;  // by instant and key
  };
  struct EndedPartition {
    std::string key;
    End end;
    std::string reason;
    Tally tally;
    std::int64_t set_aside_total = 0;
  };
  struct Kept : SlotRow {
    JobEntry* of = nullptr;
    std::optional<std::int64_t> token;
    Line* line = nullptr;
    std::vector<std::int64_t> partitions;                   // of a divided slot
    std::map<std::int64_t, EndedPartition> ended_partitions;  // by their ids
    Instant started_at;
  };

  void divide(Kept& row, const Divides& parts, Instant now) HOTCLOCK_REQUIRES(m_);
  void end_partition(Kept& row, EndedPartition ended, Instant now, Settled& answer)
      HOTCLOCK_REQUIRES(m_);
  void gather(Kept& whole, Instant now, Settled& answer) HOTCLOCK_REQUIRES(m_);
  void cancel_partitions(Kept& whole, const std::string& by, Instant now) HOTCLOCK_REQUIRES(m_);
  void leave_line(const Kept& row) HOTCLOCK_REQUIRES(m_);
  std::int64_t enter_locked(const Entry& entry, Instant now) HOTCLOCK_REQUIRES(m_);
  void record(const Ending& ending, Instant now, Settled& answer) HOTCLOCK_REQUIRES(m_);
  void follow(Kept& row, const Ending& ending, Instant now, Settled& answer) HOTCLOCK_REQUIRES(m_);
  static void count_end(JobEntry& job, End how, Instant at);
  void end(Kept& row, End how, std::string reason) HOTCLOCK_REQUIRES(m_);
  void make_due(Kept& row, Instant available_at) HOTCLOCK_REQUIRES(m_);
  bool has_heard(const std::string& job, std::int64_t rescheduled) const HOTCLOCK_REQUIRES(m_);
  void leave_running(Kept& row) HOTCLOCK_REQUIRES(m_);
  void call_waiting(JobEntry& job) HOTCLOCK_REQUIRES(m_);
  void renew(const Settlement& act, Settled& answer) HOTCLOCK_REQUIRES(m_);
  void take_lost(const Settlement& act, const PolicyOf& policy_of, Settled& answer)
      HOTCLOCK_REQUIRES(m_);
  void claim(const Settlement& act, const PolicyOf& policy_of, Settled& answer)
      HOTCLOCK_REQUIRES(m_);
  Line& line_of(const std::string& queue) HOTCLOCK_REQUIRES(m_);
  void ripen(Instant now) HOTCLOCK_REQUIRES(m_);
  Turns turns_of(const Settlement& act, std::vector<Walk>& walks) HOTCLOCK_REQUIRES(m_);
  bool find_head(Walk& walk, const Settlement& act, const Turns& turns, int partitions,
                 const PolicyOf& policy_of) HOTCLOCK_REQUIRES(m_);
  void consider(Kept& row, const Policy& policy, const Settlement& act, Settled& answer)
      HOTCLOCK_REQUIRES(m_);
  void admit(Kept& row, const Policy& policy, const Settlement& act, Settled& answer)
      HOTCLOCK_REQUIRES(m_);
  bool ours(const Kept* row, const Permit& permit) const HOTCLOCK_REQUIRES(m_);
  std::optional<NotAllowed> not_allowed(const Kept& row) const HOTCLOCK_REQUIRES(m_);
  Kept* find(std::int64_t id) HOTCLOCK_REQUIRES(m_);

  const bool keeps_ended_;

  mutable Mutex m_;
  UuidSource uuids_ HOTCLOCK_GUARDED_BY(m_);
  std::int64_t last_id_ HOTCLOCK_GUARDED_BY(m_) = 0;
  std::unordered_map<std::string, JobEntry> jobs_ HOTCLOCK_GUARDED_BY(m_);  // they stay in place
  std::map<std::int64_t, Kept> slots_ HOTCLOCK_GUARDED_BY(m_);
  std::map<std::string, Line> lines_ HOTCLOCK_GUARDED_BY(m_);  // by queue; they stay in place
  std::set<std::pair<Instant, std::int64_t>> later_
      HOTCLOCK_GUARDED_BY(m_);  // due, not yet available
  std::set<std::int64_t> running_ HOTCLOCK_GUARDED_BY(m_);
  // Partitions that a claim found cancelled, and by whom.
  std::vector<std::pair<std::int64_t, std::string>> cancelled_ HOTCLOCK_GUARDED_BY(m_);
  std::map<std::int64_t, NotAllowed> disallowed_ HOTCLOCK_GUARDED_BY(m_);  // by token
  std::vector<AttemptRow> attempts_ HOTCLOCK_GUARDED_BY(m_);
  std::optional<SwitchedOff> all_off_ HOTCLOCK_GUARDED_BY(m_);
};

}  // namespace hotclock
