#include "service/cli/slot_text.h"

#include <boost/json/array.hpp>
#include <boost/json/parse.hpp>

#include "scheduler/core/partition.h"
#include "service/cli/progress_line.h"

namespace hotclock::cli {
namespace {

namespace json = boost::json;

json::value parsed(const std::string& text) {
  json::error_code failed;
  json::value value = json::parse(text, failed);
  return failed ? json::value(json::object()) : value;
}

void put(json::object& object, const char* key, const std::optional<Instant>& t) {
  if (t) object[key] = to_string(*t);
}

json::object attempt_json(const ledger::AttemptView& attempt) {
  json::object object{{"execution", attempt.execution},
                      {"attempt", attempt.attempt},
                      {"node", attempt.node},
                      {"started_at", to_string(attempt.started_at)},
                      {"ended_at", to_string(attempt.ended_at)},
                      {"outcome", attempt.outcome},
                      {"tally", parsed(attempt.tally)},
                      {"set_aside", attempt.set_aside_total}};
  if (!attempt.error.empty()) object["error"] = attempt.error;
  return object;
}

}  // namespace

std::string standing(const ledger::SlotView& slot) {
  return std::string(slot.ended ? to_string(*slot.ended) : to_string(slot.state));
}

Tone tone_of(const ledger::SlotView& slot) {
  if (!slot.ended) return slot.state == State::unknown ? Tone::bad : Tone::plain;
  switch (*slot.ended) {
    case End::completed: return Tone::good;
    case End::failed:
    case End::timed_out: return Tone::bad;
    default: return Tone::notice;
  }
}

json::object slot_json(const ledger::SlotView& slot) {
  json::object object{{"id", std::to_string(slot.id)},
                      {"job", slot.slot.job},
                      {"scheduled_for", to_string(slot.slot.scheduled_for)},
                      {"trigger", to_string(slot.slot.trigger)},
                      {"state", to_string(slot.state)},
                      {"attempt", slot.attempt},
                      {"reason", slot.reason},
                      {"execution", slot.execution},
                      {"node", slot.node},
                      {"progress", {{"done", slot.progress_done}, {"total", slot.progress_total}}}};
  if (slot.ended) object["ended"] = to_string(*slot.ended);
  if (!slot.requested_by.empty()) object["requested_by"] = slot.requested_by;
  put(object, "started_at", slot.started_at);
  put(object, "ended_at", slot.ended_at);
  put(object, "available_at", slot.available_at);
  return object;
}

json::object execution_json(const ledger::ExecutionView& view) {
  json::array attempts, failures;
  for (const auto& attempt : view.attempts) attempts.push_back(attempt_json(attempt));
  for (const auto& failure : view.failures)
    failures.push_back(json::object{
        {"record", failure.record}, {"code", failure.code}, {"message", failure.message}});
  json::array partitions;
  for (const auto& partition : view.partitions) {
    json::object object = slot_json(partition);
    object["partition"] = partition_number(partition.slot.key);
    partitions.push_back(std::move(object));
  }
  return {{"slot", slot_json(view.slot)},
          {"attempts", std::move(attempts)},
          {"partitions", std::move(partitions)},
          {"failures", std::move(failures)},
          {"events", view.events},
          {"log", view.log.text},
          {"log_dropped", view.log.dropped}};
}

std::string tally_words(const std::string& tally_json) {
  std::string words;
  const json::value tally = parsed(tally_json);
  if (!tally.is_object()) return words;
  for (const auto& [name, count] : tally.get_object()) {
    if (!count.is_int64()) continue;
    if (!words.empty()) words += ", ";
    words += grouped(count.get_int64()) + " " + std::string(name);
  }
  return words;
}

}  // namespace hotclock::cli
