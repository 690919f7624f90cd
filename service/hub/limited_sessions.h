// What one address may do, before anything of what it says is looked at.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>

#include "scheduler/base/clock.h"
#include "service/auth/allowance.h"
#include "service/socketio/engine.h"

namespace hotclock::hub {

// Stands between Engine.IO and the server: counts sessions of an address and its messages. Too many
// sessions are refused at the door, and after the last refusal that an address may afford so is
// whatever it opens within a minute. A message too many is dropped and answered by the event
// `limited`, and the last violation that a session may afford ends it; one that was ended for a
// message too large is counted. Threads: the loop's.
class LimitedSessions final : public socketio::EngineListener {
 public:
  struct Settings {
    auth::Allowance::Limits address;
    int violations = 3;
  };
  // Both outlive it.
  LimitedSessions(socketio::EngineListener& server, const Clock& clock, Settings settings);

  // What a new client is refused with; none where it may come in.
  std::optional<std::string> admit(const socketio::Handshake& handshake);

  std::unique_ptr<socketio::SessionListener> opened(socketio::Session& session) override;

  // Since the start.
  std::int64_t violations() const { return violations_; }

 private:
  class Limited;

  socketio::EngineListener& server_;
  const Clock& clock_;
  const Settings settings_;
  auth::Allowance allowance_;
  std::optional<auth::ClientKey> admitted_;  // who was let in, until the session is opened
  std::int64_t violations_ = 0;
};

}  // namespace hotclock::hub
