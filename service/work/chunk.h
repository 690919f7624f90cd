// The chunk: one transaction of a job. It proves the fence, and commits rows, progress and events
// together or not at all.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <string_view>

#include "scheduler/base/clock.h"
#include "scheduler/base/result.h"
#include "scheduler/core/job.h"
#include "service/outbox/event.h"
#include "service/sql/sql.h"

namespace hotclock::outbox {
class Writer;
}

namespace hotclock::work {

// How a chunk ended that was to be committed.
struct ChunkEnd {
  const Permit& permit;
  std::int64_t done = 0;  // units of progress that it carried
  Steady began;
  Steady ended;
  const Error* why = nullptr;  // why nothing of it stands; null: all of it does
};

// Who is told of chunks, by the thread that worked them.
struct Listeners {
  std::function<void()> committed = {};  // one was; events may be in the outbox
  std::function<void(const ChunkEnd&)> ended = {};
};

// One open chunk. Destroying it without commit() rolls everything back. Threads: one at a time.
class Chunk {
 public:
  Chunk(Chunk&&) noexcept;
  ~Chunk();

  // For the job's own statements.
  sql::Transaction& sql() { return *transaction_; }
  // When this chunk began, by the wall clock: for created_at columns and nothing else. What is due,
  // expired or active is judged by the slot's instant.
  Instant now() const { return now_; }

  // Puts an event into the outbox: it leaves if and only if this chunk commits.
  Result<> emit(const outbox::Event& event);

  // Commits rows, events, the cursor to resume from, and `done` more units of progress; proves the
  // fence once more in the same transaction. In a dry run everything is rolled back instead.
  // Errc::lease_lost: somebody else has the slot, nothing was written. Errc::stopped: a stop was
  // requested while it worked, nothing was written.
  Result<> commit(std::string_view cursor, std::int64_t done);

 private:
  friend class Desk;
  Chunk(Execution& execution, std::unique_ptr<sql::Transaction> transaction, Instant now,
        const Clock& clock, sql::Database& database, const Listeners& listeners);
  Result<> commit_all(std::string_view cursor, std::int64_t done);
  // What became of a commit that the engine could not tell of, seen by its cursor: done, or not.
  Result<> looked_at(std::string_view cursor, Error unknown);
  Result<std::string> cursor_in_lease() const;

  Execution* execution_;
  std::unique_ptr<sql::Transaction> transaction_;
  Instant now_;
  std::unique_ptr<outbox::Writer> events_;
  const Clock* clock_;
  sql::Database* database_;
  const Listeners* listeners_;
  Steady began_;
};

// Where a job works: the database and the clock its chunks are made of.
// Threads: all members may be called from any thread at once.
class Desk {
 public:
  Desk(sql::Database& database, const Clock& clock, Listeners listeners = {})
      : database_(database), clock_(clock), listeners_(std::move(listeners)) {}

  // Opens a chunk. Errc::stopped when the execution was asked to stop, Errc::lease_lost when its
  // lease may have run out; either way nothing may be written any more.
  Result<Chunk> begin(Execution& execution);
  // A snapshot to read from; obeys the execution's stop.
  Result<std::unique_ptr<sql::Transaction>> read(const Execution& execution);

  sql::Database& database() { return database_; }
  const Clock& clock() const { return clock_; }

 private:
  sql::Database& database_;
  const Clock& clock_;
  const Listeners listeners_;
};

// Whether what a job just tried may be tried again at once: the database was in the way (its connection
// was lost, it broke a deadlock), nothing was written, and the execution may still work. `tries`: how
// often it was tried so far.
bool worth_another_try(const Error& error, const Execution& execution, int tries);

// Does a piece of work, a chunk as a rule, and again where that is worth it. `act` must leave what it
// works on as it was where it fails.
template <class Act>
auto patiently(const Execution& execution, Act act) -> decltype(act()) {
  for (int tries = 1;; ++tries) {
    auto done = act();
    if (done || !worth_another_try(done.error(), execution, tries)) return done;
  }
}

// What an error inside a job's run comes to: stopped -> Stopped, lease_lost -> LeaseLost, anything
// else -> Failed (final where trying again cannot help: invalid, check, corrupt).
Outcome outcome_of(Error error);

}  // namespace hotclock::work
