#include "service/profiling/profiled_job.h"

#include <algorithm>
#include <utility>

#include "scheduler/core/runner.h"
#include "service/profiling/plans.h"
#include "service/profiling/store.h"

namespace hotclock::profiling {
namespace {

// A statement quicker than this has no plan worth looking at.
constexpr Span shortest_explained = std::chrono::milliseconds{1};

std::vector<Plan> plans_of(sql::Database& database, const Recorder& recorder) {
  std::vector<const Ran*> slowest;
  for (const auto& [name, ran] : recorder.statements())
    if (ran.figures.longest >= shortest_explained && !name.starts_with("work.chunk."))
      slowest.push_back(&ran);
  std::ranges::sort(slowest, std::greater{}, [](const Ran* r) { return r->figures.took; });
  if (slowest.size() > Profile::most_plans) slowest.resize(Profile::most_plans);
  std::vector<Plan> plans;
  for (const Ran* ran : slowest)
    plans.push_back(plan_of(
        database, {ran->figures.name, ran->text, ran->params.params(), ran->rows_of_longest}));
  return plans;
}

class ProfiledJob final : public Job {
 public:
  ProfiledJob(work::Desk& desk, std::shared_ptr<Job> plain, Make make, Profiling how)
      : desk_(desk), plain_(std::move(plain)), make_(std::move(make)), how_(std::move(how)) {}

  Outcome run(Execution& execution) override {
    const Trigger trigger = execution.slot().trigger;
    if (execution.dry_run || (!how_.always && trigger != Trigger::manual))
      return plain_->run(execution);
    const auto order = order_of(desk_.database(), *execution.permit);
    if (!order) execution.log().line("it is not profiled: " + order.error().message());
    if (!order || (!how_.always && !order->profiled)) return plain_->run(execution);
    return run_observed(execution, *order);
  }

  bool wakes_early() const override { return plain_->wakes_early(); }
  Result<std::optional<Instant>> next_wake(Instant now) override { return plain_->next_wake(now); }

 private:
  Outcome run_observed(Execution& execution, const Order& order) {
    const Instant begins = desk_.clock().now();
    Observed observed = observe(desk_.database(), desk_.clock(), how_.listeners, make_, execution);
    const Steady ended = desk_.clock().steady();
    Profile& profile = observed.profile;
    const Instant claimed = order.claimed_at.value_or(begins);
    profile.waiting = std::max(Duration{}, claimed - execution.available_at);
    profile.claim = std::max(Duration{}, begins - claimed);
    const auto kept = keep(desk_.database(), *execution.permit, profile, desk_.clock().now());
    if (!kept) execution.log().line("its profile is lost: " + kept.error().message());
    if (kept && how_.endings) how_.endings->expect(execution.permit->execution.text(), ended);
    return std::move(observed.outcome);
  }

  work::Desk& desk_;
  const std::shared_ptr<Job> plain_;
  const Make make_;
  const Profiling how_;
};

}  // namespace

Observed observe(sql::Database& database, const Clock& clock, const work::Listeners& listeners,
                 const Make& make, Execution& execution) {
  Recorder recorder;
  const auto measured = measuring(database, recorder);
  work::Desk desk(*measured, clock, listeners);
  auto job = make(desk);
  if (!job) return {Failed{std::move(job).error(), true}, {}};
  Outcome outcome = perform(**job, execution);
  Profile profile = recorder.profile();
  profile.job = execution.slot().job;
  profile.plans = plans_of(database, recorder);
  profile.bound();
  return {std::move(outcome), std::move(profile)};
}

void Endings::expect(const std::string& execution, Steady ended) {
  Lock lock(m_);
  expected_[execution] = ended;
}

void Endings::on(const Notice& notice) {
  if (const auto* lost = std::get_if<LostLease>(&notice)) {
    Lock lock(m_);
    expected_.erase(lost->permit->execution.text());
  }
  const auto* recorded = std::get_if<Recorded>(&notice);
  if (recorded == nullptr) return;
  const std::string id = recorded->ending.permit->execution.text();
  std::optional<Steady> ended;
  {
    Lock lock(m_);
    if (const auto found = expected_.extract(id)) ended = found.mapped();
  }
  if (!ended) return;
  const auto took = std::chrono::duration_cast<Span>(clock_.steady() - *ended);
  // Where it cannot be noted the profile says nothing of it.
  [[maybe_unused]] const auto noted = note_ending(database_, id, took);
}

Result<std::shared_ptr<Job>> profiled(work::Desk& desk, Make make, Profiling how) {
  auto plain = make(desk);
  if (!plain) return plain;
  return std::shared_ptr<Job>(std::make_shared<ProfiledJob>(desk, std::move(plain).value(),
                                                            std::move(make), std::move(how)));
}

}  // namespace hotclock::profiling
