// An alert: a finding that is kept, from pass to pass, until it is over.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "scheduler/base/time.h"
#include "service/alerts/finding.h"

namespace hotclock::alerts {

enum class State {
  pending,   // it is so, but not for long enough yet
  firing,    // people are told
  resolved,  // it is over
};
std::string_view to_string(State);
bool from_string(std::string_view text, State& out);

struct Alert {
  std::int64_t id = 0;  // 0: it has no row yet
  Rule rule = Rule::failed;
  Severity severity = Severity::warning;
  std::string identity;  // see identity_of()
  Words labels;
  Words annotations;
  State state = State::pending;
  Instant began;
  std::optional<Instant> fired;
  std::optional<Instant> away_since;  // it fires, but was not found since
  std::optional<Instant> resolved;
  std::string mark;
  std::string held_back;  // why nobody is told; empty: they are
  bool told = false;      // a notice said that it fires, and none yet that it is over
  // How long it must be away before it is over, by the finding that was last there.
  Duration resolve_after = Duration::zero();

  bool stands() const { return state != State::resolved; }

  friend bool operator==(const Alert&, const Alert&) = default;
};

// What one pass makes of the alerts. Each of `alerts` is as it is from now on; `gone` were pending
// and are no more, as nobody ever heard of them.
struct Advanced {
  std::vector<Alert> alerts;
  std::vector<Alert> gone;
};

// The step from one pass to the next: pending for `hold`, firing, resolved after the finding is
// away for `resolve_after`. A finding whose mark is another has begun anew: a pending alert counts
// from then on, a firing one is over. The same findings at the same instant change nothing the
// second time. An identity has one alert that stands, so that nothing fires twice without having
// resolved between.
Advanced advance(std::vector<Alert> alerts, std::span<const Finding> findings, Instant now);

}  // namespace hotclock::alerts
