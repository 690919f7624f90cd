#include "service/config/alert_words.h"

#include <algorithm>

#include <fmt/format.h>

namespace hotclock::config {
namespace {

constexpr std::string_view never = "never: its threshold is 0";

std::string failing(const AlertRule& how) {
  const std::string row = fmt::format("{} in a row", how.in_a_row);
  if (how.count == 0) return how.in_a_row == 0 ? std::string(never) : row + " failed";
  const std::string many = fmt::format("{} of the last {} failed", how.count, how.of);
  return how.in_a_row == 0 ? many : many + ", or " + row;
}

// Fixed, or learned from what the job's own executions took.
std::string too_long(const AlertRule& how) {
  if (how.after > Duration::zero()) return "longer than " + to_words(how.after);
  return fmt::format("longer than {:g} times its 99th percentile, once {} are known", how.times,
                     how.samples);
}
std::string too_short(const AlertRule& how) {
  if (how.after > Duration::zero()) return "shorter than " + to_words(how.after);
  return fmt::format("{:g} times shorter than its median, once {} are known", how.times,
                     how.samples);
}

std::string at_least_within(const AlertRule& how) {
  return fmt::format("{} or more within {}", std::max(how.count, 1), to_words(how.within));
}

std::string one_is_enough(const AlertRule& how) {
  return fmt::format("one is enough; told {} longer once another was completed",
                     to_words(how.within));
}

std::string notifier_failing(const AlertRule& how) {
  const std::string waits = "one waits for " + to_words(how.after);
  return how.count == 0 ? waits : fmt::format("{}, or was tried {} times", waits, how.count);
}

}  // namespace

std::string in_words(Rule rule, const AlertRule& how) {
  switch (rule) {
    case Rule::failed:
    case Rule::completed_with_errors:
      return one_is_enough(how);
    case Rule::failing:
      return failing(how);
    case Rule::missed:
    case Rule::refused_often:
      return at_least_within(how);
    case Rule::late:
      return to_words(how.after) + " after it was due";
    case Rule::too_long:
      return too_long(how);
    case Rule::too_short:
      return too_short(how);
    case Rule::touched_nothing:
      return fmt::format("{} in a row, where {:g} % of {} or more before them touched some",
                         std::max(how.in_a_row, 1), how.percent, how.samples);
    case Rule::disabled_long:
      return "longer than " + to_words(how.after);
    case Rule::flapping:
      return how.count == 0 ? std::string(never)
                            : fmt::format("{} turns in the last {} slots", how.count, how.of);
    case Rule::recovering:
      return how.count == 0 ? std::string(never) : fmt::format("{} slots or more", how.count);
    case Rule::outbox_behind:
      return "they wait for " + to_words(how.after);
    case Rule::database_slow:
      return "an answer takes " + to_words(how.after);
    case Rule::database_lost:
      return "for " + to_words(how.after);
    case Rule::disk_filling:
      return fmt::format("less than {:g} % are free", how.percent);
    case Rule::clock_off:
      return fmt::format("by {} or more", to_words(how.after));
    case Rule::node_gone:
      return fmt::format("silent for {}; told for {}", to_words(how.after), to_words(how.within));
    case Rule::notifier_failing:
      return notifier_failing(how);
    case Rule::unknown_outcome:
    case Rule::stuck:
    case Rule::audit_broken:
    case Rule::invariant_broken:
    case Rule::reload_failed:
    case Rule::auditor_differs:
      return {};
  }
  return {};
}

}  // namespace hotclock::config
