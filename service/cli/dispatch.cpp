// From the words a person typed to the command that answers them.
#include <ostream>

#include "service/cli/commands.h"

namespace hotclock::cli {
namespace {

int run(Console& c, const Common& o, const ServeArgs& a) { return cmd_serve(c, o, a); }
int run(Console& c, const Common& o, const RunArgs& a) { return cmd_run(c, o, a); }
int run(Console& c, const Common& o, const JobsArgs& a) { return cmd_jobs(c, o, a); }
int run(Console& c, const Common& o, const NextArgs& a) { return cmd_next(c, o, a); }
int run(Console& c, const Common& o, const SimulateArgs& a) { return cmd_simulate(c, o, a); }
int run(Console& c, const Common& o, const HistoryArgs& a) { return cmd_history(c, o, a); }
int run(Console& c, const Common& o, const ShowArgs& a) { return cmd_show(c, o, a); }
int run(Console& c, const Common& o, const PauseArgs& a) { return cmd_pause(c, o, a); }
int run(Console& c, const Common& o, const ResumeArgs& a) { return cmd_resume(c, o, a); }
int run(Console& c, const Common& o, const CancelArgs& a) { return cmd_cancel(c, o, a); }
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

}  // namespace

int run_command(Console& console, const std::vector<std::string>& words) {
  auto read = read_arguments(words);
  if (!read) return fail(console, false, read.error());
  if (const auto* help = std::get_if<Help>(&read.value())) {
    console.out << help->text;
    return exit_done;
  }
  const Invocation& invocation = std::get<Invocation>(read.value());
  const int code = std::visit([&](const auto& args) { return run(console, invocation.common, args); },
                              invocation.command);
  console.out.flush();
  return code;
}

}  // namespace hotclock::cli
