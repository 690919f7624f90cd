// All notifiers of this node, and trying them out by hand.
#pragma once

#include <memory>
#include <stop_token>
#include <string>
#include <vector>

#include "scheduler/base/clock.h"
#include "scheduler/base/result.h"
#include "service/config/notifiers.h"
#include "service/log/logger.h"
#include "service/notices/courier.h"

namespace hotclock::notices {

struct CouriersSettings {
  std::vector<config::NotifierConfig> notifiers;
  std::int64_t node = 0;
  Firing firing = {};
  Heard heard = {};
};

// A courier for each. Threads: start() and stop() in one, the others in any.
class Couriers {
 public:
  // All outlive it.
  Couriers(sql::Database& database, const Clock& clock, log::Logger& logger,
           CouriersSettings settings);
  // Stops.
  ~Couriers();

  void start();
  // Within a second or two.
  void stop();
  // There may be notices.
  void wake();
  // To all that want its severity: what cannot be written to the database.
  void tell_directly(const AlertText& alert);

 private:
  std::vector<config::NotifierConfig> notifiers_;
  std::vector<std::unique_ptr<Courier>> couriers_;
};

// What came of trying one.
struct Tried {
  std::string notifier;
  std::string kind;
  Answer answer;
  Duration took = Duration::zero();
};

// Tells these that somebody tries them, each past its line and all at the same time. `name`: this
// one alone; empty: all. Errc::not_found names the nearest, or what there is.
Result<std::vector<Tried>> try_out(const std::vector<config::NotifierConfig>& notifiers,
                                   const std::string& name, const Clock& clock,
                                   std::stop_token stop);

}  // namespace hotclock::notices
