// hotclock jobs: schedule, next slot, last end, and whether it is paused.
#include <ostream>

#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <map>

#include "service/cli/commands.h"
#include "service/cli/session.h"
#include "service/cli/slot_text.h"
#include "service/cli/table.h"
#include "service/cli/when.h"
#include "service/ledger/history.h"

namespace hotclock::cli {
namespace {

namespace json = boost::json;
using Views = std::map<std::string, ledger::JobView>;

Cell state_cell(const config::JobConfig& job, const ledger::JobView& view, Instant now) {
  if (!job.policy->enabled) return {"disabled", Tone::notice};
  if (view.pause && (!view.pause->until || *view.pause->until > now))
    return {"paused by " + view.pause->by + ": " + view.pause->reason, Tone::notice};
  if (view.running > 0) return {"running", Tone::good};
  return {""};
}

Cell last_cell(const ledger::JobView& view, Instant now) {
  if (!view.last_ended) return {"never", Tone::faint};
  const auto& last = *view.last_ended;
  return {std::string(to_string(*last.ended)) + " " +
              relative_text(last.ended_at.value_or(last.entered_at), now),
          tone_of(last)};
}

json::object as_json(const config::JobConfig& job, const ledger::JobView& view, Instant now) {
  json::object object{{"job", job.name},
                      {"schedule", job.schedule.text()},
                      {"tz", job.schedule.zone().name()},
                      {"dst", to_string(job.schedule.dst_rule())},
                      {"description", job.schedule.describe()},
                      {"enabled", job.policy->enabled},
                      {"queue", config::shown_queue(job.policy->queue)},
                      {"priority", job.policy->priority},
                      {"running", view.running},
                      {"failures_in_a_row", view.failures_in_a_row}};
  if (const auto next = job.schedule.next(now)) object["next"] = to_string(*next);
  if (view.pause) object["paused"] = json::object{{"by", view.pause->by}, {"reason", view.pause->reason}};
  if (view.last_ended) object["last"] = slot_json(*view.last_ended);
  return object;
}

}  // namespace

int cmd_jobs(Console& console, const Common& common, const JobsArgs&) {
  auto session = open_session(console, common);
  if (!session) return fail(console, common.json, session.error());
  const auto listed = ledger::list_jobs(*session->database);
  if (!listed) return fail(console, common.json, listed.error());
  Views views;
  for (const auto& view : *listed) views[view.job] = view;
  const Instant now = session->clock->now();
  json::array list;
  Table table({{"job"}, {"schedule"}, {"zone"}, {"next"}, {"last"}, {"state", Column::Kind::cut}});
  for (const config::JobConfig& job : session->settings.jobs) {
    const auto& view = views[job.name];
    const auto next = job.schedule.next(now);
    table.add({job.name, std::string(job.schedule.text()), job.schedule.zone().name(),
               next ? relative_text(*next, now) : "never", last_cell(view, now),
               state_cell(job, view, now)});
    list.push_back(as_json(job, view, now));
  }
  if (common.json)
    print(console, {{"jobs", std::move(list)}});
  else
    console.out << table.text(look_of(console));
  return exit_done;
}

}  // namespace hotclock::cli
