// A client in a namespace, and what the application has to do with it.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "scheduler/base/result.h"
#include "scheduler/base/time.h"
#include "service/socketio/engine.h"
#include "service/socketio/packet.h"
#include "service/socketio/recovery.h"
#include "service/socketio/rooms.h"

namespace hotclock::socketio {

class Connection;
class Namespace;
class Socket;
struct ServerCore;

// Why a socket is gone.
enum class Leaving {
  client_disconnect,  // it left the namespace; its connection may live on
  server_disconnect,  // the application put it out
  replaced,         // its client came back on another connection, before this one was seen to break
  transport_close,  // the rest: its connection ended, see Closing
  transport_error,
  ping_timeout,
  parse_error,
  forced,
  slow_consumer,
  shutdown,
};
std::string_view to_string(Leaving why);
Leaving leaving(Closing why);
// Whether a client that was lost so may come back to what it had.
bool may_return(Leaving why);

// The answer to an event whose client waits for one. May be kept, copied and used in a later turn:
// the first reply() goes out, if the socket is still there; all others do nothing. Where the client
// asked for none it does nothing at all. Not to be used once the Server is gone.
class Ack {
 public:
  Ack() = default;

  bool wanted() const { return pending_ != nullptr; }
  void reply(const Values& values) const;

 private:
  friend class Connection;
  struct Pending;
  Ack(const Socket& socket, std::uint64_t id);
  std::shared_ptr<Pending> pending_;
};

// How a socket came in.
struct Arrival {
  bool recovered = false;  // it is back: same id, same rooms, what it missed was sent
  std::string kept;        // then: what SocketListener::kept() said when it was lost
};

// The application's side of one socket: made when it is accepted, destroyed some time after left(),
// never inside one of its own calls. Threads: the loop's.
class SocketListener {
 public:
  virtual ~SocketListener() = default;
  // Directly after the client was told that it is in.
  virtual void connected(Socket& socket, const Arrival& arrival) = 0;
  virtual void event(std::string_view name, const Arguments& arguments, const Ack& ack) = 0;
  // The last call. The socket is in no room any more; what is sent to it goes nowhere.
  virtual void left(Leaving why) = 0;
  // What the application wants to find again should this client come back.
  virtual std::string kept() const { return {}; }
};

// How an event is sent.
struct Sending {
  bool is_volatile = false;      // only to those who can take it at once
  std::optional<Offset> offset;  // given by who has one; else the server's Recovery gives it
};

// What the client answered. Lives for the call.
using Answer = Result<Arguments>;

// A client that is in a namespace. Lives until some time after its listener's left(); to be found
// again in a later turn, keep its id (Namespace::find). Threads: the loop's.
class Socket {
 public:
  Socket(const Socket&) = delete;
  ~Socket();

  // 20 characters. Known to others, never the Engine.IO session's.
  const std::string& id() const { return id_; }
  Namespace& nsp() const { return nsp_; }
  const Handshake& handshake() const;
  const std::string& identity() const { return identity_; }
  SocketListener& listener() const { return *listener_; }
  // Since when this connection of it is there, by the wall clock.
  Instant since() const { return since_; }
  bool here() const { return here_; }

  // REQUIRES: !reserved_event(event).
  void emit(std::string_view event, const Values& values, const Sending& how = {});
  // Emits an event that its client is to answer. `answer` is called once: with what it said, with
  // Errc::timeout, or with Errc::unavailable where the socket goes first. Never from inside this
  // call. Questions are not repeated to a client that comes back.
  void ask(std::string_view event, const Values& values, Duration timeout,
           std::function<void(const Answer&)> answer);

  // Being in a room takes effect at once; `done` is called when it would also survive the loss of
  // this connection, which is at once where there is no Recovery.
  void join(std::string_view room, std::function<void()> done = {});
  void leave(std::string_view room);
  bool in(std::string_view room) const;
  std::vector<std::string> rooms() const;

  // Takes it out of its namespace and tells the client, which does not come back by itself.
  // `close`: ends its connection, after it was taken out of all namespaces.
  void disconnect(bool close = false);

 private:
  friend class Ack;
  friend class Connection;
  friend class Namespace;
  friend class Rooms;
  friend struct ServerCore;
  struct Made {
    Connection& connection;
    Session& session;
    Namespace& nsp;
    ServerCore& core;
    std::string id;
    std::string pid;  // empty: it cannot be recovered
    std::string identity;
    Offset floor = 0;  // see Restored
    std::unique_ptr<SocketListener> listener;
  };
  explicit Socket(Made made);

  void send(const Packed& packed) const;
  // Whether an event is for it, by its offset and by whether it can wait.
  bool takes(const Sending& how) const;
  SocketState state() const;
  void tell_recovery(const RoomChange& change, std::function<void()> done) const;

  // What a broadcast touches comes first.
  Session& session_;
  const Offset floor_;
  std::uint64_t seen_ = 0;   // the last walk over an audience that came by
  std::uint32_t place_ = 0;  // among everyone in its namespace
  bool here_ = true;
  Memberships memberships_;
  Connection& connection_;
  Namespace& nsp_;
  ServerCore& core_;
  const std::string id_;
  const std::uint64_t serial_;
  const Instant since_;
  const std::string pid_;
  const std::string identity_;
  const std::unique_ptr<SocketListener> listener_;
  std::vector<std::uint64_t> asked_;  // questions that wait for its answer
};

}  // namespace hotclock::socketio
