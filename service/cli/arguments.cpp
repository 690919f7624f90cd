#include "service/cli/arguments.h"

#include <CLI/CLI.hpp>
#include <algorithm>

#include "scheduler/base/nearest.h"
#include "service/cli/control_arguments.h"
#include "service/cli/declared.h"

namespace hotclock::cli {
namespace {

void add_common(CLI::App& parser, Common& common) {
  parser.add_option("--database", common.database, "where the data lies: sqlite:PATH or postgresql://...")
      ->envname("HOTCLOCK_DATABASE_URL")
      ->type_name("URL");
  parser.add_option("--config", common.config, "the settings file hotclock.toml")
      ->envname("HOTCLOCK_CONFIG")
      ->type_name("FILE");
  parser.add_option("--server", common.server,
                    "ask this server instead of the database: https://HOST:PORT (HOTCLOCK_SERVER)")
      ->type_name("URL");
  parser.add_option("--token-file", common.token_file,
                    "the file that holds the server's token (HOTCLOCK_TOKEN_FILE; or the token itself in HOTCLOCK_TOKEN)")
      ->type_name("FILE");
  parser.add_option("--ca-file", common.ca_file,
                    "whose certificates the server may have, as PEM (HOTCLOCK_CA_FILE)")
      ->type_name("FILE");
  parser.add_flag("--insecure-http", common.insecure_http,
                  "send the token over http to another machine, for all to read");
  parser.add_flag("--json", common.json, "answer in JSON, for programs");
  parser.add_option("--log-format", common.log_format, "text or json")
      ->check(CLI::IsMember({"text", "json"}));
  parser.add_option("--log-level", common.log_level, "debug, info, warning or error")
      ->check(CLI::IsMember({"debug", "info", "warning", "error"}));
}

void add_running(CLI::App& parser, Invocation& invocation) {
  Declared<ServeArgs> serve(parser, invocation, "serve", "work the schedule until told to stop");
  serve.app.add_option("--port", serve.args.port, "where clients connect; otherwise realtime.port")
      ->check(CLI::Range(0, 65'535));
  serve.app.add_flag("--demo", serve.args.demo,
                     "serve the demo's page too, and a token of any user to whoever asks");
  serve.word("--ui-dir", serve.args.ui_dir,
             "serve the dashboard's files of this directory, to this machine alone, for whoever works on them");

  Declared<RunArgs> run(parser, invocation, "run", "work one slot of a job now");
  run.word("JOB", run.args.job, "the job")->required();
  run.word("--at", run.args.at, "the slot's instant: 2026-11-23T00:05 in the job's zone, or with Z in UTC");
  run.app.add_flag("--dry-run", run.args.dry_run, "say what it would do, and change nothing");
  run.app.add_flag("--profile", run.args.profile,
                   "keep where its time goes, and show that at the end");
  run.app.add_flag("--no-wait", run.args.no_wait, "ask for the slot, and do not wait for its end");
  run.word("--reason", run.args.reason, "why; it stands in the audit trail");
  run.word("--by", run.args.by, "who asks; by default the user who is logged in");

  Declared<BackfillArgs> backfill(parser, invocation, "backfill",
                                  "work the slots of a past range that were not completed");
  backfill.word("JOB", backfill.args.job, "the job")->required();
  backfill.word("--from", backfill.args.from, "the first instant of the range")->required();
  backfill.word("--to", backfill.args.to, "its last instant")->required();
  backfill.app.add_flag("--dry-run", backfill.args.dry_run, "show the plan, and change nothing");
  backfill.app.add_flag("--yes", backfill.args.yes, "do not ask whether the plan is right");
  backfill.app.add_flag("--no-wait", backfill.args.no_wait,
                        "enter the slots, and do not wait for their ends");
  backfill.word("--reason", backfill.args.reason, "why; it stands in the audit trail");
  backfill.word("--by", backfill.args.by, "who asks");
}

template <class Args>
void add_filters(Declared<Args>& command, SlotFilters& slots) {
  command.word("JOB", slots.job, "of one job alone");
  command.word("--state", slots.state, "due, running, ended, completed, failed, missed, ...");
  command.word("--since", slots.since, "an instant, or a span such as 24h");
  command.word("--until", slots.until, "before this instant, or span ago");
  command.word("--trigger", slots.trigger, "schedule, catch_up, early, manual or backfill")
      ->check(CLI::IsMember({"schedule", "catch_up", "early", "manual", "backfill"}));
  command.word("--queue", slots.queue, "of this queue");
  command.word("--node", slots.node, "worked last by this node");
  command.word("--asked-by", slots.asked_by, "that this person asked for");
  command.word("--longer-than", slots.longer_than, "that took so long or longer: 90s, 10 min");
}

void add_looking(CLI::App& parser, Invocation& invocation) {
  Declared<JobsArgs> jobs(parser, invocation, "jobs", "the jobs: schedule, next slot, last end");
  jobs.word("--tag", jobs.args.tag, "those that have this tag alone");

  Declared<NextArgs> next(parser, invocation, "next", "when an expression or a job is due");
  next.word("EXPR|JOB", next.args.what, "a cron expression in quotes, or a job's name");
  next.app.add_option("-n", next.args.n, "how many instants")->check(CLI::Range(1, 100'000));
  next.word("--tz", next.args.zone, "the zone, such as Australia/Sydney");
  next.word("--from", next.args.from, "where to begin; by default now");
  next.word("--dst", next.args.dst, "vixie, ocps or single-value");
  next.word("--dialect", next.args.dialect, "hotclock, strict or quartz");
  next.app.add_flag("--previous", next.args.previous, "the past instants instead, newest first");
  next.app.add_flag("--stdin", next.args.from_stdin, "answer one JSON request a line");

  Declared<SimulateArgs> simulate(parser, invocation, "simulate",
                                  "what the settings would do: lateness, load, limits met");
  simulate.word("--from", simulate.args.from, "where to begin; by default now");
  simulate.word("--to", simulate.args.to, "where to end; by default a day later");
  simulate.app.add_option("--nodes", simulate.args.nodes, "how many nodes")->check(CLI::Range(1, 1000));
  simulate.app.add_option("--seed", simulate.args.seed, "another draw of the recorded durations");

  Declared<HistoryArgs> history(parser, invocation, "history", "what became of the slots");
  add_filters(history, history.args.slots);
  history.word("--search", history.args.search, "words in what went wrong, and in logs");
  history.word("--in", history.args.in, "where they are looked for")
      ->check(CLI::IsMember({"all", "reasons", "set_aside", "logs"}));
  history.app.add_option("--limit", history.args.limit, "how many rows")->check(CLI::Range(1, 10'000));
  Declared<HistoryExportArgs> out(history.app, invocation, "export", "slots that ended, as lines");
  add_filters(out, out.args.slots);
  out.word("--format", out.args.format, "csv or jsonl")->check(CLI::IsMember({"csv", "jsonl"}));
  lists_without_an_act(history, invocation);

  Declared<StatsArgs> stats(parser, invocation, "stats",
                            "how a job fares: ends, durations and lateness, by day or week");
  stats.word("JOB", stats.args.job, "a job's name")->required();
  stats.word("--since", stats.args.since, "an instant, or a span such as 90d; by default 30 days");
  stats.word("--until", stats.args.until, "an instant; by default now");
  stats.word("--by", stats.args.by, "day or week")->check(CLI::IsMember({"day", "week"}));

  Declared<ProfileArgs> profile(
      parser, invocation, "profile",
      "where time went: phases, chunks, statements, and what is wrong in their plans");
  profile
      .word("WHAT", profile.args.what,
            "an execution's id or its beginning, a slot's number, or a job: its newest that were "
            "profiled")
      ->required();

  Declared<TuneArgs> tune(
      parser, invocation, "tune",
      "measure chunk sizes and parallelism of a job on the real data, and change nothing");
  tune.word("JOB", tune.args.job, "the job")->required();
  tune.app.add_flag("--dry-run", tune.args.dry_run,
                    "take every chunk back: there is no other way yet");
  tune.word("--for", tune.args.span, "how long, in all: 30s, which it is else");
  tune.word("--at", tune.args.at,
            "the instant of the slot to rehearse; by default the next that is due");
  tune.word("--chunks", tune.args.chunks,
            "the sizes to try: 500,2000,8000; by default some about the present one");
  tune.app.add_flag("--apply", tune.args.apply,
                    "say what to write where, for what is recommended to count");
  tune.word("--by", tune.args.by, "who asks; by default the user who is logged in");

  Declared<BenchArgs> bench(
      parser, invocation, "bench",
      "what this machine and database can carry, measured beside the real data");
  bench.word("--for", bench.args.span, "how long, in all: 20s, which it is else");
  bench.app.add_option("--rounds", bench.args.rounds, "how often each figure is measured")
      ->check(CLI::Range(1, 50));
  bench.app.add_option("--users", bench.args.users, "of the platform that is made for it")
      ->check(CLI::Range(100, 10'000'000));
  bench.app.add_flag("--clean", bench.args.clean,
                     "measure nothing; take away what one that died has left");

  Declared<ShowArgs> show(parser, invocation, "show", "one execution: its slot, its attempts, its failures");
  show.word("EXECUTION", show.args.execution, "an execution's id, or the beginning of it")->required();
  show.app.add_flag("--follow", show.args.follow,
                    "print what it says as it says it, until it is over");

  Declared<ClientsArgs> clients(parser, invocation, "clients", "who is connected: rooms, or the clients in one");
  clients.word("--room", clients.args.room, "the clients in this room: stream:17");
  clients.word("--user", clients.args.user, "the clients of this user, by id");
  clients.word("--socket", clients.args.socket, "the client of this socket");
  clients.app.add_option("--limit", clients.args.limit, "how many rows")->check(CLI::Range(1, 500));

  Declared<DoctorArgs> doctor(parser, invocation, "doctor",
                              "check the money, the schema, the clock and the zones");
  doctor.word("--grants", doctor.args.grants,
              "check nothing; print the rights that this role of PostgreSQL needs");
  Declared<HealthcheckArgs>(parser, invocation, "healthcheck",
                            "ask the node of these settings whether it is ready");
  Declared<VersionArgs>(parser, invocation, "version", "the version, and what it stands on");
}

// A job, or all of them.
template <class Args>
void add_which(Declared<Args>& command) {
  CLI::Option* job = command.word("JOB", command.args.job, "the job");
  command.app.add_flag("--all", command.args.all, "instead of one job: all there are")
      ->excludes(job);
}

template <class Args>
void add_act_on_many(Declared<Args>& act) {
  add_filters(act, act.args.slots);
  act.word("--reason", act.args.reason, "why; it stands in the audit trail")->required();
  act.word("--by", act.args.by, "who asks");
  act.app.add_flag("--dry-run", act.args.dry_run, "say how many they are, and do nothing");
  act.app.add_flag("--yes", act.args.yes, "do not ask whether it is right");
}

void add_steering(CLI::App& parser, Invocation& invocation) {
  Declared<PauseArgs> pause(parser, invocation, "pause", "refuse a job's slots until it is resumed");
  add_which(pause);
  pause.word("--reason", pause.args.reason, "why; it stands in the history")->required();
  pause.word("--until", pause.args.until, "an instant at which it resumes by itself");
  pause.word("--by", pause.args.by, "who asks");

  Declared<ResumeArgs> resume(parser, invocation, "resume", "let a paused job be worked again");
  add_which(resume);
  resume.word("--reason", resume.args.reason, "why; it stands in the audit trail")->required();
  resume.word("--by", resume.args.by, "who asks");

  Declared<CancelArgs> cancel(parser, invocation, "cancel", "stop an execution at its next chunk");
  cancel.word("EXECUTION", cancel.args.execution, "an execution's id")->required();
  cancel.word("--reason", cancel.args.reason, "why; it stands in the audit trail");
  cancel.word("--by", cancel.args.by, "who asks");

  CLI::App& slots = *parser.add_subcommand("slots", "the same act on all slots that are like that");
  slots.require_subcommand(1);
  Declared<SlotsCancelArgs> cancel_all(slots, invocation, "cancel",
                                       "take them out of the line, or ask them to stop");
  add_act_on_many(cancel_all);
  Declared<SlotsRetryArgs> retry_all(slots, invocation, "retry", "work them anew, each once");
  add_act_on_many(retry_all);

  Declared<DisconnectArgs> out(parser, invocation, "disconnect", "end clients' connections, for good");
  out.word("--room", out.args.room, "of all in this room");
  out.word("--user", out.args.user, "of this user, by id");
  out.word("--socket", out.args.socket, "of this socket");
  out.word("--reason", out.args.reason, "why; it stands in the audit trail")->required();
  out.word("--by", out.args.by, "who asks");
}

void add_filters(Declared<FestivalsArgs>& list) {
  list.word("--country", list.args.country, "of one country alone, such as NP, or GLOBAL");
  CLI::Option* running = list.app.add_flag("--running", list.args.running, "those that run now");
  CLI::Option* coming = list.app.add_flag("--coming", list.args.coming, "those that have not begun");
  CLI::Option* over = list.app.add_flag("--over", list.args.over, "those that are over");
  running->excludes(coming)->excludes(over);
  coming->excludes(over);
  list.app.add_option("--after", list.args.after, "the last id of the page before");
  list.app.add_option("--limit", list.args.limit, "how many rows")->check(CLI::Range(1, 500));
}

// The festival an act is about, where it has one, and who does it why.
template <class Args>
void add_id(Declared<Args>& act) {
  act.app.add_option("FESTIVAL", act.args.id, "a festival's id")->required()->type_name("ID");
}
template <class Args>
void add_why(Declared<Args>& act, bool required = true) {
  act.word("--reason", act.args.reason, "why; it stands in the audit trail")->required(required);
  act.word("--by", act.args.by, "who asks");
}

void add_festival_acts(CLI::App& festivals, Invocation& invocation) {
  Declared<FestivalShowArgs> show(festivals, invocation, "show", "one festival, with its look and its gifts");
  add_id(show);
  Declared<FestivalCreateArgs> create(festivals, invocation, "create", "a new festival, from a JSON file");
  create.word("FILE", create.args.file, "the festival; - for standard input")->required();
  add_why(create, false);
  Declared<FestivalEditArgs> edit(festivals, invocation, "edit", "change the members that a JSON file names");
  add_id(edit);
  edit.word("FILE", edit.args.file, "what changes; - for standard input")->required();
  add_why(edit);
  Declared<FestivalValidateArgs> validate(festivals, invocation, "validate",
                                          "every problem of a festival's JSON file; writes nothing");
  validate.word("FILE", validate.args.file, "the festival; - for standard input")->required();
  Declared<FestivalPreviewArgs> preview(festivals, invocation, "preview",
                                        "the theme document as if the festival dressed its country now");
  add_id(preview);
  preview.word("--country", preview.args.country, "another country, such as NP");
  preview.app.add_flag("--css", preview.args.css, "the style sheet instead");
  Declared<FestivalActivateArgs> activate(festivals, invocation, "activate", "let a festival start now");
  add_id(activate);
  add_why(activate);
  Declared<FestivalEndArgs> end(festivals, invocation, "end", "end a festival that runs now");
  add_id(end);
  add_why(end);
  Declared<FestivalRemoveArgs> remove(festivals, invocation, "remove", "delete a festival that does not run");
  add_id(remove);
  add_why(remove);
}

void add_festivals(CLI::App& parser, Invocation& invocation) {
  Declared<FestivalsArgs> listing(parser, invocation, "festivals",
                                  "the festivals, and what their editors do to them");
  add_filters(listing);
  listing.app.require_subcommand(0, 1);
  Declared<FestivalsArgs> list(listing.app, invocation, "list", "which there are, by id");
  add_filters(list);
  add_festival_acts(listing.app, invocation);
  // Without an act it lists; its filters are nothing to an act.
  CLI::App* app = &listing.app;
  app->callback([&invocation, app, kept = listing.kept()] {
    if (app->get_subcommands().empty()) return void(invocation.command = *kept);
    for (const CLI::Option* filter : app->get_options())
      if (filter->count() > 0)
        throw CLI::ArgumentMismatch(filter->get_name() + " stands behind `festivals list`, not here");
  });
}

void add_config(CLI::App& parser, Invocation& invocation) {
  Declared<ConfigArgs> config(parser, invocation, "config",
                              "every setting in force, and where it comes from");
  config.app.require_subcommand(0, 1);
  Declared<ConfigArgs> show(config.app, invocation, "show", "the settings in force");
  show.args.origin = false;
  show.word("KEY", show.args.key, "of this key alone, and of all below it");
  show.app.add_flag("--origin", show.args.origin, "and where each comes from");
  Declared<ConfigCheckArgs>(config.app, invocation, "check",
                            "every mistake in the settings, with each profile they have");
  // The parent's callback comes after the act's.
  CLI::App* app = &config.app;
  app->callback([&invocation, app, kept = config.kept()] {
    if (app->get_subcommands().empty()) invocation.command = *kept;
  });
}

void add_housekeeping(CLI::App& parser, Invocation& invocation) {
  Declared<MigrateArgs> migrate(parser, invocation, "migrate",
                                "make the database, bring it up to date, or move it to another one");
  CLI::Option* from = migrate.word("--from", migrate.args.from, "the database to move: sqlite:PATH or postgresql://...");
  CLI::Option* to = migrate.word("--to", migrate.args.to, "where to; it must be empty");
  from->needs(to);
  to->needs(from);

  Declared<DemoArgs> demo(parser, invocation, "demo", "fill a new database with a platform to play with");
  demo.app.add_option("--users", demo.args.users, "how many users")->check(CLI::Range(1, 50'000'000));
  demo.app.add_option("--streams", demo.args.streams, "how many streams")->check(CLI::Range(1, 5'000'000));
  demo.app.add_option("--seed", demo.args.seed, "the same seed gives the same data");
  demo.app.add_option("--history-days", demo.args.history_days, "days of bonuses paid already")
      ->check(CLI::Range(0, 365));

  Declared<ImportCrontabArgs> import(parser, invocation, "import-crontab", "judge a crontab, line by line");
  import.word("FILE", import.args.file, "the crontab; - for standard input")->required();
  import.app.add_flag("--system", import.args.system, "it has a user column, as /etc/crontab has");
  import.word("--tz", import.args.zone, "the zone its times are in");

  add_config(parser, invocation);

  Declared<CompletionArgs> completion(parser, invocation, "completion", "print a shell's completion script");
  completion.word("SHELL", completion.args.shell, "bash, zsh or fish")
      ->required()
      ->check(CLI::IsMember({"bash", "zsh", "fish"}));

  Declared<CompleteArgs> complete(parser, invocation, "__complete", "");
  complete.word("WHAT", complete.args.what, "")->required();
  complete.app.group("");
  Declared<ManualArgs> manual(parser, invocation, "__man", "");
  manual.word("PAGE", manual.args.page, "");
  manual.word("--book", manual.args.book, "");
  manual.app.group("");
}

std::vector<std::string> command_names(const CLI::App& parser, bool with_hidden = false) {
  std::vector<std::string> names;
  for (const CLI::App* command : parser.get_subcommands([](const CLI::App*) { return true; }))
    if (with_hidden || !command->get_group().empty()) names.push_back(command->get_name());
  return names;
}

// The first word that is no option, where a command should stand.
Result<> known_command(const CLI::App& parser, const std::vector<std::string>& words) {
  for (const std::string& word : words) {
    if (word.starts_with("-")) return {};
    if (std::ranges::count(command_names(parser, true), word) > 0) return {};
    const auto names = command_names(parser);
    std::string message = "there is no command '" + word + "'";
      if (const auto near = nearest(word, names); !near.empty())
      message += "; did you mean '" + std::string(near) + "'?";
    return Error(Errc::invalid, message + " (hotclock --help lists them)");
  }
  return {};
}

void add_option_names(const CLI::App& app, std::vector<std::string>& names) {
  for (const CLI::Option* option : app.get_options())
    for (const std::string& name : option->get_lnames()) names.push_back("--" + name);
}

// A word where a command's act should stand.
Error unexpected_act(const CLI::App& parser, const CLI::ParseError& mistake) {
  for (const CLI::App* command : parser.get_subcommands()) {
    const auto acts = command_names(*command);
    const auto words = parser.remaining(true);
    if (acts.empty() || words.empty() || !command->get_subcommands().empty()) continue;
    const auto near = nearest(words.front(), acts);
    const std::string name = command->get_name();
    return Error(Errc::invalid, "there is no '" + name + " " + words.front() + "'" +
                                    (near.empty() ? "" : "; did you mean '" + std::string(near) + "'?") +
                                    " (hotclock " + name + " --help lists them)");
  }
  return Error(Errc::invalid, mistake.what());
}

// What stands where nothing should: of an option, with the nearest one that is known there.
Error unexpected(const CLI::App& parser, const CLI::ParseError& mistake) {
  std::vector<std::string> names;
  add_option_names(parser, names);
  for (const CLI::App* command : parser.get_subcommands()) {
    add_option_names(*command, names);
    for (const CLI::App* act : command->get_subcommands()) add_option_names(*act, names);
  }
  for (const std::string& word : parser.remaining(true)) {
    if (!word.starts_with("--")) continue;
    const std::string option = word.substr(0, word.find('='));
    const auto near = nearest(option, names);
    return Error(Errc::invalid, "there is no option '" + option + "' here" +
                                    (near.empty() ? "" : "; did you mean '" + std::string(near) + "'?"));
  }
  return unexpected_act(parser, mistake);
}

}  // namespace

std::shared_ptr<CLI::App> make_parser(Invocation& invocation) {
  auto parser = std::make_shared<CLI::App>(
      "Hotclock: the scheduler of a live-streaming platform. Every due slot happens once, and can prove it.",
      "hotclock");
  parser->require_subcommand(1);
  parser->fallthrough();
  parser->set_version_flag("--version", "hotclock " HOTCLOCK_VERSION);
  add_common(*parser, invocation.common);
  add_running(*parser, invocation);
  add_looking(*parser, invocation);
  add_steering(*parser, invocation);
  add_control(*parser, invocation);
  add_festivals(*parser, invocation);
  add_housekeeping(*parser, invocation);
  parser->footer("Exit status: 0 done; 1 it failed; 2 wrong arguments or settings; 3 the database cannot be\n"
                 "used; 4 no such thing; 5 not now: it is held, refused or in another state; 6 you may not. See hotclock(1).");
  return parser;
}

Result<std::variant<Invocation, Help>> read_arguments(const std::vector<std::string>& words) {
  Invocation invocation;
  const auto parser = make_parser(invocation);
  if (auto known = known_command(*parser, words); !known) return known.error();
  try {
    parser->parse(std::vector<std::string>(words.rbegin(), words.rend()));
  } catch (const CLI::Success& success) {  // --help, --version
    std::ostringstream out;
    parser->exit(success, out, out);
    return std::variant<Invocation, Help>(Help{out.str()});
  } catch (const CLI::ExtrasError& mistake) {
    return unexpected(*parser, mistake);
  } catch (const CLI::ParseError& mistake) {
    return Error(Errc::invalid, mistake.what());
  }
  return std::variant<Invocation, Help>(std::move(invocation));
}

}  // namespace hotclock::cli
