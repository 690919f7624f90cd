// What people do to jobs and slots: run, pause, resume, cancel, decide.
#include <fmt/format.h>

#include "scheduler/base/uuid.h"
#include "scheduler/core/stored_schedule.h"
#include "service/ledger/control.h"
#include "service/ledger/sql_ledger.h"
#include "service/operations/acts.h"
#include "service/operations/functions.h"
#include "service/operations/instants.h"
#include "service/operations/job_json.h"
#include "service/operations/json.h"
#include "service/operations/operations.h"

namespace hotclock::operations {
namespace {

namespace json = boost::json;

// A node that starts makes its jobs known; where none has, people may ask for slots all the same.
Result<> made_known(Desk& desk, const config::JobConfig& job) {
  const auto known = ledger::list_jobs(desk.database, job.name);
  if (!known) return known.error();
  if (!known->empty()) return {};
  const auto enrolled = ledger::SqlLedger(desk.database, {})
                            .enrol({JobRow{job.name, stored_form(job.schedule), desk.now()}});
  return enrolled ? Result<>() : enrolled.error();
}

Result<Answer> cancelled(Desk& desk, const Call& call, const std::string& id) {
  const auto done = ledger::request_cancel(desk.database, id, call.person(), desk.now());
  if (!done) return done.error();
  const bool ended = *done == ledger::Cancelled::ended;
  const auto view = ledger::show_execution(desk.database, id);
  if (!view) return view.error();
  return answer_of(
      json::object{{"cancelled", ended ? "ended" : "requested"}, {"slot", slot_json(view->slot)}},
      ended ? 200 : 202);
}

ledger::Decision decision_of(std::string_view word) {
  if (word == "try_again") return ledger::Decision::try_again;
  return word == "completed" ? ledger::Decision::completed : ledger::Decision::failed;
}

}  // namespace

Result<const config::JobConfig*> known_job(Desk& desk, const config::Config& settings,
                                           const std::string& name) {
  auto job = find_job(settings, name);
  if (!job) return job;
  if (auto known = made_known(desk, **job); !known) return std::move(known).error();
  return job;
}

void complete_run(Desk& desk, json::object& said) {
  if (!said.contains("at")) said["at"] = rfc3339(desk.now());
  if (!said.contains("key")) said["key"] = "run:" + UuidSource().next(desk.now()).text();
}

Result<Answer> run_job(Desk& desk, const Call& call) {
  const auto settings = desk.settings();
  const auto job = known_job(desk, *settings, call.text("job"));
  if (!job) return job.error();
  const ledger::ManualSlot slot{.job = (*job)->name,
                                .scheduled_for = call.instant("at").value_or(desk.now()),
                                .key = call.text("key"),
                                .priority = (*job)->policy->priority,
                                .profiled = call.flag("profile")};
  const auto id = ledger::enter_manual(desk.database, slot, call.person(), desk.now());
  if (!id) return id.error();
  const auto view = ledger::show_execution(desk.database, std::to_string(*id));
  if (!view) return view.error();
  Answer answer = answer_of(slot_json(view->slot), 202);
  answer.location = fmt::format("/slots/{}", *id);
  return answer;
}

Result<Answer> pause_job(Desk& desk, const Call& call) {
  const auto settings = desk.settings();
  const auto job = known_job(desk, *settings, call.text("job"));
  if (!job) return job.error();
  const auto until = call.instant("until");
  if (until && *until <= desk.now()) return Error(Errc::invalid, "until lies in the past");
  auto done = ledger::pause(desk.database, (*job)->name, call.person(), until, desk.now());
  if (!done) return std::move(done).error();
  return shown_job(desk, (*job)->name);
}

Result<Answer> resume_job(Desk& desk, const Call& call) {
  const std::string job = call.text("job");
  auto done = ledger::resume(desk.database, job, call.person(), desk.now());
  if (!done) return std::move(done).error();
  return shown_job(desk, job);
}

Result<Answer> cancel_slot(Desk& desk, const Call& call) {
  return cancelled(desk, call, call.text("slot"));
}

Result<Answer> cancel_execution(Desk& desk, const Call& call) {
  return cancelled(desk, call, call.text("execution"));
}

Result<Answer> decide_slot(Desk& desk, const Call& call) {
  const std::string slot = call.text("slot");
  auto done = ledger::decide(desk.database, call.id("slot"), decision_of(call.text("decision")),
                             call.person(), desk.now());
  if (!done) return std::move(done).error();
  const auto view = ledger::show_execution(desk.database, slot);
  if (!view) return view.error();
  return answer_of(slot_json(view->slot));
}

}  // namespace hotclock::operations
