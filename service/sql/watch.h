// What one transaction obeys: a stop token and a deadline on the monotonic clock.
#pragma once

#include <optional>
#include <stop_token>
#include <string>

#include "scheduler/base/result.h"
#include "scheduler/base/time.h"
#include "service/sql/sql.h"

namespace hotclock::sql {

// Made where a transaction begins; the deadline counts from there.
class Watch {
 public:
  // Obeys nothing: for a connection at rest, and for a COMMIT, which is never cut short.
  Watch() = default;
  explicit Watch(const Limits& limits);

  bool stopped() const { return stop_.stop_requested(); }
  bool late() const { return std::chrono::steady_clock::now() >= deadline_; }
  bool over() const { return stopped() || late(); }

  const std::stop_token& stop() const { return stop_; }
  Steady deadline() const { return deadline_; }

  // Why a running statement ended: Errc::stopped or Errc::timeout.
  Error cut_short() const;
  // Why a wait for somebody else's work ended: Errc::stopped or Errc::busy with `held`.
  Error waited_for(const std::string& held) const;

 private:
  std::stop_token stop_;
  Steady deadline_ = Steady::max();
  Duration span_ = Duration::max();
};

}  // namespace hotclock::sql
