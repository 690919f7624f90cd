// A message about an alert, as tests send it.
#pragma once

#include <string>

#include "service/notices/notifier.h"

namespace hotclock::notices {

inline AlertText alert_of(const std::string& job, Instant now,
                          const std::string& summary = "a slot failed") {
  AlertText out{.id = job, .rule = "failed", .severity = "critical", .state = "firing"};
  out.labels = {{"job", job}};
  out.annotations = {{"summary", summary}, {"runbook", "hotclock alerts explain failed"}};
  out.began = out.fired = now;
  return out;
}

inline AlertText resolved(AlertText alert, Instant at) {
  alert.state = "resolved";
  alert.resolved = at;
  return alert;
}

inline Message message_of(std::vector<AlertText> alerts, Instant now) {
  return {
      .id = "notice_1", .group = "failed/critical", .alerts = std::move(alerts), .created = now};
}

inline config::Secret plain(const std::string& value) {
  return {.shown = "env:TEST", .value = value, .file = {}};
}

}  // namespace hotclock::notices
