// hotclock audit slots, audit report: what should have been, beside what was; and what was signed
// of it.
#include <algorithm>
#include <map>
#include <ostream>
#include <set>

#include <fmt/format.h>
#include <boost/json/array.hpp>
#include <boost/json/serialize.hpp>

#include "service/auditor/report.h"
#include "service/cli/commands.h"
#include "service/cli/table.h"
#include "service/cli/telling.h"
#include "service/cli/text_file.h"
#include "service/cli/when.h"
#include "service/operations/instants.h"

namespace hotclock::cli {
namespace {

namespace json = boost::json;

// A long range is asked for piece by piece, so that no answer is long in coming.
constexpr Duration piece = std::chrono::days{7};
constexpr std::size_t most_kept = 10'000;

struct Range {
  Instant from, to;
};

Result<Range> range_of(const Door& door, const AuditSlotsArgs& args) {
  const auto utc = load_zone("UTC");
  if (!utc) return utc.error();
  Range range{{}, door.now()};
  if (!args.to.empty()) {
    const auto to = read_instant(args.to, **utc, door.now());
    if (!to) return to.error().within("--to");
    range.to = *to;
  }
  range.from = range.to - std::chrono::days{1};
  if (!args.from.empty()) {
    const auto from = read_instant(args.from, **utc, door.now());
    if (!from) return from.error().within("--from");
    range.from = *from;
  }
  if (range.from > range.to) return Error(Errc::invalid, "the range begins behind its end");
  return range;
}

// What the pieces come to. A date may lie in two of them: it is told once.
class Whole {
 public:
  explicit Whole(const Range& range) : range_(range) {}

  void add(const Seen& answer) {
    known_from_ = answer.text("known_from");
    left_off_ += answer.number("left_off");
    for (const Seen& one : answer.list("counts")) count(one);
    for (const Seen& one : answer.list("differences")) {
      if (!told_.insert(one.text("kind") + ' ' + one.text("scope") + ' ' + one.text("subject"))
               .second)
        continue;
      if (differences_.size() < most_kept)
        differences_.push_back(one.members());
      else
        ++left_off_;
    }
  }
  Answer answer() const {
    json::array counts;
    for (const auto& [scope, one] : counts_) counts.push_back(one);
    return {.body =
                json::object{{"from", operations::rfc3339(range_.from)},
                             {"to", operations::rfc3339(range_.to)},
                             {"known_from", known_from_},
                             {"counts", std::move(counts)},
                             {"total", static_cast<std::int64_t>(differences_.size()) + left_off_},
                             {"left_off", left_off_},
                             {"differences", differences_}}};
  }

 private:
  // Slots are added up; a date's money is the same in both.
  void count(const Seen& one) {
    const auto [known, is_new] = counts_.try_emplace(one.text("scope"), one.members());
    if (is_new) return;
    const json::value before = known->second;
    const Seen was(before);
    json::object sum = one.members();
    sum["differences"] = one.has("slots")
                             ? was.number("differences") + one.number("differences")
                             : std::max(was.number("differences"), one.number("differences"));
    if (one.has("slots")) {
      json::object slots;
      for (const auto& [name, number] : one.object("slots").members())
        slots[name] = was.object("slots").number(name) + one.object("slots").number(name);
      sum["slots"] = std::move(slots);
    }
    known->second = std::move(sum);
  }

  const Range range_;
  std::string known_from_;
  std::map<std::string, json::value> counts_;
  json::array differences_;
  std::set<std::string> told_;
  std::int64_t left_off_ = 0;
};

Result<Answer> compared(Door& door, const AuditSlotsArgs& args) {
  auto range = range_of(door, args);
  if (!range) return std::move(range).error();
  Whole whole(*range);
  for (Instant from = range->from; from <= range->to; from += piece) {
    const Instant to = std::min(range->to, from + piece - Duration{1});
    auto answer = door.ask(get(
        "/audit/slots",
        {{"from", operations::rfc3339(from)}, {"to", operations::rfc3339(to)}, {"job", args.job}}));
    if (!answer) return answer;
    whole.add(Seen(answer->body));
  }
  return whole.answer();
}

void show_counts(Console& console, const Seen& all) {
  Table table({{"looked at"},
               {"expected"},
               {"found"},
               {"not yet"},
               {"others"},
               {"payments"},
               {"coins"},
               {"differences"}});
  for (const Seen& one : all.list("counts")) {
    const bool slots = one.has("slots"), money = one.has("money");
    const auto of = [&](bool there, std::string_view part, std::string_view name) {
      return there ? std::to_string(one.object(part).number(name)) : std::string();
    };
    const std::int64_t wrong = one.number("differences");
    table.add({one.text("scope") + (money && one.object("money").flag("open") ? " (open)" : ""),
               of(slots, "slots", "expected"),
               of(slots, "slots", "found"),
               of(slots, "slots", "not_yet"),
               of(slots, "slots", "others"),
               of(money, "money", "payments"),
               of(money, "money", "coins"),
               {std::to_string(wrong), wrong > 0 ? Tone::bad : Tone::plain}});
  }
  console.out << table.text(look_of(console));
}

void show_comparison(Console& console, const Seen& all) {
  show_counts(console, all);
  Table table({{"what"}, {"of"}, {"which"}, {"detail", Column::Kind::wrapped}});
  for (const Seen& one : all.list("differences"))
    table.add(
        {{one.text("kind"), Tone::bad}, one.text("job"), one.text("subject"), one.text("detail")});
  if (!table.empty()) console.out << '\n' << table.text(look_of(console));
  const std::int64_t total = all.number("total");
  console.out << (total == 0
                      ? "\nall is as it should be\n"
                      : fmt::format("\n{} differences; docs/operating.md says what each means\n",
                                    total));
}

// ---------------------------------------------------------------- reports

void show_reports(Console& console, const Seen& list) {
  Table table({{"day"}, {"differences"}, {"signed"}, {"seal"}});
  for (const Seen& one : list.list("items")) {
    const std::int64_t wrong = one.number("differences");
    table.add({one.text("day"),
               {std::to_string(wrong), wrong > 0 ? Tone::bad : Tone::plain},
               one.text("signature").empty() ? "no" : "yes",
               one.text("seal")});
  }
  if (table.empty())
    console.err << "no day was reported yet: the first is, within minutes, where a node serves\n";
  else
    console.out << table.text(look_of(console));
}

int list_reports(Console& console, const Common& common, const AuditReportArgs& args, Door& door) {
  const int code = tell(console, common, ask_for_all(door, get("/audit/reports"), 500),
                        [&](const Seen& list) { show_reports(console, list); });
  if (code != exit_done) return code;
  const auto checked = door.ask(get("/audit/report-chain", {{"key", args.key}}));
  if (!checked) return fail(console, common.json, checked.error());
  const Seen check(checked->body);
  if (!common.json && check.flag("whole"))
    console.out << fmt::format("\nthe chain is whole: {} reports, {} of them unsigned\n",
                               check.number("reports"), check.number("unsigned"));
  if (!check.flag("whole")) console.err << "the chain is BROKEN: " << check.text("broken") << '\n';
  return check.flag("whole") ? exit_done : exit_failed;
}

int show_report(Console& console, const Common& common, const std::string& day, Door& door) {
  const auto answer = door.ask(get("/audit/reports/" + day));
  if (!answer) return fail(console, common.json, answer.error());
  const Seen seen(answer->body);
  auditor::Report report{.day = day,
                         .text = seen.text("report"),
                         .seal = seen.text("seal"),
                         .signature = seen.text("signature")};
  if (common.json)
    console.out << auditor::to_file(report);
  else
    console.out << report.text << "\nseal       " << report.seal << "\nsignature  "
                << (report.signature.empty() ? "none: there was no key" : report.signature) << '\n';
  return exit_done;
}

// By the file and the key alone: whoever verifies trusts no database.
int verify(Console& console, const Common& common, const AuditReportArgs& args) {
  const auto text = read_text(console, args.verify);
  if (!text) return fail(console, common.json, text.error());
  const auto report = auditor::report_in_file(*text);
  if (!report) return fail(console, common.json, report.error());
  if (args.key.empty())
    return fail(console, common.json,
                Error(Errc::invalid,
                      "--verify needs --key: the public key that you know to be the auditor's"));
  const auto wrong = auditor::what_is_wrong(*report, args.key);
  if (!wrong) return fail(console, common.json, wrong.error());
  if (common.json)
    console.out << json::serialize(json::object{
                       {"day", report->day}, {"good", wrong->empty()}, {"wrong", *wrong}})
                << '\n';
  else
    console.out << (wrong->empty()
                        ? fmt::format("the report of {} is as it was signed\n", report->day)
                        : fmt::format("the report of {} is NOT good: {}\n", report->day, *wrong));
  return wrong->empty() ? exit_done : exit_failed;
}

}  // namespace

int cmd_audit_slots(Console& console, const Common& common, const AuditSlotsArgs& args) {
  const auto door = open_door(console, common);
  if (!door) return fail(console, common.json, door.error());
  const auto answer = compared(**door, args);
  const int code =
      tell(console, common, answer, [&](const Seen& all) { show_comparison(console, all); });
  if (!answer || code != exit_done) return code;
  return Seen(answer->body).number("total") == 0 ? exit_done : exit_failed;
}

int cmd_audit_report(Console& console, const Common& common, const AuditReportArgs& args) {
  if (!args.verify.empty()) return verify(console, common, args);
  const auto door = open_door(console, common);
  if (!door) return fail(console, common.json, door.error());
  return args.day.empty() ? list_reports(console, common, args, **door)
                          : show_report(console, common, args.day, **door);
}

}  // namespace hotclock::cli
