#include "service/config/config.h"

#include <sys/stat.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>
#include <fstream>
#include <sstream>
#include <system_error>
#include <tuple>

#include <fmt/format.h>

#include "scheduler/base/names.h"
#include "scheduler/base/nearest.h"
#include "service/config/job_config.h"
#include "service/config/maintenance.h"
#include "service/config/reading.h"

namespace hotclock::config {
namespace {

namespace fs = std::filesystem;
using namespace std::chrono_literals;

constexpr std::string_view default_directory = "jobs.d";

constexpr Names<Platform, 2> platforms{{{Platform::own, "own"}, {Platform::adopted, "adopted"}}};
constexpr Names<LogFormat, 2> formats{{{LogFormat::text, "text"}, {LogFormat::json, "json"}}};
constexpr Names<LogLevel, 4> levels{{{LogLevel::debug, "debug"},
                                     {LogLevel::info, "info"},
                                     {LogLevel::warning, "warning"},
                                     {LogLevel::error, "error"}}};

int count(Section& section, std::string_view key, int otherwise, int least, int most) {
  return static_cast<int>(section.integer(key, otherwise, least, most));
}

// What a URL of a database begins with; anything else is a slip (or a path without "sqlite:").
void check_url(Section& section, const std::string& url) {
  for (const std::string_view scheme : {"sqlite:", "postgresql://", "postgres://", "file:"})
    if (url.starts_with(scheme) && url.size() > scheme.size()) return;
  section.refuse("url", "this is no database's URL",
                 "write sqlite:PATH or postgresql://USER@HOST/NAME, or file:PATH of a file that holds one");
}

DatabaseConfig read_database(Section section) {
  DatabaseConfig out;
  out.url = section.url("url", out.url);
  check_url(section, out.url);
  out.cache = section.bytes("cache", out.cache, 1 << 20, std::int64_t{64} << 30);
  out.readers = count(section, "readers", out.readers, 1, 256);
  out.connections = count(section, "connections", out.connections, 1, 256);
  out.schema = section.text("schema", out.schema);
  out.platform_schema = section.text("platform_schema", out.platform_schema);
  find_name(platforms,
            section.choice("platform", name_of(platforms, out.platform), {"own", "adopted"}),
            out.platform);
  return out;
}

SchedulerConfig read_scheduler(Section section) {
  SchedulerConfig out;
  out.workers = count(section, "workers", out.workers, 1, 1024);
  out.ahead = count(section, "ahead", out.ahead, 0, 100'000);
  out.poll = section.duration("poll", out.poll, 50ms, 1min);
  out.drain = section.duration("drain", out.drain, 0s, 1h);
  out.look_for_lost = section.duration("look_for_lost", out.look_for_lost, 100ms, 1h);
  return out;
}

LogConfig read_log(Section section) {
  LogConfig out;
  find_name(formats, section.choice("format", name_of(formats, out.format), {"text", "json"}),
            out.format);
  find_name(
      levels,
      section.choice("level", name_of(levels, out.level), {"debug", "info", "warning", "error"}),
      out.level);
  return out;
}

constexpr std::array all_ends{End::completed, End::completed_with_errors,
                              End::failed,    End::timed_out,
                              End::cancelled, End::refused,
                              End::missed};

// The sections of the ends go to `below`, where all are kept.
HistoryConfig read_history(Section section, std::vector<Section>& below) {
  HistoryConfig out;
  out.retention = section.duration("retention", out.retention, 24h);
  out.keep_last = count(section, "keep_last", out.keep_last, 1, 1'000'000);
  out.trends = section.duration("trends", out.trends, 24h);
  for (const End end : all_ends) {
    Section kept = below.emplace_back(section.section(to_string(end)));
    out.ends[end] = {.retention = kept.duration("retention", out.retention, 24h),
                     .most = kept.integer("most", 0, 0, 1'000'000'000)};
  }
  return out;
}

ReloadConfig read_reload(Section section) {
  ReloadConfig out;
  out.watch = section.duration("watch", out.watch, 0s, 1h);
  return out;
}

std::vector<Maintenance> read_maintenance(Section section) {
  const std::string zone = section.text("zone", "UTC");
  if (const auto known = load_zone(zone); !known) section.refuse("zone", known.error().message());
  return read_windows(section, "windows", zone);
}

// What holds for all jobs, beside a job's own windows.
void add_windows_for_all(Reading& reading, const std::vector<Maintenance>& windows, Place place,
                         std::vector<std::optional<JobConfig>>& jobs) {
  if (windows.empty()) return;
  for (std::optional<JobConfig>& job : jobs) {
    if (!job) continue;
    auto policy = std::make_shared<Policy>(*job->policy);
    policy->maintenance.insert(policy->maintenance.end(), windows.begin(), windows.end());
    if (never_ends(policy->maintenance))
      reading.add({place, "maintenance.windows",
                   "with those of " + job->name + " these windows leave no time between them",
                   "nothing of it would ever run", {}});
    job->policy = std::move(policy);
  }
}

AuditorConfig read_auditor(Section section) {
  AuditorConfig out;
  out.enabled = section.flag("enabled", out.enabled);
  out.every = section.duration("every", out.every, 1min, 24h);
  out.key = section.file("key");
  return out;
}

CommandsConfig read_commands(Section section) {
  CommandsConfig out;
  out.allow = section.texts("allow", {});
  for (const std::string& program : out.allow)
    if (!program.starts_with('/'))
      section.refuse("allow", fmt::format("\"{}\" is no absolute path", program),
                     "write where the program is, such as /usr/bin/rsync");
  return out;
}

// The main file's section, and those below it, kept until all sections of the reading are known:
// only then can variables that belong to none be told.
class Main {
 public:
  explicit Main(Section root) : root_(std::move(root)) {}

  void read(Config& config) {
    config.node = root_.text("node", "");
    config.profile = root_.text("profile", "");
    config.database = read_database(below("database"));
    config.scheduler = read_scheduler(below("scheduler"));
    read_queues(config);
    config.log = read_log(below("log"));
    config.history = read_history(below("history"), below_);
    config.auditor = read_auditor(below("auditor"));
    config.reload = read_reload(below("reload"));
    Section& maintenance = below_.emplace_back(root_.section("maintenance"));
    config.maintenance = read_maintenance(maintenance);
    windows_ = maintenance.place("windows");
    config.commands = read_commands(below("commands"));
    config.realtime = read_realtime(below("realtime"));
    config.themes = read_themes(below("themes"));
    config.metrics = read_metrics(below("metrics"));
    config.otlp = read_otlp(below("otlp"));
    config.api = read_api(below("api"));
    Section alerts = below("alerts");
    Section rules = below_.emplace_back(alerts.section("rules"));
    config.alerts = read_alerts(alerts, rules);
    Section sinks = below("sinks");
    for (const std::string& name : sinks.keys())
      config.sinks.push_back(read_sink(below_.emplace_back(sinks.section(name)), name));
    Section notifiers = below("notifiers");
    for (const std::string& name : notifiers.keys())
      config.notifiers.push_back(
          read_notifier(below_.emplace_back(notifiers.section(name)), name, config.commands.allow));
    config.beat = read_beat(below("beat"));
    config.jobs_directory = below("jobs").text("directory", default_directory);
  }

  Place place(std::string_view key) const { return root_.place(key); }
  Place place_of_windows() const { return windows_; }

  void finish() {
    for (Section& section : below_) static_cast<void>(section.finish());
    static_cast<void>(root_.finish());
  }

 private:
  Section below(std::string_view key) { return below_.emplace_back(root_.section(key)); }

  void read_queues(Config& config) {
    Section queues = below("queues");
    std::vector<std::string> names = shipped_queues();
    for (const std::string& name : queues.keys())
      if (std::ranges::find(names, name) == names.end()) names.push_back(name);
    int reserved = 0;
    for (const std::string& name : names) {
      Section& one = below_.emplace_back(queues.section(name));
      reserved += config.queues.emplace_back(read_queue(one, name)).reserved;
      if (config.scheduler.workers > 1 && reserved >= config.scheduler.workers && one.given("reserved"))
        one.refuse("reserved",
                   fmt::format("of {} workers {} would be kept for queues", config.scheduler.workers, reserved),
                   "keep fewer, so that at least one is left for all, or raise scheduler.workers");
    }
  }

  Section root_;
  std::vector<Section> below_;
  Place windows_;
};

// Jobs that the program brings along without anybody's settings.
constexpr std::array<std::string_view, 1> names_of_our_own{"history-retention"};

std::vector<std::string_view> names_of(std::span<const Kind> kinds) {
  std::vector<std::string_view> names;
  for (const Kind& kind : kinds) names.push_back(kind.name);
  return names;
}

std::string stem(const std::string& file) { return fs::path(file).stem().string(); }

void refuse_unknown_job(Reading& reading, const File& file, const Jobs& jobs) {
  std::vector<std::string_view> names;
  for (const JobDefaults& job : jobs.listed) names.push_back(job.name);
  const std::string_view near = nearest(stem(file.name), names);
  Problem problem;
  problem.place.file = file.name;
  problem.what = fmt::format("no job is named {}", stem(file.name));
  problem.right = near.empty() ? fmt::format("jobs are {}", fmt::join(names, ", "))
                               : fmt::format("did you mean {}.toml?", near);
  if (!jobs.kinds.empty())
    problem.right += fmt::format(" (a job of your own says kind = \"{}\")",
                                 fmt::join(names_of(jobs.kinds), "\" or \""));
  reading.add(std::move(problem));
}

// Words of lower-case letters and digits with hyphens between them, at most 64 characters in all.
bool is_job_name(std::string_view name) {
  const auto fits = [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-';
  };
  return !name.empty() && name.size() <= 64 && std::ranges::all_of(name, fits) &&
         !name.starts_with('-') && !name.ends_with('-') && name.find("--") == name.npos;
}

void check_name(Section& section, const std::string& name) {
  if (!is_job_name(name))
    section.refuse("", fmt::format("\"{}\" is no name of a job", name),
                   "name the file by lower-case words with hyphens, at most 64 characters");
  if (std::ranges::find(names_of_our_own, name) != names_of_our_own.end())
    section.refuse("", fmt::format("{} is a job of Hotclock's own", name), "choose another name");
}

// A job that this file alone defines; none where it does not say of which kind.
std::optional<JobConfig> read_own_job(Reading& reading, const File& file, const Jobs& jobs,
                                      const Config& main) {
  const std::string name = stem(file.name);
  Section section = reading.file(file.name, file.text, "jobs." + name);
  if (!section.given("kind")) {
    if (section.error()) refuse_unknown_job(reading, file, jobs);
    return std::nullopt;
  }
  check_name(section, name);
  const std::vector<std::string_view> names = names_of(jobs.kinds);
  const std::string said = section.choice("kind", "", names);
  const auto kind = std::ranges::find(jobs.kinds, said, &Kind::name);
  if (kind == jobs.kinds.end()) return std::nullopt;
  JobDefaults defaults{.name = name, .schedule = "", .policy = kind->policy};
  defaults.kind = said;
  defaults.asks_whether_repeatable = kind->asks_whether_repeatable;
  if (kind->check)
    defaults.check = [kind, &main](Section settings) { kind->check(std::move(settings), main); };
  return read_job(std::move(section), defaults, main);
}

std::vector<std::optional<JobConfig>> read_jobs(Reading& reading, const std::vector<File>& files,
                                                const Jobs& jobs, const Config& main) {
  std::vector<std::optional<JobConfig>> out;
  for (const JobDefaults& job : jobs.listed) {
    const std::string path = "jobs." + job.name;
    const auto file =
        std::ranges::find(files, job.name, [](const File& f) { return stem(f.name); });
    out.push_back(read_job(
        file == files.end() ? reading.nothing(path) : reading.file(file->name, file->text, path),
        job, main));
  }
  for (const File& file : files)
    if (std::ranges::find(jobs.listed, stem(file.name), &JobDefaults::name) == jobs.listed.end())
      out.push_back(read_own_job(reading, file, jobs, main));
  return out;
}

Result<void> verdict(const Reading& reading) {
  std::string out;
  std::vector<Problem> problems = reading.problems();
  std::ranges::stable_sort(problems, {}, [](const Problem& problem) {
    return std::tie(problem.place.variable, problem.place.file, problem.place.line);
  });
  for (const Problem& problem : problems) {
    if (!out.empty()) out += '\n';
    out += problem.message();
    if (problem.excerpt.empty()) continue;
    const auto end = problem.excerpt.find('\n');
    out += fmt::format("\n    {}\n    {}", problem.excerpt.substr(0, end),
                       problem.excerpt.substr(end + 1));
  }
  if (out.empty()) return {};
  return Error(Errc::invalid, std::move(out));
}

Section main_section(Reading& reading, const std::optional<File>& main) {
  return main ? reading.file(main->name, main->text) : reading.nothing();
}

// A reading for which a profile has been chosen, by the main file or by the environment.
std::shared_ptr<Reading> reading_of(const std::optional<File>& main,
                                    const Environment& environment, const LiveValues& live = {}) {
  auto reading = Reading::of(environment, live);
  reading->alias("HOTCLOCK_DATABASE__URL", "HOTCLOCK_DATABASE_URL");
  reading->reserve("HOTCLOCK_CONFIG");  // where the main file is
  reading->choose_profile(main_section(*Reading::of(environment), main).text("profile", ""));
  return reading;
}

Error unreadable(const fs::path& path, const std::string& why) {
  return Error(Errc::not_found, fmt::format("{}: {}", path.string(), why));
}

Result<std::string> text_of(const fs::path& path) {
  std::error_code error;
  if (fs::is_directory(path, error)) return unreadable(path, "is a directory, not a file");
  std::ifstream in(path, std::ios::binary);
  if (!in.is_open()) return unreadable(path, std::strerror(errno));
  std::ostringstream text;
  text << in.rdbuf();
  if (in.bad() || text.bad()) return unreadable(path, "cannot be read to its end");
  return std::move(text).str();
}

bool is_settings_file(const fs::directory_entry& entry) {
  const fs::path& path = entry.path();
  return path.extension() == ".toml" && !path.filename().string().starts_with('.');
}

// The *.toml files of a directory, sorted by name.
Result<std::vector<fs::path>> paths_in(const fs::path& directory) {
  std::error_code error;
  std::vector<fs::path> paths;
  for (fs::directory_iterator at(directory, error), end; !error && at != end; at.increment(error))
    if (is_settings_file(*at)) paths.push_back(at->path());
  if (error) return unreadable(directory, error.message());
  std::ranges::sort(paths);
  return paths;
}

Result<std::vector<File>> files_in(const fs::path& directory) {
  auto paths = paths_in(directory);
  if (!paths) return std::move(paths).error();
  std::vector<File> out;
  for (const fs::path& path : *paths) {
    auto text = text_of(path);
    if (!text) return std::move(text).error();
    out.push_back({path.string(), std::move(*text)});
  }
  return out;
}

// Name, inode, size and time of a file; of one that is not there, the name alone.
std::string state_of(const fs::path& path) {
  struct stat state {};
  if (stat(path.c_str(), &state) != 0) return path.string() + "\n";
  return fmt::format("{} {} {} {}.{}\n", path.string(), state.st_ino, state.st_size,
                     state.st_mtim.tv_sec, state.st_mtim.tv_nsec);
}

// Where jobs.d is; nothing where there need not be one, and is none.
std::optional<fs::path> find_jobs(const std::optional<File>& main, const Environment& environment) {
  const auto reading = reading_of(main, environment);
  Section jobs = main_section(*reading, main).section("jobs");
  const fs::path beside = main ? fs::path(main->name).parent_path() : fs::path();
  const fs::path directory = beside / jobs.text("directory", default_directory);
  std::error_code error;
  if (!jobs.given("directory") && (!main || !fs::exists(directory, error))) return std::nullopt;
  return directory;
}

}  // namespace

Result<Config> read(const Sources& sources, const Environment& environment, const Jobs& jobs,
                    const LiveValues& live) {
  const auto reading = reading_of(sources.main, environment, live);
  Config config;
  Main main(main_section(*reading, sources.main));
  main.read(config);
  auto read = read_jobs(*reading, sources.jobs, jobs, config);
  add_windows_for_all(*reading, config.maintenance, main.place_of_windows(), read);
  reading->refuse_unknown_profile(main.place("profile"));
  main.finish();
  if (auto fine = verdict(*reading); !fine) return std::move(fine).error();
  for (std::optional<JobConfig>& job : read) config.jobs.push_back(std::move(job).value());
  config.profiles.assign(reading->profiles().begin(), reading->profiles().end());
  config.shown = reading->shown();
  if (!sources.jobs_directory.empty()) config.jobs_directory = sources.jobs_directory;
  return config;
}

Result<Config> load(const std::optional<fs::path>& path, const Environment& environment,
                    const Jobs& jobs) {
  auto found = std::make_shared<Sources>();
  Sources& sources = *found;
  if (path) {
    auto text = text_of(*path);
    if (!text) return std::move(text).error().within("settings");
    sources.main = File{path->string(), std::move(*text)};
  }
  const auto directory = find_jobs(sources.main, environment);
  if (directory) {
    auto files = files_in(*directory);
    if (!files) return std::move(files).error().within("settings of the jobs");
    sources.jobs = std::move(*files);
    sources.jobs_directory = *directory;
  }
  auto config = read(sources, environment, jobs);
  if (config) config->sources = std::move(found);
  return config;
}

Result<const JobConfig*> find_job(const Config& settings, std::string_view name) {
  std::vector<std::string_view> names;
  for (const JobConfig& job : settings.jobs) {
    if (job.name == name) return &job;
    names.push_back(job.name);
  }
  const std::string_view near = nearest(name, std::span<const std::string_view>(names));
  return Error(Errc::not_found,
               fmt::format("there is no job '{}'; ", name) +
                   (near.empty() ? fmt::format("the jobs are {}", fmt::join(names, ", "))
                                 : fmt::format("did you mean '{}'?", near)));
}

std::string fingerprint(const std::optional<fs::path>& path, const Environment& environment) {
  std::optional<File> main;
  std::string out;
  if (path) {
    out = state_of(*path);
    if (auto text = text_of(*path)) main = File{path->string(), std::move(text).value()};
  }
  if (const auto directory = find_jobs(main, environment))
    if (const auto paths = paths_in(*directory))
      for (const fs::path& file : *paths) out += state_of(file);
  return out;
}

Environment process_environment(const char* const* variables) {
  Environment out;
  for (; variables && *variables; ++variables) {
    const std::string_view variable = *variables;
    const auto equals = variable.find('=');
    if (equals != std::string_view::npos)
      out.emplace(variable.substr(0, equals), variable.substr(equals + 1));
  }
  return out;
}

}  // namespace hotclock::config
