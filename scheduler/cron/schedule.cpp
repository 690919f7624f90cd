#include "scheduler/cron/schedule.h"

#include <utility>

#include "scheduler/cron/fields.h"
#include "scheduler/cron/plan.h"

namespace hotclock {
namespace {

constexpr std::string_view kDstRules = "vixie, ocps or single-value";
constexpr std::string_view kDialects = "hotclock, strict or quartz";

std::int64_t floor_second(Instant t) {
  const std::int64_t ms = to_millis(t);
  return ms >= 0 ? ms / 1000 : -((999 - ms) / 1000);
}

// Far outside of all years there are, and far from overflow.
Instant bounded(Instant t) {
  constexpr std::int64_t kBound = std::int64_t{1} << 45;
  return from_millis(std::min(std::max(to_millis(t), -kBound), kBound));
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
  if (!cron::read_expression(reading, *plan)) return reading.error();
  if (plan->kind == cron::Kind::fields) cron::settle(*plan);
  plan->text = text;
  return Schedule(std::move(plan));
}

Result<Schedule> Schedule::parse(std::string_view text, const ScheduleOptions& options) {
  auto read = Schedule::read(text, options);
  if (auto* error = std::get_if<ScheduleError>(&read))
    return Error(Errc::invalid, error->message());
  return std::get<Schedule>(std::move(read));
}

std::optional<Instant> Schedule::next(Instant after) const {
  const std::int64_t s = cron::next_second(*plan_, floor_second(bounded(after)) + 1);
  if (s == cron::kNone) return std::nullopt;
  return from_millis(s * 1000);
}

std::optional<Instant> Schedule::previous(Instant before) const {
  const std::int64_t s = cron::previous_second(*plan_, floor_second(bounded(before) - Duration(1)));
  if (s == cron::kNoneBefore) return std::nullopt;
  return from_millis(s * 1000);
}

bool Schedule::matches(Instant t) const {
  return to_millis(t) % 1000 == 0 && next(t - Duration(1)) == t;
}

bool Schedule::is_reboot() const { return plan_->kind == cron::Kind::reboot; }

bool Schedule::never() const { return plan_->kind == cron::Kind::fields && plan_->years.empty(); }

bool Schedule::is_fixed() const { return plan_->fixed; }

const std::string& Schedule::text() const { return plan_->text; }
const Zone& Schedule::zone() const { return *plan_->zone; }
DstRule Schedule::dst_rule() const { return plan_->rule; }
Dialect Schedule::dialect() const { return plan_->dialect; }

}  // namespace hotclock
