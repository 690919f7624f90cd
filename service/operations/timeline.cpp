// All jobs as lanes over a range: what was due, what became of it and when, and what comes.
#include <algorithm>
#include <map>

#include "service/operations/cells.h"
#include "service/operations/functions.h"
#include "service/operations/instants.h"
#include "service/operations/json.h"
#include "service/operations/next_runs.h"
#include "service/operations/overview.sql.h"
#include "service/sql/rows.h"

namespace hotclock::operations {
namespace {

namespace json = boost::json;
namespace text = stmt::overview;

constexpr Duration longest_range = std::chrono::days{31};
constexpr Duration usual_range = std::chrono::hours{6};
// What was due before the range, and may reach into it.
constexpr Duration looked_back = std::chrono::days{1};
constexpr std::int64_t most_bars = 10'000;
constexpr std::int64_t most_counted = 100'000;
constexpr std::int64_t most_open = 2'000;
constexpr int cells = 240;
constexpr Duration smallest_cell = std::chrono::minutes{1};
constexpr int most_runs = 10'000;
constexpr int runs_of_a_job = 300;
constexpr int runs_at_once = 16;

struct Range {
  Instant from, to;
};

Result<Range> range_in(const Desk& desk, const Call& call) {
  const Instant to = call.instant("to").value_or(desk.now());
  const Instant from = call.instant("from").value_or(to - usual_range);
  if (from >= to) return Error(Errc::invalid, "it begins behind its end");
  if (to - from > longest_range) return Error(Errc::invalid, "at most 31 days are shown at once");
  return Range{from, to};
}

struct Lane {
  json::array bars;
  Cells cells;
  json::array coming;
  std::optional<Instant> coming_until;
};

struct Lanes {
  Range range;
  std::map<std::string, Lane> by_job;
  std::optional<Duration> cell;
  std::optional<Instant> counted_from;
};

// ---------------------------------------------------------------- what was

json::value millis_or_null(const sql::Rows& row, int column, Instant from) {
  return row.is_null(column) ? json::value() : json::value((row.instant(column) - from).count());
}

// A row: job, scheduled_for, id, how it ended or stands, started_at, ended_at, trigger, attempt.
void add_bar(Lanes& lanes, const sql::Rows& row) {
  const Instant from = lanes.range.from;
  lanes.by_job[std::string(row.text(0))].bars.push_back(
      {{"slot", std::to_string(row.integer(2))},
       {"due_ms", (row.instant(1) - from).count()},
       {"began_ms", millis_or_null(row, 4, from)},
       {"ended_ms", millis_or_null(row, 5, from)},
       {"standing", std::string(row.text(3))},
       {"trigger", std::string(row.text(6))},
       {"attempt", row.integer(7)}});
}

// Bars are as many as a screen can do something with; true: those were all.
Result<bool> read_bars(sql::Transaction& transaction, Lanes& lanes) {
  const Range range = lanes.range;
  std::int64_t rows = 0;
  const auto each = [&](const sql::Rows& row) {
    if (++rows <= most_bars) add_bar(lanes, row);
  };
  auto due =
      sql::for_each_row(transaction, text::worked, {range.from, range.to, most_bars + 1}, each);
  if (!due) return std::move(due).error();
  if (rows > most_bars) return false;
  auto before = sql::for_each_row(transaction, text::reaching_in,
                                  {range.from - looked_back, range.from, most_bars - rows}, each);
  if (!before) return std::move(before).error();
  return true;
}

Result<> read_open(sql::Transaction& transaction, Lanes& lanes) {
  return sql::for_each_row(transaction, text::still_open, {lanes.range.to, most_open},
                           [&](const sql::Rows& row) { add_bar(lanes, row); });
}

// Whole minutes, so that one cell after the other has the same width.
Duration cell_of(const Range& range) {
  const auto part = (range.to - range.from) / cells;
  return std::max(smallest_cell, Duration{std::chrono::ceil<std::chrono::minutes>(part)});
}

Result<> count_cells(sql::Transaction& transaction, Lanes& lanes) {
  const Range range = lanes.range;
  const Duration cell = cell_of(range);
  std::int64_t rows = 0;
  Instant oldest = range.to;
  for (auto& [job, lane] : lanes.by_job) lane.bars.clear();
  lanes.cell = cell;
  auto read = sql::for_each_row(
      transaction, text::ended, {range.from, range.to, most_counted}, [&](const sql::Rows& row) {
        ++rows;
        oldest = row.instant(1);
        lanes.by_job[std::string(row.text(0))].cells.count(oldest, row.text(2), range.from, cell);
      });
  if (read && rows == most_counted) lanes.counted_from = oldest;
  return read;
}

Result<> read_past(Desk& desk, Lanes& lanes) {
  auto transaction = desk.database.read();
  if (!transaction) return std::move(transaction).error();
  auto all = read_bars(**transaction, lanes);
  if (!all) return std::move(all).error();
  if (!*all)
    if (auto counted = count_cells(**transaction, lanes); !counted) return counted;
  return read_open(**transaction, lanes);
}

// ---------------------------------------------------------------- what comes

json::object run_json(const NextRun& run, Instant from) {
  return {{"due_ms", (run.at - from).count()}, {"note", run.note}, {"lost", run.lost}};
}

void add_coming(const config::JobConfig& job, Instant at, const Range& range, int most,
                Lane& lane) {
  while (std::ssize(lane.coming) < most) {
    auto runs = next_runs(job.schedule, at, runs_at_once);
    mark_what_is_kept_back(*job.policy, job.schedule.zone(), runs);
    for (const NextRun& run : runs) {
      if (run.at >= range.to) return;
      lane.coming.push_back(run_json(run, range.from));
    }
    if (runs.empty()) return;
    at = runs.back().at + Duration{1};
  }
  lane.coming_until = at;
}

void read_coming(Desk& desk, Lanes& lanes) {
  const auto settings = desk.settings();
  const Instant begin = std::max(desk.now(), lanes.range.from);
  const int each = most_runs / std::max(1, static_cast<int>(std::ssize(settings->jobs)));
  for (const config::JobConfig& job : settings->jobs) {
    Lane& lane = lanes.by_job[job.name];
    if (!job.policy->enabled || begin >= lanes.range.to) continue;
    add_coming(job, begin, lanes.range, std::clamp(each, 1, runs_of_a_job), lane);
  }
}

// ---------------------------------------------------------------- as JSON

json::object timeline_json(Lanes& lanes) {
  json::array items;
  for (auto& [job, lane] : lanes.by_job)
    items.push_back({{"job", job},
                     {"bars", std::move(lane.bars)},
                     {"cells", lane.cells.json()},
                     {"coming", std::move(lane.coming)},
                     {"coming_until", rfc3339_or_null(lane.coming_until)}});
  return {{"from", rfc3339(lanes.range.from)},
          {"to", rfc3339(lanes.range.to)},
          {"cell_ms", lanes.cell ? json::value(lanes.cell->count()) : json::value()},
          {"counted_from", rfc3339_or_null(lanes.counted_from)},
          {"items", std::move(items)}};
}

}  // namespace

Result<Answer> show_timeline(Desk& desk, const Call& call) {
  const auto range = range_in(desk, call);
  if (!range) return range.error();
  Lanes lanes{.range = *range, .by_job = {}, .cell = {}, .counted_from = {}};
  auto past = read_past(desk, lanes);
  if (!past) return std::move(past).error();
  read_coming(desk, lanes);
  return answer_of(timeline_json(lanes));
}

}  // namespace hotclock::operations
