// hotclock serve: works the schedule until told to stop.
#include <algorithm>
#include <csignal>
#include <cstdlib>
#include <functional>
#include <optional>
#include <ostream>

#include <fmt/format.h>

#include "service/access/tokens.h"
#include "service/app/alerting.h"
#include "service/app/auditing.h"
#include "service/app/control.h"
#include "service/app/engine.h"
#include "service/app/in_force.h"
#include "service/app/metrics_page.h"
#include "service/app/node_metrics.h"
#include "service/app/node_traces.h"
#include "service/app/notices.h"
#include "service/app/open_files.h"
#include "service/app/realtime.h"
#include "service/app/reload.h"
#include "service/app/service_manager.h"
#include "service/app/theme_rules.h"
#include "service/cli/commands.h"
#include "service/cli/session.h"
#include "service/cli/table.h"
#include "service/cli/when.h"
#include "service/demo/demo_clock.h"
#include "service/ledger/serving.h"

namespace hotclock::cli {
namespace {

// SIGHUP, SIGINT and SIGTERM, held back from all threads that begin while it lives, to be waited
// for.
class Signals {
 public:
  Signals() {
    sigemptyset(&signals_);
    for (const int signal : {SIGHUP, SIGINT, SIGTERM}) sigaddset(&signals_, signal);
    pthread_sigmask(SIG_BLOCK, &signals_, &before_);
  }
  ~Signals() { pthread_sigmask(SIG_SETMASK, &before_, nullptr); }

  Signals(const Signals&) = delete;
  Signals& operator=(const Signals&) = delete;

  // The name of the one that wants the end; `reread` is called for each that does not.
  const char* wait_for_the_end(const std::function<void()>& reread) {
    for (;;) {
      int signal = 0;
      sigwait(&signals_, &signal);
      if (signal != SIGHUP) return signal == SIGINT ? "SIGINT" : "SIGTERM";
      reread();
    }
  }

 private:
  sigset_t signals_{};
  sigset_t before_{};
};

void tell_what_is_next(Console& console, const Session& session, const app::Realtime& realtime) {
  const Instant now = session.clock->now();
  Table table({{"next"}, {"due"}, {"on its wall clock"}, {""}});
  for (const auto& next : app::upcoming(session.settings, now)) {
    const auto& job = *std::find_if(session.settings.jobs.begin(), session.settings.jobs.end(),
                                    [&](const auto& j) { return j.name == next.job; });
    table.add({next.job, to_string(next.at), local_text(next.at, job.schedule.zone()),
               relative_text(next.at, now)});
  }
  console.out << table.text(look_of(console)) << "\nserving " << session.database->where();
  if (const auto where = realtime.where(); !where.empty())
    console.out << "\nclients connect at " << where;
  if (const auto themes = realtime.themes(); !themes.empty())
    console.out << "\nthemes are served at " << themes << "NP.json, .css";
  console.out << "\nlook at it with: hotclock jobs, hotclock history, hotclock show EXECUTION, "
                 "hotclock doctor\n";
}

void tell_of_the_page(Console& console, const std::string& page) {
  if (page.empty())
    console.out << "the demo's page is not served: realtime.enabled is false\n";
  else
    console.out << "open " << page << " in a browser to see what clients hear, and " << page
                << "stream/ to see a stream in the dress of its festival\n";
}

// A demo whose database has no clock of its own goes by one that may be moved.
Result<> move_into_demo_time(Session& session, Clock& machine,
                             std::optional<ShiftedClock>& demo_clock) {
  const auto own = session.database->now();
  if (!own) return own.error();
  if (*own) return {};
  const auto ahead = demo::kept_ahead(*session.database);
  if (!ahead) return ahead.error();
  demo_clock.emplace(machine, *ahead);
  session.clock = std::make_unique<sql::DatabaseClock>(*demo_clock);
  return {};
}

// What works here, and tells clients of it.
struct Serving {
  app::ServiceManager manager;
  metrics::Metrics metrics = {};
  std::unique_ptr<app::NodeMetrics> numbers = {};
  std::unique_ptr<app::NodeTraces> collector = {};  // null: nothing is sent to one
  std::unique_ptr<app::Engine> engine = {};
  std::unique_ptr<app::Realtime> realtime = {};
  std::unique_ptr<app::InForceSettings> in_force = {};
  std::unique_ptr<app::Reload> reload = {};  // puts settings in force in the engine
  std::unique_ptr<app::Control> control = {};
  std::unique_ptr<app::Notices> notices = {};
  std::unique_ptr<app::Alerting> alerting = {};
  std::unique_ptr<auditor::Auditor> auditor = {};
  std::unique_ptr<app::MetricsPage> metrics_page = {};  // the last to come and the first to go
};

Result<operations::Reread> reread(app::Reload& reload, const std::string& asked_by) {
  auto done = reload.reload(asked_by);
  if (!done) return std::move(done).error();
  return operations::Reread{std::move(done->in_force), std::move(done->at_next_start)};
}

// What the API is asked for, and by what.
operations::Desk desk_of(const Session& session, const app::InForceSettings& in_force,
                         app::Reload& reload, const app::SettingsSource& source) {
  return {.database = *session.database,
          .clock = *session.clock,
          .settings = [&in_force] { return in_force.get(); },
          .files = [source] { return app::read_shared_settings(source); },
          .lay =
              [&in_force, source](const live::InForce& changes) {
                return app::lay_live(*in_force.get(), source, changes);
              },
          .rules = app::theme_rules(session.settings),
          .version = HOTCLOCK_VERSION,
          .reload = [&reload](const std::string& asked_by) { return reread(reload, asked_by); }};
}

// It sees the settings before anything is worked by them.
Result<> start_auditor(Console& console, Serving& serving, Session& session, log::Logger& logger) {
  const auto state = console.environment.find("STATE_DIRECTORY");
  serving.auditor = app::make_auditor(*serving.in_force, *session.database, *session.clock, logger,
                                      state == console.environment.end() ? "" : state->second,
                                      serving.engine->node());
  return serving.auditor ? serving.auditor->start() : Result<>();
}

// The first token there is, and the only time that it is shown: it stands in no log.
Result<> tell_of_the_first_token(Console& console, Session& session) {
  const auto token = access::first_token(*session.database, session.clock->now());
  if (!token) return token.error();
  if (*token)
    console.out << "\nan admin's token for the API, shown this once: " << (*token)->text << "\n";
  return {};
}

void tell_of_the_api(Console& console, const app::Control& control) {
  console.out << "the API is served at " << control.where() << "\n";
  if (const auto pages = control.dashboard(); !pages.empty())
    console.out << "the dashboard is at " << pages << ": an API token lets you in\n";
}

Result<> open_control(Console& console, Serving& serving, Session& session, operations::Desk& desk,
                      log::Logger& logger, bool quiet) {
  const config::ApiConfig& api = session.settings.api;
  if (!api.ui_directory.empty() && !(api.enabled && api.dashboard))
    return Error(Errc::invalid, "--ui-dir: api.enabled and api.dashboard say that none is served");
  if (!api.enabled) return {};
  serving.control =
      std::make_unique<app::Control>(session.settings.api, desk, logger, serving.metrics);
  if (auto started = serving.control->start(); !started) return started;
  if (auto told = tell_of_the_first_token(console, session); !told) return told;
  logger.info("the API is served", {{"at", serving.control->where()}});
  if (!quiet) tell_of_the_api(console, *serving.control);
  console.out.flush();
  return {};
}

void watch_over_it(Serving& serving, Session& session, log::Logger& logger) {
  serving.alerting = std::make_unique<app::Alerting>(
      *session.database, *session.clock, logger,
      app::AlertingOptions{
          .node = serving.engine->node(),
          .name = serving.engine->name(),
          .settings = [&serving] { return serving.in_force->get(); },
          .reload_refused = [&serving] { return serving.reload->refused(); },
          .passed = [&serving] { serving.notices->passed(); },
          .tell = [&serving](
                      const notices::AlertText& alert) { serving.notices->tell_directly(alert); }});
  serving.alerting->start();
}

// The scheduler goes round so often that who watches it, the machine's watchdog and Prometheus,
// sees that it does.
Duration longest_nap(const app::ServiceManager& manager) {
  constexpr Duration most = std::chrono::seconds{10};
  const Duration watched = manager.watchdog() / 3;
  return watched > Duration::zero() ? std::min(watched, most) : most;
}

std::vector<Observer*> observers_of(const Serving& serving) {
  std::vector<Observer*> all{&serving.numbers->scheduler()};
  if (serving.collector)
    if (Observer* traces = serving.collector->observer()) all.push_back(traces);
  return all;
}

Result<> build(Serving& serving, Session& session, const ServeArgs& args, log::Logger& logger,
               ShiftedClock* demo_clock) {
  const auto wake = [&serving](bool here) {
    if (serving.realtime) serving.realtime->wake(here);
    if (serving.control) serving.control->news();
  };
  serving.numbers = std::make_unique<app::NodeMetrics>(serving.metrics, session.settings,
                                                       *session.database, *session.clock);
  auto collector =
      app::NodeTraces::build(session.settings, serving.metrics, *session.clock, logger);
  if (!collector) return std::move(collector).error();
  serving.collector = std::move(collector).value();
  auto engine = app::Engine::build(
      session.settings, *session.database, *session.clock, logger,
      {.committed = [wake] { wake(true); },
       .chunk_ended =
           [&serving](const work::ChunkEnd& chunk) {
             serving.numbers->scheduler().on(chunk);
             if (serving.collector) serving.collector->on(chunk);
           },
       .heard = [wake] { wake(false); },
       .look_for_changes =
           [&serving] { static_cast<void>(serving.reload->hear_of_live_changes()); },
       .turned =
           [&serving] {
             serving.manager.alive();
             serving.numbers->turned();
           },
       .longest_nap = longest_nap(serving.manager),
       .catalogue = session.catalogue,
       .observers = observers_of(serving)});
  if (!engine) return std::move(engine).error();
  serving.engine = std::move(engine).value();
  auto realtime = app::Realtime::build(
      session.settings, *session.database, *session.clock, logger, serving.metrics,
      {.node = serving.engine->node(), .demo = args.demo, .demo_clock = demo_clock});
  if (!realtime) return std::move(realtime).error();
  serving.realtime = std::move(realtime).value();
  serving.notices =
      std::make_unique<app::Notices>(session.settings, *session.database, *session.clock, logger,
                                     serving.metrics, serving.engine->node());
  serving.notices->start();
  return serving.realtime->start();
}

// Once everything is there that has numbers.
Result<> open_metrics(Serving& serving, const Session& session, log::Logger& logger) {
  serving.numbers->watch(*serving.engine,
                         [&in_force = *serving.in_force] { return in_force.get(); });
  if (serving.collector) serving.collector->start();
  if (!session.settings.metrics.enabled) return {};
  serving.metrics_page =
      std::make_unique<app::MetricsPage>(serving.metrics, *session.clock, session.settings.metrics);
  if (auto started = serving.metrics_page->start(); !started) return started;
  logger.info("numbers for Prometheus", {{"at", serving.metrics_page->where()}});
  return {};
}

// Clients are let in all the same: up to where files end. Who asked for more than that is warned;
// what nobody asked for is told.
void tell_of_open_files(const Result<std::int64_t>& files, const config::Config& settings,
                        log::Logger& logger) {
  if (!files) return logger.warning("open files", {{"error", files.error().message()}});
  if (!settings.realtime.enabled) return;
  const auto few = app::too_few_open_files(*files, settings.realtime.connections);
  if (!few) return;
  const bool asked_for = std::ranges::none_of(settings.shown, [](const config::Shown& one) {
    return one.key == "realtime.connections" && one.origin == "default";
  });
  asked_for ? logger.warning(*few) : logger.info(*few);
}

}  // namespace

int cmd_serve(Console& console, const Common& common, const ServeArgs& args) {
  std::optional<ShiftedClock> demo_clock;
  auto session = open_session(console, common);
  if (!session) return fail(console, common.json, session.error());
  if (args.demo)
    if (auto moved = move_into_demo_time(*session, console.clock, demo_clock); !moved)
      return fail(console, common.json, moved.error());
  if (args.port >= 0) session->settings.realtime.port = args.port;
  session->settings.api.ui_directory = args.ui_dir;
  const auto lock =
      ledger::lock_serving(*session->database, session->settings.node, session->clock->now());
  if (!lock) return fail(console, common.json, lock.error());
  log::Logger logger(log_settings(session->settings, common), console.clock);
  const auto files = app::raise_open_files();
  Serving serving{app::ServiceManager(console.environment)};
  {
    Signals signals;
    if (auto built = build(serving, *session, args, logger, demo_clock ? &*demo_clock : nullptr);
        !built)
      return fail(console, common.json, built.error());
    tell_of_open_files(files, session->settings, logger);
    if (!common.json) {
      tell_what_is_next(console, *session, *serving.realtime);
      if (args.demo) tell_of_the_page(console, serving.realtime->demo_page());
      console.out.flush();
    }
    serving.in_force = std::make_unique<app::InForceSettings>(session->settings);
    serving.reload = std::make_unique<app::Reload>(
        settings_source(console, common), session->settings, session->live,
        [&serving](const config::Config& settings, const std::set<std::string>& jobs) {
          auto put = serving.engine->change_jobs(settings, jobs);
          if (put) serving.in_force->put(settings);
          return put;
        },
        *session->database, *session->clock, logger,
        [&serving](bool well) { serving.numbers->reloaded(well); });
    app::Reload& reload = *serving.reload;
    operations::Desk desk =
        desk_of(*session, *serving.in_force, reload, settings_source(console, common));
    if (auto opened = open_control(console, serving, *session, desk, logger, common.json); !opened)
      return fail(console, common.json, opened.error());
    if (auto opened = open_metrics(serving, *session, logger); !opened)
      return fail(console, common.json, opened.error());
    if (auto started = start_auditor(console, serving, *session, logger); !started)
      return fail(console, common.json, started.error());
    logger.info("serving", {{"database", session->database->where()},
                            {"jobs", session->settings.jobs.size()}});
    serving.engine->start();
    watch_over_it(serving, *session, logger);
    serving.manager.ready("serving " + session->database->where());
    if (const Duration watch = session->settings.reload.watch; watch > Duration::zero())
      reload.watch(watch);
    const char* signal =
        signals.wait_for_the_end([&] { static_cast<void>(reload.reload("SIGHUP")); });
    serving.manager.stopping();
    serving.alerting->stop();
    if (serving.control) serving.control->stop();
    if (serving.auditor) serving.auditor->stop();
    logger.info("stopping", {{"signal", signal}, {"grace", session->settings.scheduler.drain}});
  }  // from here on a second signal ends the process at once
  const bool ended = serving.engine->stop(session->settings.scheduler.drain);
  serving.notices->stop();
  serving.realtime->stop();
  if (serving.collector) serving.collector->stop();
  if (ended) {
    logger.info("stopped");
    return exit_done;
  }
  logger.error("work went on past the grace; its slots are taken over at the next start");
  logger.flush();
  std::_Exit(exit_failed);
}

}  // namespace hotclock::cli
