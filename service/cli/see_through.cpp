#include "service/cli/see_through.h"

#include <ostream>

#include "service/app/engine.h"
#include "service/cli/progress_line.h"
#include "service/ledger/serving.h"

namespace hotclock::cli {
namespace {

constexpr Duration between_looks = std::chrono::milliseconds{100};
constexpr int looks_between_asking = 20;

// Whether somebody serves the database now.
Result<bool> is_served(Session& session, Instant now) {
  const auto lock = ledger::lock_serving(*session.database, "a command", now);
  if (lock) return false;
  if (lock.error().code() == Errc::conflict) return true;
  return lock.error();
}

bool is_over(const ledger::SlotView& slot) {
  return slot.state == State::ended || slot.state == State::unknown;
}

// Works here what nobody else does.
class Stand_in {
 public:
  Stand_in(Console& console, const Common& common, Session& session, app::EngineOptions options)
      : session_(session),
        options_(options),
        logger_(log_settings(session.settings, common), console.clock) {}

  Result<> step_in_where_needed() {
    if (engine_ || looks_++ % looks_between_asking != 0) return {};
    const auto served = is_served(session_, session_.clock->now());
    if (!served) return served.error();
    if (*served) return {};
    auto engine = app::Engine::build(session_.settings, *session_.database, *session_.clock, logger_,
                                     options_);
    if (!engine) return std::move(engine).error();
    engine_ = std::move(engine).value();
    engine_->start();
    return {};
  }

  void leave() {
    if (engine_) engine_->stop(session_.settings.scheduler.drain);
  }

 private:
  Session& session_;
  const app::EngineOptions options_;
  log::Logger logger_;
  std::unique_ptr<app::Engine> engine_;
  int looks_ = 0;
};

}  // namespace

Result<std::vector<ledger::ExecutionView>> see_through(Console& console, const Common& common,
                                                       Session& session,
                                                       const std::vector<std::int64_t>& slots) {
  app::EngineOptions options{.plans = false, .catalogue = session.catalogue};
  if (slots.size() == 1) options.only_slot = slots.front();
  Common quiet = common;
  if (quiet.log_level.empty()) quiet.log_level = "warning";
  Stand_in stand_in(console, quiet, session, options);
  std::vector<ledger::ExecutionView> views;
  for (const std::int64_t slot : slots) {
    std::optional<ProgressLine> line;
    for (;;) {
      if (auto stepped = stand_in.step_in_where_needed(); !stepped) return stepped.error();
      auto view = ledger::show_execution(*session.database, std::to_string(slot));
      if (!view) return std::move(view).error();
      if (is_over(view->slot)) {
        views.push_back(std::move(view).value());
        break;
      }
      if (!line)
        line.emplace(console.err, console.err_is_terminal && !common.json, console.clock,
                     view->slot.slot.job, "records", console.width);
      line->at(view->slot.progress_done, view->slot.progress_total);
      console.clock.sleep_until(console.clock.now() + between_looks, {});
    }
  }
  stand_in.leave();
  return views;
}

int exit_code_of(const ledger::SlotView& slot) {
  if (slot.ended == End::completed) return exit_done;
  return slot.ended == End::refused ? exit_not_now : exit_failed;
}

}  // namespace hotclock::cli
