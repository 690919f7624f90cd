#include "service/app/engine.h"

#include <algorithm>

#include "service/access/statements.h"
#include "service/alerts/store.h"
#include "service/api/requests.sql.h"
#include "service/api/theme_pages.sql.h"
#include "service/app/log_observer.h"
#include "service/app/retention.h"
#include "service/audit/audit.sql.h"
#include "service/auditor/auditor.sql.h"
#include "service/hub/sessions.sql.h"
#include "service/ledger/drain.h"
#include "service/ledger/statements.h"
#include "service/live/live.sql.h"
#include "service/notices/notices.sql.h"
#include "service/operations/cluster.sql.h"
#include "service/operations/overview.sql.h"
#include "service/outbox/reader.h"
#include "service/past/statements.h"
#include "service/profiling/store.h"
#include "service/relay/relay.sql.h"
#include "service/work/chunk.sql.h"

namespace hotclock::app {
namespace {

// How often a node writes down that it is still there.
constexpr Duration between_sightings = std::chrono::seconds{30};
// Of a node's clock beside the database's.
constexpr Duration tolerable_clock_error = std::chrono::seconds{1};
// Of what running attempts say: how late others see it.
constexpr Duration between_pieces_of_logs = std::chrono::seconds{1};
constexpr Duration between_attempts_to_listen = std::chrono::seconds{1};
// Live changes are in force within a second: however seldom the settings let it poll, and however much
// news there is.
constexpr Duration between_looks_for_changes = std::chrono::milliseconds{500};
constexpr Duration shortest_between_looks = std::chrono::milliseconds{100};

Result<> prepare(sql::Database& database, const jobs::Catalogue& catalogue) {
  auto statements = jobs::statements(database.dialect(), catalogue);
  const auto add = [&statements](const auto& some) {
    statements.insert(statements.end(), some.begin(), some.end());
  };
  add(access::statements());
  add(alerts::statements());
  add(audit::stmt::audit::all);
  add(auditor::stmt::auditor::all);
  add(ledger::statements(database.dialect()));
  add(live::stmt::live::all);
  add(notices::stmt::notices::all);
  add(outbox::statements(database.dialect()));
  add(past::statements(database.dialect()));
  add(profiling::statements());
  add(api::stmt::requests::all);
  add(operations::stmt::cluster::all);
  add(operations::stmt::overview::all);
  add(api::stmt::theme_pages::all);
  add(hub::stmt::sessions::all);
  add(relay::stmt::relay::all);
  add(work::stmt::chunk::all);
  return sql::prepare_all(database, statements);
}

SchedulerSettings scheduler_settings(const config::Config& settings, const EngineOptions& options,
                                     LogWatch* log_watch) {
  SchedulerSettings out;
  out.log_watch = log_watch;
  out.workers = settings.scheduler.workers;
  out.ahead = settings.scheduler.ahead;
  out.look_for_lost = settings.scheduler.look_for_lost;
  out.plans = options.plans;
  out.only_slot = options.only_slot;
  // Who asked for one slot gets it, whatever else runs.
  if (!options.only_slot) out.queues = settings.queues;
  out.turned = options.turned;
  out.longest_nap = options.longest_nap;
  return out;
}

// The log first, so that a line stands there of whatever the others make of it.
class Observers final : public Observer {
 public:
  Observers(log::Logger& logger, std::vector<Observer*> others)
      : log_(logger), others_(std::move(others)) {}

  void on(const Notice& notice) override {
    log_.on(notice);
    for (Observer* other : others_) other->on(notice);
  }

 private:
  LogObserver log_;
  const std::vector<Observer*> others_;
};

// It takes its time, so that it comes last.
std::vector<Observer*> with(std::vector<Observer*> observers, Observer* last) {
  observers.push_back(last);
  return observers;
}

}  // namespace

Result<std::unique_ptr<Engine>> Engine::build(const config::Config& settings,
                                              sql::Database& database, sql::DatabaseClock& clock,
                                              log::Logger& logger, EngineOptions options) {
  if (auto ready = prepare(database, options.catalogue); !ready) return ready.error();
  if (auto told = clock.ask(database); !told) return told.error();
  auto node = ledger::register_node(
      database, {settings.node, HOTCLOCK_VERSION, zone_data_version()}, clock.now());
  if (!node) return std::move(node).error().within("register this process");
  std::unique_ptr<Engine> engine(
      new Engine(settings, database, clock, logger, std::move(node).value(), options));
  if (auto added = engine->add_jobs(settings); !added) return added.error();
  return engine;
}

Engine::Engine(const config::Config& settings, sql::Database& database, sql::DatabaseClock& clock,
               log::Logger& logger, ledger::Node node, EngineOptions options)
    : database_(database),
      clock_(clock),
      logger_(logger),
      poll_(settings.scheduler.poll),
      heard_(options.heard),
      look_for_changes_(options.look_for_changes),
      catalogue_(options.catalogue),
      listeners_{.committed = options.committed, .ended = options.chunk_ended},
      desk_(database, clock, listeners_),
      endings_(std::make_shared<profiling::Endings>(database, clock)),
      ledger_(database, std::move(node), std::chrono::seconds{30}, &clock),
      log_tail_(database),
      observer_(std::make_unique<Observers>(logger, with(options.observers, endings_.get()))),
      scheduler_(clock, ledger_, *observer_, scheduler_settings(settings, options, &log_tail_)) {}

Engine::~Engine() { stop(Duration::zero()); }

Result<> Engine::add_jobs(const config::Config& settings) {
  std::vector<JobSpec> specs;
  const auto kept = std::make_shared<const config::Config>(settings);
  for (const config::JobConfig& job : settings.jobs) {
    auto spec = spec_of(job, kept);
    if (!spec) return std::move(spec).error();
    specs.push_back(std::move(spec).value());
  }
  specs.push_back(retention_spec(database_, settings));
  return scheduler_.add(std::move(specs));
}

Result<JobSpec> Engine::spec_of(const config::JobConfig& job,
                                const std::shared_ptr<const config::Config>& settings) {
  auto made =
      profiling::profiled(desk_,
                          [this, job, settings](work::Desk& desk) {
                            return jobs::make(desk, job, *settings, catalogue_);
                          },
                          {.always = job.profile, .listeners = listeners_, .endings = endings_});
  if (!made) return std::move(made).error().within(job.name);
  return JobSpec{job.name, job.schedule, std::move(made).value(), job.policy, job.rescheduled};
}

Result<> Engine::change_jobs(const config::Config& settings, const std::set<std::string>& jobs) {
  std::vector<JobSpec> specs;
  std::set<std::string> gone = jobs;
  const auto kept = std::make_shared<const config::Config>(settings);
  for (const config::JobConfig& job : settings.jobs) {
    if (gone.erase(job.name) == 0) continue;
    auto spec = spec_of(job, kept);
    if (!spec) return std::move(spec).error();
    specs.push_back(std::move(spec).value());
  }
  scheduler_.put(std::move(specs), {gone.begin(), gone.end()});
  return {};
}

void Engine::start() {
  scheduler_.start();
  if (!listener_.joinable()) listener_ = std::jthread([this](std::stop_token stop) { listen(stop); });
}

bool Engine::stop(Duration grace) {
  if (stopped_) return true;
  if (listener_.joinable()) {
    listener_.request_stop();
    listener_.join();
  }
  stopped_ = scheduler_.stop(grace);
  if (stopped_)
    if (auto retired = ledger::retire_node(database_, ledger_.node().id, clock_.now()); !retired)
      logger_.warning("could not say goodbye", {{"error", retired.error().message()}});
  return stopped_;
}

// Hears of what other processes wrote, and of the database's time; says now and then that this process
// is still there.
void Engine::listen(std::stop_token stop) {
  Steady seen = clock_.steady() - between_sightings;
  while (!stop.stop_requested()) {
    const auto news =
        database_.await_news(clock_.steady() + std::min(poll_, between_looks_for_changes), stop);
    if (news && *news) scheduler_.wake();
    if (news) look_for_changes(*news);
    if (news && *news && heard_) heard_();
    if (news) show_logs();
    // The scheduler says for itself that the database is away.
    if (!news) clock_.sleep_until(clock_.now() + between_attempts_to_listen, stop);
    const bool set = std::chrono::abs(clock_.machine_ahead() - clock_ahead_) > tolerable_clock_error;
    if (!set && clock_.steady() < seen + between_sightings) continue;
    seen = clock_.steady();
    say_that_it_works();
    logger_.tell_of_repeated();
  }
}

void Engine::look_for_changes(bool news) {
  changes_ = changes_ || news;
  const Steady now = clock_.steady();
  const Duration pause = changes_ ? shortest_between_looks : between_looks_for_changes;
  if (!look_for_changes_ || (looked_for_changes_ != Steady::min() && now < looked_for_changes_ + pause)) return;
  changes_ = false;
  looked_for_changes_ = now;
  look_for_changes_();
  heed_drain();
}

// Where the database does not say, it goes on as it did.
void Engine::heed_drain() {
  const auto drain = ledger::drain_of(database_, ledger_.node().id);
  if (!drain || drain->has_value() == drains_) return;
  drains_ = drain->has_value();
  scheduler_.hold(drains_);
  if (drains_)
    logger_.warning("drains: takes nothing new",
                    {{"by", (*drain)->by}, {"reason", (*drain)->reason}});
  else
    logger_.info("drains no more");
}

void Engine::show_logs() {
  const Steady now = clock_.steady();
  if (showed_logs_ != Steady::min() && now < showed_logs_ + between_pieces_of_logs) return;
  showed_logs_ = now;
  if (auto written = log_tail_.write(clock_.now()); !written)
    logger_.warning("nobody sees now what running attempts say",
                    {{"error", written.error().message()}});
}

// The database's clock decides, so that a wrong one here makes nothing early or twice; but its owner
// should know, and whatever else reads it.
void Engine::say_that_it_works() {
  ask_for_the_time();
  const auto ahead = ledger::saw_node(database_, ledger_.node().id, clock_.machine());
  if (!ahead) {
    logger_.warning("could not note that this node works", {{"error", ahead.error().message()}});
    return;
  }
  const auto is_off = [](Duration by) { return std::chrono::abs(by) > tolerable_clock_error; };
  if (is_off(*ahead))
    logger_.error("this node's clock is off; the database's decides", {{"ahead", *ahead}});
  else if (is_off(clock_ahead_))
    logger_.info("this node's clock is right again", {{"ahead", *ahead}});
  clock_ahead_ = *ahead;
}

// Where it cannot be asked now, the time goes on as it did.
void Engine::ask_for_the_time() {
  if (clock_.ask(database_)) scheduler_.wake();
}

std::vector<Upcoming> upcoming(const config::Config& settings, Instant now) {
  std::vector<Upcoming> upcoming;
  for (const config::JobConfig& job : settings.jobs)
    if (const auto at = job.schedule.next(now); at && job.policy->enabled)
      upcoming.push_back({job.name, *at});
  std::sort(upcoming.begin(), upcoming.end(),
            [](const Upcoming& a, const Upcoming& b) { return a.at < b.at; });
  return upcoming;
}

}  // namespace hotclock::app
