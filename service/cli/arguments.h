// What a person typed, as plain data: the commands see these and never a parser.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "scheduler/base/result.h"

namespace CLI {
class App;
}

namespace hotclock::cli {

// Before or after the command's name; the environment stands in for what is not given.
struct Common {
  std::string database;  // --database, HOTCLOCK_DATABASE_URL; else the settings' own
  std::string config;    // --config, HOTCLOCK_CONFIG: hotclock.toml
  std::string server;      // --server, HOTCLOCK_SERVER: ask this one, not the database
  std::string token_file;  // --token-file: holds what the server is shown
  std::string ca_file;     // --ca-file
  bool insecure_http = false;
  bool json = false;
  std::string log_format;  // "", "text", "json"
  std::string log_level;
};

struct ServeArgs {
  int port = -1;      // of realtime.port; -1: as the settings have it
  bool demo = false;  // serves the demo's page, and tokens for whoever asks
  std::string ui_dir;  // of the dashboard's files; empty: the program's own
};
struct RunArgs {
  std::string job, at;  // at: an instant, or a civil time in the job's zone; empty: now
  bool dry_run = false, no_wait = false, profile = false;
  std::string reason, by;
};
struct ProfileArgs {
  std::string what;  // an execution's id, or the beginning of it, a slot's number, or a job
};
struct TuneArgs {
  std::string job, at, span, chunks, by;
  bool dry_run = false, apply = false;
};
struct BenchArgs {
  std::string span;
  int rounds = 5;
  std::int64_t users = 20'000;
  bool clean = false;
};
struct JobsArgs {
  std::string tag;
};
struct NextArgs {
  std::string what;  // an expression or a job's name
  int n = 5;
  std::string zone, from, dst, dialect;
  bool previous = false;
  bool from_stdin = false;
};
struct SimulateArgs {
  std::string from, to;  // instants, or civil times in UTC; empty: now, and a day after `from`
  int nodes = 1;
  std::uint64_t seed = 1;
};
// What narrows a list of slots.
struct SlotFilters {
  std::string job, state, since, until, trigger, queue, node, asked_by, longer_than;
};
struct HistoryArgs {
  SlotFilters slots;
  std::string search, in = "all";
  int limit = 50;
};
struct HistoryExportArgs {
  SlotFilters slots;
  std::string format = "jsonl";
};
struct StatsArgs {
  std::string job, since, until, by = "day";
};
struct ShowArgs {
  std::string execution;
  bool follow = false;
};
struct PauseArgs {
  std::string job, reason, until, by;
  bool all = false;  // instead of one
};
struct ResumeArgs {
  std::string job, reason, by;
  bool all = false;  // instead of one
};
struct CancelArgs {
  std::string execution, reason, by;
};
// Of many slots at once: those that are like that.
struct SlotsActArgs {
  SlotFilters slots;
  std::string reason, by;
  bool yes = false, dry_run = false;
};
struct SlotsCancelArgs : SlotsActArgs {};
struct SlotsRetryArgs : SlotsActArgs {};
struct ClientsArgs {
  std::string room, user, socket;
  int limit = 50;
};
struct DisconnectArgs {
  std::string room, user, socket, reason, by;
};
struct FestivalsArgs {
  std::string country;
  bool running = false, coming = false, over = false;  // one of them at most
  std::int64_t after = 0;                              // the last id of the page before
  int limit = 50;
};
struct FestivalShowArgs {
  std::int64_t id = 0;
};
struct FestivalCreateArgs {
  std::string file, reason, by;
};
struct FestivalEditArgs {
  std::int64_t id = 0;
  std::string file, reason, by;
};
struct FestivalValidateArgs {
  std::string file;
};
struct FestivalPreviewArgs {
  std::int64_t id = 0;
  std::string country;
  bool css = false;
};
struct FestivalActivateArgs {
  std::int64_t id = 0;
  std::string reason, by;
};
struct FestivalEndArgs {
  std::int64_t id = 0;
  std::string reason, by;
};
struct FestivalRemoveArgs {
  std::int64_t id = 0;
  std::string reason, by;
};
struct BackfillArgs {
  std::string job, from, to, reason, by;
  bool dry_run = false, yes = false, no_wait = false;
};
struct ScheduleSetArgs {
  std::string job, expression, zone, dst, reason, by;
  std::int64_t if_version = -1;  // -1: whichever it is
  bool yes = false;
};
struct SchedulePreviewArgs {
  std::string job, expression, zone, dst;
};
struct ScheduleResetArgs {
  std::string job, reason, by;
  std::int64_t if_version = -1;
};
struct ScheduleShowArgs {
  std::string job;
};
struct UndoArgs {
  std::string job, reason, by;
  std::int64_t version = 0;  // of the change; 0: the newest
};
struct PriorityArgs {
  std::string job, reason, by;
  std::optional<int> priority;
  bool undo = false;
};
struct EnableArgs {
  std::string job, reason, by;
  bool undo = false;
};
struct DisableArgs {
  std::string job, reason, by;
  bool undo = false;
};
struct KillSwitchArgs {
  std::string what, reason, by;
  bool stop_running = false;
};
struct DecideArgs {
  std::string slot, decision, reason, by;
};
struct DriftArgs {};
struct ReloadArgs {
  std::string reason, by;
};
struct NodesArgs {};
struct NodeDrainArgs {
  std::string node, reason, by;
  bool undo = false;
};
struct TokensArgs {};
struct TokenCreateArgs {
  std::string name, role, expires, reason, by;
  std::vector<std::string> rights, jobs, networks;
};
struct TokenRotateArgs {
  std::string token, overlap, reason, by;
};
struct TokenRevokeArgs {
  std::string token, reason, by;
};
struct ApprovalsArgs {
  bool all = false;
};
struct ApproveArgs {
  std::string approval, reason, by;
  bool yes = false, no_wait = false;
};
struct RefuseArgs {
  std::string approval, reason, by;
};
struct AuditArgs {
  std::string job, who, what, outcome, since;
  std::string from, to;  // one of them: the auditor's comparison instead
  int limit = 50;
};
struct AuditSlotsArgs {
  std::string from, to, job;
};
struct AuditReportArgs {
  std::string day;  // empty: all there are
  std::string verify, key;
};
struct AuditExportArgs {
  std::string after;
};
struct AuditCheckArgs {};
struct AlertsArgs {
  std::string state, rule, severity, job;
  bool all = false;
  int limit = 50;
};
struct AlertShowArgs {
  std::string alert;
};
struct AlertRulesArgs {};
struct AlertExplainArgs {
  std::string rule;  // empty: all there are
};
struct SilencesArgs {
  bool all = false;
};
struct AlertSilenceArgs {
  std::vector<std::string> matchers;
  std::string until, reason, by;
};
struct AlertUnsilenceArgs {
  std::string silence, reason, by;
};
struct AlertTestArgs {
  std::string notifier, by;
  std::string reason = "whether notices arrive";
};
struct MigrateArgs {
  std::string from, to;  // both or none: a database to move, and where
};
struct DemoArgs {
  std::int64_t users = 5000, streams = 400, seed = 1;
  int history_days = 3;
};
struct DoctorArgs {
  std::string grants;  // a role: print what gives it its rights, and nothing else
};
struct ImportCrontabArgs {
  std::string file, zone;
  bool system = false;
};
struct ConfigArgs {
  std::string key;     // with all below it; empty: everything
  bool origin = true;  // tells where each value comes from
};
struct ConfigCheckArgs {};
struct CompletionArgs {
  std::string shell;
};
struct CompleteArgs {  // hidden: what the completion scripts ask
  std::string what;
};
struct ManualArgs {  // hidden: what the manual's pages are made of
  std::string page, book;
};
struct HealthcheckArgs {};
struct VersionArgs {};

using Command = std::variant<
    ServeArgs, RunArgs, ProfileArgs, TuneArgs, BenchArgs, JobsArgs, NextArgs, HistoryArgs,
    HistoryExportArgs, StatsArgs, ShowArgs, PauseArgs, ResumeArgs, CancelArgs, BackfillArgs,
    MigrateArgs, DemoArgs, DoctorArgs, ImportCrontabArgs, ConfigArgs, ConfigCheckArgs,
    CompletionArgs, CompleteArgs, ManualArgs, HealthcheckArgs, VersionArgs, ClientsArgs,
    DisconnectArgs, FestivalsArgs, FestivalShowArgs, FestivalCreateArgs, FestivalEditArgs,
    FestivalValidateArgs, FestivalPreviewArgs, FestivalActivateArgs, FestivalEndArgs,
    FestivalRemoveArgs, SimulateArgs, ScheduleSetArgs, SchedulePreviewArgs, ScheduleResetArgs,
    ScheduleShowArgs, UndoArgs, PriorityArgs, EnableArgs, DisableArgs, KillSwitchArgs, DecideArgs,
    DriftArgs, ReloadArgs, NodesArgs, TokensArgs, TokenCreateArgs, TokenRotateArgs, TokenRevokeArgs,
    ApprovalsArgs, ApproveArgs, RefuseArgs, AuditArgs, AuditExportArgs, AuditCheckArgs, AlertsArgs,
    AlertShowArgs, AlertRulesArgs, AlertExplainArgs, SilencesArgs, AlertSilenceArgs,
    AlertUnsilenceArgs, AlertTestArgs, AuditSlotsArgs, AuditReportArgs, NodeDrainArgs,
    SlotsCancelArgs, SlotsRetryArgs>;

struct Invocation {
  Common common;
  Command command;
};

// `--help` and its like: a text to print, and success.
struct Help {
  std::string text;
};

// Reads the words after the program's name. A mistake is Errc::invalid with one line that says what
// is wrong and the nearest known word.
Result<std::variant<Invocation, Help>> read_arguments(const std::vector<std::string>& words);

// The parser itself, for completion scripts and manual pages, which are made by walking it. What it reads goes
// into `invocation`, which must outlive it.
std::shared_ptr<CLI::App> make_parser(Invocation& invocation);

}  // namespace hotclock::cli
