#include "service/auditor/facts.h"

#include <algorithm>

#include <fmt/format.h>
#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>

#include "service/auditor/auditor.sql.h"
#include "service/sql/in_one.h"
#include "service/sql/rows.h"

namespace hotclock::auditor {
namespace {

namespace json = boost::json;
namespace text = stmt::auditor;
using Sql = sql::Transaction;

constexpr std::int64_t rows_at_once = 500;
constexpr std::string_view own_job = "history-retention";
// A changed schedule is in force on every node within this.
constexpr Duration until_in_force = std::chrono::minutes{5};

JobRow job_of(const sql::Rows& row) {
  return {row.integer(0), std::string(row.text(1)), std::string(row.text(2)), row.instant(3)};
}

// Calls `each(row)` for the rows of all pages; `key` is the column by which they go on.
template <class Each>
Result<> for_each_page(Sql& sql, const sql::Statement& statement, sql::Param of, int key,
                       Each each) {
  for (std::int64_t after = 0, rows = rows_at_once; rows == rows_at_once;) {
    rows = 0;
    auto read =
        sql::for_each_row(sql, statement, {of, after, rows_at_once}, [&](const sql::Rows& row) {
          after = row.integer(key);
          ++rows;
          each(row);
        });
    if (!read) return read;
  }
  return {};
}

// ---------------------------------------------------------------- the schedule's history

void tell_of_wrong_history(const JobRow& job, Instant now, std::string detail, Differences& out) {
  out.add(
      {Kind::schedule_not_in_force, job.name, now, "schedule of " + job.name, std::move(detail)});
}

Result<Timeline> timeline_of(Sql& sql, const Ground& ground, const JobRow& job, Differences& out) {
  std::vector<Stretch> stretches;
  std::string unreadable, newest;
  auto read = sql::for_each_row(sql, text::schedules, {job.id}, [&](const sql::Rows& row) {
    const Instant since = row.instant(0);
    newest = row.text(1);
    if (!stretches.empty()) stretches.back().until = since;
    auto schedule = stored_schedule(newest, job.name);
    if (schedule)
      stretches.push_back({since, Instant::max(), std::move(schedule).value()});
    else
      unreadable = newest + ": " + schedule.error().message();
  });
  if (!read) return std::move(read).error();
  if (!unreadable.empty())
    tell_of_wrong_history(job, ground.now, "a schedule that counted cannot be read: " + unreadable,
                          out);
  else if (newest != job.schedule)
    tell_of_wrong_history(
        job, ground.now,
        fmt::format("its row has \"{}\", the last change was to \"{}\"", job.schedule, newest),
        out);
  return Timeline(std::move(stretches));
}

// ---------------------------------------------------------------- what people did

std::optional<Instant> until_in(std::string_view detail) {
  const auto summed =
      summed_up_in("; stands for 0 further slots before " +
                   std::string(detail.substr(std::min<std::size_t>(6, detail.size()))));
  return detail.starts_with("until ") && summed ? std::optional(summed->before) : std::nullopt;
}

Result<> read_acts(Sql& sql, std::string_view job, Spans& spans) {
  return for_each_page(sql, text::acts, job, 0, [&spans](const sql::Rows& row) {
    const std::string_view what = row.text(3);
    if (what == "pause" || what == "kill")
      spans.begin(row.instant(1), std::string(row.text(2)), until_in(row.text(4)));
    else
      spans.end(row.instant(1));
  });
}

// The value of a key in what is in force live: {"schedule": ["0 5 * * *", 3]}.
std::optional<std::string> live_value(std::string_view became, std::string_view key) {
  json::error_code failed;
  const json::value parsed = json::parse({became.data(), became.size()}, failed);
  const json::object* values = failed ? nullptr : parsed.if_object();
  const json::value* kept = values ? values->if_contains(key) : nullptr;
  const json::array* pair = kept ? kept->if_array() : nullptr;
  const json::value* value = pair ? pair->if_contains(0) : nullptr;
  if (!value || !value->is_string()) return std::nullopt;
  return std::string(value->as_string());
}

// The newest change as it stands, for whoever looks whether it is in force.
struct LiveSchedule {
  std::optional<std::string> text;
  Instant at;
};

Result<LiveSchedule> read_live_changes(Sql& sql, const std::string& job, Spans& off) {
  LiveSchedule newest;
  auto read =
      for_each_page(sql, text::live_changes, std::string_view(job), 0, [&](const sql::Rows& row) {
        const Instant at = row.instant(1);
        const auto enabled = live_value(row.text(2), "enabled");
        if (enabled == "false")
          off.begin(at, std::string(row.text(3)));
        else
          off.end(at);
        newest = {live_value(row.text(2), "schedule"), at};
      });
  if (!read) return std::move(read).error();
  return newest;
}

// The text of a schedule that was set stands at the end of what counts; an older one may count
// where the new one is no good setting any more, which drift tells of.
void look_whether_in_force(const JobRow& job, const LiveSchedule& live, Instant now,
                           Differences& out) {
  if (!live.text || live.at + until_in_force > now || job.schedule.ends_with(" " + *live.text))
    return;
  tell_of_wrong_history(job, now,
                        fmt::format("\"{}\" was set at {}, and \"{}\" counts", *live.text,
                                    to_string(live.at), job.schedule),
                        out);
}

// ---------------------------------------------------------------- what was seen

std::string rules_of_job(std::string_view job) { return "rules " + std::string(job); }

template <class T, class Read>
Result<History<T>> history(Sql& sql, const std::string& what, Read read_one) {
  History<T> seen;
  std::optional<Error> wrong;
  auto read = sql::for_each_row(sql, text::seen, {what}, [&](const sql::Rows& row) {
    auto value = read_one(row.text(1));
    if (value)
      seen.add(row.instant(0), std::move(value).value());
    else
      wrong = value.error();
  });
  if (!read) return std::move(read).error();
  if (wrong) return *std::move(wrong);
  return seen;
}

__extension__ using Wide = __int128;

// By the rule of the platform: floor(price * share / days), in whole numbers.
Result<Amounts> amounts_now(Sql& sql, const config::Decimal& share) {
  Amounts amounts;
  auto read = sql::for_each_row(sql, text::tiers, {}, [&](const sql::Rows& row) {
    const std::int64_t tier = row.integer(0), price = row.integer(1), days = row.integer(2);
    if (tier < 1 || tier > 5 || row.integer(3) == 0) return;
    const Wide paid_back = Wide{price} * share.units;
    amounts.of[tier] = static_cast<std::int64_t>(paid_back / (Wide{days} * share.divisor()));
  });
  if (!read) return std::move(read).error();
  return amounts;
}

// From what is shown of the settings, which any thread may read.
config::Decimal share_of(const config::Config& settings) {
  constexpr config::Decimal otherwise{6, 1};
  const auto shown =
      std::ranges::find(settings.shown, "jobs.og-daily-bonus.settings.share", &config::Shown::key);
  if (shown == settings.shown.end()) return otherwise;
  std::string value = shown->value;
  std::erase(value, '"');
  return config::Decimal::parse(value).value_or(otherwise);
}

// What is not as it was last seen.
struct ToSee {
  std::string what, value;
};

Result<> look_at(Sql& sql, std::string what, std::string value, std::vector<ToSee>& changed) {
  auto last = sql::first_row(sql, text::last_seen, {what},
                             [](const sql::Rows& row) { return std::string(row.text(0)); });
  if (!last) return std::move(last).error();
  if (*last != value) changed.push_back({std::move(what), std::move(value)});
  return {};
}

Result<std::vector<ToSee>> look_at(Sql& sql, const config::Config& settings) {
  std::vector<ToSee> changed;
  for (const config::JobConfig& job : settings.jobs)
    if (auto done = look_at(sql, rules_of_job(job.name), to_json(rules_of(job)), changed); !done)
      return std::move(done).error();
  auto amounts = amounts_now(sql, share_of(settings));
  if (!amounts) return std::move(amounts).error();
  if (auto done = look_at(sql, "amounts", to_json(*amounts), changed); !done)
    return std::move(done).error();
  return changed;
}

}  // namespace

Result<std::unique_ptr<Sql>> Ground::read() const {
  return database.read({.stop = stop, .deadline = std::chrono::seconds{30}});
}

Result<std::vector<JobRow>> jobs(const Ground& ground) {
  auto sql = ground.read();
  if (!sql) return std::move(sql).error();
  std::vector<JobRow> all;
  for (std::size_t before = 0, first = 1; first || all.size() == before + rows_at_once; first = 0) {
    before = all.size();
    auto read =
        sql::for_each_row(**sql, text::jobs, {all.empty() ? 0 : all.back().id, rows_at_once},
                          [&all](const sql::Rows& row) { all.push_back(job_of(row)); });
    if (!read) return std::move(read).error();
  }
  return all;
}

Result<std::optional<JobRow>> find_job(const Ground& ground, const std::string& name) {
  auto sql = ground.read();
  if (!sql) return std::move(sql).error();
  return sql::first_row(**sql, text::job, {name}, job_of);
}

Result<JobFacts> facts_of(const Ground& ground, const JobRow& job, Differences& out) {
  auto sql = ground.read();
  if (!sql) return std::move(sql).error();
  JobFacts facts;
  facts.name = job.name;
  facts.entered_until = job.entered_until;
  facts.in_settings = job.name == own_job ||
                      std::ranges::find(ground.settings.jobs, job.name, &config::JobConfig::name) !=
                          ground.settings.jobs.end();
  auto timeline = timeline_of(**sql, ground, job, out);
  if (!timeline) return std::move(timeline).error();
  facts.timeline = std::move(timeline).value();
  auto rules = history<Rules>(**sql, rules_of_job(job.name), rules_in);
  if (!rules) return std::move(rules).error();
  facts.rules = std::move(rules).value();
  if (auto read = read_acts(**sql, job.name, facts.paused); !read) return std::move(read).error();
  if (auto read = read_acts(**sql, "", facts.killed); !read) return std::move(read).error();
  auto live = read_live_changes(**sql, job.name, facts.off);
  if (!live) return std::move(live).error();
  if (facts.in_settings) look_whether_in_force(job, *live, ground.now, out);
  return facts;
}

Result<> see_settings(sql::Database& database, const config::Config& settings, Instant now) {
  std::vector<ToSee> changed;
  {
    auto sql = database.read();
    if (!sql) return std::move(sql).error().within("see the settings");
    auto looked = look_at(**sql, settings);
    if (!looked) return std::move(looked).error().within("see the settings");
    changed = std::move(looked).value();
  }
  if (changed.empty()) return {};
  return sql::in_one(database.write(), "see the settings", [&](Sql& sql) -> Result<> {
    for (const ToSee& one : changed)
      if (auto done = sql.exec(text::see, {one.what, now, one.value}); !done)
        return std::move(done).error();
    return {};
  });
}

std::string to_json(const Amounts& amounts) {
  json::array out;
  for (int tier = 1; tier <= 5; ++tier) out.push_back(amounts.of[tier]);
  return json::serialize(out);
}

Result<Amounts> amounts_in(std::string_view text) {
  json::error_code failed;
  const json::value parsed = json::parse({text.data(), text.size()}, failed);
  const json::array* values = failed ? nullptr : parsed.if_array();
  if (!values || values->size() != 5)
    return Error(Errc::corrupt, "what the auditor saw of the tiers is no list of five amounts");
  Amounts amounts;
  for (std::size_t i = 0; i < 5; ++i)
    if (const auto* amount = (*values)[i].if_int64()) amounts.of[i + 1] = *amount;
  return amounts;
}

Result<History<Amounts>> amounts_seen(Sql& sql) {
  return history<Amounts>(sql, "amounts", amounts_in);
}

}  // namespace hotclock::auditor
