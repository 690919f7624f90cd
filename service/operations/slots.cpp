// Slots, and what became of them.
#include <charconv>

#include <fmt/format.h>

#include "service/ledger/history.h"
#include "service/operations/functions.h"
#include "service/operations/json.h"
#include "service/operations/slot_lists.h"

namespace hotclock::operations {
namespace {

namespace json = boost::json;

constexpr std::int64_t usual_limit = 50;

std::string cursor_of(const ledger::SlotView& slot) {
  return fmt::format("{}.{}", to_millis(slot.slot.scheduled_for), slot.id);
}

Result<ledger::Position> read_cursor(std::string_view text) {
  std::int64_t ms = 0, id = 0;
  const char* const end = text.data() + text.size();
  const auto [dot, failed] = std::from_chars(text.data(), end, ms);
  if (failed == std::errc{} && dot != end && *dot == '.')
    if (const auto [stop, no] = std::from_chars(dot + 1, end, id); no == std::errc{} && stop == end)
      return ledger::Position{from_millis(ms), id};
  return Error(Errc::invalid, "the cursor is none that was given out");
}

Result<ledger::SlotQuery> query_of(const Call& call) {
  ledger::SlotQuery query{.job = call.text("job")};
  if (State state; from_string(call.text("state"), state)) query.state = state;
  if (End end; from_string(call.text("end"), end)) query.ended = end;
  if (Trigger trigger; from_string(call.text("trigger"), trigger)) query.trigger = trigger;
  query.since = call.instant("since");
  if (const auto until = call.instant("until")) query.after = ledger::Position{*until, 0};
  if (call.says("cursor")) {
    const auto after = read_cursor(call.text("cursor"));
    if (!after) return after.error();
    query.after = *after;
  }
  query.limit = static_cast<int>(call.number("limit", usual_limit));
  return query;
}

}  // namespace

Result<Answer> slots_page(Desk& desk, ledger::SlotQuery query) {
  const auto limit = static_cast<std::size_t>(query.limit);
  ++query.limit;  // one more tells whether there are more
  const auto slots = ledger::list_slots(desk.database, query);
  if (!slots) return slots.error();
  json::array items;
  for (std::size_t i = 0; i < std::min(limit, slots->size()); ++i)
    items.push_back(slot_json((*slots)[i]));
  return listed(std::move(items), slots->size() > limit ? cursor_of((*slots)[limit - 1]) : "");
}

Result<Answer> list_slots(Desk& desk, const Call& call) {
  auto query = query_of(call);
  if (!query) return std::move(query).error();
  return slots_page(desk, std::move(query).value());
}

Result<Answer> show_slot(Desk& desk, const Call& call) {
  const auto view = ledger::show_execution(desk.database, call.text("slot"));
  if (!view) return view.error();
  return answer_of(execution_json(*view));
}

Result<Answer> show_execution(Desk& desk, const Call& call) {
  const auto view = ledger::show_execution(desk.database, call.text("execution"));
  if (!view) return view.error();
  return answer_of(execution_json(*view));
}

}  // namespace hotclock::operations
