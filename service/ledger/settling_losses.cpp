// Slots whose worker vanished, and slots that wait for a job of which nothing runs any more.
#include <fmt/format.h>

#include "service/ledger/log_tail.h"
#include "service/ledger/row_locks.sql.h"
#include "service/ledger/settle.sql.h"
#include "service/ledger/settling.h"
#include "service/sql/rows.h"

namespace hotclock::ledger {
namespace text = stmt::settle;

Result<std::vector<Settling::Held>> Settling::held_by_others() {
  std::vector<Held> held;
  auto read =
      for_each_row(sql_, text::held_by_others, {lasting_.node.id, now_}, [&](const sql::Rows& row) {
        Held& one = held.emplace_back();
        one.slot_id = row.integer(0);
        one.job_id = row.integer(1);
        one.execution = row.text(2);
        one.node_id = row.integer(3);
        one.lease_until = row.instant(4);
        one.attempt = static_cast<int>(row.integer(5));
        one.fence = row.integer(6);
        one.started_at = row.instant(7);
        one.slot.scheduled_for = row.instant(8);
        one.slot.key = row.text(9);
        from_string(row.text(10), one.slot.trigger);
        one.node = row.text(11);
        one.process = {std::string(row.text(12)), std::string(row.text(13)), row.integer(14),
                       row.integer(15)};
        one.retired = !row.is_null(16);
        one.lane = row.integer(17);
        if (!row.is_null(18)) one.partition_of = row.integer(18);
      });
  if (!read) return std::move(read).error();
  return held;
}

bool Settling::is_lost(const Held& held) {
  if (held.lease_until <= now_ || held.retired) return true;
  auto known = lives_.find(held.node_id);
  if (known == lives_.end())
    known = lives_.emplace(held.node_id, life_of(held.process, lasting_.node.process)).first;
  return known->second == Life::gone;
}

Result<> Settling::take_lost() {
  if (!act_.look_for_lost) return {};
  auto held = held_by_others();
  if (!held) return std::move(held).error().within("look for lost executions");
  for (const Held& one : *held)
    if (is_lost(one))
      if (auto taken = take(one); !taken)
        return std::move(taken).error().within("take over " + one.execution);
  if (auto gathered = gather_partitions(); !gathered)
    return std::move(gathered).error().within("end divided slots");
  if (auto counted = write_streaks(); !counted) return counted;
  return call_abandoned_lines();
}

// Nobody is at its lease just now.
Result<bool> Settling::is_free(const Held& held) {
  if (!lasting_.locks_rows) return true;
  auto free =
      first_row(sql_, stmt::row_locks::is_free, {held.job_id, held.lane, held.slot_id, held.fence},
                [](const sql::Rows& row) { return row.integer(0); });
  if (!free) return std::move(free).error();
  return free->has_value();
}

Result<> Settling::take(const Held& held) {
  auto job = job_now(held.job_id);
  if (!job) return std::move(job).error();
  const Policy* policy = (*job)->policy.get();
  if (policy == nullptr) return {};
  auto free = is_free(held);
  if (!free) return std::move(free).error();
  if (!*free) return {};
  const AfterLoss after = judge_loss(*policy, held.attempt);
  const bool failed = after == AfterLoss::failed;
  const std::string error =
      fmt::format("its worker vanished: {}, process {}", held.node, held.process.pid);
  if (failed) {
    auto done = first_row(sql_, text::take_back, {held.job_id, held.slot_id, held.fence},
                          [](const sql::Rows& row) { return row.integer(4); });
    if (!done) return std::move(done).error();
    if (held.partition_of)
      ended_partitions_.push_back({held.job_id, *held.partition_of, done->value_or(0)});
  } else {
    const bool again = after == AfterLoss::again;
    auto moved = go_back(held.job_id, held.slot_id, held.fence,
                         {.phase = again ? "later" : "unknown",
                          .at = now_,
                          .vanished = true,
                          .reason = again ? std::string_view() : error});
    if (!moved) return std::move(moved).error();
  }
  const sql::Param ended = failed ? sql::Param(to_string(End::failed)) : sql::Param(nullptr);
  auto written =
      sql_.exec(text::record, {held.slot_id, held.fence, ended, std::int64_t{held.attempt},
                               held.execution, held.node_id, held.started_at, now_, "lost", error,
                               "{}", std::int64_t{0}, held.slot.scheduled_for});
  if (!written) return std::move(written).error();
  if (auto kept = keep_running_log(sql_, held.execution); !kept) return kept;
  if (!held.partition_of) {
    if (failed) count_end(held.job_id, End::failed, now_);
    ++freed_[held.job_id];
  }
  Slot slot = held.slot;
  slot.job = *(*job)->name;
  answer_.taken.push_back({std::move(slot), held.execution, held.node, after});
  return {};
}

// Nothing should ever wait for a job of which nothing runs: whoever ends a slot calls the next. But
// if it did, nobody would notice for months; so it is looked for.
Result<> Settling::call_abandoned_lines() {
  std::vector<JobId> lines;
  auto read = for_each_row(sql_, text::abandoned_lines, {},
                           [&](const sql::Rows& row) { lines.push_back(row.integer(0)); });
  if (!read) return std::move(read).error().within("look for abandoned lines");
  for (const JobId job : lines) freed_.try_emplace(job, 1);
  return {};
}

Result<bool> Settling::anyone_lost() {
  auto held = held_by_others();
  if (!held) return std::move(held).error();
  for (const Held& one : *held) {
    auto job = job_now(one.job_id);
    if (!job) return std::move(job).error();
    if (is_lost(one) && (*job)->policy) return true;
  }
  auto line = first_row(sql_, text::abandoned_lines, {},
                        [](const sql::Rows& row) { return row.integer(0); });
  if (!line) return std::move(line).error();
  return line->has_value();
}

}  // namespace hotclock::ledger
