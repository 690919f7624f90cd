// What is due in the hours that come: rare runs one by one, frequent ones as a line, and how much
// falls together.
#include <algorithm>
#include <array>
#include <map>

#include "service/ledger/history.h"
#include "service/operations/functions.h"
#include "service/operations/instants.h"
#include "service/operations/json.h"
#include "service/operations/next_runs.h"

namespace hotclock::operations {
namespace {

namespace json = boost::json;
using std::chrono::minutes;

constexpr Duration usual_range = std::chrono::hours{24};
constexpr Duration longest_range = std::chrono::hours{72};
constexpr std::array cell_widths{minutes{1}, minutes{5}, minutes{15}, minutes{60}};
constexpr int most_cells = 96;
constexpr std::size_t rare = 24;  // runs of a job: so many are listed one by one
constexpr std::size_t most_items = 500, most_often = 100;
constexpr std::size_t most_runs = 500'000, least_runs_of_a_job = 200;  // that are counted

struct Range {
  Instant from, to;
  // As wide as a strip of them can be drawn.
  Duration cell() const {
    static_assert(longest_range <= most_cells * cell_widths.back());
    const auto fits = [this](Duration width) { return to - from <= most_cells * width; };
    return *std::ranges::find_if(cell_widths, fits);
  }
};

Result<Range> range_in(const Desk& desk, const Call& call) {
  const Instant from = call.instant("from").value_or(desk.now());
  const Instant to = call.instant("to").value_or(from + usual_range);
  if (from >= to) return Error(Errc::invalid, "it begins behind its end");
  if (to - from > longest_range) return Error(Errc::invalid, "at most 72 hours are shown at once");
  return Range{from, to};
}

struct Agenda {
  Range range;
  std::size_t runs_of_a_job = 0;  // that are counted at most
  std::vector<Instant> due;       // of all jobs
  std::vector<std::pair<Instant, json::object>> items;
  json::array often;
  std::size_t left_off = 0;
  std::optional<Instant> counted_until;
};

bool is_paused_until_after(const ledger::JobView& view, Instant t) {
  return view.pause && (!view.pause->until || *view.pause->until > t);
}

void list_each(Agenda& agenda, const config::JobConfig& job, const ledger::JobView& view,
               std::vector<NextRun> runs) {
  mark_what_is_kept_back(*job.policy, job.schedule.zone(), runs);
  for (NextRun& run : runs) {
    if (!run.lost) agenda.due.push_back(run.at);
    agenda.items.emplace_back(run.at,
                              json::object{{"job", job.name},
                                           {"at", rfc3339(run.at)},
                                           {"note", std::move(run.note)},
                                           {"lost", run.lost},
                                           {"paused", is_paused_until_after(view, run.at)}});
  }
}

void list_as_often(Agenda& agenda, const config::JobConfig& job, const ledger::JobView& view,
                   std::vector<NextRun> runs) {
  std::erase_if(runs, [&](const NextRun& run) {
    return run.lost || blackout_at(*job.policy, run.at) != nullptr;
  });
  if (runs.empty()) return;
  for (const NextRun& run : runs) agenda.due.push_back(run.at);
  if (agenda.often.size() == most_often) {
    ++agenda.left_off;
    return;
  }
  agenda.often.push_back({{"job", job.name},
                          {"runs", runs.size()},
                          {"first", rfc3339(runs.front().at)},
                          {"last", rfc3339(runs.back().at)},
                          {"paused", is_paused_until_after(view, agenda.range.to)}});
}

void add(Agenda& agenda, const config::JobConfig& job, const ledger::JobView& view) {
  const Range& range = agenda.range;
  auto runs = runs_between(job.schedule, range.from, range.to, agenda.runs_of_a_job);
  if (runs.size() >= agenda.runs_of_a_job)
    agenda.counted_until = std::min(agenda.counted_until.value_or(range.to), runs.back().at);
  if (runs.size() > rare)
    list_as_often(agenda, job, view, std::move(runs));
  else
    list_each(agenda, job, view, std::move(runs));
}

// Jobs have no instant twice, so that equal ones are of different jobs.
json::array cells_json(std::vector<Instant> due, const Range& range) {
  struct Cell {
    std::int64_t due = 0, together = 0;
  };
  std::ranges::sort(due);
  const Duration width = range.cell();
  std::map<Instant, Cell> cells;
  for (auto at = due.begin(); at != due.end();) {
    const auto next = std::find_if(at, due.end(), [&](Instant t) { return t != *at; });
    Cell& cell = cells[range.from + (*at - range.from) / width * width];
    cell.due += next - at;
    cell.together = std::max<std::int64_t>(cell.together, next - at);
    at = next;
  }
  json::array out;
  for (const auto& [at, cell] : cells)
    out.push_back({{"at", rfc3339(at)}, {"due", cell.due}, {"together", cell.together}});
  return out;
}

json::object agenda_json(Agenda agenda) {
  std::ranges::stable_sort(agenda.items, {}, [](const auto& one) { return one.first; });
  json::array items;
  for (auto& [at, item] : agenda.items)
    if (items.size() < most_items) items.push_back(std::move(item));
  agenda.left_off += agenda.items.size() - items.size();
  return {{"from", rfc3339(agenda.range.from)},
          {"to", rfc3339(agenda.range.to)},
          {"cell_ms", agenda.range.cell().count()},
          {"cells", cells_json(std::move(agenda.due), agenda.range)},
          {"items", std::move(items)},
          {"often", std::move(agenda.often)},
          {"left_off", agenda.left_off},
          {"counted_until", rfc3339_or_null(agenda.counted_until)}};
}

}  // namespace

Result<Answer> show_agenda(Desk& desk, const Call& call) {
  const auto range = range_in(desk, call);
  if (!range) return range.error();
  auto views = ledger::list_jobs(desk.database);
  if (!views) return std::move(views).error();
  std::map<std::string, ledger::JobView> by_name;
  for (ledger::JobView& view : *views) by_name[view.job] = std::move(view);
  const auto settings = desk.settings();
  Agenda agenda{
      .range = *range,
      .runs_of_a_job = std::max(most_runs / std::max<std::size_t>(settings->jobs.size(), 1),
                                least_runs_of_a_job)};
  for (const config::JobConfig& job : settings->jobs)
    if (job.policy->enabled) add(agenda, job, by_name[job.name]);
  return answer_of(agenda_json(std::move(agenda)));
}

}  // namespace hotclock::operations
