// Clients at the door and in the house: who they are, which rooms they join, what they may do.
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "scheduler/base/clock.h"
#include "service/auth/allowance.h"
#include "service/auth/verifier.h"
#include "service/log/logger.h"
#include "service/socketio/namespace.h"
#include "service/socketio/socket.h"

namespace hotclock::hub {

// Lets clients into the namespace "/". One that shows a token in the `auth` payload, {"token": ...},
// is that user until the token expires and hears user:{id}; one without is an anonymous viewer,
// where the settings allow such. Clients say
//   subscribe   room, ack     unsubscribe   room, ack
// and are acknowledged {"ok": true, "room": room} or {"ok": false, "room": room, "error": why}.
// Threads: the loop's.
class Clients final : public socketio::NamespaceListener {
 public:
  struct Settings {
    bool anonymous = false;
    std::vector<std::string> public_rooms;
    int rooms_per_socket = 64;
    int violations = 3;
    auth::Allowance::Limits user;
  };
  // `verifier` null: nobody can show a token. All outlive it.
  Clients(const auth::TokenVerifier* verifier, const Clock& clock, log::Logger& logger,
          Settings settings);
  ~Clients() override;

  void connecting(const socketio::ConnectRequest& request,
                  socketio::Admission admission) override;

  // Puts out whoever's token has expired.
  void end_expired();

  // Since the start.
  std::int64_t violations() const { return violations_; }
  std::size_t count() const { return static_cast<std::size_t>(count_); }

 private:
  class Client;

  Result<auth::Identity> identify(std::string_view token) const;
  void forget_expiry(Instant at, Client& client);

  const auth::TokenVerifier* const verifier_;
  const Clock& clock_;
  log::Logger& logger_;
  const Settings settings_;
  auth::Allowance users_;
  std::multimap<Instant, Client*> expiring_;
  std::int64_t violations_ = 0;
  int count_ = 0;
};

}  // namespace hotclock::hub
