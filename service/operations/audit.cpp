// The record of what people did.
#include "service/audit/audit.h"

#include <charconv>

#include "service/operations/functions.h"
#include "service/operations/instants.h"
#include "service/operations/json.h"

namespace hotclock::operations {
namespace {

namespace json = boost::json;

// Lines of one page of an export.
constexpr std::int64_t most_lines = 10'000;

std::optional<std::int64_t> number_in(const std::string& text) {
  std::int64_t number = 0;
  const auto [end, failed] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (failed != std::errc{} || end != text.data() + text.size()) return std::nullopt;
  return number;
}

json::value number_or_null(const std::optional<std::int64_t>& number) {
  return number ? json::value(std::to_string(*number)) : json::value();
}

json::object entry_json(const audit::Entry& entry) {
  return {{"id", std::to_string(entry.id)},
          {"at", rfc3339(entry.at)},
          {"who", entry.who},
          {"from", entry.from},
          {"what", entry.what},
          {"job", entry.job},
          {"slot", number_or_null(entry.slot_id)},
          {"token", number_or_null(entry.token)},
          {"request", entry.request},
          {"detail", entry.detail},
          {"was", entry.was},
          {"became", entry.became},
          {"reason", entry.reason},
          {"outcome", entry.outcome},
          {"seal", entry.seal}};
}

}  // namespace

Result<Answer> list_audit(Desk& desk, const Call& call) {
  audit::Query query{.job = call.text("job"),
                     .who = call.text("who"),
                     .what = call.text("what"),
                     .outcome = call.text("outcome"),
                     .since = call.instant("since")};
  if (call.says("cursor")) {
    query.before = number_in(call.text("cursor"));
    if (!query.before) return Error(Errc::invalid, "the cursor is none that was given out");
  }
  const auto limit = static_cast<std::size_t>(call.number("limit", 50));
  query.limit = static_cast<int>(limit) + 1;
  const auto entries = audit::list(desk.database, query);
  if (!entries) return entries.error();
  json::array items;
  for (std::size_t i = 0; i < std::min(limit, entries->size()); ++i)
    items.push_back(entry_json((*entries)[i]));
  return listed(std::move(items),
                entries->size() > limit ? std::to_string((*entries)[limit - 1].id) : "");
}

// Oldest first; who wants the rest asks with the number of the last line.
Result<Answer> export_audit(Desk& desk, const Call& call) {
  const std::int64_t after = number_in(call.text("after")).value_or(0);
  Answer answer{.type = "application/jsonl"};
  std::int64_t lines = 0;
  auto read = audit::for_each(desk.database, [&](const audit::Entry& entry) {
    if (after > 0 && entry.number.value_or(0) <= after) return true;
    answer.text += audit::to_json(entry) + '\n';
    return ++lines < most_lines;
  });
  if (!read) return std::move(read).error();
  return answer;
}

Result<Answer> check_audit(Desk& desk, const Call&) {
  const auto checked = audit::check(desk.database);
  if (!checked) return checked.error();
  return answer_of(json::object{{"whole", checked->broken.empty()},
                                {"rows", checked->rows},
                                {"unchained", checked->unchained},
                                {"seal", checked->seal},
                                {"broken", checked->broken}});
}

}  // namespace hotclock::operations
