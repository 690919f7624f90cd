#include "service/cli/import_crontab.h"

#include <algorithm>
#include <array>
#include <boost/json/array.hpp>
#include <memory>
#include <optional>

#include <fmt/format.h>

#include "scheduler/base/utf8.h"
#include "scheduler/cron/schedule.h"
#include "scheduler/zone/zone.h"
#include "service/cli/crontab.h"
#include "service/cli/when.h"

namespace hotclock::cli {
namespace {

constexpr int shown_runs = 3;

void remark(ImportedLine& line, LineVerdict verdict, std::string text) {
  line.verdict = std::max(line.verdict, verdict);
  line.remarks.push_back(std::move(text));
}

// What holds for the entries below a setting.
struct Context {
  std::string zone;
  int broken_zone_line = 0;  // of a CRON_TZ that names no zone
};

// ---- NAME=value ----

struct KnownSetting {
  std::string_view name;
  std::string_view remark;
};

constexpr std::array<KnownSetting, 7> known_settings{{
    {"MAILTO", "Hotclock sends no mail: how a run ended is in its history"},
    {"MAILFROM", "Hotclock sends no mail: how a run ended is in its history"},
    {"SHELL", "Hotclock runs no commands, so it needs no shell"},
    {"PATH", "Hotclock runs no commands, so it needs no path"},
    {"HOME", "Hotclock runs no commands, so it needs no home directory"},
    {"TZ", "this is the zone of the commands alone: it moves no schedule (CRON_TZ does)"},
    {"RANDOM_DELAY", "there is no random delay here: write H for a minute of the job's own"},
}};

void take_zone(const CrontabSetting& setting, ImportedLine& line, Context& context) {
  if (const auto zone = load_zone(setting.value); !zone) {
    context.broken_zone_line = line.line;
    remark(line, LineVerdict::refused, zone.error().message());
    return;
  }
  context.zone = setting.value;
  context.broken_zone_line = 0;
  remark(line, LineVerdict::ok, "the zone of the entries below");
}

void judge(const CrontabSetting& setting, ImportedLine& line, Context& context,
           const ImportOptions&) {
  line.column = setting.name.column;
  if (setting.name.text == "CRON_TZ") return take_zone(setting, line, context);
  const auto known = std::ranges::find(known_settings, setting.name.text, &KnownSetting::name);
  if (known == known_settings.end())
    remark(line, LineVerdict::ok, "a variable of the commands: it has no use here");
  else
    remark(line, setting.name.text == "RANDOM_DELAY" ? LineVerdict::warning : LineVerdict::ok,
           std::string(known->remark));
}

// ---- what could not be read ----

void judge(const CrontabFault& fault, ImportedLine& line, Context&, const ImportOptions&) {
  line.column = fault.column;
  remark(line, LineVerdict::refused, fault.why);
}

// ---- entries ----

constexpr std::size_t day_field = 2;
constexpr std::size_t weekday_field = 4;

// Cron joins both day fields by AND as soon as one begins with `*`, be it "*/2"; a cron expression
// here does so only where it is said, by a `+` in front of the weekday.
bool joins_days(const CrontabEntry& entry) {
  if (entry.fields.size() != 5) return false;
  const std::string& day = entry.fields[day_field].text;
  const std::string& weekday = entry.fields[weekday_field].text;
  return day != "*" && weekday != "*" && (day.starts_with('*') || weekday.starts_with('*'));
}

std::string joined(const CrontabEntry& entry, bool with_plus) {
  std::string out;
  for (std::size_t i = 0; i < entry.fields.size(); ++i) {
    if (i > 0) out += ' ';
    if (with_plus && i == weekday_field) out += '+';
    out += entry.fields[i].text;
  }
  return out;
}

// Where column `column` of the joined text stands in the line.
int column_in_line(const CrontabEntry& entry, std::size_t column) {
  std::size_t begin = 1;
  for (const CrontabPart& field : entry.fields) {
    if (column < begin + field.text.size() + 1)
      return field.column + static_cast<int>(column > begin ? column - begin : 0);
    begin += field.text.size() + 1;
  }
  return entry.fields.back().column;
}

bool looks_like_a_field(std::string_view word) {
  return !word.empty() && word.find_first_not_of("0123456789*/,-") == std::string_view::npos;
}

// Signs that the columns are not what they seem.
void suspect_columns(const CrontabEntry& entry, ImportedLine& line, bool system) {
  const std::string_view command = entry.command.text;
  const std::string_view first = command.substr(0, command.find_first_of(" \t"));
  const std::string_view behind_times = system ? std::string_view(entry.user.text) : first;
  if (looks_like_a_field(behind_times))
    remark(line, LineVerdict::warning,
           fmt::format("\"{}\" stands behind five fields: cron has no field for seconds",
                       behind_times));
  if (!system && first == "root")
    remark(line, LineVerdict::warning,
           "the command begins with \"root\": is this a system crontab (--system)?");
}

std::variant<Schedule, ScheduleError> read_as(const std::string& text, const std::string& zone,
                                              const std::string& name, Dialect dialect) {
  return Schedule::read(
      text, {.zone = zone, .dst = DstRule::vixie, .dialect = dialect, .hash_key = name});
}

// Extensions mean something here, but cron refuses them or does something else.
void compare_with_cron(const CrontabEntry& entry, const Context& context, ImportedLine& line) {
  if (entry.fields.size() != 5) return;
  const auto strict = read_as(joined(entry, false), context.zone, entry.name, Dialect::strict);
  const auto* error = std::get_if<ScheduleError>(&strict);
  if (!error) return;
  line.column = column_in_line(entry, error->column);
  remark(line, LineVerdict::warning,
         "cron may read this otherwise, or not at all: " + error->problem);
}

void tell_warnings(const Schedule& schedule, Instant now, ImportedLine& line) {
  for (const ScheduleWarning& warning : schedule.warnings(now))
    remark(line, LineVerdict::warning, warning.text);
}

std::string toml_text(std::string_view text) {
  std::string out = "\"";
  for (const char c : text) {
    if (c == '"' || c == '\\') out += '\\';
    out += c;
  }
  return out + '"';
}

// One comment line, whatever is in it.
std::string comment_text(std::string_view text) {
  std::string out(text);
  std::ranges::replace_if(
      out, [](char c) { return static_cast<unsigned char>(c) < 0x20 || c == 0x7f; }, ' ');
  return out;
}

std::string toml_of(const ImportedLine& line, const std::string& comment) {
  std::string out =
      fmt::format("# jobs.d/{}.toml: the schedule part, for the job of that name.\n", line.name);
  if (!comment.empty()) out += "# " + comment_text(comment) + "\n";
  out += "# Line " + std::to_string(line.line) +
         " of the crontab ran: " + comment_text(line.command) + "\n";
  out += "schedule = " + toml_text(line.schedule) + "\n";
  return out + "zone = " + toml_text(line.zone) + "\n";
}

void take(const Schedule& schedule, const CrontabEntry& entry, ImportedLine& line, Instant now) {
  line.description = schedule.describe();
  Instant at = now;
  while (static_cast<int>(line.next.size()) < shown_runs) {
    const auto next = schedule.next(at);
    if (!next) break;
    line.next.push_back(at = *next);
  }
  if (schedule.is_reboot())
    remark(line, LineVerdict::warning,
           "due once each time the scheduler starts, which is not each time the machine does");
  tell_warnings(schedule, now, line);
  line.toml = toml_of(line, entry.comment);
}

void refuse(const CrontabEntry& entry, ScheduleError error, ImportedLine& line, bool system) {
  line.column = column_in_line(entry, error.column);
  error.column = 0;  // it is the line's that counts
  remark(line, LineVerdict::refused, error.message());
  suspect_columns(entry, line, system);
}

void describe(const CrontabEntry& entry, const Context& context, ImportedLine& line) {
  line.column = entry.fields[0].column;
  line.name = entry.name;
  line.user = entry.user.text;
  line.command = entry.command.text;
  line.input = entry.input;
  line.schedule = joined(entry, joins_days(entry));
  line.zone = context.zone;
}

void tell_peculiarities(const CrontabEntry& entry, const Context& context, ImportedLine& line,
                        bool system) {
  compare_with_cron(entry, context, line);
  if (joins_days(entry))
    remark(line, LineVerdict::warning,
           "cron wants both the day of the month and the weekday here, because one begins with *; "
           "the + says so");
  suspect_columns(entry, line, system);
  if (!entry.input.empty())
    remark(line, LineVerdict::warning, "what follows the first % is the command's input");
}

void judge(const CrontabEntry& entry, ImportedLine& line, Context& context,
           const ImportOptions& options) {
  describe(entry, context, line);
  if (context.broken_zone_line > 0)
    return remark(line, LineVerdict::refused,
                  fmt::format("its zone is not known: see line {}", context.broken_zone_line));
  // First as it stands in the file, so that no message speaks of a `+` that is not there.
  for (const std::string& text : {joined(entry, false), line.schedule}) {
    const auto read = read_as(text, context.zone, entry.name, Dialect::hotclock);
    if (const auto* error = std::get_if<ScheduleError>(&read))
      return refuse(entry, *error, line, options.system);
  }
  const auto read = read_as(line.schedule, context.zone, entry.name, Dialect::hotclock);
  const auto& schedule = std::get<Schedule>(read);
  if (!schedule.is_reboot() && schedule.never())
    return remark(line, LineVerdict::refused, "it never comes due: there is no such date");
  tell_peculiarities(entry, context, line, options.system);
  take(schedule, entry, line, options.now);
}

Tone tone_of(LineVerdict verdict) {
  switch (verdict) {
    case LineVerdict::ok:
      return Tone::good;
    case LineVerdict::warning:
      return Tone::notice;
    case LineVerdict::refused:
      return Tone::bad;
  }
  return Tone::plain;
}

std::string next_text(const ImportedLine& line) {
  const auto zone = load_zone(line.zone);
  std::string out;
  for (const Instant at : line.next)
    out += (out.empty() ? "" : ", ") + (zone ? local_text(at, **zone) : to_string(at));
  return out;
}

std::string what_text(const ImportedLine& line) {
  std::string out = line.description;
  for (const std::string& said : line.remarks) out += (out.empty() ? "" : "; ") + said;
  if (line.verdict == LineVerdict::refused) out = fmt::format("column {}: {}", line.column, out);
  return out;
}

boost::json::object as_json(const ImportedLine& line) {
  boost::json::array remarks(line.remarks.begin(), line.remarks.end());
  boost::json::object out{{"line", line.line},
                          {"column", line.column},
                          {"verdict", name_of(line.verdict)},
                          {"remarks", std::move(remarks)},
                          {"text", line.text}};
  if (line.name.empty()) return out;
  boost::json::array next;
  for (const Instant at : line.next) next.emplace_back(to_string(at));
  out["name"] = line.name;
  if (!line.user.empty()) out["user"] = line.user;
  out["command"] = line.command;
  if (!line.input.empty()) out["input"] = line.input;
  out["schedule"] = line.schedule;
  out["zone"] = line.zone;
  out["description"] = line.description;
  out["next"] = std::move(next);
  out["toml"] = line.toml;
  return out;
}

}  // namespace

std::string_view name_of(LineVerdict verdict) {
  switch (verdict) {
    case LineVerdict::ok:
      return "ok";
    case LineVerdict::warning:
      return "warning";
    case LineVerdict::refused:
      return "refused";
  }
  return "refused";
}

int ImportReport::count(LineVerdict verdict) const {
  return static_cast<int>(std::ranges::count(lines, verdict, &ImportedLine::verdict));
}

ImportReport import_crontab(std::string_view text, const ImportOptions& options) {
  ImportReport report;
  Context context{options.zone, 0};
  for (const CrontabItem& item : read_crontab(text, options.system)) {
    ImportedLine line;
    line.line = item.line;
    line.text = item.text;
    std::visit([&](const auto& what) { judge(what, line, context, options); }, item.what);
    report.lines.push_back(std::move(line));
  }
  return report;
}

Table table_of(const ImportReport& report) {
  Table table({{"LINE", Column::Kind::number},
               {"VERDICT"},
               {"NAME"},
               {"SCHEDULE", Column::Kind::cut},
               {"NEXT", Column::Kind::wrapped},
               {"WHAT", Column::Kind::wrapped}});
  for (const ImportedLine& line : report.lines)
    table.add({std::to_string(line.line),
               {std::string(name_of(line.verdict)), tone_of(line.verdict)},
               line.name,
               line.name.empty() ? line.text : line.schedule,
               next_text(line),
               what_text(line)});
  return table;
}

std::string suggestions(const ImportReport& report) {
  std::string out;
  for (const ImportedLine& line : report.lines) {
    if (line.toml.empty()) continue;
    if (!out.empty()) out += '\n';
    out += line.toml;
  }
  return out;
}

boost::json::object as_json(const ImportReport& report) {
  boost::json::array lines;
  for (const ImportedLine& line : report.lines) lines.push_back(as_json(line));
  return {{"lines", std::move(lines)},
          {"ok", report.count(LineVerdict::ok)},
          {"warning", report.count(LineVerdict::warning)},
          {"refused", report.count(LineVerdict::refused)}};
}

}  // namespace hotclock::cli
