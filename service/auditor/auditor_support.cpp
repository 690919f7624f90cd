#include "service/auditor/auditor_support.h"

#include <algorithm>

#include <fmt/format.h>

namespace hotclock::auditor {
namespace {

std::vector<config::JobDefaults> known_jobs() {
  std::vector<config::JobDefaults> all;
  for (const char* name : {"poll", "throne-expiry", "festival-activation"})
    all.push_back({.name = name, .schedule = "*/5 * * * *"});
  config::JobDefaults bonus{
      .name = "og-daily-bonus", .schedule = "5 0 * * *", .zone = "Australia/Sydney"};
  bonus.policy.catch_up.kind = CatchUp::all;
  bonus.check = [](config::Section settings) {
    static_cast<void>(settings.decimal("share", {6, 1}, {0, 0}, {1, 0}));
    static_cast<void>(settings.finish());
  };
  all.push_back(std::move(bonus));
  return all;
}

}  // namespace

AuditorFixture::AuditorFixture() {
  sql::speak_as_sqlite(db());
  settings();
  sql("INSERT INTO og_tiers (tier, name, price_coins, duration_days) VALUES (1, 'Fresh', 5000, 15),"
      " (2, 'Skilled', 7000, 25), (3, 'Elite', 9000, 30), (4, 'Crown', 15000, 60), (5, 'Immortal', "
      "45000, 180)");
  must(see_settings(db(), settings_, start - 30 * 24h));
}

void AuditorFixture::settings(const std::vector<std::pair<std::string, std::string>>& files,
                              const std::string& main) {
  config::Sources sources{config::File{"hotclock.toml", main}, {}};
  for (const auto& [job, text] : files) sources.jobs.push_back({"jobs.d/" + job + ".toml", text});
  settings_ = must(config::read(sources, {}, known_jobs()));
}

void AuditorFixture::enrol(const std::string& job, const std::string& stored, Instant since) {
  must(worker().ledger().enrol({{job, stored, since}}));
  worker().job(job).overlap = Overlap::allow;
}

void AuditorFixture::reschedule(const std::string& job, const std::string& stored, Instant at) {
  auto act = worker().act(at);
  act.cursors.push_back({job, at, 0, stored});
  worker().settled(act);
}

void AuditorFixture::works(const std::string& job, Instant from, Instant until, Duration every) {
  for (Instant at = from; at <= until; at += every) works_one(job, at);
}

std::string AuditorFixture::works_one(const std::string& job, Instant at, Tally tally,
                                      Trigger trigger) {
  worker().enters(job, at, trigger);
  auto cursor = worker().act(at);
  cursor.cursors.push_back({job, at});
  worker().settled(cursor);
  const auto claim = worker().claims_one(at);
  auto act = worker().act(at + 1s);
  act.endings.push_back({.permit = claim.permit,
                         .started_at = at,
                         .ended_at = at + 1s,
                         .follow = Ends{End::completed},
                         .outcome = "completed",
                         .error = {},
                         .tally = std::move(tally)});
  worker().settled(act);
  return claim.permit->execution.text();
}

void AuditorFixture::ends_unworked(const std::string& job, Instant at, Instant entered, End end,
                                   const std::string& reason) {
  auto act = worker().act(entered);
  act.entries.push_back({.slot = {job, at}, .available_at = at, .ended = end, .reason = reason});
  act.cursors.push_back({job, at});
  worker().settled(act);
}

void AuditorFixture::users(std::int64_t count) {
  sql(
      fmt::format("WITH RECURSIVE n (id) AS (SELECT CAST(1 AS BIGINT) UNION ALL SELECT id + 1 FROM "
                  "n WHERE id < {})"
                  " INSERT INTO users (id, username, og_level, og_expires_at, country, created_at)"
                  " SELECT id, 'user' || id, 1 + id % 5, {}, 'NP', {} FROM n",
                  count, to_millis(start + 10 * 24h), to_millis(start - 400 * 24h)));
}

void AuditorFixture::pays(std::int64_t count, const std::string& date, Instant at) {
  const std::string amount =
      "CASE og_level WHEN 1 THEN 200 WHEN 2 THEN 168 WHEN 3 THEN 180 ELSE 150 END";
  const std::int64_t coins =
      number(fmt::format("SELECT coalesce(sum({}), 0) FROM users WHERE id <= {}", amount, count));
  const std::string execution =
      works_one("og-daily-bonus", at, {{"users", count}, {"coins", coins}});
  sql(
      fmt::format("INSERT INTO transactions (user_id, type, amount, currency, status, bonus_date, "
                  "execution_id, metadata, created_at)"
                  " SELECT id, 'og_bonus', {0}, 'bonus', 'completed', '{1}', '{2}', '{{\"tier\":' "
                  "|| og_level || '}}', {3}"
                  " FROM users WHERE id <= {4}",
                  amount, date, execution, to_millis(at), count));
  sql(
      fmt::format("UPDATE users SET bonus_balance = bonus_balance + {0}, last_bonus_date = '{1}' "
                  "WHERE id <= {2}",
                  amount, date, count));
}

void AuditorFixture::sql(const std::string& text) {
  const sql::Statement statement{"test.damage", text};
  auto transaction = must(db().write());
  must(transaction->exec(statement));
  must(transaction->commit());
}

Comparison AuditorFixture::compared(Instant from, Instant until, Wanted wanted) {
  return must(compare({db(), settings_, now_}, {from, until}, wanted));
}

std::vector<std::string> AuditorFixture::found(Instant from, Instant until, Wanted wanted) {
  return lines_of(compared(from, until, std::move(wanted)));
}

SlotCounts AuditorFixture::counts(const std::string& job) {
  return looked_at(compared(start, now_), "slots " + job).slots.value();
}

std::vector<std::string> lines_of(const Comparison& comparison) {
  std::vector<std::string> lines;
  for (const Looked& looked : comparison.looked)
    for (const Difference& one : looked.differences.kept())
      lines.push_back(std::string(to_string(one.kind)) + " " + one.subject);
  std::ranges::sort(lines);
  return lines;
}

const Looked& looked_at(const Comparison& comparison, const std::string& scope) {
  const auto found = std::ranges::find(comparison.looked, scope, &Looked::scope);
  if (found == comparison.looked.end()) throw std::runtime_error(scope + " was not looked at");
  return *found;
}

}  // namespace hotclock::auditor
