// Engine.IO as Socket.IO sees it: sessions that carry messages in order, whatever the transport.
#pragma once

#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "service/socketio/message.h"

namespace hotclock::socketio {

// Why a session is over.
enum class Closing {
  transport_close,  // the client closed it, or its connection ended
  transport_error,
  ping_timeout,
  parse_error,    // it said what the protocol does not allow
  too_large,      // it said more at once than it may
  forced,         // this server ended it: a kick, a limit
  slow_consumer,  // its queue grew over its limit, in bytes or in age
  shutdown,       // this server stops
};
std::string_view to_string(Closing why);

// How a session began: what its first request said.
struct Handshake {
  std::string address;  // the peer's, without port
  std::string transport;
  std::string query;
  std::map<std::string, std::string, std::less<>> headers;  // names in lower case
  bool secure = false;
};

// A client as Engine.IO knows it. It lives until its listener's closed() has returned.
// Threads: the loop's.
class Session {
 public:
  virtual ~Session() = default;

  // A bearer secret: whoever has it can read the session. Never shown, never logged.
  virtual const std::string& id() const = 0;
  virtual const Handshake& handshake() const = 0;

  // Queues a message. It leaves after what was queued before, before what is queued after, also
  // across an upgrade; the write itself happens when the current turn of the loop is over, in
  // slices, so that no broadcast keeps others waiting. May end in closed() later, never inside.
  virtual void send(MessagePtr message) = 0;
  // Whether a message would leave at once: a poll is held, or the WebSocket has nothing left to
  // write. What is volatile is dropped where it would not.
  virtual bool writable() const = 0;
  // Bytes that wait to be written.
  virtual std::size_t queued() const = 0;

  // Lets what is queued go out, then ends the session. closed() follows, not from inside this call.
  virtual void close(Closing why) = 0;
};

// Who hears a session. Threads: the loop's. The views live for the call.
class SessionListener {
 public:
  virtual ~SessionListener() = default;
  virtual void text(std::string_view message) = 0;
  virtual void binary(std::string_view message) = 0;
  // The last call; the listener is destroyed afterwards.
  virtual void closed(Closing why) = 0;
};

// Who is told of new sessions.
class EngineListener {
 public:
  virtual ~EngineListener() = default;
  virtual std::unique_ptr<SessionListener> opened(Session& session) = 0;
};

}  // namespace hotclock::socketio
