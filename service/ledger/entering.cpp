#include "service/ledger/entering.h"

#include "service/ledger/queue_line.h"
#include "service/ledger/settle.sql.h"
#include "service/sql/rows.h"

namespace hotclock::ledger {
namespace text = stmt::settle;

namespace {

struct Entered {
  std::int64_t slot_id, line;
};

Result<> enqueued(sql::Transaction& transaction, const Entered& slot, const Entry& entry,
                  Instant now) {
  const std::string_view phase = entry.available_at <= now ? "due" : "later";
  const std::int64_t none = 0;
  return transaction.post(
      text::enqueue, {phase, slot.line, claim_rank(entry.available_at, entry.priority),
                      slot.slot_id, entry.available_at, none, none, none, "", none, entry.reason});
}

Result<> ended(sql::Transaction& transaction, std::int64_t slot_id, const Entry& entry,
               Instant now) {
  const std::int64_t none = 0;
  return transaction.post(text::end_unworked,
                          {slot_id, none, to_string(*entry.ended), none, now, entry.reason});
}

// `job`: its id or its name, as the statement has it.
sql::Question entering(const sql::Statement& enter, sql::Param job, const Entry& entry,
                       Instant now) {
  return {&enter,
          {job, entry.slot.scheduled_for, entry.slot.key, to_string(entry.slot.trigger),
           std::int64_t{entry.priority}, claim_rank(entry.available_at, entry.priority),
           entry.requested_by, now, entry.token ? sql::Param(*entry.token) : sql::Param(nullptr)}};
}

}  // namespace

Result<std::optional<std::int64_t>> enter_slot(sql::Transaction& transaction, std::int64_t job_id,
                                               std::int64_t line, const Entry& entry, Instant now) {
  sql::Question question = entering(text::enter, job_id, entry, now);
  question.params.push_back(queue_of_line(line));
  auto rows = transaction.query(*question.statement, question.params);
  if (!rows) return std::move(rows).error();
  return slot_entered(transaction, **rows, entry, now);
}

sql::Question enter_by_name(const Entry& entry, Instant now) {
  return entering(text::enter_by_name, entry.slot.job, entry, now);
}

Result<std::optional<std::int64_t>> slot_entered(sql::Transaction& transaction, sql::Rows& answer,
                                                 const Entry& entry, Instant now) {
  std::optional<Entered> slot;
  auto read = each_row(answer, [&slot](const sql::Rows& row) {
    slot = Entered{row.integer(0), line_of_queue(row, 1)};
  });
  if (!read) return std::move(read).error();
  if (!slot) return std::optional<std::int64_t>();
  auto placed = entry.ended ? ended(transaction, slot->slot_id, entry, now)
                            : enqueued(transaction, *slot, entry, now);
  if (!placed) return std::move(placed).error();
  return std::optional(slot->slot_id);
}

}  // namespace hotclock::ledger
