// Tells one notifier what waits for it, however long that takes.
#pragma once

#include <atomic>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <thread>
#include <vector>

#include "scheduler/base/clock.h"
#include "scheduler/base/mutex.h"
#include "scheduler/base/result.h"
#include "service/config/notifiers.h"
#include "service/log/logger.h"
#include "service/notices/line.h"
#include "service/notices/notifier.h"
#include "service/sql/bell.h"
#include "service/sql/sql.h"

namespace hotclock::notices {

// Who counts what comes of it. Each may be empty. Threads: any.
struct Heard {
  // `outcome`: "sent", "away", "refused", "given_up".
  std::function<void(const std::string& notifier, std::string_view outcome, std::int64_t notices)>
      told = {};
  // How many wait, as the node that serves it sees it; 0 once it serves it no more.
  std::function<void(const std::string& notifier, std::int64_t notices)> waits = {};
};

// All alerts that fire now and that no silence holds back.
using Firing = std::function<Result<std::vector<AlertText>>()>;

struct CourierSettings {
  config::NotifierConfig notifier;
  std::int64_t node = 0;
  // alertmanager: what is sent anew each minute. Empty: nothing is.
  Firing firing = {};
  Heard heard = {};
};

// Serves its notifier while this node holds the lease of it; another node goes on when this one is
// gone. Sent is what the notifier said that it has: after a lost answer it is told once more, with
// the same id. One that is away is tried again ever more seldom; nothing is lost meanwhile, and
// what waits is told as it is by then. Threads: start() and stop() in one; wake() and
// tell_directly() in any.
class Courier {
 public:
  // All outlive it.
  Courier(sql::Database& database, const Clock& clock, log::Logger& logger,
          std::unique_ptr<Notifier> notifier, CourierSettings settings);
  // Stops.
  ~Courier();
  Courier(const Courier&) = delete;
  Courier& operator=(const Courier&) = delete;

  void start();
  // Within a second; what was on its way is told once more later.
  void stop();
  // The same without waiting.
  void ask_to_stop();
  void wake();
  // Past the database, which may be lost: kept in memory, and tried until it has it or stop().
  void tell_directly(AlertText alert);

  const std::string& name() const { return settings_.notifier.name; }

  // One step, and how long to wait before the next: what its thread does, again and again.
  Duration turn();

 private:
  void work();
  std::optional<Duration> turn_directly();
  Result<Duration> serve();
  Result<bool> have_it();
  Result<Duration> tell_next();
  Result<> send_anew();
  Result<> settle(const Batch& batch, const Answer& answer);
  int messages_left(Instant now) const;
  void note(const Batch& batch, const Answer& answer);
  Result<> keep_house();
  void say_how_many_wait();
  void lose_it();

  sql::Database& database_;
  const Clock& clock_;
  log::Logger& logger_;
  const std::unique_ptr<Notifier> notifier_;
  const CourierSettings settings_;
  const Duration lease_;
  Line line_;
  std::optional<Held> held_;
  Instant until_;  // of the lease
  Instant sent_anew_;
  Instant kept_house_;

  Mutex m_;
  std::vector<AlertText> direct_ HOTCLOCK_GUARDED_BY(m_);
  Instant direct_next_;  // of the thread's
  int direct_failures_ = 0;

  sql::Bell bell_;
  std::stop_source stop_;
  std::thread thread_;
};

// How long an away notifier is left alone after so many tries in a row.
Duration pause_after(std::int64_t failures);
// How long a notice is kept back that was refused for what it says so often.
Duration pause_of_refused(std::int64_t attempts);

}  // namespace hotclock::notices
