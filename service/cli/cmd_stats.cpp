// hotclock stats: how a job fares over time.
#include <array>
#include <ostream>

#include <fmt/format.h>

#include "service/cli/commands.h"
#include "service/cli/table.h"
#include "service/cli/telling.h"
#include "service/operations/instants.h"

namespace hotclock::cli {
namespace {

std::string span(const Seen& spread, const char* part) {
  return spread.number("count") == 0 ? "" : to_words(Duration{spread.number(part)});
}

void add_row(Table& table, const std::string& begins, const Seen& figures) {
  const Seen ends = figures.object("ends"), took = figures.object("duration_ms"),
             late = figures.object("lateness_ms");
  const auto failed = ends.number("failed") + ends.number("timed_out");
  table.add(
      {begins,
       std::to_string(figures.number("slots")),
       std::to_string(ends.number("completed") + ends.number("completed_with_errors")),
       {std::to_string(failed), failed > 0 ? Tone::notice : Tone::plain},
       std::to_string(ends.number("refused") + ends.number("missed") + ends.number("cancelled")),
       span(took, "p50"),
       span(took, "p90"),
       span(took, "p99"),
       span(late, "p50"),
       span(late, "p90"),
       span(late, "p99")});
}

void show(Console& console, const Seen& stats) {
  using enum Column::Kind;
  Table table({{"from"},
               {"slots", number},
               {"completed", number},
               {"failed", number},
               {"not worked", number},
               {"took p50", number},
               {"p90", number},
               {"p99", number},
               {"late p50", number},
               {"p90", number},
               {"p99", number}});
  for (const Seen& one : stats.list("periods"))
    add_row(table, one.text("begins").substr(0, 10), one);
  if (table.empty()) {
    console.err << "no slot was due in that time\n";
    return;
  }
  add_row(table, "all", stats);
  console.out << table.text(look_of(console));
  if (const auto from = stats.instant("counted_from"))
    console.err << fmt::format(
        "of the days that are not summed up yet, only what was due from {} on is counted\n",
        to_string(*from));
}

}  // namespace

int cmd_stats(Console& console, const Common& common, const StatsArgs& args) {
  const auto door = open_door(console, common);
  if (!door) return fail(console, common.json, door.error());
  std::vector<std::pair<std::string, std::string>> query{{"by", args.by}};
  for (const auto& [name, text] :
       {std::pair("since", args.since), std::pair("until", args.until)}) {
    if (text.empty()) continue;
    const auto at = read_instant_of(**door, args.job, text);
    if (!at) return fail(console, common.json, at.error().within(std::string("--") + name));
    query.emplace_back(name, operations::rfc3339(*at));
  }
  return tell(console, common, (*door)->ask(get("/jobs/" + args.job + "/statistics", query)),
              [&](const Seen& stats) { show(console, stats); });
}

}  // namespace hotclock::cli
