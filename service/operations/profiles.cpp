// Where time went.
#include <set>

#include "service/operations/functions.h"
#include "service/operations/json.h"
#include "service/operations/profiles.h"
#include "service/profiling/store.h"

namespace hotclock::operations {
namespace {

Error none_of(const std::string& what, const std::string& job) {
  return {Errc::not_found, what + " was profiled: ask for one with `hotclock run " + job +
                               " --profile`, or set profile = true for the job"};
}

// One attempt where its id was said, else all of the slot; with them those of its partitions.
std::set<std::string> meant(const ledger::ExecutionView& view, const std::string& id) {
  std::set<std::string> all;
  for (const auto& attempt : view.attempts)
    if (attempt.execution.starts_with(id)) all.insert(attempt.execution);
  if (all.empty()) {
    all.insert(view.slot.execution);
    for (const auto& attempt : view.attempts) all.insert(attempt.execution);
  }
  for (const auto& partition : view.partitions) all.insert(partition.execution);
  return all;
}

}  // namespace

Result<bool> is_profiled(Desk& desk, const ledger::ExecutionView& view, const std::string& id) {
  if (view.slot.state != State::ended) return false;
  return profiling::any_is_profiled(desk.database, meant(view, id));
}

// A divided slot's partitions are executions of their own: their profiles and its one are one.
Result<Answer> show_profile(Desk& desk, const Call& call) {
  const auto view = ledger::show_execution(desk.database, call.text("execution"));
  if (!view) return view.error();
  std::optional<profiling::Profile> all;
  for (const std::string& execution : meant(*view, call.text("execution"))) {
    auto one = profiling::find_profile(desk.database, execution);
    if (!one) return std::move(one).error();
    if (!*one) continue;
    if (all)
      all->add(*std::move(*one));
    else
      all = std::move(*one);
  }
  if (!all) return none_of("no attempt at this slot", view->slot.slot.job);
  return answer_of(profiling::to_json(*all));
}

Result<Answer> show_job_profile(Desk& desk, const Call& call) {
  const auto settings = desk.settings();
  if (const auto job = find_job(*settings, call.text("job")); !job) return job.error();
  const auto found = profiling::find_profile_of_job(desk.database, call.text("job"));
  if (!found) return found.error();
  if (!*found) return none_of("no attempt of " + call.text("job"), call.text("job"));
  return answer_of(profiling::to_json(**found));
}

}  // namespace hotclock::operations
