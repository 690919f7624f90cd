// hotclock jobs: schedule, next slot, last end, and whether it is paused.
#include <algorithm>
#include <ostream>

#include <boost/json/array.hpp>

#include "service/cli/commands.h"
#include "service/cli/slot_text.h"
#include "service/cli/table.h"
#include "service/cli/telling.h"
#include "service/cli/when.h"

namespace hotclock::cli {
namespace {

Cell state_cell(const Seen& job) {
  if (!job.flag("enabled")) return {"disabled", Tone::notice};
  if (const Seen pause = job.object("paused"); job.has("paused"))
    return {"paused by " + pause.text("by") + ": " + pause.text("reason"), Tone::notice};
  if (job.number("running") > 0) return {"running", Tone::good};
  return {""};
}

Cell last_cell(const Seen& job, Instant now) {
  if (!job.has("last")) return {"never", Tone::faint};
  const auto last = operations::slot_of(job.object("last"));
  return {standing(last) + " " + relative_text(last.ended_at.value_or(last.entered_at), now),
          tone_of(last)};
}

Result<Answer> with_tag(Result<Answer> answer, const std::string& tag) {
  if (!answer || tag.empty()) return answer;
  boost::json::array& jobs = answer->body.at("items").as_array();
  boost::json::array tagged;
  for (boost::json::value& job : jobs)
    if (std::ranges::count(job.at("tags").as_array(), boost::json::value(tag)) > 0)
      tagged.push_back(std::move(job));
  jobs = std::move(tagged);
  return answer;
}

void show(Console& console, const Seen& list, Instant now) {
  Table table({{"job"}, {"schedule"}, {"zone"}, {"next"}, {"last"}, {"state", Column::Kind::cut}});
  for (const Seen& job : list.list("items")) {
    const Seen schedule = job.object("schedule");
    const auto next = job.instant("next");
    table.add({job.text("job"), schedule.text("expression"), schedule.text("zone"),
               next ? relative_text(*next, now) : "never", last_cell(job, now), state_cell(job)});
  }
  if (table.empty())
    console.err << "no job is like that\n";
  else
    console.out << table.text(look_of(console));
}

}  // namespace

int cmd_jobs(Console& console, const Common& common, const JobsArgs& args) {
  const auto door = open_door(console, common);
  if (!door) return fail(console, common.json, door.error());
  return tell(console, common, with_tag((*door)->ask(get("/jobs")), args.tag),
              [&](const Seen& list) { show(console, list, (*door)->now()); });
}

}  // namespace hotclock::cli
