#include "service/cli/slot_filters.h"

#include <array>

#include "scheduler/base/nearest.h"
#include "service/cli/when.h"
#include "service/config/units.h"
#include "service/operations/instants.h"
#include "service/operations/seen.h"

namespace hotclock::cli {
namespace {

using operations::Seen;

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

Result<> add_instant(Query& query, const char* name, const std::string& text, const Zone& zone,
                     Instant now) {
  if (text.empty()) return {};
  const auto read = read_instant(text, zone, now);
  if (!read) return read.error().within(std::string("--") + name);
  query.emplace_back(name, operations::rfc3339(*read));
  return {};
}

Result<> add_longer_than(Query& query, const std::string& text) {
  if (text.empty()) return {};
  const auto span = config::parse_duration(text);
  if (!span)
    return Error(Errc::invalid, "--longer-than: '" + text + "' is no span; write 90s, 10 min, 2h");
  query.emplace_back("longer_than_ms", std::to_string(span->count()));
  return {};
}

}  // namespace

Result<Query> filters_of(Door& door, const SlotFilters& slots) {
  const auto zone = zone_for(door, slots.job);
  if (!zone) return zone.error();
  Query query{{"job", slots.job},
              {"trigger", slots.trigger},
              {"queue", slots.queue},
              {"node", slots.node},
              {"requested_by", slots.asked_by}};
  if (auto state = read_state(slots.state, query); !state) return state.error();
  if (auto since = add_instant(query, "since", slots.since, **zone, door.now()); !since)
    return since.error();
  if (auto until = add_instant(query, "until", slots.until, **zone, door.now()); !until)
    return until.error();
  if (auto longer = add_longer_than(query, slots.longer_than); !longer) return longer.error();
  return query;
}

}  // namespace hotclock::cli
