#include "service/auditor/report.h"

#include <fmt/format.h>
#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>

#include "scheduler/zone/civil.h"
#include "service/auditor/auditor.sql.h"
#include "service/digest/sha256.h"
#include "service/sql/in_one.h"
#include "service/sql/rows.h"

namespace hotclock::auditor {
namespace {

namespace json = boost::json;
namespace text = stmt::auditor;

constexpr std::int64_t reports_at_once = 50;

// Objects here are written with their members in the order of their names: to be canonical.
json::object json_of(const SlotCounts& c) {
  return {{"expected", c.expected}, {"found", c.found},   {"not_judged", c.not_judged},
          {"not_yet", c.not_yet},   {"others", c.others}, {"summed_up", c.summed_up}};
}

json::object json_of(const MoneyCounts& c) {
  return {{"amounts_judged", c.amounts_judged}, {"coins", c.coins}, {"completed", c.completed},
          {"entitled_since", c.entitled_since}, {"open", c.open},   {"payments", c.payments},
          {"set_aside", c.set_aside},           {"slots", c.slots}};
}

json::array differences_of(const Comparison& comparison) {
  json::array out;
  for (const Looked& looked : comparison.looked)
    for (const Difference& one : looked.differences.kept())
      out.push_back(json::object{{"at", to_string(one.at)},
                                 {"detail", one.detail},
                                 {"job", one.job},
                                 {"kind", to_string(one.kind)},
                                 {"scope", looked.scope},
                                 {"subject", one.subject}});
  return out;
}

std::string member(const json::object& object, std::string_view name) {
  const json::value* value = object.if_contains(name);
  return value && value->is_string() ? std::string(value->as_string()) : std::string();
}

Report report_of(const sql::Rows& row) {
  return {std::string(row.text(0)), row.instant(1),           std::string(row.text(2)),
          std::string(row.text(3)), std::string(row.text(4)), row.integer(5)};
}

// What a kept text says of itself.
Result<json::object> read_text(const std::string& report) {
  json::error_code failed;
  const json::value parsed = json::parse(report, failed);
  if (failed || !parsed.is_object()) return Error(Errc::corrupt, "the report is no JSON object");
  return parsed.as_object();
}

Result<std::string> what_breaks(const Report& report, const std::string& before,
                                const std::string& public_key) {
  auto said = read_text(report.text);
  if (!said) return std::string("its text is no report");
  if (member(*said, "day") != report.day) return std::string("its text is another day's");
  if (member(*said, "before") != before)
    return std::string("it does not follow the report before it");
  if (digest::sha256_hex(report.text) != report.seal)
    return std::string("its seal is not its text's");
  if (report.signature.empty()) return std::string();
  return what_is_wrong(report, public_key.empty() ? member(*said, "public_key") : public_key);
}

Result<std::vector<Report>> reports_behind(sql::Transaction& transaction, const std::string& day) {
  std::vector<Report> page;
  auto read = sql::for_each_row(transaction, text::reports_since, {day, reports_at_once},
                                [&page](const sql::Rows& row) { page.push_back(report_of(row)); });
  if (!read) return std::move(read).error();
  return page;
}

// The next links of the chain; it stops where it is broken.
Result<> walk(const std::vector<Report>& reports, const std::string& public_key,
              ChainChecked& checked) {
  for (const Report& report : reports) {
    auto wrong = what_breaks(report, checked.seal, public_key);
    if (!wrong) return std::move(wrong).error();
    if (!wrong->empty()) {
      checked.broken = fmt::format("the report of {}: {}", report.day, *wrong);
      return {};
    }
    ++checked.reports;
    if (report.signature.empty()) ++checked.unsigned_reports;
    checked.seal = report.seal;
  }
  return {};
}

}  // namespace

json::array counts_of(const Comparison& comparison) {
  json::array out;
  for (const Looked& one : comparison.looked) {
    json::object counts{{"differences", one.differences.total()}};
    if (one.money) counts["money"] = json_of(*one.money);
    counts["scope"] = one.scope;
    if (one.slots) counts["slots"] = json_of(*one.slots);
    out.push_back(std::move(counts));
  }
  return out;
}

Result<Range> range_of_day(const std::string& day) {
  const auto midnight = parse_civil(day);
  if (day.size() != 10 || !midnight)
    return Error(Errc::invalid, "'" + day + "' is no day; write 2026-11-25");
  const Instant from = from_millis(wall_seconds(*midnight) * 1000);
  return Range{from, from + std::chrono::days{1} - Duration{1}};
}

std::string day_of(Instant t) { return to_string(t).substr(0, 10); }

std::string canonical_text(const Comparison& comparison, const std::string& day,
                           const std::string& before, const std::string& public_key) {
  return json::serialize(json::object{{"before", before},
                                      {"counts", counts_of(comparison)},
                                      {"day", day},
                                      {"differences", differences_of(comparison)},
                                      {"differences_left_off", comparison.left_off()},
                                      {"from", to_string(comparison.range.from)},
                                      {"known_from", to_string(comparison.known_from)},
                                      {"made_at", to_string(comparison.made_at)},
                                      {"public_key", public_key},
                                      {"report", "hotclock-auditor 1"},
                                      {"until", to_string(comparison.range.until)}});
}

Result<Report> keep_report(sql::Database& database, const Comparison& comparison,
                           const std::string& day, const SigningKey* key, Instant now) {
  return sql::in_one(
      database.write(), "keep the report of " + day, [&](sql::Transaction& sql) -> Result<Report> {
        struct Newest {
          std::string day, seal;
        };
        auto newest = sql::first_row(sql, text::newest_report, {}, [](const sql::Rows& row) {
          return Newest{std::string(row.text(0)), std::string(row.text(1))};
        });
        if (!newest) return std::move(newest).error();
        if (*newest && (*newest)->day >= day)
          return Error(Errc::unique, "there is a report of " + (*newest)->day);
        Report report{.day = day, .made_at = now, .differences = comparison.differences()};
        report.text = canonical_text(comparison, day, *newest ? (*newest)->seal : "",
                                     key ? key->public_key() : "");
        report.seal = digest::sha256_hex(report.text);
        if (key) {
          auto signature = key->sign(report.text);
          if (!signature) return std::move(signature).error();
          report.signature = std::move(signature).value();
        }
        auto kept =
            sql.exec(text::keep_report, {report.day, report.made_at, report.text, report.seal,
                                         report.signature, report.differences});
        if (!kept) return std::move(kept).error();
        return report;
      });
}

Result<std::optional<Report>> find_report(sql::Database& database, const std::string& day) {
  auto sql = database.read();
  if (!sql) return std::move(sql).error().within("report");
  return sql::first_row(**sql, text::report, {day}, report_of);
}

Result<std::vector<Report>> list_reports(sql::Database& database, const std::string& before,
                                         int limit) {
  auto sql = database.read();
  if (!sql) return std::move(sql).error().within("reports");
  std::vector<Report> all;
  const std::string_view end = before.empty() ? "9999-99-99" : std::string_view(before);
  auto read = sql::for_each_row(
      **sql, text::reports, {end, std::int64_t{limit}}, [&all](const sql::Rows& row) {
        all.push_back({std::string(row.text(0)), row.instant(1), "", std::string(row.text(2)),
                       std::string(row.text(3)), row.integer(4)});
      });
  if (!read) return std::move(read).error().within("reports");
  return all;
}

Result<std::optional<std::string>> newest_day(sql::Database& database) {
  auto sql = database.read();
  if (!sql) return std::move(sql).error();
  return sql::first_row(**sql, text::newest_report, {},
                        [](const sql::Rows& row) { return std::string(row.text(0)); });
}

Result<ChainChecked> check_reports(sql::Database& database, const std::string& public_key) {
  auto sql = database.read({.deadline = std::chrono::minutes{10}});
  if (!sql) return std::move(sql).error().within("check the reports");
  ChainChecked checked;
  for (std::string after;;) {
    const auto page = reports_behind(**sql, after);
    if (!page) return page.error().within("check the reports");
    if (auto walked = walk(*page, public_key, checked); !walked) return std::move(walked).error();
    if (!checked.broken.empty() || std::ssize(*page) < reports_at_once) return checked;
    after = page->back().day;
  }
}

std::string to_file(const Report& report) {
  return json::serialize(json::object{
             {"report", report.text}, {"seal", report.seal}, {"signature", report.signature}}) +
         '\n';
}

Result<Report> report_in_file(std::string_view text) {
  json::error_code failed;
  const json::value parsed = json::parse({text.data(), text.size()}, failed);
  if (failed || !parsed.is_object())
    return Error(Errc::invalid,
                 "this is no report: it is made by `hotclock audit report DAY --json`");
  Report report;
  report.text = member(parsed.as_object(), "report");
  report.seal = member(parsed.as_object(), "seal");
  report.signature = member(parsed.as_object(), "signature");
  auto said = read_text(report.text);
  if (!said)
    return Error(Errc::invalid,
                 "this is no report: it is made by `hotclock audit report DAY --json`");
  report.day = member(*said, "day");
  return report;
}

Result<std::string> what_is_wrong(const Report& report, const std::string& public_key) {
  if (report.signature.empty()) return std::string("it was never signed");
  if (digest::sha256_hex(report.text) != report.seal)
    return std::string("its seal is not its text's");
  const auto is_signed = is_signed_by(report.text, report.signature, public_key);
  if (!is_signed) return is_signed.error();
  return std::string(*is_signed ? "" : "the key " + public_key + " did not sign it");
}

}  // namespace hotclock::auditor
