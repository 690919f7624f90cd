// A namespace: who may come in, who is in, and what is said to all of them.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "scheduler/base/time.h"
#include "service/socketio/rooms.h"
#include "service/socketio/socket.h"

namespace hotclock::socketio {

class Namespace;
struct Joining;
struct ServerCore;

// A client at the door. Lives for the call it is handed to.
struct ConnectRequest {
  Namespace& nsp;
  std::string_view auth;  // a JSON object; "{}" where the client sent none
  const Handshake& handshake;
};

// The answer to a client at the door. May be kept, copied and used in a later turn; the first
// answer counts, and where the client is gone it does nothing. When the last copy goes without
// having been used, the client is refused.
class Admission {
 public:
  // `identity`: whom the application takes the client for; a connection is recovered only for the
  // same one.
  void accept(std::unique_ptr<SocketListener> listener, std::string identity = {}) const;
  // `data`: one JSON value for the client, or empty.
  void refuse(std::string_view message, std::string_view data = {}) const;

 private:
  friend class Connection;
  explicit Admission(std::shared_ptr<Joining> joining);
  struct Asked;
  std::shared_ptr<Asked> asked_;
};

// Who decides about a namespace. Threads: the loop's.
class NamespaceListener {
 public:
  virtual ~NamespaceListener() = default;
  virtual void connecting(const ConnectRequest& request, Admission admission) = 0;
};

// For operators.
struct RoomCount {
  std::string name;
  std::size_t sockets = 0;
};
struct SocketInfo {
  std::string id;
  std::string identity;
  std::string address;
  std::string transport;
  Instant since;
  std::vector<std::string> rooms;
};

// Made by Server::add, lives as long as the Server. Threads: the loop's.
class Namespace {
 public:
  Namespace(const Namespace&) = delete;
  ~Namespace();

  const std::string& name() const { return name_; }
  std::size_t size() const { return everyone_.size(); }
  // Null where there is no such socket (any more).
  Socket* find(std::string_view id) const;

  // Sends an event to its audience; to how many it went. The messages are built once and shared by
  // all; a socket that is in several of the rooms gets them once. Every socket hears broadcasts and
  // its own events in the order in which they were sent. REQUIRES: !reserved_event(event).
  std::size_t broadcast(const Audience& audience, std::string_view event, const Values& values,
                        const Sending& how = {});

  // Sorted by name; the sockets' own rooms left out.
  std::vector<RoomCount> rooms() const;
  // How many there are of these.
  std::size_t room_count() const { return rooms_.size(); }
  std::size_t count(std::string_view room) const;
  std::vector<SocketInfo> sockets(const Audience& audience) const;
  // As Socket::disconnect, for each of the audience; how many they were.
  std::size_t disconnect(const Audience& audience, bool close = false);

 private:
  friend class Connection;
  friend class Server;
  friend class Socket;
  struct Held;
  Namespace(ServerCore& core, std::string name, NamespaceListener& listener);

  void enter(Socket& socket, const std::vector<std::string>& rooms);
  void leave(Socket& socket);

  template <class Act>
  void for_each_in(std::string_view room, Act act) const;
  template <class Act>
  void for_each(const Audience& audience, Act act) const;
  std::vector<Socket*> members(const Audience& audience) const;

  // While a socket of it is being restored, broadcasts are held for it as well. `since` is where
  // begin_holding() found the end of what is held.
  std::uint64_t begin_holding();
  void hold(Held held);
  bool held_all(std::uint64_t since) const { return since >= held_before_; }
  void release_to(Socket& socket, std::uint64_t since) const;
  void end_holding();
  void forget_held();
  bool hears(const Socket& socket, const Audience& audience) const;

  ServerCore& core_;
  const std::string name_;
  NamespaceListener& listener_;
  Rooms rooms_;
  std::unordered_map<std::string_view, Socket*> by_id_;
  std::vector<Socket*> everyone_;
  mutable std::uint64_t walks_ = 0;  // see Socket::seen_
  std::vector<Held> held_;
  std::uint64_t held_before_ = 0;  // what was let go of in front of held_
  int restoring_ = 0;
};

}  // namespace hotclock::socketio
