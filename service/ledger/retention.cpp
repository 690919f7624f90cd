#include "service/ledger/retention.h"

#include <algorithm>
#include <array>
#include <vector>

#include "service/ledger/retention.sql.h"
#include "service/ledger/slot_list.h"
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

bool is_after(const Position& a, const Position& b) {
  return a.scheduled_for != b.scheduled_for ? a.scheduled_for > b.scheduled_for : a.id > b.id;
}

Position place_of(const sql::Rows& row) { return {row.instant(0), row.integer(1)}; }

struct Old {
  Position at;
  std::optional<End> ended;
  Instant ended_at;
  bool divided;
};

Old old_of_row(const sql::Rows& row) {
  Old old{
      .at = place_of(row), .ended = {}, .ended_at = row.instant(3), .divided = row.integer(4) > 0};
  if (End end{}; !row.is_null(2) && from_string(row.text(2), end)) old.ended = end;
  return old;
}

// One job's slots, from the oldest on, so long as there may be some that go.
class Trimming {
 public:
  Trimming(sql::Database& database, std::int64_t job, const Retention& keep)
      : database_(database), job_(job), keep_(keep) {}

  // False: nothing of the job can go.
  Result<bool> begin() {
    auto transaction = database_.read();
    if (!transaction) return std::move(transaction).error();
    auto newest =
        place(**transaction, text::newest_to_go, {job_, std::int64_t{keep_.keep_per_job}});
    if (!newest) return std::move(newest).error();
    if (!*newest) return false;
    newest_ = **newest;
    for (const auto& [end, kept] : keep_.ends) {
      if (kept.most == 0) continue;
      auto last = place(**transaction, text::newest_too_many, {job_, to_string(end), kept.most});
      if (!last) return std::move(last).error();
      if (*last) too_many_[end] = **last;
    }
    return true;
  }

  // How many went of the next few.
  Result<std::int64_t> some() {
    auto transaction = database_.write();
    if (!transaction) return std::move(transaction).error();
    auto olds = next(**transaction);
    if (!olds) return std::move(olds).error();
    std::int64_t gone = 0;
    for (const Old& old : *olds) {
      if (!goes(old)) continue;
      if (auto forgot = forget(**transaction, old); !forgot) return std::move(forgot).error();
      ++gone;
    }
    if (gone > 0)
      if (auto done = (*transaction)->commit(); !done) return std::move(done).error();
    return gone;
  }
  bool is_over() const { return over_; }

 private:
  static Result<std::optional<Position>> place(sql::Transaction& transaction,
                                               const sql::Statement& statement,
                                               std::initializer_list<sql::Param> params) {
    return first_row(transaction, statement, params, place_of);
  }

  Result<std::vector<Old>> next(sql::Transaction& transaction) {
    std::vector<Old> olds;
    auto read = for_each_row(transaction, text::oldest,
                             {job_, at_.scheduled_for, at_.id, newest_.scheduled_for, newest_.id,
                              std::int64_t{keep_.at_once}},
                             [&](const sql::Rows& row) { olds.push_back(old_of_row(row)); });
    if (!read) return std::move(read).error();
    if (!olds.empty()) at_ = olds.back().at;
    over_ = std::ssize(olds) < keep_.at_once || at_.scheduled_for >= last_due();
    return olds;
  }

  // No slot ends before it is due, so none that is due from here on goes by its age.
  Instant last_due() const {
    Instant last = keep_.ended_before;
    for (const auto& [end, kept] : keep_.ends) last = std::max(last, kept.ended_before);
    for (const auto& [end, place] : too_many_) last = std::max(last, place.scheduled_for);
    return std::min(last, keep_.due_before);
  }

  bool goes(const Old& old) const {
    if (!old.ended || old.at.scheduled_for >= keep_.due_before) return false;
    const auto rule = keep_.ends.find(*old.ended);
    const Instant before =
        rule == keep_.ends.end() ? keep_.ended_before : rule->second.ended_before;
    if (old.ended_at < before) return true;
    const auto too_many = too_many_.find(*old.ended);
    return too_many != too_many_.end() && !is_after(old.at, too_many->second);
  }

  static Result<> forget(sql::Transaction& transaction, const Old& old) {
    std::vector<std::int64_t> slots;
    if (old.divided) {
      auto read = for_each_row(transaction, text::partitions, {old.at.id},
                               [&](const sql::Rows& row) { slots.push_back(row.integer(0)); });
      if (!read) return read;
    }
    slots.push_back(old.at.id);
    for (const std::int64_t slot : slots)
      for (const sql::Statement* statement :
           {&text::forget_failures, &text::forget_logs, &text::forget_profiles,
            &text::forget_profile_order, &text::forget_history, &text::forget_slot})
        if (auto gone = transaction.post(*statement, {slot}); !gone) return gone;
    return {};
  }

  sql::Database& database_;
  const std::int64_t job_;
  const Retention& keep_;
  Position newest_;
  Position at_{earliest_instant(), 0};
  std::map<End, Position> too_many_;
  bool over_ = false;
};

Result<std::int64_t> trim_job(sql::Database& database, std::int64_t job, const Retention& keep,
                              const std::stop_token& stop) {
  Trimming trimming(database, job, keep);
  auto any = trimming.begin();
  if (!any) return std::move(any).error();
  std::int64_t all = 0;
  while (*any && !trimming.is_over() && !stop.stop_requested()) {
    auto gone = trimming.some();
    if (!gone) return gone;
    all += *gone;
  }
  return all;
}

}  // namespace

Result<std::int64_t> trim_history(sql::Database& database, const Retention& keep,
                                  std::stop_token stop) {
  auto jobs = jobs_of(database);
  if (!jobs) return std::move(jobs).error().within("trim the history");
  std::int64_t all = 0;
  for (const std::int64_t job : *jobs) {
    auto gone = trim_job(database, job, keep, stop);
    if (!gone) return std::move(gone).error().within("trim the history");
    all += *gone;
  }
  return all;
}

}  // namespace hotclock::ledger
