// What is different in two readings of the settings.
#pragma once

#include <string>
#include <vector>

#include "service/config/config.h"

namespace hotclock::config {

// One key whose value is another one. Secrets are hidden as Config::shown hides them.
struct Change {
  std::string key;     // "jobs.og-daily-bonus.schedule"
  std::string before;  // as it would stand in a file; empty where the key was not there
  std::string after;   // empty where it is not there any more
  std::string origin;  // of the value after: "jobs.d/og-daily-bonus.toml:3:12"

  // jobs.og-daily-bonus.schedule: "5 0 * * *" -> "10 0 * * *"
  std::string text() const;

  friend bool operator==(const Change&, const Change&) = default;
};

// By the keys in the order of `after`, those that are gone last.
std::vector<Change> difference(const Config& before, const Config& after);

// The job whose settings the key is one of; empty where it is none of a job's.
std::string job_of(const std::string& key);

}  // namespace hotclock::config
