#include "service/past/statistics.h"

#include <algorithm>
#include <limits>
#include <map>

#include "service/past/days.h"
#include "service/past/statistics.sql.h"
#include "service/sql/rows.h"

namespace hotclock::past {
namespace text = stmt::statistics;

namespace {

using std::chrono::days;
using std::chrono::floor;

Instant step_of(Instant t, Step step) {
  const auto day = floor<days>(t);
  if (step == Step::day) return day;
  return day - (std::chrono::weekday(day) - std::chrono::Monday);
}

// What was asked for, from days that are summed up and from slots.
class Gathering {
 public:
  Gathering(sql::Transaction& transaction, std::int64_t job, Instant since, Instant until,
            Step step)
      : sql_(transaction), job_(job), since_(floor<days>(since)), until_(until), step_(step) {}

  Result<Statistics> go() {
    auto summed = read_days();
    if (!summed) return std::move(summed).error();
    if (auto read = read_slots(std::max(since_, *summed)); !read) return std::move(read).error();
    for (auto& [begins, figures] : periods_) {
      made_.all.add(figures);
      made_.periods.push_back({begins, std::move(figures)});
    }
    return std::move(made_);
  }

 private:
  // Where the days that are summed up end.
  Result<Instant> read_days() {
    auto all = sql::try_all_rows(sql_, text::days, {job_, since_, until_}, day_of_row);
    if (!all) return std::move(all).error();
    for (const Period& day : *all) periods_[step_of(day.begins, step_)].add(day.figures);
    auto last = first_row(sql_, text::last_day, {job_},
                          [](const sql::Rows& row) { return row.instant_or_none(0); });
    if (!last) return std::move(last).error();
    return *last && **last ? ***last + days{1} : since_;
  }

  Result<> read_slots(Instant from) {
    std::int64_t rows = 0;
    Instant oldest;
    auto read = for_each_row(sql_, text::newest, {job_, from, until_, std::int64_t{rows_read}},
                             [&](const sql::Rows& row) {
                               ++rows;
                               oldest = row.instant(0);
                               count_row(row, periods_[step_of(oldest, step_)]);
                             });
    if (read && rows == rows_read) made_.counted_from = oldest;
    return read;
  }

  sql::Transaction& sql_;
  const std::int64_t job_;
  const Instant since_, until_;
  const Step step_;
  std::map<Instant, Figures> periods_;
  Statistics made_;
};

}  // namespace

std::int64_t Figures::slots() const {
  std::int64_t all = 0;
  for (const std::int64_t count : ends) all += count;
  return all;
}

void Figures::add(const Figures& other) {
  for (std::size_t i = 0; i < ends.size(); ++i) ends[i] += other.ends[i];
  durations.add(other.durations);
  lateness.add(other.lateness);
}

Result<Statistics> statistics(sql::Database& database, const std::string& job, Instant since,
                              Instant until, Step step) {
  auto transaction = database.read();
  if (!transaction) return std::move(transaction).error().within("statistics of " + job);
  auto id = sql::number(**transaction, text::job, {job});
  if (!id) return std::move(id).error().within("statistics of " + job);
  if (*id == 0) return Error(Errc::not_found, "no job " + job + " has slots here");
  auto made = Gathering(**transaction, *id, since, until, step).go();
  if (!made) return std::move(made).error().within("statistics of " + job);
  return made;
}

}  // namespace hotclock::past
