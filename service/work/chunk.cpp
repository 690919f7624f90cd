#include "service/work/chunk.h"

#include <optional>
#include <utility>

#include "service/outbox/outbox.h"
#include "service/outbox/reader.h"
#include "service/work/chunk.sql.h"

namespace hotclock::work {
namespace text = stmt::chunk;

namespace {

Error lost(const Permit& permit) {
  return Error(Errc::lease_lost,
               "execution " + permit.execution.text() + " no longer holds the slot");
}

// Whether the execution may go on at all: by its stop token and by its own count of its lease.
Result<> may_work(const Execution& execution, const Clock& clock) {
  const Permit& permit = *execution.permit;
  if (permit.stop_reason() == StopReason::lease_lost || !permit.may_write(clock.steady()))
    return lost(permit);
  if (execution.stop().stop_requested())
    return Error(Errc::stopped,
                 "a stop was requested: " + std::string(to_string(permit.stop_reason())));
  return {};
}

sql::Limits limits_of(const Execution& execution) {
  // How long a job may take is the scheduler's to say, by the stop token.
  return {.stop = execution.stop(), .deadline = std::chrono::hours{24}};
}

Result<> prove(sql::Transaction& transaction, const Execution& execution, std::string_view cursor,
               std::int64_t done) {
  const Permit& permit = *execution.permit;
  auto proven = transaction.exec(
      text::prove, {permit.slot_id, permit.fence, cursor, done, execution.progress->total.load()});
  if (!proven) return std::move(proven).error();
  if (*proven != 1) return lost(permit);
  return {};
}

// Somebody may have asked for a cancel by way of the database: then this chunk is the last one.
Result<> notice_cancel(sql::Transaction& transaction, Permit& permit) {
  auto rows = transaction.query(text::cancel_requested, {permit.slot_id});
  if (!rows) return std::move(rows).error();
  bool requested = false;
  while ((*rows)->next()) requested = true;
  if (auto end = (*rows)->end(); !end) return end;
  if (requested) permit.request_stop(StopReason::cancelled);
  return {};
}

}  // namespace

Chunk::Chunk(Execution& execution, std::unique_ptr<sql::Transaction> transaction, Instant now,
             const Clock& clock, sql::Database& database, const Listeners& listeners)
    : execution_(&execution),
      transaction_(std::move(transaction)),
      now_(now),
      events_(
          std::make_unique<outbox::Writer>(*transaction_, now, execution.permit->execution.text())),
      clock_(&clock),
      database_(&database),
      listeners_(&listeners),
      began_(clock.steady()) {}

Chunk::Chunk(Chunk&&) noexcept = default;
Chunk::~Chunk() = default;

Result<> Chunk::emit(const outbox::Event& event) { return events_->append(event); }

Result<> Chunk::commit(std::string_view cursor, std::int64_t done) {
  auto committed = commit_all(cursor, done);
  if (listeners_->ended && !execution_->dry_run)
    listeners_->ended({.permit = *execution_->permit,
                       .done = done,
                       .began = began_,
                       .ended = clock_->steady(),
                       .why = committed ? nullptr : &committed.error()});
  return committed;
}

Result<> Chunk::commit_all(std::string_view cursor, std::int64_t done) {
  if (auto may = may_work(*execution_, *clock_); !may) return may;
  if (auto written = events_->flush(); !written) return written;
  if (execution_->dry_run) {
    transaction_.reset();
  } else {
    if (auto proven = prove(*transaction_, *execution_, cursor, done); !proven) return proven;
    auto committed = transaction_->commit();
    if (!committed && committed.error().code() == Errc::unknown)
      committed = looked_at(cursor, std::move(committed).error());
    if (!committed) return committed;
    if (listeners_->committed) listeners_->committed();
  }
  execution_->cursor = cursor;
  execution_->progress->done += done;
  return {};
}

// The transaction held its lease's row until it ended, and nobody else moves the cursor under this fence.
Result<> Chunk::looked_at(std::string_view cursor, Error unknown) {
  if (cursor == execution_->cursor) return unknown;
  transaction_.reset();
  auto stands = patiently(*execution_, [this] { return cursor_in_lease(); });
  if (!stands) return stands.error().code() == Errc::lease_lost ? std::move(stands).error() : unknown;
  if (*stands == cursor) return {};
  return Error(Errc::unavailable, unknown.message()).within("nothing was written");
}

Result<std::string> Chunk::cursor_in_lease() const {
  const Permit& permit = *execution_->permit;
  if (auto may = may_work(*execution_, *clock_); !may) return std::move(may).error();
  auto transaction = database_->write(limits_of(*execution_));
  if (!transaction) return std::move(transaction).error();
  auto rows = (*transaction)->query(text::where_it_stands, {permit.slot_id, permit.fence});
  if (!rows) return std::move(rows).error();
  std::optional<std::string> cursor;
  while ((*rows)->next()) cursor = (*rows)->text(0);
  if (auto end = (*rows)->end(); !end) return std::move(end).error();
  if (!cursor) return lost(permit);
  return *std::move(cursor);
}

Result<Chunk> Desk::begin(Execution& execution) {
  if (auto may = may_work(execution, clock_); !may) return std::move(may).error();
  auto transaction = database_.write(limits_of(execution));
  if (!transaction) return std::move(transaction).error().within("begin a chunk");
  if (!execution.dry_run) {
    if (auto told = outbox::announce(**transaction, database_.dialect()); !told)
      return std::move(told).error().within("begin a chunk");
    if (auto noticed = notice_cancel(**transaction, *execution.permit); !noticed)
      return std::move(noticed).error().within("begin a chunk");
    if (auto may = may_work(execution, clock_); !may) return std::move(may).error();
  }
  return Chunk(execution, *std::move(transaction), clock_.now(), clock_, database_, listeners_);
}

Result<std::unique_ptr<sql::Transaction>> Desk::read(const Execution& execution) {
  if (auto may = may_work(execution, clock_); !may) return std::move(may).error();
  return database_.read(limits_of(execution));
}

bool worth_another_try(const Error& error, const Execution& execution, int tries) {
  // Each try at a server that is away waits for it for some seconds, where its transaction begins: together
  // they outlast a restart, or a standby that takes its time to be promoted.
  constexpr int most_tries_at_one_that_is_away = 60;
  constexpr int most_tries = 6;
  if (execution.stop().stop_requested()) return false;
  if (error.code() == Errc::unavailable) return tries < most_tries_at_one_that_is_away;
  return error.code() == Errc::busy && tries < most_tries;
}

Outcome outcome_of(Error error) {
  switch (error.code()) {
    case Errc::stopped:
      return Stopped{};
    case Errc::lease_lost:
      return LeaseLost{};
    case Errc::invalid:
    case Errc::check:
    case Errc::corrupt:
      return Failed{std::move(error), true};
    default:
      return Failed{std::move(error), false};
  }
}

}  // namespace hotclock::work
