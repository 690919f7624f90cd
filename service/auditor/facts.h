// What the auditor knows of a job beside its slots, read from the database: the history of its
// schedule, what people did to it, and what was seen of its settings.
#pragma once

#include <cstdint>
#include <functional>
#include <stop_token>
#include <string>
#include <vector>

#include "scheduler/base/result.h"
#include "service/auditor/slots.h"
#include "service/config/config.h"
#include "service/sql/sql.h"

namespace hotclock::auditor {

// What a comparison stands on. All of it outlives it.
struct Ground {
  sql::Database& database;
  const config::Config& settings;
  Instant now;
  // Called between pieces, each of which is a short reading transaction of its own; an error ends
  // the comparison.
  std::function<Result<>()> between = {};
  std::stop_token stop = {};

  Result<std::unique_ptr<sql::Transaction>> read() const;
  Result<> rest() const { return between ? between() : Result<>(); }
};

struct JobRow {
  std::int64_t id = 0;
  std::string name, schedule;
  Instant entered_until;
};
Result<std::vector<JobRow>> jobs(const Ground& ground);
Result<std::optional<JobRow>> find_job(const Ground& ground, const std::string& name);

// Of a job that Hotclock brings along itself and no settings name, too. What is wrong with the
// history of its schedule goes into `out`.
Result<JobFacts> facts_of(const Ground& ground, const JobRow& job, Differences& out);

// Writes down what the settings say of jobs and what the tiers pay where that is not as it was. To
// be called when a program starts, and often: what was not seen is not judged.
Result<> see_settings(sql::Database& database, const config::Config& settings, Instant now);

// What each tier pays a day, 1 to 5; 0: nothing. From og_tiers and the setting `share`.
struct Amounts {
  std::int64_t of[6] = {};
  friend bool operator==(const Amounts&, const Amounts&) = default;
};
std::string to_json(const Amounts& amounts);
Result<Amounts> amounts_in(std::string_view json);
Result<History<Amounts>> amounts_seen(sql::Transaction& sql);

constexpr std::string_view bonus_job = "og-daily-bonus";

}  // namespace hotclock::auditor
