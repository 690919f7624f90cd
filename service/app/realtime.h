// Real time: the hub, its pages and the relay of this process, built upward and stopped downward.
#pragma once

#include <cstdint>
#include <memory>

#include "scheduler/base/clock.h"
#include "scheduler/base/result.h"
#include "scheduler/base/shifted_clock.h"
#include "service/api/pages.h"
#include "service/config/config.h"
#include "service/hub/hub.h"
#include "service/log/logger.h"
#include "service/relay/relay.h"
#include "service/sql/sql.h"

namespace hotclock::app {

struct RealtimeOptions {
  std::int64_t node = 0;
  bool demo = false;
  ShiftedClock* demo_clock = nullptr;  // the demo's, where it may be moved
};

// Threads: the thread that built it; wake() from any.
class Realtime {
 public:
  // All that is handed in outlives it. Errors are of the settings: of a key, a sink, an address.
  static Result<std::unique_ptr<Realtime>> build(const config::Config& settings,
                                                 sql::Database& database, const Clock& clock,
                                                 log::Logger& logger,
                                                 metrics::Metrics& metrics,
                                                 const RealtimeOptions& options);
  ~Realtime();

  // Clients may come in when it returns.
  Result<> start();
  // Clients are told to go elsewhere.
  void stop();
  void wake(bool here) { relay_->wake(here); }

  // Where clients connect: "http://127.0.0.1:8080/socket.io/". Empty where this node serves none.
  std::string where() const;
  // Where they fetch themes: "http://127.0.0.1:8080/theme/". Empty where this node serves none.
  std::string themes() const;
  // The demo's page, for a browser. Empty where there is none.
  std::string demo_page() const;

 private:
  Realtime(const config::Config& settings, bool demo, log::Logger& logger,
           std::unique_ptr<hub::Hub> hub, std::unique_ptr<api::Pages> pages,
           std::unique_ptr<relay::Relay> relay);
  std::string origin() const;

  const config::RealtimeConfig settings_;
  const bool themes_;
  const bool demo_;
  log::Logger& logger_;
  const std::unique_ptr<hub::Hub> hub_;  // null: this node serves no clients
  const std::unique_ptr<api::Pages> pages_;  // of the hub's server; null: it has none
  const std::unique_ptr<relay::Relay> relay_;
  bool stopped_ = false;
};

}  // namespace hotclock::app
