// What the auditor compares, finds and signs.
#include "service/auditor/findings.h"
#include "service/auditor/report.h"
#include "service/operations/functions.h"
#include "service/operations/instants.h"
#include "service/operations/json.h"

namespace hotclock::operations {
namespace {

namespace json = boost::json;

// More is asked for piece by piece: an answer comes before anybody tires of waiting.
constexpr Duration longest_range = std::chrono::days{31};
constexpr Duration usual_range = std::chrono::days{1};

json::object difference_json(const auditor::Difference& one, std::string_view kind,
                             std::string_view scope) {
  return {{"kind", kind},          {"scope", scope},         {"job", one.job},
          {"at", rfc3339(one.at)}, {"subject", one.subject}, {"detail", one.detail}};
}

json::array differences_json(const auditor::Comparison& comparison) {
  json::array out;
  for (const auditor::Looked& looked : comparison.looked)
    for (const auditor::Difference& one : looked.differences.kept())
      out.push_back(difference_json(one, auditor::to_string(one.kind), looked.scope));
  return out;
}

json::object comparison_json(const auditor::Comparison& comparison) {
  return {{"from", rfc3339(comparison.range.from)},
          {"to", rfc3339(comparison.range.until)},
          {"known_from", rfc3339(comparison.known_from)},
          {"counts", auditor::counts_of(comparison)},
          {"total", comparison.differences()},
          {"left_off", comparison.left_off()},
          {"differences", differences_json(comparison)}};
}

Result<auditor::Range> range_in(const Desk& desk, const Call& call) {
  const Instant until = call.instant("to").value_or(desk.now());
  const Instant from = call.instant("from").value_or(until - usual_range);
  if (from > until) return Error(Errc::invalid, "it begins behind its end");
  if (until - from > longest_range)
    return Error(Errc::invalid, "at most 31 days are compared at once");
  return auditor::Range{from, until};
}

json::object report_json(const auditor::Report& report) {
  return {{"day", report.day},
          {"made_at", rfc3339(report.made_at)},
          {"differences", report.differences},
          {"seal", report.seal},
          {"signature", report.signature}};
}

}  // namespace

Result<Answer> compare_slots(Desk& desk, const Call& call) {
  auto range = range_in(desk, call);
  if (!range) return std::move(range).error();
  const auto settings = desk.settings();
  auditor::Wanted wanted;
  wanted.job = call.text("job");
  auto comparison = auditor::compare({desk.database, *settings, desk.now()}, *range, wanted);
  if (!comparison) return std::move(comparison).error();
  return answer_of(comparison_json(*comparison));
}

Result<Answer> list_differences(Desk& desk, const Call& call) {
  auto all = auditor::standing(desk.database, static_cast<int>(call.number("limit", 50)));
  if (!all) return std::move(all).error();
  json::array items;
  for (const auditor::Standing& one : *all) {
    json::object item = difference_json(one.difference, one.kind, one.scope);
    item["found_at"] = rfc3339(one.found_at);
    item["seen_at"] = rfc3339(one.seen_at);
    items.push_back(std::move(item));
  }
  return listed(std::move(items));
}

Result<Answer> list_reports(Desk& desk, const Call& call) {
  const auto limit = static_cast<std::size_t>(call.number("limit", 50));
  auto reports =
      auditor::list_reports(desk.database, call.text("cursor"), static_cast<int>(limit) + 1);
  if (!reports) return std::move(reports).error();
  json::array items;
  for (std::size_t i = 0; i < std::min(limit, reports->size()); ++i)
    items.push_back(report_json((*reports)[i]));
  return listed(std::move(items), reports->size() > limit ? (*reports)[limit - 1].day : "");
}

Result<Answer> show_report(Desk& desk, const Call& call) {
  auto report = auditor::find_report(desk.database, call.text("day"));
  if (!report) return std::move(report).error();
  if (!*report) return Error(Errc::not_found, "there is no report of " + call.text("day"));
  json::object shown = report_json(**report);
  shown["report"] = (*report)->text;
  return answer_of(std::move(shown));
}

Result<Answer> check_reports(Desk& desk, const Call& call) {
  auto checked = auditor::check_reports(desk.database, call.text("key"));
  if (!checked) return std::move(checked).error();
  return answer_of(json::object{{"whole", checked->broken.empty()},
                                {"reports", checked->reports},
                                {"unsigned", checked->unsigned_reports},
                                {"seal", checked->seal},
                                {"broken", checked->broken}});
}

}  // namespace hotclock::operations
