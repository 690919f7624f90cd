#include "service/cli/changes_text.h"

#include <ostream>

#include <fmt/format.h>

#include "service/cli/table.h"
#include "service/cli/when.h"

namespace hotclock::cli {
namespace {

using operations::Seen;

// "schedule = 5 0 * * *, zone = UTC"; what was as the files have it has no value.
std::string values_text(const Seen& change, std::string_view side) {
  std::string out;
  for (const Seen& value : change.list(side))
    out +=
        fmt::format("{}{} = {}", out.empty() ? "" : ", ", value.text("key"), value.text("value"));
  return out.empty() ? "as the files have it" : out;
}

}  // namespace

void tell_change(Console& console, const Seen& change) {
  console.out << fmt::format("{}, version {}: {}; it was {}\n", change.text("job"),
                             change.number("version"), values_text(change, "became"),
                             values_text(change, "was"))
              << fmt::format(
                     "in force on every node within a second; back again: hotclock "
                     "schedule undo {} {} --reason WHY\n",
                     change.text("job"), change.number("version"));
}

void show_changes(Console& console, const Seen& list, Instant now) {
  Table table({{"version", Column::Kind::number},
               {"change"},
               {"became", Column::Kind::wrapped},
               {"was", Column::Kind::wrapped},
               {"by"},
               {"when"},
               {"reason", Column::Kind::wrapped}});
  for (const Seen& one : list.list("items"))
    table.add({std::to_string(one.number("version")), one.text("act"), values_text(one, "became"),
               values_text(one, "was"), one.text("author"),
               relative_text(one.instant("at").value_or(now), now), one.text("reason")});
  if (table.empty())
    console.out << "it was never changed live\n";
  else
    console.out << table.text(look_of(console));
}

Result<Answer> undo_newest(Door& door, const std::string& job, std::string_view act,
                           const std::string& reason) {
  const auto known = door.ask(get("/jobs/" + job));
  if (!known) return known;
  const auto changes = door.ask(get("/jobs/" + job + "/changes", {{"limit", "1"}}));
  if (!changes) return changes;
  const auto newest = Seen(changes->body).list("items");
  if (newest.empty()) return Error(Errc::conflict, job + " was never changed live");
  if (newest.front().text("act") != act)
    return Error(
        Errc::conflict,
        fmt::format("the newest change of {} is {}, version {}; `hotclock schedule undo "
                    "{} VERSION` takes any back",
                    job, newest.front().text("act"), newest.front().number("version"), job));
  Request request = post("/jobs/" + job + "/undo",
                         {{"version", newest.front().number("version")}, {"reason", reason}});
  request.if_match = known->etag;  // nobody changed it between the look and the act
  return door.ask(request);
}

}  // namespace hotclock::cli
