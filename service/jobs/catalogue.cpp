#include "service/jobs/catalogue.h"

#include <algorithm>
#include <type_traits>

#include "service/jobs/command_kind/command_kind.h"
#include "service/jobs/festival_activation/festival_activation.h"
#include "service/jobs/http_kind/http_kind.h"
#include "service/jobs/og_daily_bonus/og_daily_bonus.h"
#include "service/jobs/sql_kind/sql_kind.h"
#include "service/jobs/stream_ranking/stream_ranking.h"
#include "service/jobs/throne_expiry/throne_expiry.h"
#include "service/jobs/trust_score/trust_score.h"

namespace hotclock::jobs {
namespace {

using namespace std::chrono_literals;

// How long an attempt may take, how it is tried again, how long a dead node holds it.
Policy policy(Duration limit, int retries, Duration first_delay, Duration lease) {
  Policy policy;
  policy.soft_limit = limit;
  policy.hard_limit = limit + limit / 2;
  policy.lease = lease;
  policy.retry.retries = retries;
  policy.retry.first_delay = first_delay;
  policy.overlap = Overlap::wait;
  return policy;
}

// The job's own settings are read twice: here for their mistakes, later to make the job.
template <class ReadSettings>
auto check_with(ReadSettings read) {
  return [read](config::Section section) { (void)read(section); };
}

// A job's own list, of the engine that is asked.
template <class Statements>
auto statements_of(Statements list) {
  return [list](const sql::Dialect& dialect) {
    std::span<const sql::Statement* const> all;
    if constexpr (std::is_invocable_v<Statements>)
      all = list();
    else
      all = list(dialect);
    return std::vector<const sql::Statement*>(all.begin(), all.end());
  };
}

// Once a day, and it pays: each day that went wrong is a person's business, and the third is too
// late.
void money_alerts(config::AlertRules& rules) {
  using config::Rule;
  rules[Rule::failed].severity = config::Severity::critical;
  rules[Rule::failing].in_a_row = 2;
  rules[Rule::completed_with_errors].severity = config::Severity::critical;
  rules[Rule::missed].severity = config::Severity::critical;
  rules[Rule::missed].within = std::chrono::days{1};
  rules[Rule::touched_nothing].severity = config::Severity::warning;
  rules[Rule::touched_nothing].in_a_row = 1;
}

Entry og_daily_bonus_entry() {
  Policy p = policy(10min, 3, 5min, 30min);
  p.catch_up.kind = CatchUp::all;  // every missed day is paid, after the longest of outages too
  p.catch_up.window = std::chrono::days{90};
  p.priority = 10;
  p.second_person = true;  // it pays
  p.queue = "money";
  return {{.name = "og-daily-bonus",
           .schedule = "5 0 * * *",
           .zone = "Australia/Sydney",
           .policy = p,
           .check = check_with(og_daily_bonus::read_settings),
           .alerts = money_alerts},
          [](work::Desk& desk, const config::JobConfig& job) -> Result<std::shared_ptr<Job>> {
            config::Section section = job.settings;
            auto settings = og_daily_bonus::read_settings(section);
            if (!settings) return std::move(settings).error();
            auto zone = load_zone(job.schedule.zone().name());
            if (!zone) return std::move(zone).error();
            return std::shared_ptr<Job>(std::make_shared<og_daily_bonus::OgDailyBonus>(
                desk, std::move(zone).value(), *settings));
          },
          "pays OG subscribers their daily bonus",
          statements_of(og_daily_bonus::statements)};
}

// An entry of a job that is made of the desk and its settings.
template <class J, class ReadSettings, class Statements>
Entry entry(std::string name, std::string schedule, Policy policy, ReadSettings read, Statements list,
            std::string does) {
  return {{.name = std::move(name), .schedule = std::move(schedule), .policy = std::move(policy),
           .check = check_with(read)},
          [read](work::Desk& desk, const config::JobConfig& job) -> Result<std::shared_ptr<Job>> {
            config::Section section = job.settings;
            auto settings = read(section);
            if (!settings) return std::move(settings).error();
            return std::shared_ptr<Job>(std::make_shared<J>(desk, *settings));
          },
          std::move(does), statements_of(list)};
}

Entry throne_expiry_entry() {
  Policy p = policy(2min, 2, 1min, 10min);
  p.priority = 5;
  return entry<throne_expiry::ThroneExpiry>("throne-expiry", "*/5 * * * *", p,
                                            throne_expiry::read_settings, throne_expiry::statements,
                                            "ends thrones whose time is up");
}

Entry festival_activation_entry() {
  Policy p = policy(5min, 3, 2min, 15min);
  p.priority = 5;
  return entry<festival_activation::FestivalActivation>("festival-activation", "0 * * * *", p,
                                                        festival_activation::read_settings,
                                                        festival_activation::statements,
                                                        "switches festivals with their gifts and themes");
}

// Ranks and scores that a running execution is about to write need no second one behind it.
Policy passed_over(Policy policy) {
  policy.overlap = Overlap::refuse;
  return policy;
}

// What `make` makes of settings that were read.
template <class Settings, class Make>
Result<std::shared_ptr<Job>> made_of(Result<Settings> settings, Make make) {
  if (!settings) return std::move(settings).error();
  return make(std::move(settings).value());
}

Result<std::shared_ptr<Job>> make_of_kind(work::Desk& desk, const config::JobConfig& job,
                                          const config::Config& settings) {
  if (job.kind == "http")
    return made_of(http_kind::read_settings(job.settings), [&desk](http_kind::Settings read) {
      return std::shared_ptr<Job>(
          std::make_shared<http_kind::HttpJob>(desk.clock(), std::move(read)));
    });
  if (job.kind == "command")
    return made_of(
        command_kind::read_settings(job.settings, settings.commands),
        [](command_kind::Settings read) {
          return std::shared_ptr<Job>(std::make_shared<command_kind::CommandJob>(std::move(read)));
        });
  return made_of(sql_kind::read_settings(job.settings), [&desk](sql_kind::Settings read) {
    return sql_kind::SqlJob::make(desk, std::move(read));
  });
}

}  // namespace

Catalogue catalogue() {
  return {
      og_daily_bonus_entry(),
      throne_expiry_entry(),
      festival_activation_entry(),
      entry<stream_ranking::StreamRanking>("stream-ranking", "*/10 * * * *",
                                           passed_over(policy(3min, 2, 1min, 10min)),
                                           stream_ranking::read_settings, stream_ranking::statements,
                                           "ranks the live streams"),
      entry<trust_score::TrustScore>("trust-score", "*/30 * * * *",
                                     passed_over(policy(10min, 3, 3min, 30min)),
                                     trust_score::read_settings, trust_score::statements,
                                     "scores how far users can be trusted"),
  };
}

const Entry* find(const Catalogue& catalogue, std::string_view job) {
  const auto found = std::ranges::find_if(catalogue, [&](const Entry& e) { return e.defaults.name == job; });
  return found == catalogue.end() ? nullptr : &*found;
}

std::vector<config::JobDefaults> defaults(const Catalogue& of) {
  std::vector<config::JobDefaults> defaults;
  for (const Entry& entry : of) defaults.push_back(entry.defaults);
  return defaults;
}

std::span<const config::Kind> kinds() {
  static const std::vector<config::Kind> all{sql_kind::kind(), command_kind::kind(),
                                             http_kind::kind()};
  return all;
}

Result<std::shared_ptr<Job>> make(work::Desk& desk, const config::JobConfig& job,
                                  const config::Config& settings, const Catalogue& of) {
  if (!job.kind.empty()) return make_of_kind(desk, job, settings);
  const Entry* entry = find(of, job.name);
  if (entry == nullptr) return Error(Errc::internal, "there is no job " + job.name);
  return entry->make(desk, job);
}

std::vector<const sql::Statement*> statements(const sql::Dialect& dialect, const Catalogue& of) {
  const auto of_ranges = kit::range_statements();
  std::vector<const sql::Statement*> all(of_ranges.begin(), of_ranges.end());
  for (const Entry& entry : of) {
    if (!entry.statements) continue;
    const auto own = entry.statements(dialect);
    all.insert(all.end(), own.begin(), own.end());
  }
  return all;
}

}  // namespace hotclock::jobs
