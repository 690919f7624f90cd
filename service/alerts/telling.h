// Who is told of what, and when: alerts of one rule and one severity are a group, and a group is
// told of in one notice to each notifier that takes its severity.
#pragma once

#include <optional>
#include <set>
#include <span>
#include <string>
#include <vector>

#include "service/alerts/alert.h"
#include "service/config/config.h"
#include "service/notices/notice.h"

namespace hotclock::alerts {

// A group of which something was told, or is about to be.
struct Group {
  std::string key;  // "failed/critical"
  Instant since;    // the first of it came
  std::optional<Instant> told_at;

  friend bool operator==(const Group&, const Group&) = default;
};
std::string group_of(const Alert& alert);

// What of the alerts a notifier is told.
struct Route {
  std::string notifier;
  std::set<Severity> severities;
  bool send_resolved = true;
};

std::vector<Route> routes_of(const config::Config& settings);

// The times of [alerts].
struct Rhythm {
  Duration group_wait = std::chrono::seconds{30};
  Duration group_interval = std::chrono::minutes{5};
  Duration repeat = std::chrono::hours{4};
};
Rhythm rhythm_of(const config::AlertsConfig& settings);

struct Told {
  std::vector<notices::Notice> notices;
  std::vector<Group> groups;  // all there are from now on
};

// What is to be told now. A new group waits for `group_wait`, so that what comes at once is told at
// once; one that grew or shrank is told of again after `group_interval`, one whose last alert is
// over without delay, one that stays as it is each `repeat`. Notices hold all of the group that
// fires, and what is over since the last one. Sets Alert::told. What is held back is not told,
// neither that it fires nor that it is over. A severity that no route takes is left as it is, for a
// notifier that may come. REQUIRES: alerts have ids.
Told tell(std::vector<Alert>& alerts, std::span<const Group> groups, std::span<const Route> routes,
          const Rhythm& rhythm, Instant now);

// As a notifier tells of it.
notices::AlertText text_of(const Alert& alert);

}  // namespace hotclock::alerts
