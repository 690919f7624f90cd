#include "service/jobs/command_kind/command_kind.h"

#include <sys/wait.h>

#include <algorithm>
#include <array>
#include <string_view>

#include <fmt/format.h>

namespace hotclock::command_kind {
namespace {

using namespace std::chrono_literals;

constexpr std::string_view ours = "HOTCLOCK_";
constexpr std::array exits_that_stay{64, 65, 77, 78, 126, 127};

bool is_variable(std::string_view name) {
  const auto fits = [](char c) {
    return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '_';
  };
  return !name.empty() && std::ranges::all_of(name, fits) && !(name[0] >= '0' && name[0] <= '9');
}

bool has_nul(std::string_view text) { return text.find('\0') != text.npos; }

std::vector<std::string> read_argv(config::Section& section,
                                   const config::CommandsConfig& commands) {
  auto argv = section.texts("argv", {});
  if (argv.empty() || !argv[0].starts_with('/')) {
    section.refuse("argv", "it does not begin with a program's whole path",
                   "write argv = [\"/usr/bin/...\", \"argument\"]");
    return argv;
  }
  if (std::ranges::any_of(argv, has_nul)) section.refuse("argv", "a NUL character stands in it");
  if (std::ranges::find(commands.allow, argv[0]) == commands.allow.end())
    section.refuse(
        "argv", fmt::format("{} is not allowed to be run", argv[0]),
        fmt::format("add it to allow in [commands] of the main file: {}",
                    commands.allow.empty() ? "nothing is allowed yet"
                                           : fmt::format("{}", fmt::join(commands.allow, ", "))));
  return argv;
}

std::vector<std::pair<std::string, config::Secret>> read_env(config::Section section) {
  std::vector<std::pair<std::string, config::Secret>> env;
  for (const std::string& name : section.keys()) {
    env.emplace_back(name, section.secret_url(name));
    if (!is_variable(name))
      section.refuse(name, "this is no name of a variable",
                     "write letters, digits and underscores");
    if (name.starts_with(ours)) section.refuse(name, "variables of this name are set by Hotclock");
  }
  static_cast<void>(section.finish());
  return env;
}

command::Launch::Limit limit(__rlimit_resource_t resource, std::int64_t soft, std::int64_t hard) {
  return {resource, {static_cast<rlim_t>(soft), static_cast<rlim_t>(hard)}};
}

std::vector<command::Launch::Limit> limits_of(const Settings& settings) {
  std::vector<command::Launch::Limit> limits{
      limit(RLIMIT_CORE, 0, 0), limit(RLIMIT_NOFILE, settings.open_files, settings.open_files)};
  if (settings.memory > 0) limits.push_back(limit(RLIMIT_AS, settings.memory, settings.memory));
  const auto seconds = std::chrono::ceil<std::chrono::seconds>(settings.cpu_time).count();
  // One that does not end by SIGXCPU is killed a second later.
  if (seconds > 0) limits.push_back(limit(RLIMIT_CPU, seconds, seconds + 1));
  return limits;
}

void tell(ExecutionLog& log, const command::CommandEnd& end) {
  log.line(fmt::format("[{}; {} of CPU, {} MiB at most]", command::to_words(end), to_words(end.cpu),
                       (end.peak_kib + 1023) / 1024));
  if (end.killed_by_us)
    log.line("[it did not stop in time, and was killed with all it had started]");
  if (end.left_behind > 0)
    log.line(fmt::format("[{} of its processes were left to themselves]", end.left_behind));
}

Outcome failed(const command::CommandEnd& end, const std::string& last_line) {
  const std::string said = last_line.empty() ? "" : ": " + last_line;
  const bool stays =
      WIFEXITED(end.status) &&
      std::ranges::find(exits_that_stay, WEXITSTATUS(end.status)) != exits_that_stay.end();
  return Failed{Error(Errc::unavailable, command::to_words(end) + said), stays};
}

Outcome not_run(Error why) {
  if (why.code() == Errc::unknown) return Unclear{std::move(why)};
  return Failed{why, why.code() == Errc::invalid};
}

}  // namespace

Result<Settings> read_settings(config::Section section, const config::CommandsConfig& commands) {
  Settings settings;
  settings.argv = read_argv(section, commands);
  settings.env = read_env(section.section("environment"));
  settings.directory = section.text("directory", settings.directory);
  if (!settings.directory.starts_with('/') || has_nul(settings.directory))
    section.refuse("directory", "it is no absolute path");
  settings.memory = section.bytes("memory", settings.memory, 0, std::int64_t{1} << 40);
  settings.cpu_time = section.duration("cpu_time", settings.cpu_time, 0s, std::chrono::days{7});
  settings.open_files = section.integer("open_files", settings.open_files, 16, 1'000'000);
  settings.grace = section.duration("grace", settings.grace, 0s, 10min);
  settings.output = section.bytes("output", settings.output, 1 << 10, 1 << 20);
  if (auto read = section.finish(); !read) return std::move(read).error();
  return settings;
}

config::Kind kind() {
  config::Kind kind{.name = "command"};
  kind.policy.repeatable = false;
  kind.asks_whether_repeatable = true;
  kind.check = [](config::Section section, const config::Config& main) {
    static_cast<void>(read_settings(std::move(section), main.commands));
  };
  return kind;
}

Outcome CommandJob::run(Execution& execution) {
  ExecutionLog& log = execution.log();
  log.keep(static_cast<std::size_t>(settings_.output));
  auto launch = this->launch(execution);
  if (!launch) return not_run(std::move(launch).error());
  if (execution.dry_run) return Done{};
  const command::Stopping stopping{
      execution.stop(), settings_.grace,
      [&execution] { return execution.permit->stop_reason() == StopReason::lease_lost; }};
  auto end = command::run_command(*launch, stopping, log);
  if (!end) return not_run(std::move(end).error());
  const std::string last_line = log.last_line();
  tell(log, *end);
  execution.peak_memory = end->peak_kib * 1024;
  if (end->asked_to_stop && execution.permit->stop_reason() == StopReason::drain)
    return Unclear{
        Error(Errc::unknown,
              "it was stopped with its node; what it has done until then nobody can tell")};
  if (end->asked_to_stop) return Stopped{};
  if (WIFEXITED(end->status) && WEXITSTATUS(end->status) == 0) return Done{};
  return failed(*end, last_line);
}

Result<command::Launch> CommandJob::launch(Execution& execution) const {
  command::Launch launch{
      .argv = settings_.argv, .directory = settings_.directory, .limits = limits_of(settings_)};
  const Slot& slot = execution.slot();
  launch.environment = {"PATH=/usr/local/bin:/usr/bin:/bin",
                        "LANG=C.UTF-8",
                        "HOTCLOCK_JOB=" + slot.job,
                        "HOTCLOCK_SCHEDULED_FOR=" + to_string(slot.scheduled_for),
                        "HOTCLOCK_EXECUTION=" + execution.permit->execution.text(),
                        fmt::format("HOTCLOCK_ATTEMPT={}", execution.permit->attempt)};
  for (const auto& [name, secret] : settings_.env) {
    auto value = secret.given() ? secret.reveal() : Result<std::string>("");
    if (!value) return Error(Errc::invalid, value.error().message()).within("environment." + name);
    if (has_nul(*value))
      return Error(Errc::invalid, "a NUL character stands in it").within("environment." + name);
    if (secret.shown != *value) execution.log().hide(*value);
    const std::string key = name + "=";
    std::erase_if(launch.environment,
                  [&key](const std::string& known) { return known.starts_with(key); });
    launch.environment.push_back(key + *value);
  }
  return launch;
}

}  // namespace hotclock::command_kind
