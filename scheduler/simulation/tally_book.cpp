#include "scheduler/simulation/tally_book.h"

#include <algorithm>

namespace hotclock {
namespace {

constexpr Duration minute = std::chrono::minutes{1};
constexpr Duration late = std::chrono::seconds{1};

// The value below which `share` of the sorted ones lie.
Duration quantile(const std::vector<Duration>& sorted, double share) {
  if (sorted.empty()) return Duration::zero();
  const auto at = static_cast<std::size_t>(share * static_cast<double>(sorted.size()));
  return sorted[std::min(at, sorted.size() - 1)];
}

std::int64_t all_refused(const SimulatedJobReport& report) {
  std::int64_t count = 0;
  for (const auto& [why, many] : report.refused) count += many;
  return count;
}

}  // namespace

TallyBook::TallyBook(const Plan& plan)
    : plan_(plan), lateness_(plan.jobs.size()), passed_(plan.from) {
  queue({});
  for (const QueueRule& rule : plan.queues) queue(rule.name).report.rule = rule;
  for (const SimulatedJob& job : plan.jobs) {
    told_.jobs.emplace_back().job = job.name;
    told_.jobs.back().guessed = job.durations.empty();
    queue(job.policy->queue);
  }
  for (Instant at = plan.from; at < plan.to; at += minute) told_.load.push_back({.at = at});
}

TallyBook::QueueCount& TallyBook::queue(const std::string& name) {
  const auto is_it = [&name](const QueueCount& one) { return one.report.rule.name == name; };
  const auto known = std::ranges::find_if(queues_, is_it);
  if (known != queues_.end()) return *known;
  QueueCount& added = queues_.emplace_back();
  added.report.rule.name = name;
  return added;
}

void TallyBook::entered(std::size_t job, const Entry& entry) {
  ++told_.jobs[job].due;
  if (entry.ended == End::missed) ++told_.jobs[job].missed;
}

void TallyBook::refused(std::size_t job, const Refusal& why) {
  ++told_.jobs[job].refused[std::string(kind_of(why))];
}

// What runs now has run since the last time anything was told.
void TallyBook::pass_until(Instant now) {
  const int running = static_cast<int>(running_.size());
  while (passed_ < now) {
    const auto number = (passed_ - plan_.from) / minute;
    const auto at = static_cast<std::size_t>(number);
    const Instant end = std::min(now, plan_.from + (number + 1) * minute);
    const auto span = static_cast<double>((end - passed_).count());
    spent_ += running * span;
    if (at < told_.load.size()) {
      told_.load[at].mean += running * span / static_cast<double>(minute.count());
      told_.load[at].most = std::max(told_.load[at].most, running);
    }
    passed_ = end;
  }
}

void TallyBook::meet(std::int64_t slot_id, std::size_t job) {
  Running arriving{job, std::vector<bool>(plan_.jobs.size())};
  for (auto& [id, other] : running_) {
    other.beside[job] = true;
    arriving.beside[other.job] = true;
  }
  running_.insert_or_assign(slot_id, std::move(arriving));
}

void TallyBook::began(std::size_t job, const Claim& claim, int running_on_the_node, Instant now) {
  pass_until(now);
  SimulatedJobReport& report = told_.jobs[job];
  const Permit& permit = *claim.permit;
  ++report.attempts;
  const Duration waited = now - std::max(permit.slot.scheduled_for, claim.available_at);
  if (waited > Duration::zero()) ++told_.held_up;
  if (permit.attempt == 1) {
    lateness_[job].push_back(waited);
    if (waited >= late) ++report.began_late;
  }
  if (running_on_the_node == plan_.workers) ++told_.workers_met;
  meet(permit.slot_id, job);
  told_.most_running = std::max(told_.most_running, static_cast<int>(running_.size()));
  QueueCount& line = queue(claim.queue);
  ++line.report.claims;
  line.report.most_running = std::max(line.report.most_running, ++line.running);
  if (line.running == line.report.rule.limit) ++line.report.limit_met;
  queue_of_[permit.slot_id] = claim.queue;
}

void TallyBook::ended(std::size_t job, const Ending& ending, Instant now) {
  pass_until(now);
  SimulatedJobReport& report = told_.jobs[job];
  const std::int64_t slot_id = ending.permit->slot_id;
  --queue(queue_of_.extract(slot_id).mapped()).running;
  const Running ran = std::move(running_.extract(slot_id).mapped());
  for (std::size_t other = 0; other < ran.beside.size(); ++other)
    if (ran.beside[other]) ++report.beside[plan_.jobs[other].name];
  const auto* ends = std::get_if<Ends>(&ending.follow);
  if (!ends) return;
  if (ends->end == End::completed) ++report.completed;
  if (ends->end == End::failed) ++report.failed;
  if (ends->end == End::timed_out) ++report.timed_out;
  if (ends->end == End::cancelled) ++report.cancelled;
}

void TallyBook::close(SimulatedJobReport& report, std::vector<Duration>& lateness) {
  std::ranges::sort(lateness);
  report.lateness = {quantile(lateness, 0.5), quantile(lateness, 0.99), quantile(lateness, 1)};
  report.waiting = report.due - report.completed - report.failed - report.timed_out -
                   report.cancelled - all_refused(report) - report.missed - report.running;
}

Simulated TallyBook::closed() {
  pass_until(plan_.to);
  for (const auto& [id, running] : running_) ++told_.jobs[running.job].running;
  for (std::size_t job = 0; job < told_.jobs.size(); ++job) close(told_.jobs[job], lateness_[job]);
  for (QueueCount& line : queues_) told_.queues.push_back(std::move(line.report));
  told_.mean_running = spent_ / static_cast<double>((plan_.to - plan_.from).count());
  return std::move(told_);
}

}  // namespace hotclock
