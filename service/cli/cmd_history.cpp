// hotclock history: what became of the slots.
#include <ostream>

#include <boost/json/array.hpp>
#include <boost/json/object.hpp>

#include "scheduler/base/nearest.h"
#include "service/app/settings.h"
#include "service/cli/commands.h"
#include "service/cli/session.h"
#include "service/cli/slot_text.h"
#include "service/cli/table.h"
#include "service/cli/when.h"
#include "service/ledger/history.h"

namespace hotclock::cli {
namespace {

constexpr std::array<std::string_view, 11> standings = {
    "due",       "waiting", "running",   "unknown", "completed", "completed_with_errors",
    "failed",    "timed_out", "cancelled", "refused", "missed"};

Result<> read_state(const std::string& text, ledger::SlotQuery& query) {
  if (text.empty()) return {};
  State state{};
  End end{};
  if (from_string(text, state)) return query.state = state, Result<>();
  if (from_string(text, end)) return query.ended = end, Result<>();
  std::string message = "'" + text + "' is no state; write ended";
  for (const auto known : standings) message += ", " + std::string(known);
  const auto near = nearest(text, std::span<const std::string_view>(standings));
  if (!near.empty()) message += "; did you mean '" + std::string(near) + "'?";
  return Error(Errc::invalid, message);
}

Result<ledger::SlotQuery> read_query(const Session& session, const HistoryArgs& args, Instant now) {
  ledger::SlotQuery query;
  query.job = args.job;
  query.limit = args.limit;
  auto zone = load_zone("UTC");
  if (const auto job = app::find_job(session.settings, args.job))
    zone = load_zone((*job)->schedule.zone().name());
  else if (!args.job.empty() && args.job != "history-retention")
    return job.error();
  if (auto state = read_state(args.state, query); !state) return state.error();
  if (!args.since.empty()) {
    const auto since = read_instant(args.since, **zone, now);
    if (!since) return since.error().within("--since");
    query.since = *since;
  }
  return query;
}

std::string duration_text(const ledger::SlotView& slot) {
  return slot.started_at && slot.ended_at ? to_words(*slot.ended_at - *slot.started_at) : "";
}

}  // namespace

int cmd_history(Console& console, const Common& common, const HistoryArgs& args) {
  auto session = open_session(console, common);
  if (!session) return fail(console, common.json, session.error());
  const auto query = read_query(*session, args, session->clock->now());
  if (!query) return fail(console, common.json, query.error());
  const auto slots = ledger::list_slots(*session->database, *query);
  if (!slots) return fail(console, common.json, slots.error());
  if (common.json) {
    boost::json::array list;
    for (const auto& slot : *slots) list.push_back(slot_json(slot));
    print(console, {{"slots", std::move(list)}});
    return exit_done;
  }
  Table table({{"slot"}, {"job"}, {"end"}, {"trigger"}, {"took", Column::Kind::number}, {"execution"},
               {"reason", Column::Kind::wrapped}});
  for (const auto& slot : *slots)
    table.add({to_string(slot.slot.scheduled_for), slot.slot.job, {standing(slot), tone_of(slot)},
               std::string(to_string(slot.slot.trigger)), duration_text(slot), slot.execution, slot.reason});
  if (table.empty())
    console.err << "no slot is like that\n";
  else
    console.out << table.text(look_of(console));
  return exit_done;
}

}  // namespace hotclock::cli
