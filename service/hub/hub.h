// The hub: the clients connected to this node, and what they are told.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include "scheduler/base/clock.h"
#include "scheduler/base/result.h"
#include "service/auth/verifier.h"
#include "service/config/realtime.h"
#include "service/http/loop.h"
#include "service/http/server.h"
#include "service/log/logger.h"
#include "service/metrics/metrics.h"
#include "service/outbox/reader.h"
#include "service/sql/sql.h"

namespace hotclock::hub {

struct HubOptions {
  std::int64_t node = 0;
  // A node that lives is seen in the database at least so often.
  Duration sightings = std::chrono::seconds{30};
  // The claim of tokens that holds a user's roles.
  std::string roles_claim = "roles";
  // Serves the demo's page at "/", and a token for any user to whoever asks: on this machine alone.
  // Who shows no token may connect too.
  bool demo = false;
};

// How soon clients were told, since the start: from when an event was written until it was sent on.
struct Lateness {
  std::int64_t events = 0;  // that somebody here heard
  std::int64_t deliveries = 0;
  Duration median{}, p99{}, worst{};
};

// What a hub serves with, for pages that stand beside its clients.
struct Front {
  http::Loop& loop;
  http::Server& server;
  const auth::TokenVerifier* tokens;  // null: nobody can show one
};

// A Socket.IO server with rooms, access, limits and recovery (service/socketio says how clients
// speak, clients.h what they may say).
//
// An own thread serves. Events come from whoever reads the outbox, in the order of their ids:
//   hub->start_at(...), hub->catch_up(...)     what was posted before, which returning clients
//   missed hub->open();                               from here on clients come in
//   hub->deliver(...), or hub->wanted(...)     what is posted now
// Threads: build(), open() and stop() in one; those that take events in one; the rest in any.
class Hub {
 public:
  // What it needs stays alive for longer than it does. Errors are of the settings and of the key.
  static Result<std::unique_ptr<Hub>> build(sql::Database& database, const Clock& clock,
                                            log::Logger& logger,
                                            metrics::Metrics& metrics,
                                            const config::RealtimeConfig& settings,
                                            const HubOptions& options);
  ~Hub();

  // Pages are added before open(), and answer nobody any more when the hub ends: who adds them
  // stops them before that.
  Front front();
  // `tell` hears of each event that is delivered, on the loop's thread and before any client does.
  // REQUIRES: before open(), once.
  void tell_first(std::function<void(const outbox::Posted& event)> tell);

  // How far back it has to know events, and the event behind which that is.
  Duration remembers() const;
  void start_at(std::int64_t position, Instant posted_before);
  void catch_up(const std::vector<outbox::Head>& heads);

  // Listens; the error says what could not be had.
  Result<> open();
  // No new clients; those there are told to go elsewhere and leave within `grace`. What their
  // coming back needs is written. Twice is no error.
  void stop(Duration grace);
  std::uint16_t port() const;

  // Tells the clients in their rooms; returns when what is sent is on its way.
  void deliver(const std::vector<outbox::Posted>& events);
  // Of many events, those that somebody here wants to hear; the others are over with this.
  std::vector<std::int64_t> wanted(const std::vector<outbox::Head>& heads);

  // Ends connections whose clients came back to another node, or that a person wants to be ended.
  void end_connections();
  // Forgets sessions that nobody can come back to any more.
  void forget_sessions();

  std::size_t clients() const;
  // Clients' messages and connections that were refused for their number.
  std::int64_t violations() const;
  Lateness lateness() const;

 private:
  class House;
  explicit Hub(std::unique_ptr<House> house);
  std::unique_ptr<House> house_;
};

}  // namespace hotclock::hub
