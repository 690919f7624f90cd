// hotclock next: when an expression or a job is due.
#include <iostream>

#include <fmt/format.h>
#include <boost/json/array.hpp>
#include <boost/json/serialize.hpp>

#include "service/cli/commands.h"
#include "service/cli/preview.h"
#include "service/cli/session.h"
#include "service/cli/when.h"

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
  const auto job = app::find_job(*settings, args.what);
  if (!job) return job.error();
  const Schedule& own = (*job)->schedule;
  if (args.zone.empty() && args.dst.empty())
    return Subject{own, args.what, (*job)->policy};
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

void mark_what_is_kept_back(const Policy& policy, const Zone& zone, std::vector<NextRun>& lines) {
  for (NextRun& line : lines) {
    if (const auto held = held_up(policy.maintenance, line.at); held && !line.lost)
      line.note = fmt::format("waits until {}: maintenance {}", local_text(held->until, zone), held->by);
    for (const Blackout& blackout : policy.blackouts) {
      if (line.at < blackout.from || line.at >= blackout.until) continue;
      line.note = "refused: blackout " + blackout.name;
      line.lost = true;
    }
  }
}

json::object as_json(const Subject& subject, const std::vector<NextRun>& lines, Instant now) {
  json::array times, warnings;
  for (const NextRun& line : lines) {
    json::object time{{"utc", to_string(line.at)},
                      {"local", local_text(line.at, subject.schedule.zone())}};
    if (!line.note.empty()) time["note"] = line.note;
    if (line.lost) time["lost"] = true;
    times.push_back(std::move(time));
  }
  for (const auto& warning : subject.schedule.warnings(now))
    warnings.push_back(json::object{{"kind", warning.kind}, {"text", warning.text}});
  json::object object{{"expr", subject.schedule.text()},
                      {"tz", subject.schedule.zone().name()},
                      {"dst", to_string(subject.schedule.dst_rule())},
                      {"description", subject.schedule.describe()},
                      {"times", std::move(times)},
                      {"warnings", std::move(warnings)}};
  if (!subject.job.empty()) object["job"] = subject.job;
  return object;
}

void show(Console& console, const Subject& subject, const std::vector<NextRun>& lines,
          Instant now) {
  const Schedule& schedule = subject.schedule;
  if (!subject.job.empty()) console.out << subject.job << ": ";
  console.out << fmt::format("{}  ({}, DST rule {})\n{}\n", schedule.text(), schedule.zone().name(),
                             to_string(schedule.dst_rule()), schedule.describe());
  if (lines.empty()) console.out << "  no run: the schedule has ended or names no date there is\n";
  for (const NextRun& line : lines) {
    const char* mark = line.lost ? "-" : line.note.empty() ? " " : "!";
    console.out << fmt::format(
        " {} {}  {:<20}  {:<14}{}{}\n", mark, local_text(line.at, schedule.zone()),
        to_string(line.at), relative_text(line.at, now), line.note.empty() ? "" : "  ", line.note);
  }
  for (const auto& warning : schedule.warnings(now))
    console.err << "warning: " << warning.text << '\n';
}

int answer_lines(Console& console) {
  for (std::string line; std::getline(console.in, line);) {
    console.out << json::serialize(answer(line, console.clock.now())) << '\n' << std::flush;
  }
  return exit_done;
}

}  // namespace

int cmd_next(Console& console, const Common& common, const NextArgs& args) {
  if (args.from_stdin) return answer_lines(console);
  if (args.what.empty())
    return fail(
        console, common.json,
        Error(Errc::invalid, "next needs an expression in quotes, a job's name, or --stdin"));
  const Instant now = console.clock.now();
  const auto subject = looks_like_a_name(args.what) ? job_subject(console, common, args)
                                                    : expression_subject(console, args);
  if (!subject) return fail(console, common.json, subject.error());
  const auto from = read_instant(args.from, subject->schedule.zone(), now);
  if (!from) return fail(console, common.json, from.error().within("--from"));
  auto lines = next_runs(subject->schedule, *from, args.n, args.previous);
  mark_what_is_kept_back(*subject->policy, subject->schedule.zone(), lines);
  if (common.json)
    print(console, as_json(*subject, lines, now));
  else
    show(console, *subject, lines, now);
  return exit_done;
}

}  // namespace hotclock::cli
