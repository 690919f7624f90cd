#include "service/config/difference.h"

#include <map>

namespace hotclock::config {
namespace {

constexpr std::string_view jobs = "jobs.";

std::string or_nothing(const std::string& value) { return value.empty() ? "nothing" : value; }

}  // namespace

std::string Change::text() const {
  return key + ": " + or_nothing(before) + " -> " + or_nothing(after);
}

std::vector<Change> difference(const Config& before, const Config& after) {
  std::map<std::string_view, const Shown*> gone;
  for (const Shown& shown : before.shown) gone.emplace(shown.key, &shown);
  std::vector<Change> changes;
  for (const Shown& shown : after.shown) {
    const auto was = gone.extract(shown.key);
    const std::string old = was.empty() ? "" : was.mapped()->value;
    if (was.empty() || old != shown.value)
      changes.push_back({shown.key, old, shown.value, shown.origin});
  }
  for (const auto& [key, shown] : gone) changes.push_back({std::string(key), shown->value, "", ""});
  return changes;
}

std::string job_of(const std::string& key) {
  if (!key.starts_with(jobs)) return {};
  const auto end = key.find('.', jobs.size());
  return end == key.npos ? std::string() : key.substr(jobs.size(), end - jobs.size());
}

}  // namespace hotclock::config
