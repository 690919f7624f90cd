#include "service/tuning/trial_engine.h"

#include <algorithm>
#include <optional>

#include "scheduler/core/stored_schedule.h"
#include "service/app/engine.h"
#include "service/app/store.h"
#include "service/ledger/control.h"
#include "service/ledger/node.h"

namespace hotclock::tuning {
namespace {

constexpr std::string_view nothing = "bench-nothing", bonus = "og-daily-bonus";
constexpr Duration patience = std::chrono::minutes{2};

// Hears of ends and of beginnings. Threads: any.
class Hearing final : public Observer {
 public:
  explicit Hearing(Clock& clock) : clock_(clock) {}

  void on(const Notice& notice) override {
    if (const auto* recorded = std::get_if<Recorded>(&notice)) {
      const Ending& ending = recorded->ending;
      if (std::holds_alternative<Ends>(ending.follow) && !ending.permit->partition_of)
        ended(ending.permit->slot.job, ending.tally);
    }
    if (const auto* gathered = std::get_if<GatheredSlot>(&notice))
      ended(gathered->gathered.slot.job, gathered->gathered.ends.tally);
  }
  void began() {
    Lock lock(m_);
    began_ = clock_.steady();
  }

  void forget() {
    Lock lock(m_);
    ends_ = 0;
    users_ = 0;
    began_.reset();
  }
  std::int64_t ends() const {
    Lock lock(m_);
    return ends_;
  }
  std::int64_t users() const {
    Lock lock(m_);
    return users_;
  }
  std::optional<Steady> when_began() const {
    Lock lock(m_);
    return began_;
  }

 private:
  void ended(std::string_view job, const Tally& tally) {
    Lock lock(m_);
    ++ends_;
    for (const auto& [name, count] : tally)
      if (job == bonus && name == "users") users_ += count;
  }

  Clock& clock_;
  mutable Mutex m_;
  std::int64_t ends_ HOTCLOCK_GUARDED_BY(m_) = 0;
  std::int64_t users_ HOTCLOCK_GUARDED_BY(m_) = 0;
  std::optional<Steady> began_ HOTCLOCK_GUARDED_BY(m_);
};

class Nothing final : public Job {
 public:
  explicit Nothing(Hearing& hearing) : hearing_(hearing) {}
  Outcome run(Execution&) override {
    hearing_.began();
    return Done{};
  }

 private:
  Hearing& hearing_;
};

Policy side_by_side() {
  Policy policy;
  policy.overlap = Overlap::allow;
  policy.max_running = 10'000;
  return policy;
}

jobs::Catalogue catalogue_with(Hearing& hearing) {
  const jobs::Catalogue all = jobs::catalogue();
  jobs::Catalogue some{*jobs::find(all, bonus)};
  some.push_back(
      {{.name = std::string(nothing), .schedule = "0 0 1 1 *", .policy = side_by_side()},
       [&hearing](work::Desk&, const config::JobConfig&) -> Result<std::shared_ptr<Job>> {
         return std::shared_ptr<Job>(std::make_shared<Nothing>(hearing));
       },
       "does nothing"});
  return some;
}

Result<config::Config> settings_for(const config::Config& real,
                                    const config::DatabaseConfig& scratch,
                                    const jobs::Catalogue& catalogue) {
  const auto known = jobs::defaults(catalogue);
  auto settings = config::read({}, {}, known);
  if (!settings) return settings;
  settings->scheduler = real.scheduler;
  settings->database = scratch;
  settings->node = "bench";
  return settings;
}

}  // namespace

struct TrialEngine::Parts {
  explicit Parts(Clock& machine, sql::Database& database)
      : machine(machine),
        clock(machine),
        hearing(machine),
        work(database),
        logger({.level = log::Level::error}, machine) {}

  Clock& machine;
  sql::DatabaseClock clock;
  Hearing hearing;
  sql::Database& work;
  log::Logger logger;
  jobs::Catalogue catalogue;
  config::Config settings;
  std::unique_ptr<sql::Database> other;  // as another process has it
  std::unique_ptr<ledger::SqlLedger> ledger;
  std::unique_ptr<app::Engine> engine;
  std::int64_t entered = 0;

  Result<> start() {
    auto made = app::open_store(settings);
    if (!made) return std::move(made).error();
    other = std::move(made).value();
    if (auto told = clock.ask(*other); !told) return told;
    auto node = ledger::register_node(*other, {"bench-asks", HOTCLOCK_VERSION, zone_data_version()},
                                      clock.now());
    if (!node) return std::move(node).error();
    ledger = std::make_unique<ledger::SqlLedger>(*other, std::move(node).value());
    for (const config::JobConfig& job : settings.jobs)
      if (auto known = ledger->enrol({JobRow{job.name, stored_form(job.schedule), clock.now()}});
          !known)
        return std::move(known).error();
    auto built =
        app::Engine::build(settings, work, clock, logger,
                           {.plans = false, .catalogue = catalogue, .observers = {&hearing}});
    if (!built) return std::move(built).error();
    engine = std::move(built).value();
    engine->start();
    return {};
  }

  // Slots that may be claimed at once; each of its own instant.
  Result<> enter(std::string_view job, int count, Instant first, Duration step) {
    const auto& jobs_of = settings.jobs;
    const auto policy = std::ranges::find(jobs_of, job, &config::JobConfig::name)->policy;
    Settlement act{.now = clock.now(), .asked = machine.steady()};
    for (int i = 0; i < count; ++i)
      act.entries.push_back({.slot = {std::string(job), first + i * step, Trigger::manual,
                                      "bench-" + std::to_string(++entered)},
                             .available_at = act.now - std::chrono::seconds{1}});
    auto done = ledger->settle(act, [&](const std::string&) { return policy; });
    if (!done) return std::move(done).error();
    return other->tell();
  }

  template <class Is>
  Result<> await(std::string_view what, Is is) {
    const Steady until = machine.steady() + patience;
    while (!is()) {
      if (machine.steady() > until) return Error(Errc::timeout, std::string(what));
      // So short that it does not show in what is measured.
      machine.sleep_until(machine.now() + Duration{1}, {});
    }
    return {};
  }
};

Result<std::unique_ptr<TrialEngine>> TrialEngine::build(const config::Config& settings,
                                                        Scratch& scratch, Clock& machine) {
  auto parts = std::make_unique<Parts>(machine, scratch.database());
  parts->catalogue = catalogue_with(parts->hearing);
  auto own = settings_for(settings, scratch.settings(), parts->catalogue);
  if (!own) return std::move(own).error();
  parts->settings = std::move(own).value();
  if (auto started = parts->start(); !started) return std::move(started).error();
  return std::unique_ptr<TrialEngine>(new TrialEngine(std::move(parts)));
}

TrialEngine::TrialEngine(std::unique_ptr<Parts> parts) : parts_(std::move(parts)) {}

TrialEngine::~TrialEngine() { parts_->engine->stop(std::chrono::seconds{10}); }

Result<> TrialEngine::work_slots(int count) {
  Parts& p = *parts_;
  p.hearing.forget();
  const Instant first = p.clock.now() - std::chrono::hours{1};
  if (auto entered = p.enter(nothing, count, first, Duration{1}); !entered) return entered;
  return p.await("the slots did not end", [&] { return p.hearing.ends() >= count; });
}

Result<std::chrono::nanoseconds> TrialEngine::start_one() {
  Parts& p = *parts_;
  p.hearing.forget();
  const ledger::ManualSlot slot{.job = std::string(nothing),
                                .scheduled_for = p.clock.now(),
                                .key = "bench-" + std::to_string(++p.entered)};
  const Steady asked = p.machine.steady();
  auto id =
      ledger::enter_manual(*p.other, slot, {.name = "bench", .reason = "bench"}, p.clock.now());
  if (!id) return std::move(id).error();
  auto ended = p.await("the slot did not begin", [&] { return p.hearing.ends() > 0; });
  if (!ended) return std::move(ended).error();
  return *p.hearing.when_began() - asked;
}

Result<TrialEngine::Paid> TrialEngine::pay_a_day() {
  Parts& p = *parts_;
  p.hearing.forget();
  const Steady began = p.machine.steady();
  // Days that are gone: by then nobody's tier had run out that holds one now.
  const Instant day = p.clock.now() - (++p.entered) * std::chrono::days{1};
  if (auto entered = p.enter(bonus, 1, day, Duration{0}); !entered)
    return std::move(entered).error();
  auto ended = p.await("the bonus was not paid", [&] { return p.hearing.ends() > 0; });
  if (!ended) return std::move(ended).error();
  return Paid{p.hearing.users(), p.machine.steady() - began};
}

}  // namespace hotclock::tuning
