#include "service/ledger/partitions.h"

#include "service/ledger/partitions.sql.h"
#include "service/ledger/queue_line.h"
#include "service/ledger/settle.sql.h"
#include "service/ledger/tally.h"
#include "service/sql/rows.h"

namespace hotclock::ledger {
namespace text = stmt::partitions;

namespace {

struct Entered {
  std::int64_t id, rank, line;
};

Result<> enter(sql::Transaction& transaction, const Permit& permit, std::size_t number,
               const std::string& cursor, Instant now) {
  const std::string key = partition_key(permit.slot.key, number);
  auto entered =
      first_row(transaction, text::enter, {permit.slot_id, key, now}, [](const sql::Rows& row) {
        return Entered{row.integer(0), row.integer(1), line_of_queue(row, 2)};
      });
  if (!entered) return std::move(entered).error();
  if (!*entered) return Error(Errc::corrupt, "there is no slot " + std::to_string(permit.slot_id));
  const std::int64_t none = 0;
  auto queued = transaction.exec(
      stmt::settle::enqueue, {"due", (*entered)->line, (*entered)->rank, (*entered)->id, now, none,
                              none, none, cursor, none, ""});
  if (!queued) return std::move(queued).error();
  return {};
}

// The lease of a divided slot, after one of its partitions has ended.
struct Whole {
  std::int64_t open, lane, fence, attempt;
  std::string execution;
  std::int64_t node_id;
  Instant started_at;
};

Result<PartitionEnds> ends_of(sql::Transaction& transaction, std::int64_t whole) {
  PartitionEnds ends;
  auto read = for_each_row(transaction, text::ends, {whole}, [&](const sql::Rows& row) {
    End end = End::failed;
    from_string(row.text(1), end);
    ends.add(row.text(0), end, row.text(2), read_tally(row.text(3)), row.integer(4));
  });
  if (!read) return std::move(read).error();
  return ends;
}

Result<Slot> slot_of(sql::Transaction& transaction, std::int64_t id) {
  auto slot = first_row(transaction, text::the_slot, {id}, [](const sql::Rows& row) {
    Slot read{{}, row.instant(0), Trigger::schedule, std::string(row.text(1))};
    from_string(row.text(2), read.trigger);
    return read;
  });
  if (!slot) return std::move(slot).error();
  if (!*slot) return Error(Errc::corrupt, "there is no slot " + std::to_string(id));
  return **std::move(slot);
}

Result<Gathered> gather(sql::Transaction& transaction, std::int64_t job_id, std::int64_t slot_id,
                        const Whole& whole, Instant now) {
  auto slot = slot_of(transaction, slot_id);
  if (!slot) return std::move(slot).error();
  auto ends = ends_of(transaction, slot_id);
  if (!ends) return std::move(ends).error();
  auto released =
      transaction.exec(stmt::settle::release, {job_id, whole.lane, slot_id, whole.fence});
  if (!released) return std::move(released).error();
  const std::string_view how = to_string(ends->end);
  const std::string tally = to_json(ends->tally);
  auto written = transaction.exec(
      stmt::settle::record,
      {slot_id, whole.fence, how, whole.attempt, whole.execution, whole.node_id, whole.started_at,
       now, how, ends->reason, tally, ends->set_aside_total, slot->scheduled_for});
  if (!written) return std::move(written).error();
  return Gathered{*std::move(slot), whole.execution, whole.started_at, now, *std::move(ends)};
}

}  // namespace

Result<bool> divide(sql::Transaction& transaction, std::int64_t job_id, const Permit& permit,
                    const Divides& parts, Instant now) {
  const auto count = static_cast<std::int64_t>(parts.cursors.size());
  auto divided = transaction.exec(
      text::divide, {job_id, permit.slot_id, permit.fence, count, parts.progress_total});
  if (!divided) return std::move(divided).error();
  if (*divided == 0) return false;
  std::size_t number = 0;
  for (const std::string& cursor : parts.cursors)
    if (auto entered = enter(transaction, permit, ++number, cursor, now); !entered)
      return std::move(entered).error();
  return true;
}

Result<std::string> cancelled_by(sql::Transaction& transaction, std::int64_t job_id,
                                 std::int64_t whole) {
  auto who = first_row(transaction, text::whole, {job_id, whole},
                       [](const sql::Rows& row) { return std::string(row.text(0)); });
  if (!who) return std::move(who).error();
  return (*who).value_or("");
}

Result<std::optional<Gathered>> partition_ended(sql::Transaction& transaction, std::int64_t job_id,
                                                std::int64_t whole, std::int64_t progress_done,
                                                Instant now) {
  auto lease = first_row(
      transaction, text::one_ended, {job_id, whole, progress_done}, [](const sql::Rows& row) {
        return Whole{row.integer(0),           row.integer(1), row.integer(2), row.integer(3),
                     std::string(row.text(4)), row.integer(5), row.instant(6)};
      });
  if (!lease) return std::move(lease).error();
  if (!*lease)
    return Error(Errc::corrupt,
                 "slot " + std::to_string(whole) + " has no partitions open, but one ended");
  if ((*lease)->open > 0) return std::optional<Gathered>();
  auto gathered = gather(transaction, job_id, whole, **lease, now);
  if (!gathered) return std::move(gathered).error();
  return std::optional(*std::move(gathered));
}

}  // namespace hotclock::ledger
