// The jobs: what they are by their settings, how they stand, and when they are due.
#include <map>

#include "service/ledger/history.h"
#include "service/live/live.h"
#include "service/operations/functions.h"
#include "service/operations/instants.h"
#include "service/operations/job_json.h"
#include "service/operations/json.h"
#include "service/operations/next_runs.h"
#include "service/operations/operations.h"

namespace hotclock::operations {
namespace {

namespace json = boost::json;

constexpr int next_shown = 5;

Result<ledger::JobView> standing_of(Desk& desk, const std::string& job) {
  auto views = ledger::list_jobs(desk.database, job);
  if (!views) return std::move(views).error();
  if (views->empty()) return ledger::JobView{.job = job};  // no node has served it yet
  return std::move(views->front());
}

// As of its last live change; 0 where it was never changed.
Result<std::int64_t> live_version(Desk& desk, const std::string& job) {
  const auto in_force = live::in_force(desk.database);
  if (!in_force) return in_force.error();
  for (const live::Standing& one : in_force->jobs)
    if (one.job == job) return one.version;
  return std::int64_t{0};
}

json::array settings_of(const config::Config& settings, const std::string& job) {
  const std::string before = "jobs." + job + ".";
  json::array out;
  for (const config::Shown& one : settings.shown)
    if (one.key.starts_with(before))
      out.push_back(
          {{"key", one.key.substr(before.size())}, {"value", one.value}, {"origin", one.origin}});
  return out;
}

}  // namespace

json::object schedule_json(const Schedule& schedule) {
  const auto text = [](std::string_view view) { return json::string(view); };
  return {{"expression", text(schedule.text())},
          {"zone", schedule.zone().name()},
          {"dst", text(to_string(schedule.dst_rule()))},
          {"description", schedule.describe()}};
}

json::array runs_json(const Schedule& schedule, const Policy& policy, Instant from, int n,
                      bool previous) {
  auto runs = next_runs(schedule, from, n, previous);
  mark_what_is_kept_back(policy, schedule.zone(), runs);
  json::array out;
  for (const NextRun& run : runs)
    out.push_back({{"at", rfc3339(run.at)},
                   {"local", local_text(run.at, schedule.zone())},
                   {"note", run.note},
                   {"lost", run.lost}});
  return out;
}

json::object job_json(const config::JobConfig& job, const ledger::JobView& view, Instant now) {
  const auto next = job.schedule.next(now);
  return {{"job", job.name},
          {"schedule", schedule_json(job.schedule)},
          {"enabled", job.policy->enabled},
          {"priority", job.policy->priority},
          {"queue", job.policy->queue},
          {"tags", texts_json(job.tags)},
          {"second_person", needs_second_person(job)},
          {"paused", pause_json(view, now)},
          {"running", view.running},
          {"failures_in_a_row", view.failures_in_a_row},
          {"next", rfc3339_or_null(next)},
          {"last", view.last_ended ? json::value(slot_json(*view.last_ended)) : json::value()}};
}

Result<json::array> jobs_json(Desk& desk) {
  auto views = ledger::list_jobs(desk.database);
  if (!views) return std::move(views).error();
  std::map<std::string, ledger::JobView> by_name;
  for (ledger::JobView& view : *views) by_name[view.job] = std::move(view);
  const auto settings = desk.settings();
  json::array items;
  for (const config::JobConfig& job : settings->jobs)
    items.push_back(job_json(job, by_name[job.name], desk.now()));
  return items;
}

Result<Answer> shown_job(Desk& desk, const std::string& name) {
  const auto settings = desk.settings();
  const auto job = find_job(*settings, name);
  if (!job) return job.error();
  const auto view = standing_of(desk, name);
  if (!view) return view.error();
  const auto version = live_version(desk, name);
  if (!version) return version.error();
  json::object out = job_json(**job, *view, desk.now());
  out["version"] = *version;
  out["next_runs"] = runs_json((*job)->schedule, *(*job)->policy, desk.now(), next_shown);
  out["settings"] = settings_of(*settings, name);
  Answer answer = answer_of(std::move(out));
  answer.etag = "\"" + std::to_string(*version) + "\"";
  return answer;
}

Result<Answer> list_jobs(Desk& desk, const Call&) {
  auto items = jobs_json(desk);
  if (!items) return std::move(items).error();
  return listed(std::move(items).value());
}

Result<Answer> show_job(Desk& desk, const Call& call) { return shown_job(desk, call.text("job")); }

Result<Answer> show_next_runs(Desk& desk, const Call& call) {
  const auto settings = desk.settings();
  const auto job = find_job(*settings, call.text("job"));
  if (!job) return job.error();
  const Schedule& schedule = (*job)->schedule;
  const Instant from = call.instant("from").value_or(desk.now());
  json::array warnings;
  for (const auto& one : schedule.warnings(from))
    warnings.push_back({{"kind", one.kind}, {"text", one.text}});
  json::object out = schedule_json(schedule);
  out["job"] = (*job)->name;
  out["runs"] = runs_json(schedule, *(*job)->policy, from, static_cast<int>(call.number("n", 10)));
  out["warnings"] = std::move(warnings);
  return answer_of(std::move(out));
}

}  // namespace hotclock::operations
