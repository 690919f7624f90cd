#include "service/app/retention.h"

#include <algorithm>
#include <limits>

#include "service/access/retention.h"
#include "service/ledger/retention.h"
#include "service/outbox/outbox.h"
#include "service/past/statistics.h"
#include "service/work/chunk.h"

namespace hotclock::app {
namespace {

class Retention final : public Job {
 public:
  Retention(sql::Database& database, const config::HistoryConfig& settings)
      : database_(database), settings_(settings) {}

  Outcome run(Execution& execution) override {
    const Instant now = execution.slot().scheduled_for;
    const auto days = past::sum_up_days(database_, now, execution.stop());
    if (!days) return work::outcome_of(days.error());
    const auto sealed = past::seal_days(database_, last_due(now), now, execution.stop());
    if (!sealed) return work::outcome_of(sealed.error());
    const auto slots = ledger::trim_history(database_, kept(now, *sealed), execution.stop());
    if (!slots) return work::outcome_of(slots.error().within("forget old slots"));
    const auto forgotten = past::forget_days(database_, now - settings_.trends);
    if (!forgotten) return work::outcome_of(forgotten.error());
    const auto events = outbox::trim(database_, std::numeric_limits<std::int64_t>::max(),
                                     now - event_retention);
    if (!events) return work::outcome_of(events.error().within("forget old events"));
    const auto ended = access::forget_ended(database_, now - settings_.retention);
    if (!ended)
      return work::outcome_of(ended.error().within("forget old sessions and approvals"));
    if (execution.stop().stop_requested()) return Stopped{};
    return Done{{{"slots", *slots},
                 {"days", *days},
                 {"events", *events},
                 {"sessions_and_approvals", *ended}}};
  }

 private:
  // No slot that is due from then on may go. By count any may that is older than its job's days.
  Instant last_due(Instant now) const {
    Duration least = settings_.retention;
    for (const auto& [end, rule] : settings_.ends) {
      if (rule.most > 0) return now;
      least = std::min(least, rule.retention);
    }
    return now - least;
  }

  ledger::Retention kept(Instant now, Instant sealed) const {
    ledger::Retention keep{.ended_before = now - settings_.retention,
                           .keep_per_job = settings_.keep_last,
                           .due_before = sealed};
    for (const auto& [end, rule] : settings_.ends)
      keep.ends[end] = {.ended_before = now - rule.retention, .most = rule.most};
    return keep;
  }

  sql::Database& database_;
  const config::HistoryConfig settings_;
};

}  // namespace

JobSpec retention_spec(sql::Database& database, const config::Config& settings) {
  auto policy = std::make_shared<Policy>();
  policy->soft_limit = std::chrono::hours{1};
  policy->hard_limit = std::chrono::minutes{90};
  policy->priority = -10;
  policy->maintenance = settings.maintenance;
  return {retention_job, Schedule::parse("17 3 * * *").value(),
          std::make_shared<Retention>(database, settings.history), std::move(policy)};
}

}  // namespace hotclock::app
