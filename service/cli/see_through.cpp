#include "service/cli/see_through.h"

#include <ostream>

#include "service/app/engine.h"
#include "service/cli/progress_line.h"
#include "service/ledger/serving.h"
#include "service/operations/seen.h"

namespace hotclock::cli {
namespace {

constexpr Duration between_looks = std::chrono::milliseconds{100};
constexpr Duration between_requests = std::chrono::milliseconds{500};
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

Common quietly(Common common) {
  if (common.log_level.empty()) common.log_level = "warning";
  return common;
}

// Works here what nobody else does.
class Stand_in {
 public:
  // Of a server, which has no session here, nothing is worked here.
  Stand_in(Console& console, const Common& common, Session* session,
           const std::vector<std::string>& slots)
      : session_(session) {
    if (!session_) return;
    options_ = {.plans = false, .catalogue = session_->catalogue};
    if (slots.size() == 1) options_.only_slot = std::stoll(slots.front());
    logger_.emplace(log_settings(session_->settings, quietly(common)), console.clock);
  }

  Result<> step_in_where_needed() {
    if (!session_ || engine_ || looks_++ % looks_between_asking != 0) return {};
    const auto served = is_served(*session_, session_->clock->now());
    if (!served) return served.error();
    if (*served) return {};
    auto engine = app::Engine::build(session_->settings, *session_->database, *session_->clock,
                                     *logger_, options_);
    if (!engine) return std::move(engine).error();
    engine_ = std::move(engine).value();
    engine_->start();
    return {};
  }

  void leave() {
    if (engine_) engine_->stop(session_->settings.scheduler.drain);
  }

 private:
  Session* const session_;
  app::EngineOptions options_;
  std::optional<log::Logger> logger_;
  std::unique_ptr<app::Engine> engine_;
  int looks_ = 0;
};

Result<Answer> followed(Console& console, const Common& common, Door& door, Stand_in& stand_in,
                        const std::string& slot) {
  const Duration pause = door.here() ? between_looks : between_requests;
  std::optional<ProgressLine> line;
  for (;;) {
    if (auto stepped = stand_in.step_in_where_needed(); !stepped) return stepped.error();
    auto answer = door.ask(get("/slots/" + slot));
    if (!answer) return answer;
    const auto view = operations::slot_of(operations::Seen(answer->body).object("slot"));
    if (is_over(view)) return answer;
    if (!line)
      line.emplace(console.err, console.err_is_terminal && !common.json, console.clock,
                   view.slot.job, "records", console.width);
    line->at(view.progress_done, view.progress_total);
    console.clock.sleep_until(console.clock.now() + pause, {});
  }
}

}  // namespace

Result<std::vector<Answer>> see_through(Console& console, const Common& common, Door& door,
                                        const std::vector<std::string>& slots) {
  Stand_in stand_in(console, common, door.here(), slots);
  std::vector<Answer> ends;
  for (const std::string& slot : slots) {
    auto end = followed(console, common, door, stand_in, slot);
    if (!end) return std::move(end).error().within("slot " + slot + " is asked for, but not seen to its end");
    ends.push_back(std::move(end).value());
  }
  stand_in.leave();
  return ends;
}

int exit_code_of(const ledger::SlotView& slot) {
  if (slot.ended == End::completed) return exit_done;
  return slot.ended == End::refused ? exit_not_now : exit_failed;
}

}  // namespace hotclock::cli
