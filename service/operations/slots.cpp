// Slots, and what became of them.
#include <charconv>

#include <fmt/format.h>

#include "service/ledger/slot_list.h"
#include "service/operations/functions.h"
#include "service/operations/json.h"
#include "service/operations/profiles.h"
#include "service/operations/slot_lists.h"

namespace hotclock::operations {
namespace {

namespace json = boost::json;

constexpr std::int64_t usual_limit = 50;

Result<ledger::Position> read_cursor(std::string_view text) {
  std::int64_t ms = 0, id = 0;
  const char* const end = text.data() + text.size();
  const auto [dot, failed] = std::from_chars(text.data(), end, ms);
  if (failed == std::errc{} && dot != end && *dot == '.')
    if (const auto [stop, no] = std::from_chars(dot + 1, end, id); no == std::errc{} && stop == end)
      return ledger::Position{from_millis(ms), id};
  return Error(Errc::invalid, "the cursor is none that was given out");
}

Result<Answer> shown_execution(Desk& desk, const Call& call, const std::string& id) {
  const auto view = ledger::show_execution(desk.database, id, call.number("log_from", 0));
  if (!view) return view.error();
  const auto profiled = is_profiled(desk, *view, id);
  if (!profiled) return profiled.error();
  json::object out = execution_json(*view);
  out["profiled"] = *profiled;
  return answer_of(std::move(out));
}

}  // namespace

std::string cursor_of(const ledger::Position& place) {
  return fmt::format("{}.{}", to_millis(place.scheduled_for), place.id);
}

Result<ledger::SlotQuery> slot_query(const Call& call) {
  ledger::SlotQuery query{.job = call.text("job"),
                          .queue = call.text("queue"),
                          .node = call.text("node"),
                          .requested_by = call.text("requested_by"),
                          .longer_than = Duration{call.number("longer_than_ms")},
                          .since = call.instant("since"),
                          .until = call.instant("until"),
                          .limit = static_cast<int>(call.number("limit", usual_limit))};
  if (State state; from_string(call.text("state"), state)) query.state = state;
  if (End end; from_string(call.text("end"), end)) query.ended = end;
  if (Trigger trigger; from_string(call.text("trigger"), trigger)) query.trigger = trigger;
  if (call.says("cursor")) {
    const auto after = read_cursor(call.text("cursor"));
    if (!after) return after.error();
    query.after = *after;
  }
  return query;
}

Result<Answer> slots_page(Desk& desk, const ledger::SlotQuery& query) {
  const auto page = ledger::list_slots(desk.database, query);
  if (!page) return page.error();
  json::array items;
  for (const ledger::SlotView& slot : page->slots) items.push_back(slot_json(slot));
  return listed(std::move(items), page->next ? cursor_of(*page->next) : "");
}

Result<Answer> list_slots(Desk& desk, const Call& call) {
  const auto query = slot_query(call);
  if (!query) return query.error();
  return slots_page(desk, *query);
}

Result<Answer> show_slot(Desk& desk, const Call& call) {
  return shown_execution(desk, call, call.text("slot"));
}

Result<Answer> show_execution(Desk& desk, const Call& call) {
  return shown_execution(desk, call, call.text("execution"));
}

}  // namespace hotclock::operations
