#include "service/auditor/auditor.h"

#include <fmt/format.h>

#include "service/auditor/auditor.sql.h"
#include "service/auditor/findings.h"
#include "service/auditor/report.h"
#include "service/sql/in_one.h"
#include "service/sql/rows.h"

namespace hotclock::auditor {
namespace {

namespace text = stmt::auditor;
using Sql = sql::Transaction;

constexpr Duration day = std::chrono::days{1};
// A day is reported when what was due in it has had time to end.
constexpr Duration after_midnight = std::chrono::minutes{15};
constexpr Duration money_holds = std::chrono::hours{1};
constexpr Duration for_invariants = std::chrono::minutes{10};
// Further back than this no reports are made up for.
constexpr Duration longest_gap = std::chrono::days{31};

Result<bool> changed(sql::Database& database, const sql::Statement& statement,
                     std::initializer_list<sql::Param> params) {
  auto done =
      sql::in_one(database.write(), "audit", [&](Sql& sql) { return sql.exec(statement, params); });
  if (!done) return std::move(done).error();
  return *done > 0;
}

Error lost() { return Error(Errc::lease_lost, "another node audits"); }

}  // namespace

Auditor::Auditor(sql::Database& database, Clock& clock, log::Logger& logger, InForce settings,
                 std::optional<SigningKey> key, AuditorSettings options)
    : database_(database),
      clock_(clock),
      logger_(logger),
      settings_(std::move(settings)),
      key_(std::move(key)),
      options_(options) {}

Auditor::~Auditor() { stop(); }

Result<> Auditor::start() {
  if (auto seen = see_settings(database_, *settings_(), clock_.now()); !seen) return seen;
  if (!thread_.joinable()) thread_ = std::jthread([this](std::stop_token stop) { work(stop); });
  return {};
}

void Auditor::stop() {
  if (!thread_.joinable()) return;
  thread_.request_stop();
  thread_.join();
}

void Auditor::work(std::stop_token stop) {
  while (clock_.sleep_until(clock_.now() + options_.turn, stop)) {
    const auto taken = take_turn(stop);
    if (taken || stop.stop_requested()) continue;
    held_.reset();
    if (taken.error().code() != Errc::lease_lost)
      logger_.warning("the auditor could not look; it tries again",
                      {{"error", taken.error().message()}});
  }
  release();
}

Result<bool> Auditor::take_turn(std::stop_token stop) {
  const Instant now = clock_.now();
  auto ours = hold(now);
  if (!ours || !*ours) return ours;
  const auto settings = settings_();
  if (auto seen = see_settings(database_, *settings, now); !seen) return std::move(seen).error();
  if (!held_->passed_at || now >= *held_->passed_at + options_.every)
    if (auto passed = pass(*settings, stop); !passed) return std::move(passed).error();
  if (auto reported = report(*settings, stop); !reported) return std::move(reported).error();
  return true;
}

// ---------------------------------------------------------------- whose turn it is

Result<bool> Auditor::hold(Instant now) {
  if (held_) {
    if (auto kept = keep_lease(); kept)
      return true;
    else if (kept.error().code() != Errc::lease_lost)
      return std::move(kept).error();
    held_.reset();
  }
  if (auto claimed = claim(now); !claimed) return std::move(claimed).error();
  return held_.has_value();
}

Result<> Auditor::claim(Instant now) {
  return sql::in_one(database_.write(), "claim the audit", [&](Sql& sql) -> Result<> {
    if (auto there = sql.exec(text::enlist, {now}); !there) return std::move(there).error();
    auto claimed = sql::first_row(
        sql, text::claim, {options_.node, now, now + options_.lease}, [&](const sql::Rows& row) {
          return Held{row.integer(0), now + options_.lease, row.instant_or_none(1)};
        });
    if (!claimed) return std::move(claimed).error();
    held_ = *claimed;
    return {};
  });
}

// Between pieces; not written more often than need be.
Result<> Auditor::keep_lease() {
  if (clock_.now() + options_.lease / 2 < held_->until) return {};
  return keep_lease_for(options_.lease);
}

Result<> Auditor::keep_lease_for(Duration lease) {
  const Instant until = clock_.now() + lease;
  auto held = changed(database_, text::hold, {held_->fence, until});
  if (!held) return std::move(held).error();
  if (!*held) return lost();
  held_->until = until;
  return {};
}

void Auditor::release() {
  if (!held_) return;
  static_cast<void>(changed(database_, text::release, {held_->fence, clock_.now()}));
  held_.reset();
}

Ground Auditor::ground(const config::Config& settings, std::stop_token stop) {
  const auto between = [this, stop]() -> Result<> {
    if (auto kept = keep_lease(); !kept) return kept;
    if (!clock_.sleep_until(clock_.now() + options_.pause, stop))
      return Error(Errc::stopped, "the node stops");
    return {};
  };
  return {database_, settings, clock_.now(), between, stop};
}

// ---------------------------------------------------------------- the last day

Result<> Auditor::pass(const config::Config& settings, std::stop_token stop) {
  const Ground ground = this->ground(settings, stop);
  Wanted wanted;
  wanted.money = [&](const std::string& date) { return wants_money(date, ground.now); };
  auto comparison = compare(ground, {ground.now - day, ground.now}, wanted);
  if (!comparison) return std::move(comparison).error();
  if (auto kept = keep_findings(database_, *comparison, ground.now); !kept) return kept;
  remember_money(*comparison, ground.now);
  tell(*comparison, "the last day is not as it should be");
  return note_pass(ground.now);
}

Result<> Auditor::note_pass(Instant now) {
  auto noted = changed(database_, text::passed, {held_->fence, now, ""});
  if (!noted) return std::move(noted).error();
  if (!*noted) return lost();
  held_->passed_at = now;
  return {};
}

bool Auditor::wants_money(const std::string& date, Instant now) const {
  const auto found = compared_.find(date);
  return found == compared_.end() || now >= found->second + money_holds;
}

// A date without an end of its own yet is looked at with each pass: it costs nothing until somebody
// was paid.
void Auditor::remember_money(const Comparison& comparison, Instant now) {
  std::erase_if(compared_, [now](const auto& one) { return one.second + money_holds <= now; });
  for (const Looked& looked : comparison.looked)
    if (looked.money && !looked.money->open && looked.money->completed > 0)
      compared_[looked.money->date] = now;
}

void Auditor::tell(const Comparison& comparison, std::string_view what) const {
  if (comparison.differences() == 0) return;
  for (const Looked& looked : comparison.looked)
    if (!looked.differences.none()) {
      const Difference& first = looked.differences.kept().front();
      logger_.error(what, {{"job", first.job},
                           {"differences", looked.differences.total()},
                           {"kind", to_string(first.kind)},
                           {"first", first.subject},
                           {"detail", first.detail}});
    }
}

// ---------------------------------------------------------------- yesterday

// The day after the newest report; where there is none, yesterday.
Result<std::optional<std::string>> Auditor::day_to_report(Instant now) {
  const std::string yesterday = day_of(now - after_midnight - day);
  auto newest = newest_day(database_);
  if (!newest) return std::move(newest).error();
  if (!*newest) return std::optional(yesterday);
  if (**newest >= yesterday) return std::optional<std::string>();
  auto last = range_of_day(**newest);
  if (!last) return std::move(last).error();
  return std::optional(day_of(std::max(last->from + day, now - longest_gap)));
}

Result<> Auditor::report(const config::Config& settings, std::stop_token stop) {
  auto which = day_to_report(clock_.now());
  if (!which) return std::move(which).error();
  if (!*which) return {};
  auto range = range_of_day(**which);
  if (!range) return std::move(range).error();
  // What must hold always is asked by statements that nothing can be done between.
  if (auto kept = keep_lease_for(for_invariants); !kept) return kept;
  const Ground ground = this->ground(settings, stop);
  auto comparison = compare(ground, *range, {.invariants = true});
  if (!comparison) return std::move(comparison).error();
  if (auto kept = keep_findings(database_, *comparison, ground.now); !kept) return kept;
  if (auto held = keep_lease_for(options_.lease); !held) return held;
  auto kept = keep_report(database_, *comparison, **which, key_ ? &*key_ : nullptr, ground.now);
  if (!kept) return kept.error().code() == Errc::unique ? Result<>() : std::move(kept).error();
  tell(*comparison, "yesterday was not as it should be");
  logger_.info("the auditor has signed a day",
               {{"day", **which}, {"differences", kept->differences}, {"seal", kept->seal}});
  return {};
}

}  // namespace hotclock::auditor
