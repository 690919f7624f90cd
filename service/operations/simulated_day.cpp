#include "service/operations/simulated_day.h"

#include <algorithm>
#include <set>

#include <boost/json/array.hpp>

#include "service/ledger/history.h"
#include "service/operations/instants.h"
#include "service/operations/node_json.h"

namespace hotclock::operations {
namespace {

namespace json = boost::json;

constexpr int most_recorded = 200;  // of each job, the newest
constexpr Duration simulated = std::chrono::hours{24};

Result<int> working_nodes(Desk& desk) {
  const auto nodes = nodes_json(desk);
  if (!nodes) return nodes.error();
  const auto works = [](const json::value& node) {
    return node.at("state").as_string() == "works";
  };
  return std::max(1, static_cast<int>(std::ranges::count_if(*nodes, works)));
}

Result<Plan> plan_of(Desk& desk, const config::Config& settings, Instant from) {
  const auto nodes = working_nodes(desk);
  if (!nodes) return nodes.error();
  const Instant minute = std::chrono::floor<std::chrono::minutes>(from);
  Plan plan{.nodes = *nodes,
            .workers = settings.scheduler.workers,
            .queues = settings.queues,
            .from = minute,
            .to = minute + simulated};
  for (const config::JobConfig& job : settings.jobs) {
    auto made = simulated_job(job, &desk.database);
    if (!made) return std::move(made).error();
    plan.jobs.push_back(std::move(made).value());
  }
  return plan;
}

json::object load_json(const Simulated& day) {
  return {{"most_running", day.most_running},
          {"mean_running", day.mean_running},
          {"held_up", day.held_up}};
}

json::array minutes_json(const Simulated& before, const Simulated& after) {
  json::array out;
  for (std::size_t i = 0; i < std::min(before.load.size(), after.load.size()); ++i)
    if (before.load[i].most != after.load[i].most)
      out.push_back({{"at", rfc3339(before.load[i].at)},
                     {"before", before.load[i].most},
                     {"after", after.load[i].most}});
  return out;
}

const std::map<std::string, std::int64_t>& beside(const Simulated& day, const std::string& job) {
  static const std::map<std::string, std::int64_t> nothing;
  const auto at = std::ranges::find(day.jobs, job, &SimulatedJobReport::job);
  return at == day.jobs.end() ? nothing : at->beside;
}

json::array overlaps_json(const Simulated& before, const Simulated& after, const std::string& job) {
  const auto& was = beside(before, job);
  const auto& becomes = beside(after, job);
  std::set<std::string> others;
  for (const auto* one : {&was, &becomes})
    for (const auto& [other, times] : *one) others.insert(other);
  const auto times = [](const auto& counts, const std::string& other) {
    const auto at = counts.find(other);
    return at == counts.end() ? std::int64_t{0} : at->second;
  };
  json::array out;
  for (const std::string& other : others)
    out.push_back(
        {{"job", other}, {"before", times(was, other)}, {"after", times(becomes, other)}});
  return out;
}

}  // namespace

Result<SimulatedJob> simulated_job(const config::JobConfig& job, sql::Database* database) {
  SimulatedJob out{.name = job.name, .schedule = job.schedule, .policy = job.policy};
  if (database == nullptr) return out;
  auto past = ledger::past_work(*database, job.name, most_recorded);
  if (!past) return std::move(past).error();
  if (!past->durations.empty())
    out.failure_rate =
        static_cast<double>(past->failed) / static_cast<double>(past->durations.size());
  out.durations = std::move(past->durations);
  return out;
}

Result<json::object> simulated_day(Desk& desk, const config::Config& settings,
                                   const config::JobConfig& job, const Schedule& after,
                                   Instant from) {
  auto plan = plan_of(desk, settings, from);
  if (!plan) return std::move(plan).error();
  const auto was = simulate(*plan);
  if (!was) return was.error();
  const auto changed = std::ranges::find(plan->jobs, job.name, &SimulatedJob::name);
  if (changed != plan->jobs.end()) changed->schedule = after;
  const auto becomes = simulate(*plan);
  if (!becomes) return becomes.error();
  return json::object{{"from", rfc3339(plan->from)},
                      {"to", rfc3339(plan->to)},
                      {"before", load_json(*was)},
                      {"after", load_json(*becomes)},
                      {"minutes", minutes_json(*was, *becomes)},
                      {"overlaps", overlaps_json(*was, *becomes, job.name)}};
}

}  // namespace hotclock::operations
