#include "service/operations/json.h"

#include <boost/json/parse.hpp>

#include "scheduler/core/partition.h"
#include "service/http/response.h"
#include "service/operations/instants.h"

namespace hotclock::operations {
namespace {

namespace json = boost::json;

json::value parsed(const std::string& text) {
  json::error_code failed;
  json::value value = json::parse(text, failed);
  return failed || !value.is_object() ? json::value(json::object()) : value;
}

json::object attempt_json(const ledger::AttemptView& attempt) {
  return {{"execution", attempt.execution},
          {"attempt", attempt.attempt},
          {"node", attempt.node},
          {"started_at", rfc3339(attempt.started_at)},
          {"ended_at", rfc3339(attempt.ended_at)},
          {"outcome", attempt.outcome},
          {"error", attempt.error},
          {"tally", parsed(attempt.tally)},
          {"set_aside", attempt.set_aside_total}};
}

json::value log_json(const ledger::LogView& log) {
  if (log.empty()) return nullptr;
  return json::object{{"text", log.text},
                      {"from", log.from},
                      {"length", log.length},
                      {"dropped_bytes", log.dropped},
                      {"written_at", rfc3339_or_null(log.written_at)}};
}

json::object partition_json(const ledger::SlotView& partition) {
  json::object object = slot_json(partition);
  object["partition"] = partition_number(partition.slot.key);
  return object;
}

json::string_view view(std::string_view text) { return {text.data(), text.size()}; }

Answer later(std::string_view detail) {
  Answer answer = problem(503, "unavailable", detail);
  answer.retry_after = 1;
  return answer;
}

}  // namespace

json::object slot_json(const ledger::SlotView& slot) {
  return {{"id", std::to_string(slot.id)},
          {"job", slot.slot.job},
          {"scheduled_for", rfc3339(slot.slot.scheduled_for)},
          {"trigger", view(to_string(slot.slot.trigger))},
          {"key", slot.slot.key},
          {"state", view(to_string(slot.state))},
          {"ended", slot.ended ? json::value(view(to_string(*slot.ended))) : json::value()},
          {"reason", slot.reason},
          {"priority", slot.priority},
          {"requested_by", slot.requested_by},
          {"attempt", slot.attempt},
          {"execution", slot.execution},
          {"node", slot.node},
          {"entered_at", rfc3339(slot.entered_at)},
          {"available_at", rfc3339_or_null(slot.available_at)},
          {"started_at", rfc3339_or_null(slot.started_at)},
          {"ended_at", rfc3339_or_null(slot.ended_at)},
          {"progress", {{"done", slot.progress_done}, {"total", slot.progress_total}}},
          {"cancel_requested_by", slot.cancel_requested_by},
          {"queue", slot.queue}};
}

json::object execution_json(const ledger::ExecutionView& view) {
  json::array attempts, partitions, failures;
  for (const auto& attempt : view.attempts) attempts.push_back(attempt_json(attempt));
  for (const auto& partition : view.partitions) partitions.push_back(partition_json(partition));
  for (const auto& one : view.failures)
    failures.push_back({{"record", one.record}, {"code", one.code}, {"message", one.message}});
  return {{"slot", slot_json(view.slot)},
          {"attempts", std::move(attempts)},
          {"partitions", std::move(partitions)},
          {"failures", std::move(failures)},
          {"events", view.events},
          {"log", log_json(view.log)}};
}

json::value pause_json(const ledger::JobView& job, Instant now) {
  const std::optional<Pause>& pause = job.pause;
  if (!pause || (pause->until && *pause->until <= now)) return nullptr;
  return json::object{{"by", pause->by},
                      {"reason", pause->reason},
                      {"since", rfc3339_or_null(job.paused_since)},
                      {"until", rfc3339_or_null(pause->until)}};
}

json::object grant_json(const access::Grant& grant) {
  json::array rights;
  for (const access::Right right : access::all_rights())
    if (access::has(grant.role, right) &&
        (grant.rights.empty() || std::ranges::count(grant.rights, right) > 0))
      rights.push_back(view(to_string(right)));
  return {{"role", view(to_string(grant.role))},
          {"rights", std::move(rights)},
          {"jobs", texts_json(grant.jobs)}};
}

json::array problems_json(const std::vector<Problem>& problems) {
  json::array out;
  for (const Problem& one : problems)
    out.push_back({{"where", one.where}, {"what", one.what}, {"right", one.right}});
  return out;
}

json::array texts_json(const std::vector<std::string>& texts) {
  return json::array(texts.begin(), texts.end());
}

Answer listed(json::array items, const std::string& next) {
  return answer_of(json::object{{"items", std::move(items)},
                                {"next", next.empty() ? json::value() : json::value(next)}});
}

Answer problem(int status, std::string_view code, std::string_view detail,
               const std::vector<Problem>& problems) {
  json::object body{{"type", "/api/v1/problems/" + std::string(code)},
                    {"title", view(http::reason(status))},
                    {"status", status},
                    {"detail", view(detail)},
                    {"code", view(code)}};
  if (!problems.empty()) body["problems"] = problems_json(problems);
  return {.status = status, .body = std::move(body)};
}

Answer problem_of(const Error& error) {
  const std::string_view code = to_string(error.code());
  switch (error.code()) {
    case Errc::invalid:
      return problem(400, code, error.message());
    case Errc::not_found:
      return problem(404, code, error.message());
    case Errc::forbidden:
      return problem(403, code, error.message());
    case Errc::stale:
      return problem(412, code, error.message());
    case Errc::conflict:
      return problem(409, code, error.message());
    case Errc::unique:
      return problem(409, "conflict", "it is there already");
    case Errc::unsupported:
      return problem(501, code, error.message());
    case Errc::busy:
    case Errc::stopped:
    case Errc::timeout:
    case Errc::unavailable:
    case Errc::read_only:
    case Errc::disk_full:
      return later("the database does not answer as it should");
    default:
      return problem(500, "internal",
                     "this should not have happened; the log of this node says more");
  }
}

}  // namespace hotclock::operations
