// Live changes of jobs: schedule, priority, enabled; and the kill switch.
#include <charconv>

#include <fmt/format.h>

#include "service/live/live.h"
#include "service/operations/acts.h"
#include "service/operations/functions.h"
#include "service/operations/instants.h"
#include "service/operations/job_json.h"
#include "service/operations/json.h"
#include "service/operations/operations.h"
#include "service/operations/simulated_day.h"

namespace hotclock::operations {
namespace {

namespace json = boost::json;

constexpr int preview_shown = 10;

json::array values_json(const std::vector<live::Value>& values) {
  json::array out;
  for (const live::Value& one : values) out.push_back({{"key", one.key}, {"value", one.value}});
  return out;
}

json::object change_json(const live::Change& change) {
  return {{"job", change.job},
          {"version", change.version},
          {"act", change.act},
          {"was", values_json(change.was)},
          {"became", values_json(change.became)},
          {"author", change.author},
          {"reason", change.reason},
          {"at", rfc3339(change.at)},
          {"undoes", change.undoes ? json::value(*change.undoes) : json::value()}};
}

Answer changed(const live::Change& change) {
  Answer answer = answer_of(change_json(change));
  answer.etag = fmt::format("\"{}\"", change.version);
  return answer;
}

// Whether the job's settings would be good ones, all of them together.
Result<> would_be_good(Desk& desk, const Call& call, const live::Edit& edit) {
  if (!desk.lay || edit.set.empty()) return {};
  auto in_force = live::in_force(desk.database);
  if (!in_force) return std::move(in_force).error();
  const auto laid = desk.lay(live::with(std::move(in_force).value(), edit, call.who.name));
  if (!laid) return laid.error();
  for (const live::LeftOut& one : laid->left_out)
    if (one.job == edit.job) return Error(Errc::invalid, one.why);
  return {};
}

Result<Answer> done(Desk& desk, const Call& call, live::Edit edit) {
  const auto settings = desk.settings();
  const auto job = known_job(desk, *settings, call.text("job"));
  if (!job) return job.error();
  auto version = call.version();
  if (!version) return std::move(version).error();
  edit.job = (*job)->name;
  edit.version = *version;
  if (auto good = would_be_good(desk, call, edit); !good) return std::move(good).error();
  const auto change = live::change(desk.database, edit, call.person(), desk.now());
  if (!change) return change.error();
  return changed(*change);
}

// The job's schedule as the request would have it: what is not said stays.
Result<Schedule> wanted(const config::JobConfig& job, const Call& call) {
  const Schedule& own = job.schedule;
  const auto dst =
      call.says("dst") ? parse_dst_rule(call.text("dst")) : Result<DstRule>(own.dst_rule());
  if (!dst) return dst.error();
  return Schedule::parse(call.text("schedule"),
                         {.zone = call.says("zone") ? call.text("zone") : own.zone().name(),
                          .dst = *dst,
                          .dialect = own.dialect(),
                          .hash_key = job.name});
}

json::array warnings_json(const Schedule& schedule, Instant now) {
  json::array out;
  for (const auto& one : schedule.warnings(now))
    out.push_back({{"kind", one.kind}, {"text", one.text}});
  return out;
}

}  // namespace

Result<Answer> enable_job(Desk& desk, const Call& call) {
  return done(desk, call, {.act = "enable", .set = {{"enabled", "true"}}});
}

Result<Answer> disable_job(Desk& desk, const Call& call) {
  return done(desk, call, {.act = "disable", .set = {{"enabled", "false"}}});
}

Result<Answer> set_priority(Desk& desk, const Call& call) {
  return done(desk, call,
              {.act = "priority", .set = {{"priority", std::to_string(call.number("priority"))}}});
}

Result<Answer> set_schedule(Desk& desk, const Call& call) {
  const auto settings = desk.settings();
  const auto job = find_job(*settings, call.text("job"));
  if (!job) return job.error();
  const auto schedule = wanted(**job, call);
  if (!schedule) return schedule.error();
  live::Edit edit{.act = "schedule.set", .set = {{"schedule", call.text("schedule")}}};
  for (const char* const key : {"zone", "dst"})
    if (call.says(key)) edit.set.push_back({key, call.text(key)});
  return done(desk, call, std::move(edit));
}

Result<Answer> reset_schedule(Desk& desk, const Call& call) {
  return done(desk, call, {.act = "schedule.reset", .reset = {"schedule", "zone", "dst"}});
}

Result<Answer> preview_schedule(Desk& desk, const Call& call) {
  const auto settings = desk.settings();
  const auto job = find_job(*settings, call.text("job"));
  if (!job) return job.error();
  const auto after = wanted(**job, call);
  if (!after) return after.error();
  const Instant from = call.instant("from").value_or(desk.now());
  const auto shown = [&](const Schedule& schedule) {
    json::object out = schedule_json(schedule);
    out["runs"] = runs_json(schedule, *(*job)->policy, from, preview_shown);
    out["warnings"] = warnings_json(schedule, from);
    return out;
  };
  auto day = simulated_day(desk, *settings, **job, *after, from);
  if (!day) return std::move(day).error().within("the day that follows");
  return answer_of(json::object{{"job", (*job)->name},
                                {"before", shown((*job)->schedule)},
                                {"after", shown(*after)},
                                {"day", std::move(day).value()}});
}

Result<Answer> undo_change(Desk& desk, const Call& call) {
  auto version = call.version();
  if (!version) return std::move(version).error();
  const auto which = call.says("version") ? std::optional(call.number("version")) : std::nullopt;
  const auto change =
      live::undo(desk.database, call.text("job"), which, *version, call.person(), desk.now());
  if (!change) return change.error();
  return changed(*change);
}

Result<Answer> list_changes(Desk& desk, const Call& call) {
  std::optional<std::int64_t> before;
  if (const std::string cursor = call.text("cursor"); !cursor.empty()) {
    std::int64_t id = 0;
    const auto [end, no] = std::from_chars(cursor.data(), cursor.data() + cursor.size(), id);
    if (no != std::errc{} || end != cursor.data() + cursor.size())
      return Error(Errc::invalid, "the cursor is none that was given out");
    before = id;
  }
  const auto limit = static_cast<std::size_t>(call.number("limit", 50));
  const auto changes =
      live::changes(desk.database, call.text("job"), before, static_cast<int>(limit) + 1);
  if (!changes) return changes.error();
  json::array items;
  for (std::size_t i = 0; i < std::min(limit, changes->size()); ++i)
    items.push_back(change_json((*changes)[i]));
  return listed(std::move(items),
                changes->size() > limit ? std::to_string((*changes)[limit - 1].id) : "");
}

Result<json::object> kill_switch_json(Desk& desk) {
  const auto killed = live::kill_switch(desk.database);
  if (!killed) return killed.error();
  if (!*killed) return json::object{{"on", false}, {"by", ""}, {"reason", ""}, {"since", nullptr}};
  return json::object{{"on", true},
                      {"by", (*killed)->by},
                      {"reason", (*killed)->reason},
                      {"since", rfc3339((*killed)->since)}};
}

Result<Answer> show_kill_switch(Desk& desk, const Call&) {
  auto out = kill_switch_json(desk);
  if (!out) return std::move(out).error();
  return answer_of(std::move(out).value());
}

Result<Answer> turn_kill_switch_on(Desk& desk, const Call& call) {
  auto killed = live::kill(desk.database, call.flag("stop_running"), call.person(), desk.now());
  if (!killed) return std::move(killed).error();
  return show_kill_switch(desk, call);
}

Result<Answer> turn_kill_switch_off(Desk& desk, const Call& call) {
  auto revived = live::revive(desk.database, call.person(), desk.now());
  if (!revived) return std::move(revived).error();
  return show_kill_switch(desk, call);
}

}  // namespace hotclock::operations
