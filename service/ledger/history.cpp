#include "service/ledger/history.h"

#include <fmt/format.h>

#include "service/ledger/execution_id.h"
#include "service/ledger/finding.h"
#include "service/ledger/history.sql.h"
#include "service/ledger/slot_rows.h"
#include "service/sql/rows.h"

namespace hotclock::ledger {
namespace text = stmt::history;

SlotView slot_of_row(const sql::Rows& row) {
  SlotView view;
  view.id = row.integer(0);
  view.slot = {std::string(row.text(1)), row.instant(2), Trigger::schedule,
               std::string(row.text(3))};
  from_string(row.text(4), view.slot.trigger);
  view.priority = static_cast<int>(row.integer(5));
  view.requested_by = row.text(6);
  view.entered_at = row.instant(7);
  from_string(row.text(8), view.state);
  if (End end; !row.is_null(9) && from_string(row.text(9), end)) view.ended = end;
  view.reason = row.text(10);
  view.attempt = static_cast<int>(row.integer(11));
  view.execution = row.text(12);
  view.started_at = row.instant_or_none(13);
  view.ended_at = row.instant_or_none(14);
  view.available_at = row.instant_or_none(15);
  view.cursor = row.text(16);
  view.progress_done = row.integer(17);
  view.progress_total = row.integer(18);
  view.cancel_requested_by = row.text(19);
  view.node = row.text(20);
  view.queue = row.text(21);
  return view;
}

namespace {

Result<std::optional<SlotView>> one_slot(sql::Transaction& transaction, std::int64_t id) {
  return first_row(transaction, text::one, {id}, slot_of_row);
}

Result<std::vector<AttemptView>> attempts_of(sql::Transaction& transaction, std::int64_t slot_id) {
  std::vector<AttemptView> attempts;
  auto read = for_each_row(transaction, text::attempts, {slot_id}, [&](const sql::Rows& row) {
    attempts.push_back({std::string(row.text(0)), static_cast<int>(row.integer(1)),
                        std::string(row.text(2)), row.instant(3), row.instant(4),
                        std::string(row.text(5)), std::string(row.text(6)),
                        std::string(row.text(7)), row.integer(8)});
  });
  if (!read) return std::move(read).error();
  return attempts;
}

Result<> read_details(sql::Transaction& transaction, std::string_view execution,
                      ExecutionView& view) {
  auto failures = for_each_row(transaction, text::failures, {execution}, [&](const sql::Rows& row) {
    view.failures.push_back(
        {std::string(row.text(0)), std::string(row.text(1)), std::string(row.text(2))});
  });
  if (!failures) return failures;
  return for_each_row(transaction, text::events, {execution},
                      [&](const sql::Rows& row) { view.events += row.integer(0); });
}

Result<> read_partitions(sql::Transaction& transaction, std::int64_t slot_id, ExecutionView& view) {
  auto read = for_each_row(transaction, text::partitions, {slot_id}, [&](const sql::Rows& row) {
    view.partitions.push_back(slot_of_row(row));
  });
  if (!read) return read;
  for (const SlotView& partition : view.partitions)
    if (auto details = read_details(transaction, partition.execution, view); !details)
      return details;
  return {};
}

Result<LogView> log_of(sql::Transaction& transaction, std::string_view execution,
                       std::int64_t from) {
  auto log = first_row(transaction, text::log, {execution}, [](const sql::Rows& row) {
    return LogText{std::string(row.text(0)), row.integer(1)};
  });
  if (!log) return std::move(log).error();
  if (*log) return view_of(**std::move(log), from);
  return running_log(transaction, execution, from);
}

Result<ExecutionView> shown(sql::Transaction& transaction, std::string_view id,
                            std::int64_t log_from) {
  auto slot_id = find_slot_id(transaction, id);
  if (!slot_id) return std::move(slot_id).error();
  auto slot = one_slot(transaction, *slot_id);
  if (!slot) return std::move(slot).error();
  if (!*slot) return Error(Errc::not_found, fmt::format("there is no slot {}", *slot_id));
  ExecutionView view{.slot = **std::move(slot),
                     .attempts = {},
                     .partitions = {},
                     .failures = {},
                     .events = 0,
                     .log = {}};
  auto attempts = attempts_of(transaction, *slot_id);
  if (!attempts) return std::move(attempts).error();
  view.attempts = std::move(attempts).value();
  if (auto read = read_partitions(transaction, *slot_id, view); !read)
    return std::move(read).error();
  const auto execution = Uuid::parse(id);
  const std::string asked_for = execution ? execution->text() : view.slot.execution;
  if (auto read = read_details(transaction, asked_for, view); !read) return std::move(read).error();
  auto log = log_of(transaction, asked_for, log_from);
  if (!log) return std::move(log).error();
  view.log = std::move(log).value();
  return view;
}

JobView job_of_row(const sql::Rows& row) {
  JobView view;
  view.job = row.text(0);
  view.schedule = row.text(1);
  view.entered_until = row.instant(2);
  if (!row.is_null(3))
    view.pause = Pause{std::string(row.text(3)), std::string(row.text(4)), row.instant_or_none(6)};
  view.paused_since = row.instant_or_none(5);
  view.failures_in_a_row = static_cast<int>(row.integer(7));
  view.last_failure = row.instant_or_none(8);
  view.running = row.integer(9);
  return view;
}

// Runs `read(transaction)` in a snapshot of its own.
template <class Read>
auto in_snapshot(sql::Database& database, std::string_view step, Read read)
    -> decltype(read(std::declval<sql::Transaction&>())) {
  auto transaction = database.read();
  if (!transaction) return std::move(transaction).error().within(step);
  auto result = read(**transaction);
  if (!result) return std::move(result).error().within(step);
  return result;
}

Result<std::vector<JobView>> jobs_of(sql::Transaction& transaction, const std::string& name) {
  std::vector<JobView> jobs;
  std::vector<std::int64_t> last;  // 0: none has ended
  auto read = for_each_row(transaction, text::jobs, {name}, [&](const sql::Rows& row) {
    jobs.push_back(job_of_row(row));
    last.push_back(row.integer(10));
  });
  if (!read) return std::move(read).error();
  for (std::size_t i = 0; i < jobs.size(); ++i) {
    if (last[i] == 0) continue;
    auto slot = one_slot(transaction, last[i]);
    if (!slot) return std::move(slot).error();
    jobs[i].last_ended = std::move(slot).value();
  }
  return jobs;
}

}  // namespace

Result<ExecutionView> show_execution(sql::Database& database, std::string_view id,
                                     std::int64_t log_from) {
  return in_snapshot(database, fmt::format("show {}", id), [&](sql::Transaction& transaction) {
    return shown(transaction, id, log_from);
  });
}

Result<std::vector<JobView>> list_jobs(sql::Database& database, const std::string& name) {
  return in_snapshot(database, "list jobs",
                     [&](sql::Transaction& sql) { return jobs_of(sql, name); });
}

Result<std::vector<SlotView>> slots_between(sql::Database& database, const std::string& job,
                                            Instant from, Instant to) {
  return in_snapshot(
      database, "list slots", [&](sql::Transaction& transaction) -> Result<std::vector<SlotView>> {
        std::vector<SlotView> slots;
        auto read = for_each_row(transaction, text::between, {std::string_view(job), from, to},
                                 [&](const sql::Rows& row) { slots.push_back(slot_of_row(row)); });
        if (!read) return std::move(read).error();
        return slots;
      });
}

Result<PastWork> past_work(sql::Database& database, const std::string& job, int most) {
  return in_snapshot(database, "read past attempts of " + job,
                     [&](sql::Transaction& transaction) -> Result<PastWork> {
                       PastWork past;
                       auto read = for_each_row(
                           transaction, text::past_attempts,
                           {std::string_view(job), std::int64_t{most}}, [&](const sql::Rows& row) {
                             past.durations.push_back(row.instant(1) - row.instant(0));
                             const std::string_view outcome = row.text(2);
                             if (outcome == "failed" || outcome == "timed_out") ++past.failed;
                           });
                       if (!read) return std::move(read).error();
                       return past;
                     });
}

}  // namespace hotclock::ledger
