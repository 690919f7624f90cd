#include "service/app/cluster_metrics.h"

#include <algorithm>
#include <array>
#include <set>
#include <tuple>

#include "service/app/scheduler_metrics.h"
#include "service/config/queues.h"
#include "service/metrics/families.h"

namespace hotclock::app {
namespace {

using metrics::Labels;
using metrics::Reading;
using metrics::unix_seconds;

constexpr std::array<const char*, 4> phases{"due", "later", "waiting", "unknown"};
// Of queues and priorities; what comes behind has the priority "other".
constexpr std::size_t most_lines = 50;
constexpr int fires_looked_at = 10;

// ---------------------------------------------------------------- telling

// Every line that a job of the settings stands in is told, empty or not.
using Line = std::tuple<std::string, std::string>;  // queue, priority

std::set<std::string> queues_of(const config::Config& settings) {
  std::set<std::string> queues{std::string(config::default_queue)};
  for (const QueueRule& queue : settings.queues) queues.emplace(config::shown_queue(queue.name));
  return queues;
}

std::set<Line> lines_of(const config::Config& settings) {
  std::set<Line> lines;
  for (const std::string& queue : queues_of(settings)) lines.emplace(queue, "0");
  for (const config::JobConfig& job : settings.jobs)
    if (lines.size() < most_lines)
      lines.emplace(config::shown_queue(job.policy->queue), std::to_string(job.policy->priority));
  return lines;
}

Line line_of(const ClusterState::Waiting& waiting, std::set<Line>& lines) {
  Line line(waiting.queue, std::to_string(waiting.priority));
  if (!lines.contains(line) && lines.size() >= most_lines) std::get<1>(line) = "other";
  lines.insert(line);
  return line;
}

void tell_waiting(Reading& out, const ClusterState& state, const config::Config& settings) {
  std::set<Line> lines = lines_of(settings);
  std::map<std::pair<Line, std::string>, std::int64_t> slots;
  for (const auto& waiting : state.waiting)
    slots[{line_of(waiting, lines), waiting.phase}] += waiting.slots;
  out.gauges("hotclock_slots_waiting",
             "Slots of the whole cluster that nobody works, of the first 10000.");
  for (const Line& line : lines)
    for (const char* phase : phases)
      out.add(static_cast<double>(slots[{line, phase}]),
              {{"queue", std::get<0>(line)}, {"priority", std::get<1>(line)}, {"phase", phase}});
}

void tell_queues(Reading& out, const ClusterState& state, const config::Config& settings) {
  std::map<std::string, double> running, oldest;
  for (const std::string& queue : queues_of(settings)) running[queue] = oldest[queue] = 0;
  for (const auto& [queue, count] : state.running) running[queue] = static_cast<double>(count);
  for (const auto& waiting : state.waiting) {
    double& at = oldest[waiting.queue];
    const double here = unix_seconds(waiting.oldest);
    if (waiting.phase == "due" && (at == 0 || here < at)) at = here;
  }
  out.gauges("hotclock_slots_running", "Slots of the whole cluster that somebody works.");
  for (const auto& [queue, count] : running) out.add(count, {{"queue", queue}});
  out.gauges(
      "hotclock_oldest_due_timestamp_seconds",
      "Since when the slot that is due the longest could be worked, as Unix time; 0: none is.");
  for (const auto& [queue, at] : oldest) out.add(at, {{"queue", queue}});
}

// A number of each job.
template <class Number>
void tell_jobs(Reading& out, const ClusterState& state, const char* name, const char* help,
               Number number) {
  out.gauges(name, help);
  for (const auto& job : state.jobs) out.add(number(job), {{"job", job.name}});
}

void tell_how_jobs_fare(Reading& out, const ClusterState& state) {
  using Job = ClusterState::Job;
  tell_jobs(out, state, "hotclock_job_last_success_timestamp_seconds",
            "When a slot of the job last ended well, or with records set aside, as Unix time; 0: "
            "none of its newest 200 did.",
            [](const Job& job) { return job.last_success ? unix_seconds(*job.last_success) : 0; });
  tell_jobs(out, state, "hotclock_job_consecutive_failures",
            "Slots of the job that failed in a row.",
            [](const Job& job) { return static_cast<double>(job.failures_in_a_row); });
  tell_jobs(out, state, "hotclock_job_paused", "1 where the job is paused.",
            [](const Job& job) { return job.paused ? 1 : 0; });
}

// When it is due next, and the longest pause between the next fires, in seconds; 0: never.
std::pair<double, double> rhythm_of(const config::JobConfig& job, Instant now) {
  if (!job.policy->enabled) return {0, 0};
  const auto first = job.schedule.next(now);
  if (!first) return {0, 0};
  Duration longest{};
  Instant at = *first;
  for (int i = 0; i < fires_looked_at; ++i) {
    const auto next = job.schedule.next(at);
    if (!next) break;
    longest = std::max(longest, *next - at);
    at = *next;
  }
  return {unix_seconds(*first), metrics::seconds(longest)};
}

void tell_rhythm(Reading& out, const config::Config& settings, Instant now) {
  std::map<std::string, std::pair<double, double>> rhythms;
  for (const config::JobConfig& job : settings.jobs)
    if (rhythms.size() < most_jobs_told_apart) rhythms[job.name] = rhythm_of(job, now);
  out.gauges("hotclock_job_next_due_timestamp_seconds",
             "When the schedule names the next slot, as Unix time; 0: never.");
  for (const auto& [job, rhythm] : rhythms) out.add(rhythm.first, {{"job", job}});
  out.gauges(
      "hotclock_job_expected_period_seconds",
      "The longest pause between the next slots that the schedule names; 0: there are none.");
  for (const auto& [job, rhythm] : rhythms) out.add(rhythm.second, {{"job", job}});
}

void tell_events(Reading& out, const ClusterState& state) {
  out.gauges("hotclock_outbox_events", "Events that the outbox holds, at most.");
  out.add(static_cast<double>(state.events));
  out.gauges("hotclock_sink_events_waiting",
             "Events that a server of the platform was not handed yet, of the first 10000.");
  for (const auto& sink : state.sinks)
    out.add(static_cast<double>(sink.events), {{"sink", sink.name}});
  out.gauges("hotclock_sink_oldest_waiting_timestamp_seconds",
             "When the oldest of these was written, as Unix time; 0: none waits.");
  for (const auto& sink : state.sinks)
    out.add(sink.oldest ? unix_seconds(*sink.oldest) : 0, {{"sink", sink.name}});
}

// Each rule at the severity that it has for all jobs, and at those at which it fires.
void tell_alerts(Reading& out, const ClusterState& state, const config::Config& settings) {
  auto firing = state.firing;
  for (const config::Rule rule : config::all_rules())
    firing.try_emplace({std::string(config::to_string(rule)),
                        std::string(config::to_string(settings.alerts.rules[rule].severity))});
  out.gauges("hotclock_alerts_firing", "Alerts of Hotclock's own rules that fire.");
  for (const auto& [alert, count] : firing)
    out.add(static_cast<double>(count), {{"rule", alert.first}, {"severity", alert.second}});
  out.gauges("hotclock_alerts_evaluated_timestamp_seconds",
             "When a node last evaluated Hotclock's own rules, as Unix time; 0: none has.");
  out.add(state.evaluated ? unix_seconds(*state.evaluated) : 0);
}

}  // namespace

// A success that is older than all that is looked at was the last one all the same.
void ClusterMetrics::remember_successes(ClusterState& state) {
  for (ClusterState::Job& job : state.jobs) {
    if (job.last_success) last_success_[job.name] = *job.last_success;
    if (const auto known = last_success_.find(job.name); known != last_success_.end())
      job.last_success = known->second;
  }
}

void ClusterMetrics::refresh() {
  const Steady now = clock_.steady();
  if (asked_ && now < *asked_ + between_cluster_readings) return;
  asked_ = now;
  auto read = operations::read_cluster(database_, clock_.now(),
                                       static_cast<std::int64_t>(most_jobs_told_apart));
  ++(read ? readings_ : failures_);
  state_.reset();
  if (!read) return;
  remember_successes(*read);
  state_ = std::move(read).value();
}

void ClusterMetrics::tell(Reading& out) {
  const auto settings = settings_();
  Lock lock(m_);
  refresh();
  out.counters("hotclock_cluster_readings_total", "Times that the database was asked for numbers.");
  out.add(static_cast<double>(readings_), {{"outcome", "read"}});
  out.add(static_cast<double>(failures_), {{"outcome", "failed"}});
  tell_rhythm(out, *settings, clock_.now());
  if (!state_) return;
  tell_waiting(out, *state_, *settings);
  tell_queues(out, *state_, *settings);
  tell_how_jobs_fare(out, *state_);
  tell_events(out, *state_);
  tell_alerts(out, *state_, *settings);
  out.gauges("hotclock_nodes", "Nodes that said within 90 seconds that they work.");
  out.add(static_cast<double>(state_->nodes));
}

}  // namespace hotclock::app
