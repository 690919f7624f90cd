// The relay: carries events from the outbox to those who are to hear them.
#pragma once

#include <atomic>
#include <cstdint>
#include <memory>
#include <string>
#include <thread>
#include <vector>

#include "scheduler/base/clock.h"
#include "scheduler/base/result.h"
#include "service/config/realtime.h"
#include "service/hub/hub.h"
#include "service/log/logger.h"
#include "service/outbox/reader.h"
#include "service/relay/sink.h"
#include "service/sql/bell.h"
#include "service/sql/sql.h"

namespace hotclock::relay {

struct RelaySettings {
  std::int64_t node = 0;
  Duration poll = std::chrono::milliseconds{250};  // the net, should no news come
  Duration retention = std::chrono::minutes{10};   // how long events stay that all have heard
  Duration tidying = std::chrono::seconds{10};     // between looks at what may go
};

// Every node reads the whole outbox for its own clients; each server of the platform (Sink) is
// served by one node at a time. A job waits for none of them: it writes to the outbox, and that is
// all.
//
// News is in the process (wake()), which is then told to other nodes; polling is the net below.
// Threads: start() and stop() in one; wake() in any.
class Relay {
 public:
  // Null where this node serves no clients. All outlive it.
  Relay(sql::Database& database, const Clock& clock, log::Logger& logger, hub::Hub* hub,
        std::vector<std::unique_ptr<Sink>> sinks, RelaySettings settings);
  // Stops.
  ~Relay();
  Relay(const Relay&) = delete;
  Relay& operator=(const Relay&) = delete;

  // Reads what is there already, opens the hub, and goes on from there.
  Result<> start();
  void stop();

  // There may be events. `here`: this process wrote them, so other nodes are told as well.
  void wake(bool here);

 private:
  Result<> catch_up();
  void work();
  // Each says whether there may be more at once.
  bool pass_on();
  Result<bool> tell_clients();
  Result<bool> few();
  Result<bool> many();
  Result<> pass_on_wanted();
  void tell_other_nodes();
  void keep_house();
  void tidy_up();

  sql::Database& database_;
  const Clock& clock_;
  log::Logger& logger_;
  hub::Hub* const hub_;
  const std::vector<std::unique_ptr<Sink>> sinks_;
  const RelaySettings settings_;
  std::unique_ptr<outbox::Reader> reader_;
  std::vector<std::int64_t> wanted_;  // behind these the reader stands; they are not passed on yet

  sql::Bell bell_, house_bell_;
  std::atomic<bool> news_from_here_ = false;
  std::atomic<bool> stopping_ = false;
  std::thread thread_;
  std::thread keeper_;  // of the house: what may wait for the database while clients must not
};

}  // namespace hotclock::relay
