// Recovery of connections: a client whose connection broke comes back as who it was, into its
// rooms, and hears what it missed.
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "service/socketio/packet.h"

namespace hotclock::socketio {

// Whom a broadcast goes to: every socket that is in one of `rooms` (empty: everyone in the
// namespace) and in none of `except`, once. A socket's id is a room of its own.
struct Audience {
  std::vector<std::string> rooms;
  std::vector<std::string> except;
};

// A socket as it can be brought back.
struct SocketState {
  std::string sid;
  std::string nsp;
  std::string identity;            // whom the application accepted it as; nobody else gets it back
  std::string kept;                // what the application wants to have back (SocketListener::kept)
  std::vector<std::string> rooms;  // without the one of its own id
  std::string address;             // the client's: for operators
};

struct RoomChange {
  std::vector<std::string> joined;
  std::vector<std::string> left;
};

// A client that wants to come back.
struct Return {
  std::string pid;
  std::optional<Offset>
      offset;  // of the last event it has; none: it has had none since it connected
  std::string nsp;
  std::string identity;
  std::string address;  // as in SocketState
};

struct MissedEvent {
  Offset offset = 0;
  Packed packed;
};

struct Restored {
  SocketState state;
  std::vector<MissedEvent> missed;  // in the order of their offsets
  // Events up to here are among the missed, or are known to the client: they are not sent to it
  // again when they come by in this process later.
  Offset floor = 0;
};

// An event that went out.
struct SentEvent {
  Offset offset = 0;
  std::string nsp;
  Audience audience;
  Packed packed;
  bool is_volatile = false;  // nobody who missed it gets it
};

// Remembers sockets and events, in memory (MemoryRecovery) or in a database, so its calls answer
// later: by `done`, on the loop's thread, at once or in a later turn, exactly once; or never, once
// the Server is gone. A pid is a secret that stands for one socket of one namespace.
// Threads: the loop's.
class Recovery {
 public:
  virtual ~Recovery() = default;

  // A new socket, before its client is answered. `done` with the pid for its client, or with an
  // empty one: this socket cannot be recovered. Events from now on count as missed where the client
  // has no offset at all.
  virtual void opened(const SocketState& state, std::function<void(std::string pid)> done) = 0;
  virtual void rooms_changed(const std::string& pid, const RoomChange& change,
                             std::function<void()> done) = 0;
  // The socket is gone. `may_return`: its connection broke; otherwise it took its leave, or was put
  // out, and its pid is worth nothing any more.
  virtual void ended(const std::string& pid, SocketState state, bool may_return) = 0;
  // Takes out what was remembered, at most one caller gets it: from then on the pid stands for the
  // restored socket, until its ended(). None where pid, namespace or identity are not those of a
  // socket that ended and may return, where its time is over, or where not everything it missed is
  // there any more.
  virtual void restore(const Return& client, std::function<void(std::optional<Restored>)> done) = 0;

  // The offset for an event that its emitter gave none; none: it goes without. Such an event must
  // not end with a text, which clients would take for its offset: they would come back as
  // strangers.
  virtual std::optional<Offset> next_offset() = 0;
  // Every event with an offset, in the order in which they leave.
  virtual void sent(const SentEvent& event) = 0;
};

}  // namespace hotclock::socketio
