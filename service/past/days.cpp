#include "service/past/days.h"

#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>

#include "service/ledger/slot_list.h"
#include "service/past/statistics.sql.h"
#include "service/sql/rows.h"

namespace hotclock::past {
namespace text = stmt::statistics;

namespace {

namespace json = boost::json;
using std::chrono::days;
using std::chrono::floor;

constexpr std::int64_t rows_at_once = 20'000;

Result<std::vector<std::int64_t>> jobs_of(sql::Database& database) {
  auto transaction = database.read();
  if (!transaction) return std::move(transaction).error();
  std::vector<std::int64_t> jobs;
  auto read = for_each_row(**transaction, text::jobs, {},
                           [&](const sql::Rows& row) { jobs.push_back(row.integer(0)); });
  if (!read) return std::move(read).error();
  return jobs;
}

// Read in pieces: a day may have millions.
Result<Figures> figures_of(sql::Transaction& transaction, std::int64_t job, Instant day) {
  Figures figures;
  Instant at = day;
  std::int64_t id = 0;
  for (std::int64_t came = rows_at_once; came == rows_at_once;) {
    came = 0;
    auto read = for_each_row(transaction, text::oldest, {job, at, id, day + days{1}, rows_at_once},
                             [&](const sql::Rows& row) {
                               ++came;
                               at = row.instant(0);
                               id = row.integer(6);
                               count_row(row, figures);
                             });
    if (!read) return std::move(read).error();
  }
  return figures;
}

// Counts it and writes it down. It is read beside all else that goes on, so that nobody waits.
Result<> sum_up(sql::Database& database, std::int64_t job, Instant day, bool seal) {
  auto reading = database.read();
  if (!reading) return std::move(reading).error();
  auto figures = figures_of(**reading, job, day);
  if (!figures) return std::move(figures).error();
  reading->reset();
  auto writing = database.write();
  if (!writing) return std::move(writing).error();
  const std::string ends = ends_text(*figures), durations = figures->durations.text(),
                    lateness = figures->lateness.text();
  auto done =
      (*writing)->exec(text::sum_up, {job, day, std::int64_t{seal}, ends, durations, lateness});
  if (!done) return std::move(done).error();
  return (*writing)->commit();
}

Result<std::optional<Instant>> day_with_slots(sql::Transaction& transaction, std::int64_t job,
                                              Instant from) {
  return first_row(transaction, text::first_due, {job, from},
                   [](const sql::Rows& row) -> Instant { return floor<days>(row.instant(0)); });
}

// The first day of a job with slots behind those that are summed up.
Result<std::optional<Instant>> next_day(sql::Database& database, std::int64_t job) {
  auto transaction = database.read();
  if (!transaction) return std::move(transaction).error();
  auto last = first_row(**transaction, text::last_day, {job},
                        [](const sql::Rows& row) { return row.instant_or_none(0); });
  if (!last) return std::move(last).error();
  return day_with_slots(**transaction, job,
                        *last && **last ? ***last + days{1} : ledger::earliest_instant());
}

// The first day of a job from `from` on whose slots are there and may not be forgotten yet.
Result<std::optional<Instant>> next_unsealed(sql::Database& database, std::int64_t job,
                                             Instant from, Instant until) {
  auto transaction = database.read();
  if (!transaction) return std::move(transaction).error();
  for (;; from += days{1}) {
    auto day = day_with_slots(**transaction, job, from);
    if (!day) return day;
    if (!*day || **day >= until) return std::optional<Instant>();
    auto sealed = sql::number(**transaction, text::sealed, {job, **day});
    if (!sealed) return std::move(sealed).error();
    if (*sealed == 0) return day;
    from = **day;
  }
}

Result<> seal_job(sql::Database& database, std::int64_t job, Instant until,
                  const std::stop_token& stop) {
  for (Instant from = ledger::earliest_instant(); !stop.stop_requested();) {
    auto day = next_unsealed(database, job, from, until);
    if (!day) return std::move(day).error();
    if (!*day) break;
    if (auto done = sum_up(database, job, **day, true); !done) return done;
    from = **day + days{1};
  }
  return {};
}

// Days that nobody can expect to change much.
Instant settled_before(Instant now) { return floor<days>(now) - days{1}; }

}  // namespace

void count_row(const sql::Rows& row, Figures& figures) {
  End end{};
  if (!from_string(row.text(1), end)) return;
  ++figures.ends[static_cast<std::size_t>(end)];
  const bool worked =
      !row.is_null(4) && end != End::cancelled && end != End::refused && end != End::missed;
  if (!worked) return;
  figures.durations.add((row.instant(5) - row.instant(4)).count());
  if (row.text(2) == to_string(Trigger::schedule) && row.integer(3) == 1)
    figures.lateness.add((row.instant(4) - row.instant(0)).count());
}

std::string ends_text(const Figures& figures) {
  json::object out;
  for (int i = 0; i < all_ends; ++i)
    if (const auto count = figures.ends[static_cast<std::size_t>(i)]; count > 0)
      out[json::string_view(to_string(static_cast<End>(i)))] = count;
  return json::serialize(out);
}

Result<> read_ends(std::string_view text, Figures& figures) {
  json::error_code failed;
  const auto value = json::parse({text.data(), text.size()}, failed);
  if (failed || !value.is_object()) return Error(Errc::corrupt, "the ends of a day cannot be read");
  for (const auto& [name, count] : value.get_object()) {
    End end{};
    if (!from_string({name.data(), name.size()}, end) || !count.is_int64())
      return Error(Errc::corrupt, "the ends of a day cannot be read");
    figures.ends[static_cast<std::size_t>(end)] += count.get_int64();
  }
  return {};
}

Result<Period> day_of_row(const sql::Rows& row) {
  Period day{.begins = row.instant(0), .figures = {}};
  auto durations = Spread::parse(row.text(2));
  auto lateness = Spread::parse(row.text(3));
  if (!durations || !lateness) return durations ? lateness.error() : durations.error();
  day.figures.durations = std::move(durations).value();
  day.figures.lateness = std::move(lateness).value();
  if (auto read = read_ends(row.text(1), day.figures); !read) return std::move(read).error();
  return day;
}

Result<std::int64_t> sum_up_days(sql::Database& database, Instant now, std::stop_token stop) {
  auto jobs = jobs_of(database);
  if (!jobs) return std::move(jobs).error().within("sum up days");
  std::int64_t all = 0;
  for (const std::int64_t job : *jobs) {
    while (!stop.stop_requested()) {
      auto day = next_day(database, job);
      if (!day) return std::move(day).error().within("sum up days");
      if (!*day || **day >= settled_before(now)) break;
      if (auto done = sum_up(database, job, **day, false); !done)
        return std::move(done).error().within("sum up days");
      ++all;
    }
  }
  return all;
}

Result<Instant> seal_days(sql::Database& database, Instant until, Instant now,
                          std::stop_token stop) {
  const Instant sealed = std::min<Instant>(floor<days>(until), settled_before(now));
  auto jobs = jobs_of(database);
  if (!jobs) return std::move(jobs).error().within("seal days");
  for (const std::int64_t job : *jobs)
    if (auto done = seal_job(database, job, sealed, stop); !done)
      return std::move(done).error().within("seal days");
  if (stop.stop_requested()) return ledger::earliest_instant();
  return sealed;
}

Result<std::int64_t> forget_days(sql::Database& database, Instant before) {
  auto jobs = jobs_of(database);
  if (!jobs) return std::move(jobs).error().within("forget days");
  std::int64_t all = 0;
  for (const std::int64_t job : *jobs) {
    auto transaction = database.write();
    if (!transaction) return std::move(transaction).error().within("forget days");
    auto gone = (*transaction)->exec(text::forget_days, {job, before});
    if (!gone) return std::move(gone).error().within("forget days");
    if (*gone > 0)
      if (auto done = (*transaction)->commit(); !done)
        return std::move(done).error().within("forget days");
    all += *gone;
  }
  return all;
}

}  // namespace hotclock::past
