#include "service/cli/control_arguments.h"

#include "service/cli/declared.h"

namespace hotclock::cli {
namespace {

template <class Args>
void add_why(Declared<Args>& act) {
  act.word("--reason", act.args.reason, "why; it stands in the audit trail")->required();
  act.word("--by", act.args.by, "who asks");
}

template <class Args>
void add_job(Declared<Args>& act) {
  act.word("JOB", act.args.job, "the job")->required();
}

template <class Args>
CLI::Option* add_undo(Declared<Args>& act) {
  return act.app.add_flag("--undo", act.args.undo, "take the last such change back instead");
}

template <class Args>
void add_new_schedule(Declared<Args>& act) {
  act.word("EXPR", act.args.expression, "a cron expression in quotes")->required();
  act.word("--zone", act.args.zone, "another zone, such as Australia/Sydney");
  act.word("--dst", act.args.dst, "another DST rule: vixie, ocps or single-value");
}

void add_schedule(CLI::App& parser, Invocation& invocation) {
  CLI::App& schedule =
      *parser.add_subcommand("schedule", "a job's schedule, changed live on every node");
  schedule.require_subcommand(1);
  Declared<ScheduleSetArgs> set(schedule, invocation, "set",
                                "give it another one, once its next runs were looked at");
  add_job(set);
  add_new_schedule(set);
  add_why(set);
  set.app
      .add_option("--if-version", set.args.if_version,
                  "refuse unless this is the version of its live changes")
      ->check(CLI::Range(0, 1'000'000'000));
  set.app.add_flag("--yes", set.args.yes, "do not ask whether it is right");
  Declared<SchedulePreviewArgs> preview(schedule, invocation, "preview",
                                        "what another one would change; changes nothing");
  add_job(preview);
  add_new_schedule(preview);
  Declared<ScheduleResetArgs> reset(schedule, invocation, "reset", "let it go by the files again");
  add_job(reset);
  add_why(reset);
  reset.app
      .add_option("--if-version", reset.args.if_version,
                  "refuse unless this is the version of its live changes")
      ->check(CLI::Range(0, 1'000'000'000));
  Declared<ScheduleShowArgs> show(schedule, invocation, "show", "it, and the job's live changes");
  add_job(show);
  Declared<UndoArgs> undo(schedule, invocation, "undo", "take a live change of the job back");
  add_job(undo);
  undo.app.add_option("VERSION", undo.args.version, "which; otherwise the newest")
      ->check(CLI::Range(1, 1'000'000'000));
  add_why(undo);
}

void add_switches(CLI::App& parser, Invocation& invocation) {
  Declared<PriorityArgs> priority(parser, invocation, "priority",
                                  "give a job another priority, live");
  add_job(priority);
  CLI::Option* const number =
      priority.app.add_option("PRIORITY", priority.args.priority, "higher is sooner")
          ->check(CLI::Range(-1000, 1000));
  add_undo(priority)->excludes(number);
  add_why(priority);
  Declared<EnableArgs> enable(parser, invocation, "enable",
                              "switch a job on, live, whatever the files say");
  add_job(enable);
  add_undo(enable);
  add_why(enable);
  Declared<DisableArgs> disable(parser, invocation, "disable",
                                "switch a job off, live, for whoever asks");
  add_job(disable);
  add_undo(disable);
  add_why(disable);
  Declared<KillSwitchArgs> kill(parser, invocation, "kill-switch",
                                "let nothing start on any node, or everything again");
  kill.word("SWITCH", kill.args.what, "on, off or status")
      ->required()
      ->check(CLI::IsMember({"on", "off", "status"}));
  kill.app.add_flag("--stop-running", kill.args.stop_running,
                    "with on: what runs is asked to stop, too");
  kill.word("--reason", kill.args.reason, "why; on and off want it");
  kill.word("--by", kill.args.by, "who asks");
  Declared<DecideArgs> decide(parser, invocation, "decide",
                              "say what became of a slot whose worker vanished");
  decide.word("SLOT", decide.args.slot, "the slot's number")->required();
  decide.word("DECISION", decide.args.decision, "completed, failed or again")
      ->required()
      ->check(CLI::IsMember({"completed", "failed", "again"}));
  add_why(decide);
}

void add_service(CLI::App& parser, Invocation& invocation) {
  Declared<DriftArgs>(parser, invocation, "drift", "where live changes and files disagree");
  Declared<ReloadArgs> reload(parser, invocation, "reload", "have a server read its settings anew");
  add_why(reload);
  Declared<NodesArgs> nodes(parser, invocation, "nodes", "the nodes, and how they are");
  lists_without_an_act(nodes, invocation);
  Declared<NodeDrainArgs> drain(nodes.app, invocation, "drain",
                                "let one finish what it runs and take nothing new");
  drain.word("NODE", drain.args.node, "its name, or its id")->required();
  drain.app.add_flag("--undo", drain.args.undo, "let it take what is due again");
  add_why(drain);
}

void add_tokens(CLI::App& parser, Invocation& invocation) {
  Declared<TokensArgs> list(parser, invocation, "tokens", "who may use the API");
  lists_without_an_act(list, invocation);
  Declared<TokenCreateArgs> create(list.app, invocation, "create", "a new token, shown this once");
  create.word("NAME", create.args.name, "whom it is for")->required();
  create.word("--role", create.args.role, "viewer, operator or admin")
      ->required()
      ->check(CLI::IsMember({"viewer", "operator", "admin"}));
  create.app.add_option("--rights", create.args.rights, "these of the role's alone: run,cancel")
      ->delimiter(',');
  create.app.add_option("--jobs", create.args.jobs, "for these jobs alone: trust-score,throne-*")
      ->delimiter(',');
  create.app.add_option("--networks", create.args.networks, "from there alone: 10.0.0.0/8")
      ->delimiter(',');
  create.word("--expires", create.args.expires, "an instant; or a span from now, such as 90d");
  add_why(create);
  Declared<TokenRotateArgs> rotate(list.app, invocation, "rotate",
                                   "a new one in its place, shown this once");
  rotate.word("TOKEN", rotate.args.token, "the token's number")->required();
  rotate.word("--overlap", rotate.args.overlap, "for so long the old one is good, too: 10m");
  add_why(rotate);
  Declared<TokenRevokeArgs> revoke(list.app, invocation, "revoke", "it is good no more");
  revoke.word("TOKEN", revoke.args.token, "the token's number")->required();
  add_why(revoke);
}

void add_approvals(CLI::App& parser, Invocation& invocation) {
  Declared<ApprovalsArgs> list(parser, invocation, "approvals", "what waits for a second person");
  list.app.add_flag("--all", list.args.all, "those that were decided, too");
  Declared<ApproveArgs> approve(parser, invocation, "approve",
                                "say yes to what another asked for; it is done at once");
  approve.word("APPROVAL", approve.args.approval, "its number")->required();
  approve.app.add_flag("--yes", approve.args.yes, "do not ask whether the plan is right");
  approve.app.add_flag("--no-wait", approve.args.no_wait,
                       "do not wait for the end of what is to be worked");
  add_why(approve);
  Declared<RefuseArgs> refuse(parser, invocation, "refuse",
                              "say no to it; or, who asked for it, withdraw it");
  refuse.word("APPROVAL", refuse.args.approval, "its number")->required();
  add_why(refuse);
}

void add_audit(CLI::App& parser, Invocation& invocation) {
  Declared<AuditArgs> list(
      parser, invocation, "audit",
      "what people did and were refused, newest first; with --from or --to what "
      "should have been worked and paid, beside what was");
  list.word("--job", list.args.job, "of this job alone");
  list.word("--who", list.args.who, "by them");
  list.word("--what", list.args.what, "such as pause, or festival.*");
  list.word("--outcome", list.args.outcome, "done or refused")
      ->check(CLI::IsMember({"done", "refused"}));
  list.word("--since", list.args.since, "an instant, or a span such as 24h");
  list.app.add_option("--limit", list.args.limit, "how many rows")->check(CLI::Range(1, 10'000));
  list.word("--from", list.args.from, "as `audit slots` has it")->excludes("--since");
  list.word("--to", list.args.to, "as `audit slots` has it")->excludes("--since");
  lists_without_an_act(list, invocation);
  Declared<AuditSlotsArgs> slots(
      list.app, invocation, "slots",
      "enumerate anew what should have been worked and paid, and compare");
  slots.word("--from", slots.args.from,
             "an instant, or a span such as 7d; a day before its end by itself");
  slots.word("--to", slots.args.to, "an instant; now by itself");
  slots.word("--job", slots.args.job, "of this job alone");
  Declared<AuditReportArgs> report(list.app, invocation, "report",
                                   "the days that the auditor has signed");
  report.word("DAY", report.args.day, "one of them, a day of UTC: 2026-11-25");
  report.word("--verify", report.args.verify,
              "a file that --json has written: whether it was signed so; - is standard input");
  report.word("--key", report.args.key, "the public key that must have signed it");
  Declared<AuditExportArgs> out(list.app, invocation, "export",
                                "all of it as JSON lines, oldest first");
  out.word("--after", out.args.after, "the number of the last line that is known");
  Declared<AuditCheckArgs>(list.app, invocation, "check", "whether the chain is whole");
}

void add_alerts(CLI::App& parser, Invocation& invocation) {
  Declared<AlertsArgs> list(parser, invocation, "alerts", "what is the matter, newest first");
  list.app.add_flag("--all", list.args.all, "those that are over, too");
  list.word("--state", list.args.state, "pending, firing or resolved")
      ->check(CLI::IsMember({"pending", "firing", "resolved"}));
  list.word("--rule", list.args.rule, "of this rule alone");
  list.word("--severity", list.args.severity, "info, warning or critical")
      ->check(CLI::IsMember({"info", "warning", "critical"}));
  list.word("--job", list.args.job, "of this job alone");
  list.app.add_option("--limit", list.args.limit, "how many")->check(CLI::Range(1, 10'000));
  lists_without_an_act(list, invocation);
  Declared<AlertShowArgs> show(list.app, invocation, "show", "one alert");
  show.word("ALERT", show.args.alert, "its number")->required();
  Declared<AlertRulesArgs>(list.app, invocation, "rules", "what is looked for");
  Declared<AlertExplainArgs> explain(list.app, invocation, "explain",
                                     "what to do when an alert of this rule fires");
  explain.word("RULE", explain.args.rule, "its name; without one, all there are");
  Declared<AlertSilenceArgs> silence(list.app, invocation, "silence",
                                     "tell nobody of these, for a while");
  silence.app.add_option("MATCHER", silence.args.matchers, "LABEL=VALUE: rule=late, job=trust-*")
      ->required();
  silence.word("--until", silence.args.until, "an instant; or a span from now, such as 2h")
      ->required();
  add_why(silence);
  Declared<SilencesArgs> silences(list.app, invocation, "silences", "what nobody is told of");
  silences.app.add_flag("--all", silences.args.all, "those that are over, too");
  Declared<AlertUnsilenceArgs> lift(list.app, invocation, "unsilence", "end a silence now");
  lift.word("SILENCE", lift.args.silence, "its number")->required();
  add_why(lift);
  Declared<AlertTestArgs> test(list.app, invocation, "test",
                               "tell the notifiers that somebody tries them");
  test.word("NOTIFIER", test.args.notifier, "this one alone");
  test.word("--reason", test.args.reason, "why; it stands in the audit trail");
  test.word("--by", test.args.by, "who asks");
}

}  // namespace

void add_control(CLI::App& parser, Invocation& invocation) {
  add_schedule(parser, invocation);
  add_switches(parser, invocation);
  add_approvals(parser, invocation);
  add_tokens(parser, invocation);
  add_audit(parser, invocation);
  add_alerts(parser, invocation);
  add_service(parser, invocation);
}

}  // namespace hotclock::cli
