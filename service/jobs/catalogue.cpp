#include "service/jobs/catalogue.h"

#include "service/jobs/festival_activation/festival_activation.h"
#include "service/jobs/og_daily_bonus/og_daily_bonus.h"
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

Entry og_daily_bonus_entry() {
  Policy p = policy(10min, 3, 5min, 30min);
  p.catch_up.kind = CatchUp::all;  // every missed day is paid, after the longest of outages too
  p.catch_up.window = std::chrono::days{90};
  p.priority = 10;
  p.second_person = true;  // it pays
  return {{.name = "og-daily-bonus", .schedule = "5 0 * * *", .zone = "Australia/Sydney", .policy = p,
           .check = check_with(og_daily_bonus::read_settings)},
          [](work::Desk& desk, const config::JobConfig& job) -> Result<std::shared_ptr<Job>> {
            config::Section section = job.settings;
            auto settings = og_daily_bonus::read_settings(section);
            if (!settings) return std::move(settings).error();
            auto zone = load_zone(job.schedule.zone().name());
            if (!zone) return std::move(zone).error();
            return std::shared_ptr<Job>(std::make_shared<og_daily_bonus::OgDailyBonus>(
                desk, std::move(zone).value(), *settings));
          },
          "pays OG subscribers their daily bonus"};
}

// An entry of a job that is made of the desk and its settings.
template <class J, class ReadSettings>
Entry entry(std::string name, std::string schedule, Policy policy, ReadSettings read, std::string does) {
  return {{.name = std::move(name), .schedule = std::move(schedule), .policy = std::move(policy),
           .check = check_with(read)},
          [read](work::Desk& desk, const config::JobConfig& job) -> Result<std::shared_ptr<Job>> {
            config::Section section = job.settings;
            auto settings = read(section);
            if (!settings) return std::move(settings).error();
            return std::shared_ptr<Job>(std::make_shared<J>(desk, *settings));
          },
          std::move(does)};
}

Entry throne_expiry_entry() {
  Policy p = policy(2min, 2, 1min, 10min);
  p.priority = 5;
  return entry<throne_expiry::ThroneExpiry>("throne-expiry", "*/5 * * * *", p,
                                            throne_expiry::read_settings,
                                            "ends thrones whose time is up");
}

Entry festival_activation_entry() {
  Policy p = policy(5min, 3, 2min, 15min);
  p.priority = 5;
  return entry<festival_activation::FestivalActivation>("festival-activation", "0 * * * *", p,
                                                        festival_activation::read_settings,
                                                        "switches festivals with their gifts and themes");
}

// Ranks and scores that a running execution is about to write need no second one behind it.
Policy passed_over(Policy policy) {
  policy.overlap = Overlap::refuse;
  return policy;
}

}  // namespace

std::vector<Entry> catalogue() {
  return {
      og_daily_bonus_entry(),
      throne_expiry_entry(),
      festival_activation_entry(),
      entry<stream_ranking::StreamRanking>("stream-ranking", "*/10 * * * *",
                                           passed_over(policy(3min, 2, 1min, 10min)),
                                           stream_ranking::read_settings, "ranks the live streams"),
      entry<trust_score::TrustScore>("trust-score", "*/30 * * * *",
                                     passed_over(policy(10min, 3, 3min, 30min)),
                                     trust_score::read_settings, "scores how far users can be trusted"),
  };
}

std::vector<config::JobDefaults> defaults() {
  std::vector<config::JobDefaults> defaults;
  for (Entry& entry : catalogue()) defaults.push_back(std::move(entry.defaults));
  return defaults;
}

std::vector<const sql::Statement*> statements(const sql::Dialect& dialect) {
  std::vector<const sql::Statement*> all;
  const auto add = [&all](const auto& some) { all.insert(all.end(), some.begin(), some.end()); };
  add(kit::range_statements());
  add(og_daily_bonus::statements(dialect));
  add(throne_expiry::statements(dialect));
  add(festival_activation::statements());
  add(stream_ranking::statements(dialect));
  add(trust_score::statements(dialect));
  return all;
}

}  // namespace hotclock::jobs
