// What rules judge by: everything they may know, gathered in one look at the database.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "scheduler/base/time.h"
#include "scheduler/core/slot.h"

namespace hotclock::alerts {

// A slot that has ended, by its last attempt.
struct EndedSlot {
  std::int64_t slot = 0;
  Instant scheduled_for;
  End end = End::completed;
  Instant ended_at;
  std::optional<Instant> started_at;  // none: it was never worked
  std::string execution;              // empty: the same
  std::string reason;
  std::optional<std::int64_t> touched;  // rows, as the job counts; none: it counts none
  std::int64_t set_aside = 0;

  bool is_failure() const { return end == End::failed || end == End::timed_out; }
  bool is_success() const { return end == End::completed || end == End::completed_with_errors; }
  std::optional<Duration> took() const {
    return started_at ? std::optional(ended_at - *started_at) : std::nullopt;
  }
};

// A slot that is worked now. Of a divided one, partitions are counted with it.
struct RunningSlot {
  std::int64_t slot = 0;
  std::string execution;
  std::string node;
  Instant started_at;
  Instant lease_until;   // Instant::max(): nobody holds it, its partitions are worked
  std::string progress;  // another text once it has got on
};

// A slot that nobody works now.
struct QueuedSlot {
  std::int64_t slot = 0;
  Instant scheduled_for;
  Instant available_at;
  Trigger trigger = Trigger::schedule;
  bool unknown = false;  // it waits for a person's decision
  std::string reason;
};

// Somebody paused the job or switched it off.
struct HeldOff {
  std::string by;
  std::string reason;
  Instant since;
};

struct JobFacts {
  std::vector<EndedSlot> ended;  // the last of it, newest first by their ends
  std::vector<RunningSlot> running;
  std::vector<QueuedSlot> queued;
  std::optional<HeldOff> held_off;
  bool everything_off = false;  // by the kill switch
};

struct NodeFacts {
  Instant seen_at;
  bool stopped = false;  // it said goodbye
  Duration clock_ahead = Duration::zero();
  // What it wrote last of itself; none where it never did.
  std::optional<Instant> at;
  std::string disk;
  std::optional<double> disk_free;  // percent
  Duration database_answers = Duration::zero();
  std::string reload_refused;
};

struct SinkFacts {
  std::optional<Instant> waiting_since;  // the oldest event that it has not got
  std::string error;
};

struct NotifierFacts {
  std::int64_t waiting = 0;
  Instant oldest;
  std::int64_t attempts = 0;  // of the one tried most often
  std::string error;
};

// What the auditor found between what should be and what is, of one kind and job.
struct AuditorDifferences {
  std::string kind;  // as auditor::Kind names them
  std::string job;   // empty: no job's
  std::int64_t many = 0;
  std::string first;  // what it is about, and how it differs
};

struct Facts {
  Instant now;
  std::map<std::string, JobFacts> jobs;
  std::map<std::string, NodeFacts> nodes;
  std::map<std::string, SinkFacts> sinks;
  std::map<std::string, NotifierFacts> notifiers;
  std::optional<HeldOff> everything_off;  // the kill switch
  std::vector<AuditorDifferences> differences;
  std::string audit_broken;  // where and how; empty: not as far as was looked
};

}  // namespace hotclock::alerts
