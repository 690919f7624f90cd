// From the words a person typed to the command that answers them.
#include <ostream>
#include <type_traits>

#include "service/cli/commands.h"

namespace hotclock::cli {
namespace {

int run(Console& c, const Common& o, const ServeArgs& a) { return cmd_serve(c, o, a); }
int run(Console& c, const Common& o, const RunArgs& a) { return cmd_run(c, o, a); }
int run(Console& c, const Common& o, const JobsArgs& a) { return cmd_jobs(c, o, a); }
int run(Console& c, const Common& o, const NextArgs& a) { return cmd_next(c, o, a); }
int run(Console& c, const Common& o, const SimulateArgs& a) { return cmd_simulate(c, o, a); }
int run(Console& c, const Common& o, const HistoryArgs& a) { return cmd_history(c, o, a); }
int run(Console& c, const Common& o, const HistoryExportArgs& a) {
  return cmd_history_export(c, o, a);
}
int run(Console& c, const Common& o, const StatsArgs& a) { return cmd_stats(c, o, a); }
int run(Console& c, const Common& o, const ProfileArgs& a) { return cmd_profile(c, o, a); }
int run(Console& c, const Common& o, const TuneArgs& a) { return cmd_tune(c, o, a); }
int run(Console& c, const Common& o, const BenchArgs& a) { return cmd_bench(c, o, a); }
int run(Console& c, const Common& o, const ShowArgs& a) { return cmd_show(c, o, a); }
int run(Console& c, const Common& o, const PauseArgs& a) { return cmd_pause(c, o, a); }
int run(Console& c, const Common& o, const ResumeArgs& a) { return cmd_resume(c, o, a); }
int run(Console& c, const Common& o, const CancelArgs& a) { return cmd_cancel(c, o, a); }
int run(Console& c, const Common& o, const SlotsCancelArgs& a) { return cmd_slots_cancel(c, o, a); }
int run(Console& c, const Common& o, const SlotsRetryArgs& a) { return cmd_slots_retry(c, o, a); }
int run(Console& c, const Common& o, const ClientsArgs& a) { return cmd_clients(c, o, a); }
int run(Console& c, const Common& o, const DisconnectArgs& a) { return cmd_disconnect(c, o, a); }
int run(Console& c, const Common& o, const FestivalsArgs& a) { return cmd_festivals(c, o, a); }
int run(Console& c, const Common& o, const FestivalShowArgs& a) { return cmd_festival_show(c, o, a); }
int run(Console& c, const Common& o, const FestivalCreateArgs& a) { return cmd_festival_create(c, o, a); }
int run(Console& c, const Common& o, const FestivalEditArgs& a) { return cmd_festival_edit(c, o, a); }
int run(Console& c, const Common& o, const FestivalValidateArgs& a) { return cmd_festival_validate(c, o, a); }
int run(Console& c, const Common& o, const FestivalPreviewArgs& a) { return cmd_festival_preview(c, o, a); }
int run(Console& c, const Common& o, const FestivalActivateArgs& a) { return cmd_festival_activate(c, o, a); }
int run(Console& c, const Common& o, const FestivalEndArgs& a) { return cmd_festival_end(c, o, a); }
int run(Console& c, const Common& o, const FestivalRemoveArgs& a) { return cmd_festival_remove(c, o, a); }
int run(Console& c, const Common& o, const ScheduleSetArgs& a) { return cmd_schedule_set(c, o, a); }
int run(Console& c, const Common& o, const SchedulePreviewArgs& a) { return cmd_schedule_preview(c, o, a); }
int run(Console& c, const Common& o, const ScheduleResetArgs& a) { return cmd_schedule_reset(c, o, a); }
int run(Console& c, const Common& o, const ScheduleShowArgs& a) { return cmd_schedule_show(c, o, a); }
int run(Console& c, const Common& o, const UndoArgs& a) { return cmd_undo(c, o, a); }
int run(Console& c, const Common& o, const PriorityArgs& a) { return cmd_priority(c, o, a); }
int run(Console& c, const Common& o, const EnableArgs& a) { return cmd_enable(c, o, a); }
int run(Console& c, const Common& o, const DisableArgs& a) { return cmd_disable(c, o, a); }
int run(Console& c, const Common& o, const KillSwitchArgs& a) { return cmd_kill_switch(c, o, a); }
int run(Console& c, const Common& o, const DecideArgs& a) { return cmd_decide(c, o, a); }
int run(Console& c, const Common& o, const DriftArgs& a) { return cmd_drift(c, o, a); }
int run(Console& c, const Common& o, const ReloadArgs& a) { return cmd_reload(c, o, a); }
int run(Console& c, const Common& o, const NodesArgs& a) { return cmd_nodes(c, o, a); }
int run(Console& c, const Common& o, const NodeDrainArgs& a) { return cmd_node_drain(c, o, a); }
int run(Console& c, const Common& o, const TokensArgs& a) { return cmd_tokens(c, o, a); }
int run(Console& c, const Common& o, const TokenCreateArgs& a) { return cmd_token_create(c, o, a); }
int run(Console& c, const Common& o, const TokenRotateArgs& a) { return cmd_token_rotate(c, o, a); }
int run(Console& c, const Common& o, const TokenRevokeArgs& a) { return cmd_token_revoke(c, o, a); }
int run(Console& c, const Common& o, const ApprovalsArgs& a) { return cmd_approvals(c, o, a); }
int run(Console& c, const Common& o, const ApproveArgs& a) { return cmd_approve(c, o, a); }
int run(Console& c, const Common& o, const RefuseArgs& a) { return cmd_refuse(c, o, a); }
int run(Console& c, const Common& o, const AuditArgs& a) { return cmd_audit(c, o, a); }
int run(Console& c, const Common& o, const AuditExportArgs& a) { return cmd_audit_export(c, o, a); }
int run(Console& c, const Common& o, const AuditCheckArgs& a) { return cmd_audit_check(c, o, a); }
int run(Console& c, const Common& o, const AlertsArgs& a) { return cmd_alerts(c, o, a); }
int run(Console& c, const Common& o, const AlertShowArgs& a) { return cmd_alert_show(c, o, a); }
int run(Console& c, const Common& o, const AlertRulesArgs& a) { return cmd_alert_rules(c, o, a); }
int run(Console& c, const Common& o, const AlertExplainArgs& a) {
  return cmd_alert_explain(c, o, a);
}
int run(Console& c, const Common& o, const SilencesArgs& a) { return cmd_silences(c, o, a); }
int run(Console& c, const Common& o, const AlertSilenceArgs& a) {
  return cmd_alert_silence(c, o, a);
}
int run(Console& c, const Common& o, const AlertUnsilenceArgs& a) {
  return cmd_alert_unsilence(c, o, a);
}
int run(Console& c, const Common& o, const AlertTestArgs& a) { return cmd_alert_test(c, o, a); }
int run(Console& c, const Common& o, const AuditSlotsArgs& a) { return cmd_audit_slots(c, o, a); }
int run(Console& c, const Common& o, const AuditReportArgs& a) { return cmd_audit_report(c, o, a); }
int run(Console& c, const Common& o, const BackfillArgs& a) { return cmd_backfill(c, o, a); }
int run(Console& c, const Common& o, const MigrateArgs& a) { return cmd_migrate(c, o, a); }
int run(Console& c, const Common& o, const DemoArgs& a) { return cmd_demo(c, o, a); }
int run(Console& c, const Common& o, const DoctorArgs& a) { return cmd_doctor(c, o, a); }
int run(Console& c, const Common& o, const ImportCrontabArgs& a) { return cmd_import_crontab(c, o, a); }
int run(Console& c, const Common& o, const ConfigArgs& a) { return cmd_config(c, o, a); }
int run(Console& c, const Common& o, const ConfigCheckArgs& a) { return cmd_config_check(c, o, a); }
int run(Console& c, const Common& o, const CompletionArgs& a) { return cmd_completion(c, o, a); }
int run(Console& c, const Common& o, const CompleteArgs& a) { return cmd_complete(c, o, a); }
int run(Console& c, const Common& o, const ManualArgs& a) { return cmd_manual(c, o, a); }
int run(Console& c, const Common& o, const HealthcheckArgs& a) { return cmd_healthcheck(c, o, a); }
int run(Console& c, const Common& o, const VersionArgs& a) { return cmd_version(c, o, a); }

// Those that are of this machine, whoever else is there to be asked.
template <class... Args>
struct Of_this_machine {
  template <class One>
  static constexpr bool has = (std::is_same_v<One, Args> || ...);
};
using Local = Of_this_machine<ServeArgs, TuneArgs, BenchArgs, SimulateArgs, MigrateArgs, DemoArgs,
                              ImportCrontabArgs, ConfigCheckArgs, CompletionArgs, ManualArgs,
                              HealthcheckArgs, VersionArgs>;

template <class Args>
int run_where_asked(Console& console, const Common& common, const Args& args) {
  if (Local::has<Args> && !common.server.empty())
    return fail(console, common.json,
                Error(Errc::invalid, "--server: this command is of this machine alone; no server can be asked for it"));
  return run(console, common, args);
}

}  // namespace

int run_command(Console& console, const std::vector<std::string>& words) {
  auto read = read_arguments(words);
  if (!read) return fail(console, false, read.error());
  if (const auto* help = std::get_if<Help>(&read.value())) {
    console.out << help->text;
    return exit_done;
  }
  const Invocation& invocation = std::get<Invocation>(read.value());
  const int code = std::visit([&](const auto& args) { return run_where_asked(console, invocation.common, args); },
                              invocation.command);
  console.out.flush();
  return code;
}

}  // namespace hotclock::cli
