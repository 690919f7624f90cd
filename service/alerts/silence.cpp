#include "service/alerts/silence.h"

#include <algorithm>

#include <fmt/format.h>

namespace hotclock::alerts {
namespace {

constexpr Duration longest = std::chrono::days{366};

struct Inhibition {
  Rule by;
  Rule of;
  std::string_view label;
};
constexpr Inhibition inhibitions[] = {
    {Rule::node_gone, Rule::database_slow, "node"},
    {Rule::node_gone, Rule::disk_filling, "node"},
    {Rule::node_gone, Rule::clock_off, "node"},
    {Rule::node_gone, Rule::reload_failed, "node"},
    {Rule::database_lost, Rule::database_slow, "node"},
    {Rule::database_lost, Rule::node_gone, "node"},
    {Rule::failing, Rule::failed, "job"},
    {Rule::failing, Rule::flapping, "job"},
    {Rule::stuck, Rule::too_long, "job"},
    {Rule::stuck, Rule::late, "job"},
    {Rule::unknown_outcome, Rule::late, "job"},
    {Rule::recovering, Rule::late, "job"},
    {Rule::recovering, Rule::missed, "job"},
};

std::optional<std::string_view> label_of(const Alert& alert, std::string_view name) {
  if (name == "rule") return config::to_string(alert.rule);
  if (name == "severity") return config::to_string(alert.severity);
  const auto found = alert.labels.find(std::string(name));
  return found == alert.labels.end() ? std::nullopt
                                     : std::optional<std::string_view>(found->second);
}

bool fits(std::string_view pattern, std::string_view value) {
  if (!pattern.ends_with('*')) return pattern == value;
  return value.starts_with(pattern.substr(0, pattern.size() - 1));
}

bool makes_needless(const Alert& by, const Alert& of) {
  if (by.state != State::firing) return false;
  const auto label = inhibits(by.rule, of.rule);
  if (!label) return false;
  const auto value = label_of(by, *label);
  return value && value == label_of(of, *label);
}

std::string why_held_back(const Alert& alert, std::span<const Alert* const> inhibitors,
                          std::span<const Silence> silences, Instant now) {
  for (const Silence& silence : silences)
    if (silence.counts_at(now) && matches(silence.matchers, alert))
      return fmt::format("silence {} by {}: {}", silence.id, silence.author, silence.reason);
  for (const Alert* by : inhibitors)
    if (makes_needless(*by, alert)) return "inhibited by " + by->identity;
  return {};
}

}  // namespace

std::optional<std::string_view> inhibits(Rule by, Rule of) {
  for (const Inhibition& one : inhibitions)
    if (one.by == by && one.of == of) return one.label;
  return std::nullopt;
}

bool matches(const Words& matchers, const Alert& alert) {
  return std::ranges::all_of(matchers, [&alert](const auto& matcher) {
    const auto value = label_of(alert, matcher.first);
    return value && fits(matcher.second, *value);
  });
}

Result<> check(const Silence& silence, Instant now) {
  const auto wrong = [](std::string what) { return Error(Errc::invalid, std::move(what)); };
  if (silence.matchers.empty())
    return wrong("a silence needs a matcher, such as rule = late: it would hold everything back");
  for (const auto& [label, value] : silence.matchers)
    if (label.empty() || value.empty())
      return wrong("a matcher is a label and a value, such as job = trust-*");
  if (silence.reason.empty()) return wrong("a silence needs a reason");
  if (silence.author.empty()) return wrong("a silence needs an author");
  if (silence.ends <= silence.begins) return wrong("a silence must end after it begins");
  if (silence.ends <= now) return wrong("that silence would be over already");
  if (silence.ends > now + longest) return wrong("a silence lasts a year at most");
  return {};
}

void hold_back(std::vector<Alert>& alerts, std::span<const Silence> silences, Instant now) {
  std::vector<const Alert*> inhibitors;
  for (const Alert& alert : alerts)
    if (alert.state == State::firing &&
        std::ranges::find(inhibitions, alert.rule, &Inhibition::by) != std::end(inhibitions))
      inhibitors.push_back(&alert);
  for (Alert& alert : alerts) alert.held_back = why_held_back(alert, inhibitors, silences, now);
}

}  // namespace hotclock::alerts
