#include "service/work/chunk.h"

#include "service/outbox/outbox.h"
#include "service/work/chunk.sql.h"

namespace hotclock::work {
namespace {

Error lease_lost(const Execution& execution) {
  return Error(Errc::lease_lost,
               "execution " + execution.permit->execution.text() + " no longer holds its slot");
}

Error asked_to_stop() { return Error(Errc::stopped, "the execution was asked to stop"); }

// Whether the slot is ours, seen from inside the transaction that is about to write.
Result<> still_held(sql::Transaction& transaction, const Execution& execution) {
  auto rows =
      transaction.query(stmt::chunk::held, {execution.permit->slot_id, execution.permit->fence});
  if (!rows) return std::move(rows).error();
  const bool held = rows.value()->next();
  if (auto end = rows.value()->end(); !end) return end;
  return held ? Result<>() : lease_lost(execution);
}

// Moves cursor and progress under the fence. A cancel that was asked for stops the execution behind
// this chunk, which is kept.
Result<> prove(sql::Transaction& transaction, Execution& execution, std::string_view cursor,
               std::int64_t done) {
  Permit& permit = *execution.permit;
  const std::int64_t total = execution.progress->total;
  auto rows = transaction.query(stmt::chunk::prove,
                                {permit.slot_id, permit.fence, cursor, done, total});
  if (!rows) return std::move(rows).error();
  const bool held = rows.value()->next();
  const bool cancelled = held && !rows.value()->is_null(0);
  if (auto end = rows.value()->end(); !end) return end;
  if (!held) return lease_lost(execution);
  if (cancelled) permit.request_stop(StopReason::cancelled);
  return {};
}

}  // namespace

Chunk::Chunk(Execution& execution, std::unique_ptr<sql::Transaction> transaction, Instant now,
             const Clock& clock)
    : execution_(&execution), transaction_(std::move(transaction)), now_(now), clock_(&clock) {}
Chunk::Chunk(Chunk&&) noexcept = default;
Chunk::~Chunk() = default;

Result<> Chunk::emit(const outbox::Event& event) {
  return outbox::append(*transaction_, event, now_, execution_->permit->execution.text());
}

Result<> Chunk::commit(std::string_view cursor, std::int64_t done) {
  if (execution_->dry_run) {
    transaction_.reset();
  } else {
    if (!execution_->permit->may_write(clock_->steady())) return lease_lost(*execution_);
    if (auto proven = prove(*transaction_, *execution_, cursor, done); !proven) return proven;
    if (auto committed = transaction_->commit(); !committed)
      return std::move(committed).error().within("commit the chunk");
  }
  execution_->cursor = cursor;
  execution_->progress->done += done;
  return {};
}

Result<Chunk> Desk::begin(Execution& execution) {
  if (execution.stop().stop_requested()) return asked_to_stop();
  if (!execution.dry_run && !execution.permit->may_write(clock_.steady())) return lease_lost(execution);
  auto transaction = database_.write({.stop = execution.stop()});
  if (!transaction) return std::move(transaction).error().within("begin a chunk");
  if (!execution.dry_run)
    if (auto held = still_held(**transaction, execution); !held) return held.error();
  return Chunk(execution, std::move(transaction).value(), clock_.now(), clock_);
}

Result<std::unique_ptr<sql::Transaction>> Desk::read(const Execution& execution) {
  if (execution.stop().stop_requested()) return asked_to_stop();
  return database_.read({.stop = execution.stop()});
}

Outcome outcome_of(Error error) {
  switch (error.code()) {
    case Errc::stopped: return Stopped{};
    case Errc::lease_lost: return LeaseLost{};
    case Errc::invalid:
    case Errc::check:
    case Errc::corrupt: return Failed{std::move(error), true};
    default: return Failed{std::move(error), false};
  }
}

}  // namespace hotclock::work
