// Settings that change while this process works: files that are read anew, and live changes, which lie
// over them. What they say of jobs counts from then on.
#pragma once

#include <functional>
#include <set>
#include <string>
#include <string_view>
#include <thread>
#include <vector>

#include "scheduler/base/clock.h"
#include "scheduler/base/mutex.h"
#include "scheduler/base/result.h"
#include "service/app/settings.h"
#include "service/config/difference.h"
#include "service/live/live.h"
#include "service/log/logger.h"
#include "service/sql/sql.h"

namespace hotclock::app {

struct Reloaded {
  std::vector<config::Change> in_force;       // from now on
  std::vector<config::Change> at_next_start;  // what only a start can change

  bool nothing() const { return in_force.empty() && at_next_start.empty(); }
};

// Threads: any.
class Reload {
 public:
  // Puts what is said of the jobs of these names in force: all of it or, on an error, nothing.
  using PutInForce = std::function<Result<>(const config::Config&, const std::set<std::string>&)>;

  // Called, from any thread, when files were read again: whether it went well.
  using Told = std::function<void(bool well)>;

  // `in_force`: what the process works by now, `live`: the live changes that lie over it. What is
  // handed in outlives it.
  Reload(SettingsSource source, config::Config in_force, live::InForce live,
         PutInForce put_in_force, sql::Database& database, Clock& clock, log::Logger& logger,
         Told told = {});
  ~Reload();

  // Reads the settings again. Files with a mistake change nothing: the error names all mistakes.
  // Either way it is logged, and what changed stands in the audit; `asked_by` says who wanted it.
  // Live changes stay over them; those that fit the files no more are left out, and told.
  Result<Reloaded> reload(std::string_view asked_by);

  // Why the files that were read last are not in force; empty: they are.
  std::string refused() const;

  // Puts in force what was changed live since, and nothing else: a changed file waits for a reload, and
  // one with a mistake does not matter. It asks the database for one number where there is nothing.
  // What was done is logged; a change that cannot be put in force stays to be tried again.
  Result<> hear_of_live_changes();

  // From here on reloads by itself where a file of settings was changed, looking each `interval`.
  void watch(Duration interval);

 private:
  Result<Reloaded> read_anew();
  Result<> take(const live::InForce& live) HOTCLOCK_REQUIRES(m_);
  void tell_of(const live::InForce& live, const live::Laid& laid) HOTCLOCK_REQUIRES(m_);
  void tell(const Reloaded& reloaded, std::string_view asked_by);
  void note(const Reloaded& reloaded, std::string_view asked_by);

  const SettingsSource source_;
  const PutInForce put_in_force_;
  sql::Database& database_;
  Clock& clock_;
  log::Logger& logger_;
  const Told told_;
  mutable Mutex m_;
  std::string refused_ HOTCLOCK_GUARDED_BY(m_);
  config::Config in_force_ HOTCLOCK_GUARDED_BY(m_);
  live::InForce live_ HOTCLOCK_GUARDED_BY(m_);
  std::vector<live::LeftOut> left_out_ HOTCLOCK_GUARDED_BY(m_);  // as last told
  std::jthread watcher_;
};

}  // namespace hotclock::app
