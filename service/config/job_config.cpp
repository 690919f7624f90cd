#include "service/config/job_config.h"

#include <algorithm>
#include <cctype>
#include <variant>

#include <fmt/format.h>

#include "scheduler/zone/zone.h"
#include "service/config/maintenance.h"
#include "service/config/units.h"

namespace hotclock::config {
namespace {

using namespace std::chrono_literals;

constexpr Duration shortest_lease = 5s;
constexpr Duration shortest_limit = 1s;
constexpr Duration longest_limit = std::chrono::days{7};

// One of the enumerators `names` lists, by the names they print.
template <class E>
E named(Section& section, std::string_view key, E otherwise,
        std::initializer_list<std::string_view> names) {
  E out = otherwise;
  from_string(section.choice(key, to_string(otherwise), names), out);
  return out;
}

int count(Section& section, std::string_view key, int otherwise, int least, int most) {
  return static_cast<int>(section.integer(key, otherwise, least, most));
}

RetryRule read_retries(Section section, RetryRule rule) {
  rule.retries = count(section, "count", rule.retries, 0, 100);
  rule.first_delay = section.duration("first_delay", rule.first_delay, 0s, 24h * 7);
  rule.backoff = named(section, "backoff", rule.backoff, {"fixed", "exponential", "jittered"});
  rule.longest_delay = section.duration("longest_delay", rule.longest_delay, 0s, 24h * 7);
  rule.max_age = section.duration("max_age", rule.max_age, 1s);
  if (rule.longest_delay < rule.first_delay && section.error())
    section.refuse("longest_delay", "it is shorter than first_delay",
                   fmt::format("write \"{}\" or more", duration_text(rule.first_delay)));
  static_cast<void>(section.finish());
  return rule;
}

CatchUpRule read_catch_up(Section section, CatchUpRule rule) {
  rule.kind = named(section, "kind", rule.kind, {"none", "last", "all"});
  rule.window = section.duration("window", rule.window, 1min);
  rule.max_slots = count(section, "max_slots", rule.max_slots, 1, 1'000'000);
  rule.spacing = section.duration("spacing", rule.spacing, 0s, 24h);
  rule.grace = section.duration("grace", rule.grace, 0s, 24h);
  static_cast<void>(section.finish());
  return rule;
}

CircuitRule read_circuit(Section section, CircuitRule rule) {
  rule.failures = count(section, "failures", rule.failures, 0, 1000);
  rule.pause = section.duration("pause", rule.pause, 1s, 24h * 30);
  static_cast<void>(section.finish());
  return rule;
}

void read_limits(Section& section, Policy& policy) {
  const bool follows = section.given("max_execution") && !section.given("hard_limit");
  policy.soft_limit =
      section.duration("max_execution", policy.soft_limit, shortest_limit, longest_limit);
  const Duration hard = follows ? policy.soft_limit + policy.soft_limit / 2 : policy.hard_limit;
  policy.hard_limit = section.duration("hard_limit", hard, shortest_limit, 2 * longest_limit);
  policy.lease = section.duration("lease", policy.lease, shortest_lease, longest_limit);
  if (policy.hard_limit <= policy.soft_limit)
    section.refuse("hard_limit", "it is not longer than max_execution",
                   fmt::format("write more than \"{}\"", duration_text(policy.soft_limit)));
}

void read_overlap(Section& section, Policy& policy) {
  policy.overlap =
      named(section, "overlap", policy.overlap, {"refuse", "wait", "replace", "allow"});
  policy.max_running = count(section, "max_running", policy.max_running, 1, 10'000);
  if (policy.max_running > 1 && policy.overlap != Overlap::allow)
    section.refuse("max_running", "only one execution runs at a time by the overlap rule",
                   "write 1, or overlap = \"allow\"");
}

std::vector<Blackout> read_blackouts(Section& section, const std::string& zone_name) {
  std::vector<Blackout> out;
  const auto zone = load_zone(zone_name);
  for (const std::string& text : section.texts("blackouts", {})) {
    if (!zone) break;  // is refused where it stands
    if (const auto stretch = read_stretch(text, **zone))
      out.push_back({stretch->from, stretch->until, text});
    else
      section.refuse("blackouts", fmt::format("\"{}\" is no stretch of time", text),
                     "write \"2026-12-25\", \"2026-12-24/2026-12-26\" or"
                     " \"2026-12-24T18:00/2026-12-26T06:00\"");
  }
  return out;
}

// Short ones would be the end of many a word.
std::vector<std::string> read_hidden_keys(Section& section) {
  auto keys = section.texts("hidden_keys", {});
  const auto is_letter_or_digit = [](unsigned char c) { return std::isalnum(c) != 0; };
  for (const std::string& key : keys)
    if (key.size() > 64 || std::ranges::count_if(key, is_letter_or_digit) < 3)
      section.refuse("hidden_keys", fmt::format("\"{}\" is no key", key),
                     "write keys of 3 to 64 letters and digits, such as \"iban\"");
  return keys;
}

Policy read_policy(Section& section, Policy policy) {
  policy.enabled = section.flag("enabled", policy.enabled);
  if (!policy.enabled) policy.disabled_by = section.place("enabled").text();
  read_limits(section, policy);
  read_overlap(section, policy);
  policy.priority = count(section, "priority", policy.priority, -1000, 1000);
  policy.second_person = section.flag("second_person", policy.second_person);
  policy.hidden_keys = read_hidden_keys(section);
  policy.jitter = section.duration("jitter", policy.jitter, 0s, 24h);
  policy.retry = read_retries(section.section("retries"), policy.retry);
  policy.catch_up = read_catch_up(section.section("catch_up"), policy.catch_up);
  policy.circuit = read_circuit(section.section("circuit"), policy.circuit);
  return policy;
}

void refuse_schedule(Section& section, const ScheduleError& error) {
  std::string what = error.problem;
  if (!error.accepted.empty()) what += " (" + error.accepted + ")";
  std::string right;
  if (!error.suggestion.empty()) right = fmt::format("did you mean {}?", error.suggestion);
  const bool placed = error.column > 0;
  section.refuse("schedule", std::move(what), std::move(right), placed ? error.column - 1 : 0,
                 placed ? std::max<std::size_t>(error.token.size(), 1) : 0);
}

std::optional<Schedule> read_schedule(Section& section, const JobDefaults& defaults) {
  const std::string text = section.text("schedule", defaults.schedule);
  if (text.empty()) {
    section.refuse("schedule", "it is not set, and a job of your own has no other",
                   "write when it is due, such as schedule = \"5 0 * * *\"");
    return std::nullopt;
  }
  const std::string zone = section.text("zone", defaults.zone);
  DstRule rule = defaults.dst;
  const std::string dst =
      section.choice("dst", to_string(defaults.dst), {"vixie", "ocps", "single-value"});
  if (const auto read = parse_dst_rule(dst)) rule = *read;
  if (const auto known = load_zone(zone); !known) {
    section.refuse("zone", known.error().message());
    return std::nullopt;
  }
  auto read = Schedule::read(text, {.zone = zone, .dst = rule, .hash_key = defaults.name});
  if (const auto* error = std::get_if<ScheduleError>(&read)) {
    refuse_schedule(section, *error);
    return std::nullopt;
  }
  auto schedule = std::get<Schedule>(std::move(read));
  if (!schedule.is_reboot() && schedule.never())
    section.refuse("schedule", fmt::format("\"{}\" never comes due", text),
                   "write a date that exists, or enabled = false");
  return schedule;
}

std::vector<std::string> read_may_act(Section& section) {
  auto roles = section.texts("may_act", {"operator", "admin"});
  for (const std::string& role : roles)
    if (role != "operator" && role != "admin")
      section.refuse("may_act", fmt::format("\"{}\" is no role that acts", role),
                     "write operator, admin or both");
  return roles;
}

std::vector<std::string> read_tags(Section& section) {
  auto tags = section.texts("tags", {});
  const auto may_stand = [](unsigned char c) {
    return std::islower(c) != 0 || std::isdigit(c) != 0 || c == '-' || c == '_';
  };
  for (const std::string& tag : tags)
    if (tag.empty() || tag.size() > 32 || !std::ranges::all_of(tag, may_stand))
      section.refuse("tags", fmt::format("\"{}\" is no tag", tag),
                     "write 1 to 32 small letters, digits, - and _, such as \"money\"");
  if (tags.size() > 16) section.refuse("tags", "there are more than 16", "leave some out");
  return tags;
}

}  // namespace

std::optional<JobConfig> read_job(Section section, const JobDefaults& defaults,
                                  const Config& main) {
  auto schedule = read_schedule(section, defaults);
  Policy policy = read_policy(section, defaults.policy);
  if (defaults.asks_whether_repeatable)
    policy.repeatable = section.flag("repeatable", policy.repeatable);
  policy.queue = read_queue_of_job(section, defaults.policy.queue, main.queues);
  const std::string zone = section.text("zone", defaults.zone);
  policy.blackouts = read_blackouts(section, zone);
  policy.maintenance = read_windows(section, "maintenance", zone);
  auto may_act = read_may_act(section);
  const bool profile = section.flag("profile", false);
  auto tags = read_tags(section);
  AlertRules alerts =
      read_alerts_of_job(section.section("alerts"), main.alerts.rules, defaults.alerts);
  Section settings = section.section("settings");
  if (defaults.check) defaults.check(settings);
  static_cast<void>(section.finish());
  if (!schedule) return std::nullopt;
  return JobConfig{defaults.name,
                   std::move(*schedule),
                   std::make_shared<const Policy>(std::move(policy)),
                   std::move(settings),
                   std::move(may_act),
                   defaults.kind,
                   std::move(alerts),
                   profile,
                   std::move(tags)};
}

}  // namespace hotclock::config
