#include "scheduler/cron/schedule.h"

#include <algorithm>
#include <utility>

#include "scheduler/cron/fields.h"
#include "scheduler/cron/plan.h"

namespace hotclock {
namespace {

constexpr std::string_view kDstRules = "vixie, ocps or single-value";
constexpr std::string_view kDialects = "hotclock, strict or quartz";

// The second in which `t` lies, less `back` milliseconds; far outside of all years it stands still.
std::int64_t second_of(Instant t, int back) {
  constexpr std::int64_t kBound = 40'000'000'000;  // seconds; some 1,270 years
  const std::int64_t ms = std::clamp(to_millis(t), -kBound * 1000, kBound * 1000);
  const std::int64_t positive = ms + (kBound + 1) * 1000 - back;
  return static_cast<std::int64_t>(static_cast<std::uint64_t>(positive) / 1000) - (kBound + 1);
}

Error unknown(std::string_view what, std::string_view text, std::string_view accepted) {
  return Error(Errc::invalid, "unknown " + std::string(what) + " \"" +
                                  std::string(text.substr(0, 40)) + "\" (" + std::string(accepted) +
                                  ")");
}

}  // namespace

std::string_view to_string(DstRule rule) {
  return rule == DstRule::vixie ? "vixie" : rule == DstRule::ocps ? "ocps" : "single-value";
}

Result<DstRule> parse_dst_rule(std::string_view text) {
  for (DstRule rule : {DstRule::vixie, DstRule::ocps, DstRule::single_value})
    if (text == to_string(rule)) return rule;
  return unknown("rule for gaps and overlaps", text, kDstRules);
}

std::string_view to_string(Dialect dialect) {
  return dialect == Dialect::hotclock ? "hotclock"
         : dialect == Dialect::strict ? "strict"
                                      : "quartz";
}

Result<Dialect> parse_dialect(std::string_view text) {
  for (Dialect dialect : {Dialect::hotclock, Dialect::strict, Dialect::quartz})
    if (text == to_string(dialect)) return dialect;
  return unknown("dialect", text, kDialects);
}

std::variant<Schedule, ScheduleError> Schedule::read(std::string_view text,
                                                     const ScheduleOptions& options) {
  auto plan = std::make_shared<cron::Plan>();
  cron::Reading reading(text, options);
  if (!cron::read_expression(reading, *plan)) return std::move(reading).error();
  if (plan->has_fields()) cron::settle(*plan);
  plan->text.assign(text.data(), text.size());
  return Schedule(std::move(plan));
}

Result<Schedule> Schedule::parse(std::string_view text, const ScheduleOptions& options) {
  auto read = Schedule::read(text, options);
  if (auto* error = std::get_if<ScheduleError>(&read))
    return Error(Errc::invalid, error->message());
  return std::get<Schedule>(std::move(read));
}

std::optional<Instant> Schedule::next(Instant after) const {
  const std::int64_t s = cron::next_second(*plan_, second_of(after, 0) + 1);
  if (s == cron::kNone) return std::nullopt;
  return from_millis(s * 1000);
}

std::optional<Instant> Schedule::previous(Instant before) const {
  const std::int64_t s = cron::previous_second(*plan_, second_of(before, 1));
  if (s == cron::kNoneBefore) return std::nullopt;
  return from_millis(s * 1000);
}

bool Schedule::matches(Instant t) const {
  return to_millis(t) % 1000 == 0 && next(t - Duration(1)) == t;
}

bool Schedule::is_reboot() const { return plan_->kind == cron::Kind::reboot; }

bool Schedule::never() const { return plan_->kind == cron::Kind::fields && plan_->years.empty(); }

bool Schedule::is_fixed() const { return plan_->fixed; }

std::string_view Schedule::text() const { return {plan_->text.data(), plan_->text.size()}; }
const Zone& Schedule::zone() const { return *plan_->zone; }
DstRule Schedule::dst_rule() const { return plan_->rule; }
Dialect Schedule::dialect() const { return plan_->dialect; }

}  // namespace hotclock
