// hotclock next: when an expression or a job is due.
#include <iostream>

#include <fmt/format.h>
#include <boost/json/array.hpp>
#include <boost/json/serialize.hpp>

#include "service/cli/commands.h"
#include "service/cli/preview.h"
#include "service/cli/runs_text.h"
#include "service/cli/telling.h"
#include "service/cli/when.h"
#include "service/operations/instants.h"
#include "service/operations/job_json.h"
#include "service/operations/json.h"

namespace hotclock::cli {
namespace {

namespace json = boost::json;

// What is to be shown: a job's own schedule, or the one that was typed.
struct Subject {
  Schedule schedule;
  std::string job;  // empty for an expression
  std::shared_ptr<const Policy> policy = std::make_shared<const Policy>();
};

// A job's name has letters, digits and dashes; an expression of that shape would be one field.
bool looks_like_a_name(const std::string& what) {
  return what.find_first_of(" \t*@?/,#=") == std::string::npos;
}

Result<Subject> job_subject(Console& console, const Common& common, const NextArgs& args) {
  const auto settings = read_settings_in_force(console, common);
  if (!settings) return settings.error();
  const auto job = config::find_job(*settings, args.what);
  if (!job) return job.error();
  const Schedule& own = (*job)->schedule;
  if (args.zone.empty() && args.dst.empty()) return Subject{own, args.what, (*job)->policy};
  const auto dst = args.dst.empty() ? Result<DstRule>(own.dst_rule()) : parse_dst_rule(args.dst);
  if (!dst) return dst.error();
  auto moved =
      Schedule::parse(own.text(), {.zone = args.zone.empty() ? own.zone().name() : args.zone,
                                   .dst = *dst,
                                   .dialect = own.dialect(),
                                   .hash_key = args.what});
  if (!moved) return moved.error();
  return Subject{std::move(moved).value(), args.what, (*job)->policy};
}

Result<Subject> expression_subject(Console& console, const NextArgs& args) {
  const auto dst = parse_dst_rule(args.dst.empty() ? "vixie" : args.dst);
  if (!dst) return dst.error();
  const auto dialect = parse_dialect(args.dialect.empty() ? "hotclock" : args.dialect);
  if (!dialect) return dialect.error();
  const auto zone = load_zone(args.zone.empty() ? "UTC" : args.zone);
  if (!zone) return zone.error();
  auto read =
      Schedule::read(args.what, {.zone = (*zone)->name(), .dst = *dst, .dialect = *dialect});
  if (const auto* error = std::get_if<ScheduleError>(&read)) {
    console.err << caret(args.what, *error) << '\n';
    return Error(Errc::invalid, error->message());
  }
  return Subject{std::get<Schedule>(std::move(read)), {}};
}

// As the API shows a job's next runs.
json::object as_json(const Subject& subject, Instant from, Instant now, const NextArgs& args) {
  json::array warnings;
  for (const auto& warning : subject.schedule.warnings(now))
    warnings.push_back({{"kind", warning.kind}, {"text", warning.text}});
  json::object object = operations::schedule_json(subject.schedule);
  if (!subject.job.empty()) object["job"] = subject.job;
  object["runs"] =
      operations::runs_json(subject.schedule, *subject.policy, from, args.n, args.previous);
  object["warnings"] = std::move(warnings);
  return object;
}

void show(Console& console, const Seen& next, Instant now) {
  if (next.has("job")) console.out << next.text("job") << ": ";
  console.out << fmt::format("{}  ({}, DST rule {})\n{}\n", next.text("expression"),
                             next.text("zone"), next.text("dst"), next.text("description"));
  show_runs(console, next, now);
  if (next.list("runs").empty())
    console.out << "  no run: the schedule has ended or names no date there is\n";
  for (const Seen& warning : next.list("warnings"))
    console.err << "warning: " << warning.text("text") << '\n';
}

int answer_lines(Console& console) {
  for (std::string line; std::getline(console.in, line);) {
    console.out << json::serialize(answer(line, console.clock.now())) << '\n' << std::flush;
  }
  return exit_done;
}

Result<Answer> due_here(Console& console, const Common& common, const NextArgs& args) {
  const Instant now = console.clock.now();
  const auto subject = looks_like_a_name(args.what) ? job_subject(console, common, args)
                                                    : expression_subject(console, args);
  if (!subject) return subject.error();
  const auto from = read_instant(args.from, subject->schedule.zone(), now);
  if (!from) return from.error().within("--from");
  return operations::answer_of(as_json(*subject, *from, now, args));
}

Result<Answer> due_by_server(Console& console, const Common& common, const NextArgs& args) {
  if (args.previous || !args.zone.empty() || !args.dst.empty() || !args.dialect.empty())
    return Error(Errc::invalid,
                 "a server tells a job's next runs by its own schedule: --previous, "
                 "--tz, --dst and --dialect are for this machine alone");
  const auto door = open_door(console, common);
  if (!door) return door.error();
  std::string from;
  if (!args.from.empty()) {
    const auto at = read_instant_of(**door, args.what, args.from);
    if (!at) return at.error().within("--from");
    from = operations::rfc3339(*at);
  }
  return (*door)->ask(
      get("/jobs/" + args.what + "/next", {{"n", std::to_string(args.n)}, {"from", from}}));
}

bool is_for_a_server(const Console& console, const Common& common, const NextArgs& args) {
  return looks_like_a_name(args.what) && !server_of(console, common).empty();
}

}  // namespace

int cmd_next(Console& console, const Common& common, const NextArgs& args) {
  if (!common.server.empty() && (args.from_stdin || !looks_like_a_name(args.what)))
    return fail(console, common.json,
                Error(Errc::invalid,
                      "--server: expressions are read on this machine; a server "
                      "tells when its jobs are due"));
  if (args.from_stdin) return answer_lines(console);
  if (args.what.empty())
    return fail(
        console, common.json,
        Error(Errc::invalid, "next needs an expression in quotes, a job's name, or --stdin"));
  const auto due = is_for_a_server(console, common, args) ? due_by_server(console, common, args)
                                                          : due_here(console, common, args);
  return tell(console, common, due,
              [&](const Seen& next) { show(console, next, console.clock.now()); });
}

}  // namespace hotclock::cli
