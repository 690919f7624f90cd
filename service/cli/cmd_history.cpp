// hotclock history: what became of the slots.
#include <algorithm>
#include <array>
#include <ostream>

#include "scheduler/base/nearest.h"
#include "service/cli/commands.h"
#include "service/cli/slot_text.h"
#include "service/cli/table.h"
#include "service/cli/telling.h"
#include "service/cli/when.h"
#include "service/operations/instants.h"

namespace hotclock::cli {
namespace {

using Query = std::vector<std::pair<std::string, std::string>>;

constexpr std::array<std::string_view, 11> standings = {
    "due",    "waiting",   "running",   "unknown", "completed", "completed_with_errors",
    "failed", "timed_out", "cancelled", "refused", "missed"};

Result<> read_state(const std::string& text, Query& query) {
  if (text.empty()) return {};
  State state{};
  End end{};
  if (from_string(text, state)) return query.emplace_back("state", text), Result<>();
  if (from_string(text, end)) return query.emplace_back("end", text), Result<>();
  std::string message = "'" + text + "' is no state; write ended";
  for (const auto known : standings) message += ", " + std::string(known);
  const auto near = nearest(text, std::span<const std::string_view>(standings));
  if (!near.empty()) message += "; did you mean '" + std::string(near) + "'?";
  return Error(Errc::invalid, message);
}

// The zone of the job's schedule. UTC of all jobs, and of the retention, which is nobody's job.
Result<std::shared_ptr<const Zone>> zone_for(Door& door, const std::string& job) {
  if (job.empty() || job == "history-retention") return load_zone("UTC");
  const auto known = door.ask(get("/jobs/" + job));
  if (!known) return known.error();
  return load_zone(Seen(known->body).object("schedule").text("zone"));
}

Result<Query> read_query(Door& door, const HistoryArgs& args) {
  const auto zone = zone_for(door, args.job);
  if (!zone) return zone.error();
  Query query{{"job", args.job}};
  if (auto state = read_state(args.state, query); !state) return state.error();
  if (!args.since.empty()) {
    const auto since = read_instant(args.since, **zone, door.now());
    if (!since) return since.error().within("--since");
    query.emplace_back("since", operations::rfc3339(*since));
  }
  return query;
}

std::string duration_text(const ledger::SlotView& slot) {
  return slot.started_at && slot.ended_at ? to_words(*slot.ended_at - *slot.started_at) : "";
}

void show(Console& console, const Seen& list) {
  Table table({{"slot"},
               {"job"},
               {"end"},
               {"trigger"},
               {"took", Column::Kind::number},
               {"execution"},
               {"reason", Column::Kind::wrapped}});
  for (const Seen& one : list.list("items")) {
    const auto slot = operations::slot_of(one);
    table.add({to_string(slot.slot.scheduled_for),
               slot.slot.job,
               {standing(slot), tone_of(slot)},
               std::string(to_string(slot.slot.trigger)),
               duration_text(slot),
               slot.execution,
               slot.reason});
  }
  if (table.empty())
    console.err << "no slot is like that\n";
  else
    console.out << table.text(look_of(console));
}

}  // namespace

int cmd_history(Console& console, const Common& common, const HistoryArgs& args) {
  const auto door = open_door(console, common);
  if (!door) return fail(console, common.json, door.error());
  const auto query = read_query(**door, args);
  if (!query) return fail(console, common.json, query.error());
  return tell(console, common, ask_for_all(**door, get("/slots", *query), args.limit),
              [&](const Seen& list) { show(console, list); });
}

}  // namespace hotclock::cli
