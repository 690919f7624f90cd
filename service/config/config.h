// The settings of one node: hotclock.toml, one file per job in jobs.d/, the environment.
// docs/hotclock.toml and docs/jobs.d/ are the reference; a test compares them with what stands
// here.
//
// What a value is, from weakest to strongest: the default, the file, the file's [env.NAME] of the
// profile that was chosen, the environment (HOTCLOCK_SECTION__KEY), for some keys of jobs a live
// change (service/live), the command line. The last is applied by who reads that.
#pragma once

#include <filesystem>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "scheduler/base/result.h"
#include "scheduler/core/policy.h"
#include "scheduler/cron/schedule.h"
#include "service/config/alerts.h"
#include "service/config/api.h"
#include "service/config/notifiers.h"
#include "service/config/otlp.h"
#include "service/config/queues.h"
#include "service/config/realtime.h"
#include "service/config/section.h"
#include "service/config/themes.h"

namespace hotclock::config {

// What a job is by itself; everything a jobs.d file does not say.
struct JobDefaults {
  std::string name;
  std::string schedule;
  std::string zone = "UTC";
  DstRule dst = DstRule::vixie;
  Policy policy = {};
  // Reads the job's own [settings] and calls finish() on them, so that their mistakes are reported
  // with all others. May be empty; then whoever makes the job does it with JobConfig::settings.
  std::function<void(Section settings)> check = {};
  // Of which kind it is, where the settings alone define it; empty: a job of the catalogue.
  std::string kind = {};
  // Whether `repeatable` is a setting of its file.
  bool asks_whether_repeatable = false;
  // What of the alerts' rules is otherwise for it than for all jobs. May be empty.
  std::function<void(AlertRules&)> alerts = {};
};

// One job's settings in force.
struct JobConfig {
  std::string name;
  Schedule schedule;
  std::shared_ptr<const Policy> policy;
  Section settings;  // the job's own
  // Whose role may do something to it by hand, of those that may at all: "operator", "admin".
  std::vector<std::string> may_act = {"operator", "admin"};
  std::string kind = {};  // "sql", ...: defined by its file; empty: a job of the catalogue
  AlertRules alerts = {};        // those of jobs count
  bool profile = false;          // where the time of each attempt goes is kept with it
  std::vector<std::string> tags = {};  // by which people find it
  Rescheduled rescheduled = {};  // live; filled in by who lays live changes over the settings
};

// Who made the platform's tables and changes their shape: Hotclock's migrations, or the operator.
enum class Platform { own, adopted };

struct DatabaseConfig {
  std::string url = "sqlite:hotclock.db";
  std::int64_t cache = std::int64_t{64} << 20;  // bytes of page cache, per connection that writes
  int readers = 4;                              // connections that only read
  int connections = 8;                          // PostgreSQL: connections for work
  std::string schema = "hotclock";              // PostgreSQL: where Hotclock's own tables are,
  std::string platform_schema = "platform";     // and where the platform's are
  Platform platform = Platform::own;            // whose these are
};

struct SchedulerConfig {
  int workers = 4;  // threads that run jobs: so many executions at once, all jobs together
  int ahead = 0;    // slots claimed while every worker is busy: for many tiny executions
  Duration poll =
      std::chrono::milliseconds{100};         // how often news from other processes is looked for
  Duration drain = std::chrono::seconds{30};  // what running work gets to stop in, at shutdown
  Duration look_for_lost = std::chrono::seconds{5};  // how often vanished workers are looked for
};

enum class LogFormat { text, json };
enum class LogLevel { debug, info, warning, error };

struct LogConfig {
  LogFormat format = LogFormat::text;
  LogLevel level = LogLevel::info;
};

// What is kept of slots that ended in one way.
struct KeptConfig {
  Duration retention = std::chrono::days{400};
  std::int64_t most = 0;  // of each job; 0: however many there are
};

struct HistoryConfig {
  Duration retention = std::chrono::days{400};  // ended slots older than this are removed,
  int keep_last = 100;                          // but of each job the last so many stay
  std::map<End, KeptConfig> ends;               // all of them; by itself each as `retention` says
  Duration trends = std::chrono::days{1100};    // the figures of days are kept so long
};

// What jobs of the kind `command` may run.
struct CommandsConfig {
  std::vector<std::string> allow;  // absolute paths of programs; none: nothing may be run
};

// [auditor]
struct AuditorConfig {
  bool enabled = true;                        // whether this node takes its turn at auditing
  Duration every = std::chrono::minutes{10};  // how often the last day is looked at
  std::filesystem::path
      key;  // what reports are signed with; empty: see service/auditor/signature.h
};

struct ReloadConfig {
  Duration watch = Duration::zero();  // how often to look for changed files; zero: never
};

struct Sources;

struct Config {
  std::string node;                   // this node's name; empty: the machine's
  std::string profile;                // whose [env.NAME] tables count; empty: nobody's
  std::vector<std::string> profiles;  // that the files have
  DatabaseConfig database;
  SchedulerConfig scheduler;
  std::vector<QueueRule> queues;      // the default one first, then "money", then in the order of the file
  LogConfig log;
  HistoryConfig history;
  AuditorConfig auditor;
  ReloadConfig reload;
  CommandsConfig commands;
  RealtimeConfig realtime;
  ThemesConfig themes;
  MetricsConfig metrics;
  OtlpConfig otlp;
  ApiConfig api;
  AlertsConfig alerts;
  std::vector<Maintenance> maintenance;  // of all jobs; their policies hold it too
  std::vector<SinkConfig> sinks;         // in the order of the file
  std::vector<NotifierConfig> notifiers;  // in the order of the file
  BeatConfig beat;
  std::filesystem::path jobs_directory;  // where jobs.d was looked for
  std::vector<JobConfig> jobs;           // in the order handed in, then those the files define
  std::vector<Shown> shown;              // every key in force: value and origin, secrets hidden
  std::shared_ptr<const Sources> sources;  // what load() found
};

// What a job is that a file of jobs.d defines by `kind = "NAME"`.
struct Kind {
  std::string name;
  Policy policy = {};
  bool asks_whether_repeatable = false;  // see JobDefaults
  // As JobDefaults::check; `main` holds what the main file says.
  std::function<void(Section settings, const Config& main)> check = {};
};

// All that jobs.d may speak of.
struct Jobs {
  std::span<const JobDefaults> listed = {};
  std::span<const Kind> kinds = {};

  Jobs() = default;
  template <class List>
  Jobs(const List& listed_jobs,
       std::span<const Kind> known_kinds = {})  // NOLINT: implicit on purpose
      : listed(listed_jobs), kinds(known_kinds) {}
};

// A text and the name it is called by in messages.
struct File {
  std::string name;
  std::string text;
};

// The files as they were found; nothing where there are none.
struct Sources {
  std::optional<File> main;
  std::vector<File> jobs;  // named ".../<job>.toml"
  std::filesystem::path jobs_directory = {};
};

// Reads and checks all of it. The error lists every mistake: each a line as in Problem::message(),
// followed by the line of the file where one helps. A file that is named like no job of the list
// defines a job of its own, where it says of which kind.
Result<Config> read(const Sources& sources, const Environment& environment, const Jobs& jobs,
                    const LiveValues& live = {});

// The same from the disk. Without `path` there is no main file, and jobs.d is read only where the
// environment names a directory. A relative directory is looked for beside the main file; the
// default one need not exist.
Result<Config> load(const std::optional<std::filesystem::path>& path,
                    const Environment& environment, const Jobs& jobs);

// Errc::not_found names the nearest job, or else all there are.
Result<const JobConfig*> find_job(const Config& settings, std::string_view name);

// Another text once one of the files that load() would read was changed, came or went.
std::string fingerprint(const std::optional<std::filesystem::path>& path,
                        const Environment& environment);

// Environment of this process, to be handed in.
Environment process_environment(const char* const* variables);

}  // namespace hotclock::config
