#include "service/ledger/retention.h"

#include <vector>

#include "service/ledger/slot_list.h"
#include "service/ledger/retention.sql.h"
#include "service/sql/rows.h"

namespace hotclock::ledger {
namespace text = stmt::retention;

namespace {

Result<std::vector<std::int64_t>> jobs_of(sql::Database& database) {
  auto transaction = database.read();
  if (!transaction) return std::move(transaction).error();
  std::vector<std::int64_t> jobs;
  auto read = for_each_row(**transaction, text::jobs, {},
                           [&](const sql::Rows& row) { jobs.push_back(row.integer(0)); });
  if (!read) return std::move(read).error();
  return jobs;
}

Result<std::vector<std::int64_t>> slots_to_go(sql::Transaction& transaction, std::int64_t job,
                                              const Retention& keep) {
  auto newest = first_row(transaction, text::newest_to_go, {job, std::int64_t{keep.keep_per_job}},
                          [](const sql::Rows& row) {
                            return Position{row.instant(0), row.integer(1)};
                          });
  if (!newest) return std::move(newest).error();
  std::vector<std::int64_t> slots;
  if (!*newest) return slots;
  auto read = for_each_row(
      transaction, text::to_go,
      {job, (*newest)->scheduled_for, (*newest)->id, keep.ended_before, std::int64_t{keep.at_once}},
      [&](const sql::Rows& row) { slots.push_back(row.integer(0)); });
  if (!read) return std::move(read).error();
  return slots;
}

// How many went; 0: nothing is left to go.
Result<std::int64_t> forget_some(sql::Database& database, std::int64_t job, const Retention& keep) {
  auto transaction = database.write();
  if (!transaction) return std::move(transaction).error();
  auto slots = slots_to_go(**transaction, job, keep);
  if (!slots) return std::move(slots).error();
  for (const std::int64_t slot : *slots)
    for (const sql::Statement* statement :
         {&text::forget_failures, &text::forget_logs, &text::forget_history, &text::forget_slot})
      if (auto gone = (*transaction)->exec(*statement, {slot}); !gone) return gone;
  if (auto done = (*transaction)->commit(); !done) return std::move(done).error();
  return static_cast<std::int64_t>(slots->size());
}

}  // namespace

Result<std::int64_t> trim_history(sql::Database& database, const Retention& keep,
                                  std::stop_token stop) {
  auto jobs = jobs_of(database);
  if (!jobs) return std::move(jobs).error().within("trim the history");
  std::int64_t all = 0;
  for (const std::int64_t job : *jobs) {
    for (bool more = true; more && !stop.stop_requested();) {
      auto gone = forget_some(database, job, keep);
      if (!gone) return std::move(gone).error().within("trim the history");
      all += *gone;
      more = *gone == keep.at_once;
    }
  }
  return all;
}

}  // namespace hotclock::ledger
