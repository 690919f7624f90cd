// The commands, one file each: cmd_<name>.cpp. Each answers on the console and gives the exit code.
#pragma once

#include <string>
#include <vector>

#include "service/cli/arguments.h"
#include "service/cli/console.h"

namespace hotclock::cli {

int run_command(Console& console, const std::vector<std::string>& words);

int cmd_serve(Console&, const Common&, const ServeArgs&);
int cmd_run(Console&, const Common&, const RunArgs&);
int cmd_jobs(Console&, const Common&, const JobsArgs&);
int cmd_next(Console&, const Common&, const NextArgs&);
int cmd_simulate(Console&, const Common&, const SimulateArgs&);
int cmd_history(Console&, const Common&, const HistoryArgs&);
int cmd_history_export(Console&, const Common&, const HistoryExportArgs&);
int cmd_profile(Console&, const Common&, const ProfileArgs&);
int cmd_tune(Console&, const Common&, const TuneArgs&);
int cmd_bench(Console&, const Common&, const BenchArgs&);
int cmd_stats(Console&, const Common&, const StatsArgs&);
int cmd_show(Console&, const Common&, const ShowArgs&);
int cmd_pause(Console&, const Common&, const PauseArgs&);
int cmd_resume(Console&, const Common&, const ResumeArgs&);
int cmd_cancel(Console&, const Common&, const CancelArgs&);
int cmd_slots_cancel(Console&, const Common&, const SlotsCancelArgs&);
int cmd_slots_retry(Console&, const Common&, const SlotsRetryArgs&);
int cmd_clients(Console&, const Common&, const ClientsArgs&);
int cmd_disconnect(Console&, const Common&, const DisconnectArgs&);
int cmd_festivals(Console&, const Common&, const FestivalsArgs&);
int cmd_festival_show(Console&, const Common&, const FestivalShowArgs&);
int cmd_festival_create(Console&, const Common&, const FestivalCreateArgs&);
int cmd_festival_edit(Console&, const Common&, const FestivalEditArgs&);
int cmd_festival_validate(Console&, const Common&, const FestivalValidateArgs&);
int cmd_festival_preview(Console&, const Common&, const FestivalPreviewArgs&);
int cmd_festival_activate(Console&, const Common&, const FestivalActivateArgs&);
int cmd_festival_end(Console&, const Common&, const FestivalEndArgs&);
int cmd_festival_remove(Console&, const Common&, const FestivalRemoveArgs&);
int cmd_schedule_set(Console&, const Common&, const ScheduleSetArgs&);
int cmd_schedule_preview(Console&, const Common&, const SchedulePreviewArgs&);
int cmd_schedule_reset(Console&, const Common&, const ScheduleResetArgs&);
int cmd_schedule_show(Console&, const Common&, const ScheduleShowArgs&);
int cmd_undo(Console&, const Common&, const UndoArgs&);
int cmd_priority(Console&, const Common&, const PriorityArgs&);
int cmd_enable(Console&, const Common&, const EnableArgs&);
int cmd_disable(Console&, const Common&, const DisableArgs&);
int cmd_kill_switch(Console&, const Common&, const KillSwitchArgs&);
int cmd_decide(Console&, const Common&, const DecideArgs&);
int cmd_drift(Console&, const Common&, const DriftArgs&);
int cmd_reload(Console&, const Common&, const ReloadArgs&);
int cmd_nodes(Console&, const Common&, const NodesArgs&);
int cmd_node_drain(Console&, const Common&, const NodeDrainArgs&);
int cmd_tokens(Console&, const Common&, const TokensArgs&);
int cmd_token_create(Console&, const Common&, const TokenCreateArgs&);
int cmd_token_rotate(Console&, const Common&, const TokenRotateArgs&);
int cmd_token_revoke(Console&, const Common&, const TokenRevokeArgs&);
int cmd_approvals(Console&, const Common&, const ApprovalsArgs&);
int cmd_approve(Console&, const Common&, const ApproveArgs&);
int cmd_refuse(Console&, const Common&, const RefuseArgs&);
int cmd_audit(Console&, const Common&, const AuditArgs&);
int cmd_audit_export(Console&, const Common&, const AuditExportArgs&);
int cmd_audit_check(Console&, const Common&, const AuditCheckArgs&);
int cmd_alerts(Console&, const Common&, const AlertsArgs&);
int cmd_alert_show(Console&, const Common&, const AlertShowArgs&);
int cmd_alert_rules(Console&, const Common&, const AlertRulesArgs&);
int cmd_alert_explain(Console&, const Common&, const AlertExplainArgs&);
int cmd_silences(Console&, const Common&, const SilencesArgs&);
int cmd_alert_silence(Console&, const Common&, const AlertSilenceArgs&);
int cmd_alert_unsilence(Console&, const Common&, const AlertUnsilenceArgs&);
int cmd_alert_test(Console&, const Common&, const AlertTestArgs&);
int cmd_audit_slots(Console&, const Common&, const AuditSlotsArgs&);
int cmd_audit_report(Console&, const Common&, const AuditReportArgs&);
int cmd_backfill(Console&, const Common&, const BackfillArgs&);
int cmd_migrate(Console&, const Common&, const MigrateArgs&);
int cmd_demo(Console&, const Common&, const DemoArgs&);
int cmd_doctor(Console&, const Common&, const DoctorArgs&);
int cmd_import_crontab(Console&, const Common&, const ImportCrontabArgs&);
int cmd_config(Console&, const Common&, const ConfigArgs&);
int cmd_config_check(Console&, const Common&, const ConfigCheckArgs&);
int cmd_completion(Console&, const Common&, const CompletionArgs&);
int cmd_complete(Console&, const Common&, const CompleteArgs&);
int cmd_manual(Console&, const Common&, const ManualArgs&);
int cmd_healthcheck(Console&, const Common&, const HealthcheckArgs&);
int cmd_version(Console&, const Common&, const VersionArgs&);

}  // namespace hotclock::cli
