#include "service/config/queues.h"

#include <algorithm>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "scheduler/base/nearest.h"

namespace hotclock::config {
namespace {

constexpr int most_executions = 100'000;
constexpr int most_workers = 1024;  // as scheduler.workers at most
constexpr std::size_t longest_name = 40;

bool is_name(std::string_view name) {
  return !name.empty() && name.size() <= longest_name && std::ranges::all_of(name, [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-';
  });
}

// What counts without a setting: money never waits for what is not.
QueueRule shipped(std::string_view name) {
  if (name == default_queue) return {};
  return {.name = std::string(name), .reserved = name == "money" ? 1 : 0};
}

}  // namespace

std::string_view shown_queue(std::string_view name) { return name.empty() ? default_queue : name; }

std::vector<std::string> shipped_queues() { return {std::string(default_queue), "money"}; }

QueueRule read_queue(Section& section, std::string_view name) {
  if (!is_name(name))
    section.refuse("", "this is no name of a queue",
                   fmt::format("write small letters, digits and dashes, at most {}", longest_name));
  QueueRule rule = shipped(name);
  const auto count = [&section](std::string_view key, int otherwise, int least, int most) {
    return static_cast<int>(section.integer(key, otherwise, least, most));
  };
  rule.limit = count("limit", rule.limit, 0, most_executions);
  rule.weight = count("weight", rule.weight, 1, 1000);
  rule.reserved = count("reserved", rule.reserved, 0, most_workers);
  if (rule.limit > 0 && rule.reserved > rule.limit)
    section.refuse(
        section.given("reserved") ? "reserved" : "limit",
        fmt::format("{} workers are kept for a queue that may use {}", rule.reserved, rule.limit),
        "let reserved be no more than limit");
  return rule;
}

std::string read_queue_of_job(Section& section, std::string_view otherwise,
                              std::span<const QueueRule> queues) {
  const std::string name = section.text("queue", shown_queue(otherwise));
  std::vector<std::string_view> names;
  for (const QueueRule& rule : queues) names.push_back(shown_queue(rule.name));
  if (name == default_queue) return {};
  if (std::ranges::find(names, name) != names.end()) return name;
  const std::string_view near = nearest(name, names);
  section.refuse(
      "queue", fmt::format("there is no queue \"{}\"", name),
      near.empty() ? fmt::format("the queues are {}; or declare it: [queues.{}] in the main file",
                                 fmt::join(names, ", "), name)
                   : fmt::format("did you mean \"{}\"? or declare it: [queues.{}] in the main file",
                                 near, name));
  return name;
}

}  // namespace hotclock::config
