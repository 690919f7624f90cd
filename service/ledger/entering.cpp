#include "service/ledger/entering.h"

#include "service/ledger/rows.h"
#include "service/ledger/settle.sql.h"

namespace hotclock::ledger {
namespace text = stmt::settle;

namespace {

Result<> enqueued(sql::Transaction& transaction, std::int64_t slot_id, const Entry& entry,
                  Instant now) {
  const std::string_view phase = entry.available_at <= now ? "due" : "later";
  const std::int64_t none = 0;
  return transaction.post(text::enqueue,
                          {phase, none, claim_rank(entry.available_at, entry.priority), slot_id,
                           entry.available_at, none, none, none, "", none, entry.reason});
}

Result<> ended(sql::Transaction& transaction, std::int64_t slot_id, const Entry& entry,
               Instant now) {
  const std::int64_t none = 0;
  return transaction.post(text::end_unworked,
                          {slot_id, none, to_string(*entry.ended), none, now, entry.reason});
}

// `job`: its id or its name, as the statement has it.
Result<std::optional<std::int64_t>> entered(sql::Transaction& transaction,
                                            const sql::Statement& enter, sql::Param job,
                                            const Entry& entry, Instant now) {
  auto id = first_row(transaction, enter,
                      {job, entry.slot.scheduled_for, entry.slot.key, to_string(entry.slot.trigger),
                       std::int64_t{entry.priority}, claim_rank(entry.available_at, entry.priority),
                       entry.requested_by, now},
                      [](const sql::Rows& row) { return row.integer(0); });
  if (!id || !*id) return id;
  auto placed =
      entry.ended ? ended(transaction, **id, entry, now) : enqueued(transaction, **id, entry, now);
  if (!placed) return std::move(placed).error();
  return id;
}

}  // namespace

Result<std::optional<std::int64_t>> enter_slot(sql::Transaction& transaction, std::int64_t job_id,
                                               const Entry& entry, Instant now) {
  return entered(transaction, text::enter, job_id, entry, now);
}

Result<std::optional<std::int64_t>> enter_slot_by_name(sql::Transaction& transaction,
                                                       const Entry& entry, Instant now) {
  return entered(transaction, text::enter_by_name, entry.slot.job, entry, now);
}

}  // namespace hotclock::ledger
