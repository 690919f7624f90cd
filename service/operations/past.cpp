// The past: words in what went wrong, figures of jobs over time, lines for other programs.
#include <chrono>

#include "service/ledger/slot_list.h"
#include "service/operations/functions.h"
#include "service/operations/instants.h"
#include "service/operations/json.h"
#include "service/operations/slot_lists.h"
#include "service/past/exporting.h"
#include "service/past/search.h"
#include "service/past/statistics.h"

namespace hotclock::operations {
namespace {

namespace json = boost::json;

constexpr Duration usual_time = std::chrono::days{30};
constexpr std::int64_t usual_lines = 1'000;
constexpr int most_counted = 10'000;
constexpr int looked_at_to_count = 50'000;

json::object spread_json(const past::Spread& spread) {
  return {{"count", spread.count()},
          {"p50", spread.percentile(0.5)},
          {"p90", spread.percentile(0.9)},
          {"p95", spread.percentile(0.95)},
          {"p99", spread.percentile(0.99)},
          {"max", spread.percentile(1)}};
}

json::object ends_json(const past::Figures& figures) {
  json::object out;
  for (int i = 0; i < past::all_ends; ++i) {
    const auto end = static_cast<End>(i);
    out[json::string_view(to_string(end))] = figures.of(end);
  }
  return out;
}

json::object figures_json(const past::Figures& figures) {
  return {{"slots", figures.slots()},
          {"ends", ends_json(figures)},
          {"duration_ms", spread_json(figures.durations)},
          {"lateness_ms", spread_json(figures.lateness)}};
}

json::object hit_json(const past::Hit& hit) {
  return {{"slot", std::to_string(hit.slot_id)},
          {"job", hit.job},
          {"scheduled_for", rfc3339(hit.scheduled_for)},
          {"execution", hit.execution},
          {"outcome", hit.outcome},
          {"excerpt", hit.excerpt}};
}

}  // namespace

Result<Answer> show_statistics(Desk& desk, const Call& call) {
  const Instant until = call.instant("until").value_or(desk.now());
  const Instant since = call.instant("since").value_or(until - usual_time);
  if (since > until) return Error(Errc::invalid, "since is after until");
  const auto step = call.text("by") == "week" ? past::Step::week : past::Step::day;
  const auto found = past::statistics(desk.database, call.text("job"), since, until, step);
  if (!found) return found.error();
  json::array periods;
  for (const past::Period& period : found->periods) {
    json::object one = figures_json(period.figures);
    one["begins"] = rfc3339(period.begins);
    periods.push_back(std::move(one));
  }
  json::object out = figures_json(found->all);
  out["job"] = call.text("job");
  out["since"] = rfc3339(since);
  out["until"] = rfc3339(until);
  out["counted_from"] = rfc3339_or_null(found->counted_from);
  out["periods"] = std::move(periods);
  return answer_of(std::move(out));
}

Result<Answer> search_history(Desk& desk, const Call& call) {
  past::SearchQuery query{.words = call.text("words"),
                          .job = call.text("job"),
                          .since = call.instant("since"),
                          .until = call.instant("until"),
                          .after = call.text("cursor"),
                          .limit = static_cast<int>(call.number("limit", 50))};
  from_string(call.text("in"), query.in);
  const auto found = past::search(desk.database, query);
  if (!found) return found.error();
  json::array items;
  for (const past::Hit& hit : found->hits) items.push_back(hit_json(hit));
  return listed(std::move(items), found->next);
}

Result<Answer> count_history(Desk& desk, const Call& call) {
  auto query = slot_query(call);
  if (!query) return std::move(query).error();
  query->limit = most_counted;
  auto transaction = desk.database.read();
  if (!transaction) return std::move(transaction).error();
  const auto walked = ledger::walk_slots(**transaction, *query, looked_at_to_count);
  if (!walked) return walked.error();
  return answer_of(
      json::object{{"count", walked->found.size()}, {"more", walked->next.has_value()}});
}

// The header of CSV stands before its first page alone.
Result<Answer> export_history(Desk& desk, const Call& call) {
  auto query = slot_query(call);
  if (!query) return std::move(query).error();
  query->limit = static_cast<int>(call.number("lines", usual_lines));
  const bool csv = call.text("format") == "csv";
  auto page =
      past::export_page(desk.database, *query, csv ? past::Format::csv : past::Format::jsonl);
  if (!page) return std::move(page).error();
  Answer answer{.type = csv ? "text/csv; charset=utf-8; header=present" : "application/jsonl"};
  if (csv && !call.says("cursor")) answer.text = past::csv_header();
  answer.text += page->text;
  if (page->next) answer.next = cursor_of(*page->next);
  return answer;
}

}  // namespace hotclock::operations
