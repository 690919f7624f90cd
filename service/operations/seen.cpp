#include "service/operations/seen.h"

#include <charconv>

#include <boost/json/array.hpp>
#include <boost/json/serialize.hpp>

#include "service/operations/instants.h"

namespace hotclock::operations {
namespace {

namespace json = boost::json;

std::int64_t number_in(const std::string& text) {
  std::int64_t number = 0;
  std::from_chars(text.data(), text.data() + text.size(), number);
  return number;
}

ledger::AttemptView attempt_of(const Seen& attempt) {
  return {.execution = attempt.text("execution"),
          .attempt = static_cast<int>(attempt.number("attempt")),
          .node = attempt.text("node"),
          .started_at = attempt.instant("started_at").value_or(Instant{}),
          .ended_at = attempt.instant("ended_at").value_or(Instant{}),
          .outcome = attempt.text("outcome"),
          .error = attempt.text("error"),
          .tally = json::serialize(attempt.object("tally").members()),
          .set_aside_total = attempt.number("set_aside")};
}

}  // namespace

const json::value* Seen::at(std::string_view name) const {
  return object_ ? object_->if_contains(name) : nullptr;
}

bool Seen::has(std::string_view name) const {
  const json::value* const value = at(name);
  return value && !value->is_null();
}

std::string Seen::text(std::string_view name) const {
  const json::value* const value = at(name);
  return value && value->is_string() ? std::string(value->get_string()) : std::string();
}

std::int64_t Seen::number(std::string_view name) const {
  const json::value* const value = at(name);
  boost::system::error_code none;
  return value && value->is_number() ? value->to_number<std::int64_t>(none) : 0;
}

bool Seen::flag(std::string_view name) const {
  const json::value* const value = at(name);
  return value && value->is_bool() && value->get_bool();
}

std::optional<Instant> Seen::instant(std::string_view name) const { return instant_in(text(name)); }

Seen Seen::object(std::string_view name) const {
  const json::value* const value = at(name);
  return value ? Seen(*value) : Seen();
}

std::vector<Seen> Seen::list(std::string_view name) const {
  std::vector<Seen> out;
  const json::value* const value = at(name);
  if (value && value->is_array())
    for (const json::value& one : value->get_array()) out.emplace_back(one);
  return out;
}

std::vector<std::string> Seen::texts(std::string_view name) const {
  std::vector<std::string> out;
  const json::value* const value = at(name);
  if (value && value->is_array())
    for (const json::value& one : value->get_array())
      if (one.is_string()) out.emplace_back(one.get_string());
  return out;
}

const json::object& Seen::members() const {
  static const json::object nothing;
  return object_ ? *object_ : nothing;
}

ledger::SlotView slot_of(const Seen& slot) {
  ledger::SlotView out{.id = number_in(slot.text("id")),
                       .priority = static_cast<int>(slot.number("priority")),
                       .requested_by = slot.text("requested_by"),
                       .entered_at = slot.instant("entered_at").value_or(Instant{}),
                       .reason = slot.text("reason"),
                       .attempt = static_cast<int>(slot.number("attempt")),
                       .execution = slot.text("execution"),
                       .node = slot.text("node"),
                       .started_at = slot.instant("started_at"),
                       .ended_at = slot.instant("ended_at"),
                       .available_at = slot.instant("available_at"),
                       .progress_done = slot.object("progress").number("done"),
                       .progress_total = slot.object("progress").number("total"),
                       .cancel_requested_by = slot.text("cancel_requested_by"),
                       .queue = slot.text("queue")};
  out.slot.job = slot.text("job");
  out.slot.scheduled_for = slot.instant("scheduled_for").value_or(Instant{});
  out.slot.key = slot.text("key");
  from_string(slot.text("trigger"), out.slot.trigger);
  from_string(slot.text("state"), out.state);
  if (End end; from_string(slot.text("ended"), end)) out.ended = end;
  return out;
}

ledger::ExecutionView execution_of(const Seen& execution) {
  ledger::ExecutionView out{.slot = slot_of(execution.object("slot"))};
  for (const Seen& one : execution.list("attempts")) out.attempts.push_back(attempt_of(one));
  for (const Seen& one : execution.list("partitions")) out.partitions.push_back(slot_of(one));
  for (const Seen& one : execution.list("failures"))
    out.failures.push_back({one.text("record"), one.text("code"), one.text("message")});
  out.events = execution.number("events");
  const Seen log = execution.object("log");
  out.log = {log.text("text"), log.number("dropped_bytes"), log.number("from"),
             log.number("length"), log.instant("written_at")};
  return out;
}

}  // namespace hotclock::operations
