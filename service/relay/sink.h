// A server of the platform that every event is handed to.
#pragma once

#include <atomic>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <thread>
#include <vector>

#include "scheduler/base/clock.h"
#include "scheduler/base/result.h"
#include "service/emitters/emission.h"
#include "service/emitters/emitter.h"
#include "service/log/logger.h"
#include "service/outbox/reader.h"
#include "service/sql/bell.h"
#include "service/sql/sql.h"

namespace hotclock::relay {

// An event as the platform's servers emit it: its name, and its body with its id.
emitters::Emission emission_of(const outbox::Posted& event);

struct SinkSettings {
  std::string name;
  std::int64_t node = 0;
  Duration lease = std::chrono::seconds{15};
  Duration poll = std::chrono::seconds{1};  // the net, should no news come
};

// Hands events on in the order of the outbox, each at least once, on a thread of its own: how slow
// or dead a sink is concerns nobody else. The node that holds its lease serves it, and writes down
// how far it is; another goes on from there when that one is gone, or cannot reach it. A sink that
// is new begins with what is posted from then on. Threads: start() and stop() in one; wake() in
// any.
class Sink {
 public:
  Sink(sql::Database& database, const Clock& clock, log::Logger& logger,
       std::unique_ptr<emitters::Emitter> emitter, SinkSettings settings);
  // Stops.
  ~Sink();
  Sink(const Sink&) = delete;
  Sink& operator=(const Sink&) = delete;

  void start();
  // What is on its way is written down first.
  void stop();
  void wake();

  const std::string& name() const { return settings_.name; }

 private:
  // While this node serves it.
  struct Held {
    std::int64_t fence;
    outbox::Reader reader;
    Instant until;
    int failures = 0;
    std::vector<outbox::Posted> left;  // read and not handed on yet
  };

  void work();
  Duration turn();
  void rest(Duration pause);
  Result<> enlist();
  Result<bool> claim();
  Result<bool> hand_on();
  Result<> note_progress(std::int64_t position);
  Duration failed(const Error& why, std::string_view what);
  void set_aside(const outbox::Posted& event, const Error& why);
  Result<> keep_lease();
  void release();
  Result<> change(const sql::Statement& statement, std::vector<sql::Param> params);

  sql::Database& database_;
  const Clock& clock_;
  log::Logger& logger_;
  const std::unique_ptr<emitters::Emitter> emitter_;
  const SinkSettings settings_;
  bool enlisted_ = false;
  std::optional<Held> held_;

  sql::Bell bell_;
  std::atomic<bool> stopping_ = false;
  std::thread thread_;
};

}  // namespace hotclock::relay
