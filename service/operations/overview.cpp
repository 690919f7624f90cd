#include "service/operations/overview.h"

#include <algorithm>
#include <map>
#include <set>

#include "service/access/approvals.h"
#include "service/config/queues.h"
#include "service/ledger/history.h"
#include "service/ledger/slot_list.h"
#include "service/live/live.h"
#include "service/operations/cluster.h"
#include "service/operations/functions.h"
#include "service/operations/instants.h"
#include "service/operations/job_json.h"
#include "service/operations/json.h"
#include "service/operations/node_json.h"
#include "service/operations/overview.sql.h"
#include "service/operations/usual.h"
#include "service/sql/rows.h"

namespace hotclock::operations {
namespace {

namespace json = boost::json;
namespace text = stmt::overview;

constexpr std::size_t jobs_shown = 100;
constexpr int running_shown = 50;
constexpr int runs_shown = 24;  // of a job
constexpr Duration looked_ahead = std::chrono::hours{24};
constexpr std::int64_t sockets_counted = 100'000;
constexpr Duration facts_are_good_for = std::chrono::minutes{5};

// ---------------------------------------------------------------- what runs

// By how far it is, where it says so; else by how long its job took lately. None where neither says
// anything, or it takes longer than usual already.
std::optional<Instant> expected_end(const ledger::SlotView& slot, std::optional<Duration> usual,
                                    Instant now) {
  if (!slot.started_at || slot.state != State::running) return std::nullopt;
  const Duration so_far = now - *slot.started_at;
  const std::int64_t done = slot.progress_done, left = slot.progress_total - done;
  if (slot.progress_total > 0 && done > 0 && left >= 0 && so_far > Duration::zero()) {
    const double each = static_cast<double>(so_far.count()) / static_cast<double>(done);
    return now + Duration{static_cast<std::int64_t>(each * static_cast<double>(left))};
  }
  if (usual && *slot.started_at + *usual > now) return *slot.started_at + *usual;
  return std::nullopt;
}

Result<json::object> running_json(Desk& desk) {
  const auto page =
      ledger::list_slots(desk.database, {.state = State::running, .limit = running_shown});
  if (!page) return page.error();
  std::map<std::string, std::optional<Duration>> usual;
  json::array items;
  for (const ledger::SlotView& slot : page->slots) {
    const std::string& job = slot.slot.job;
    if (!usual.contains(job)) {
      const auto took = usual_duration(desk, job);
      if (!took) return took.error();
      usual[job] = *took;
    }
    json::object out = slot_json(slot);
    out["usual_ms"] = usual[job] ? json::value(usual[job]->count()) : json::value();
    out["expected_end"] = rfc3339_or_null(expected_end(slot, usual[job], desk.now()));
    items.push_back(std::move(out));
  }
  return json::object{{"items", std::move(items)}, {"more", page->next.has_value()}};
}

// ---------------------------------------------------------------- jobs

using Views = std::map<std::string, ledger::JobView>;

Result<Views> views_of(Desk& desk) {
  auto listed = ledger::list_jobs(desk.database);
  if (!listed) return std::move(listed).error();
  Views views;
  for (ledger::JobView& view : *listed) views[view.job] = std::move(view);
  return views;
}

// What is worth looking at first.
int rank_of(const ledger::JobView& view) {
  if (view.failures_in_a_row > 0) return 0;
  if (view.running > 0) return 1;
  return view.pause ? 2 : 3;
}

std::vector<const config::JobConfig*> worst_first(const config::Config& settings, Views& views) {
  std::vector<const config::JobConfig*> jobs;
  for (const config::JobConfig& job : settings.jobs) jobs.push_back(&job);
  std::ranges::stable_sort(jobs, {}, [&](const config::JobConfig* job) {
    return std::pair(rank_of(views[job->name]), job->name);
  });
  return jobs;
}

// The next day's instants; nothing where it is switched off.
json::array coming_json(const config::JobConfig& job, Instant now) {
  if (!job.policy->enabled) return {};
  json::array runs = runs_json(job.schedule, *job.policy, now, runs_shown);
  const std::string end = rfc3339(now + looked_ahead);
  json::array soon;
  for (json::value& run : runs)
    if (run.at("at").as_string() < end) soon.push_back(std::move(run));
  return soon;
}

json::object jobs_part(Desk& desk, Views& views) {
  const auto settings = desk.settings();
  const auto jobs = worst_first(*settings, views);
  std::int64_t paused = 0, failing = 0, disabled = 0;
  json::array items;
  for (const config::JobConfig* job : jobs) {
    const ledger::JobView& view = views[job->name];
    paused += !pause_json(view, desk.now()).is_null();
    failing += view.failures_in_a_row > 0;
    disabled += !job->policy->enabled;
    if (items.size() >= jobs_shown) continue;
    json::object out = job_json(*job, view, desk.now());
    out["coming"] = coming_json(*job, desk.now());
    items.push_back(std::move(out));
  }
  const auto left_off = static_cast<std::int64_t>(jobs.size() - items.size());
  return {{"items", std::move(items)}, {"left_off", left_off}, {"total", jobs.size()},
          {"paused", paused},          {"failing", failing},   {"disabled", disabled}};
}

// ---------------------------------------------------------------- queues, events, the rest

json::array queues_json(const ClusterState& state, const config::Config& settings) {
  struct Line {
    std::int64_t running = 0, due = 0, waiting = 0, unknown = 0;
    std::optional<Instant> oldest;
  };
  std::map<std::string, Line> lines{{std::string(config::default_queue), {}}};
  for (const QueueRule& queue : settings.queues)
    lines[std::string(config::shown_queue(queue.name))];
  for (const auto& [queue, count] : state.running) lines[queue].running = count;
  for (const auto& waiting : state.waiting) {
    Line& line = lines[waiting.queue];
    (waiting.phase == "unknown" ? line.unknown
     : waiting.phase == "due"   ? line.due
                                : line.waiting) += waiting.slots;
    if (waiting.phase == "due" && (!line.oldest || waiting.oldest < *line.oldest))
      line.oldest = waiting.oldest;
  }
  json::array out;
  for (const auto& [queue, line] : lines)
    out.push_back({{"queue", queue},
                   {"running", line.running},
                   {"due", line.due},
                   {"waiting", line.waiting},
                   {"unknown", line.unknown},
                   {"oldest_due", rfc3339_or_null(line.oldest)}});
  return out;
}

json::object outbox_json(const ClusterState& state) {
  json::array sinks;
  for (const auto& sink : state.sinks)
    sinks.push_back(
        {{"sink", sink.name}, {"events", sink.events}, {"oldest", rfc3339_or_null(sink.oldest)}});
  return {{"events", state.events}, {"sinks", std::move(sinks)}};
}

struct Seen {
  std::int64_t sockets = 0;
  json::value answers_ms, disk_free;
};

Result<Seen> seen_by_nodes(Desk& desk) {
  auto transaction = desk.database.read();
  if (!transaction) return std::move(transaction).error();
  Seen seen;
  auto sockets = sql::number(**transaction, text::sockets, {sockets_counted});
  if (!sockets) return std::move(sockets).error();
  seen.sockets = *sockets;
  auto facts = sql::for_each_row(**transaction, text::facts, {desk.now() - facts_are_good_for},
                                 [&](const sql::Rows& row) {
                                   if (row.is_null(0)) return;
                                   seen.answers_ms = row.integer(0);
                                   if (!row.is_null(1)) seen.disk_free = row.real(1);
                                 });
  if (!facts) return std::move(facts).error();
  return seen;
}

Result<json::object> service_part(Desk& desk) {
  const auto cluster = read_cluster(desk.database, desk.now(), 0);
  if (!cluster) return cluster.error();
  const auto seen = seen_by_nodes(desk);
  if (!seen) return seen.error();
  const auto open = access::list_approvals(desk.database, true, desk.now());
  if (!open) return open.error();
  return json::object{
      {"queues", queues_json(*cluster, *desk.settings())},
      {"outbox", outbox_json(*cluster)},
      {"sockets",
       {{"connected", seen->sockets},
        {"written_down", desk.settings()->realtime.recovery > Duration::zero()}}},
      {"database", {{"answers_ms", seen->answers_ms}, {"disk_free_percent", seen->disk_free}}},
      {"approvals_open", open->size()}};
}

}  // namespace

Result<json::object> overview_json(Desk& desk) {
  auto out = service_part(desk);
  if (!out) return out;
  auto views = views_of(desk);
  if (!views) return std::move(views).error();
  (*out)["jobs"] = jobs_part(desk, *views);
  auto running = running_json(desk);
  if (!running) return std::move(running).error();
  (*out)["running"] = std::move(running).value();
  auto nodes = nodes_json(desk);
  if (!nodes) return std::move(nodes).error();
  (*out)["nodes"] = std::move(nodes).value();
  auto killed = kill_switch_json(desk);
  if (!killed) return std::move(killed).error();
  (*out)["kill_switch"] = std::move(killed).value();
  return out;
}

Result<Answer> show_overview(Desk& desk, const Call&) {
  auto out = overview_json(desk);
  if (!out) return std::move(out).error();
  return answer_of(std::move(out).value());
}

}  // namespace hotclock::operations
