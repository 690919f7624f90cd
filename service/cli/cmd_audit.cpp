// hotclock audit: what people did and were refused.
#include <ostream>

#include <fmt/format.h>
#include <boost/json/parse.hpp>

#include "service/cli/commands.h"
#include "service/cli/table.h"
#include "service/cli/telling.h"
#include "service/cli/when.h"
#include "service/operations/instants.h"

namespace hotclock::cli {
namespace {

Result<Answer> asked(Door& door, const AuditArgs& args) {
  std::string since;
  if (!args.since.empty()) {
    const auto utc = load_zone("UTC");
    if (!utc) return utc.error();
    const auto read = read_instant(args.since, **utc, door.now());
    if (!read) return read.error().within("--since");
    since = operations::rfc3339(*read);
  }
  return ask_for_all(door,
                     get("/audit", {{"job", args.job},
                                    {"who", args.who},
                                    {"what", args.what},
                                    {"outcome", args.outcome},
                                    {"since", since}}),
                     static_cast<std::size_t>(args.limit));
}

void show(Console& console, const Seen& list) {
  Table table({{"at"},
               {"who"},
               {"from"},
               {"what"},
               {"job"},
               {"outcome"},
               {"reason", Column::Kind::wrapped},
               {"detail", Column::Kind::wrapped}});
  for (const Seen& one : list.list("items")) {
    const std::string outcome = one.text("outcome");
    table.add({to_string(one.instant("at").value_or(Instant{})),
               one.text("who"),
               one.text("from"),
               one.text("what"),
               one.text("job"),
               {outcome, outcome == "refused" ? Tone::notice : Tone::plain},
               one.text("reason"),
               one.text("detail")});
  }
  if (table.empty())
    console.err << "nothing is like that\n";
  else
    console.out << table.text(look_of(console));
}

// The number of the last of these lines; empty where there is none.
std::string last_number(std::string_view lines) {
  if (lines.empty()) return {};
  lines.remove_suffix(1);
  const std::size_t before = lines.rfind('\n');
  if (before != lines.npos) lines.remove_prefix(before + 1);
  boost::json::error_code failed;
  const auto line = boost::json::parse({lines.data(), lines.size()}, failed);
  if (failed) return {};
  const std::int64_t number = Seen(line).number("number");
  return number > 0 ? std::to_string(number) : std::string();
}

}  // namespace

int cmd_audit(Console& console, const Common& common, const AuditArgs& args) {
  if (!args.from.empty() || !args.to.empty())
    return cmd_audit_slots(console, common, {.from = args.from, .to = args.to, .job = args.job});
  const auto door = open_door(console, common);
  if (!door) return fail(console, common.json, door.error());
  return tell(console, common, asked(**door, args), [&](const Seen& list) { show(console, list); });
}

int cmd_audit_export(Console& console, const Common& common, const AuditExportArgs& args) {
  const auto door = open_door(console, common);
  if (!door) return fail(console, common.json, door.error());
  for (std::string after = args.after;;) {
    const auto page = (*door)->ask(get("/audit/export", {{"after", after}}));
    if (!page) return fail(console, false, page.error());
    console.out << page->text;
    const std::string last = last_number(page->text);
    if (last.empty() || last == after) return exit_done;
    after = last;
  }
}

int cmd_audit_check(Console& console, const Common& common, const AuditCheckArgs&) {
  const auto door = open_door(console, common);
  if (!door) return fail(console, common.json, door.error());
  const auto answer = (*door)->ask(get("/audit/check"));
  const int code = tell(console, common, answer, [&](const Seen& check) {
    if (check.flag("whole"))
      console.out << fmt::format("the chain is whole: {} rows, the last sealed {}\n",
                                 check.number("rows"), check.text("seal"));
    else
      console.out << "the chain is BROKEN: " << check.text("broken") << '\n';
  });
  if (!answer) return code;
  return Seen(answer->body).flag("whole") ? exit_done : exit_failed;
}

}  // namespace hotclock::cli
