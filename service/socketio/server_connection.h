// One session's side of the server: its packets in, its sockets, who of it still waits at a door.
// Private to this folder.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "service/socketio/server_core.h"

namespace hotclock::socketio {

// A client between its CONNECT and the answer to it.
struct Joining {
  Connection* connection;  // null: it is gone
  Namespace& nsp;
  ServerCore& core;
  std::optional<std::string> pid = {};  // of the connection it wants back
  std::optional<Offset> offset = {};
  bool decided = false;
  std::unique_ptr<SocketListener> listener = {};
  std::string identity = {};
  std::uint64_t held_since = 0;  // see Namespace::begin_holding
};

class Connection final : public SessionListener {
 public:
  Connection(Server& server, Session& session);
  ~Connection() override;

  void text(std::string_view message) override;
  void binary(std::string_view message) override;
  void closed(Closing why) override;

  // Everybody of it leaves, and the session ends. Does nothing the second time.
  void end(Leaving why, Closing closing);
  // Nobody of it came in within the time.
  void came_too_late() { end(Leaving::forced, Closing::forced); }

  // The application's answers.
  static void accepted(const std::shared_ptr<Joining>& joining);
  static void refused(const std::shared_ptr<Joining>& joining, std::string_view message,
                      std::string_view data);

  void disconnect(Socket& socket, bool close);

 private:
  using Whole = std::unique_ptr<PacketReader::Whole>;

  void take(Result<Whole> whole);
  void handle(PacketReader::Whole& whole);
  void connect(const Packet& packet);
  void ask_at_door(Namespace& nsp, const Packet& packet);
  void event(Socket& socket, const PacketReader::Whole& whole);
  void send(const Packed& packed);

  Socket* find(std::string_view nsp) const;
  bool was_put_out_of(std::string_view nsp) const;
  bool waits_for(const Namespace& nsp) const;

  static void restore(const std::shared_ptr<Joining>& joining);
  static void restored(const std::shared_ptr<Joining>& joining, std::optional<Restored> answer);
  static void open(const std::shared_ptr<Joining>& joining);
  void begin(Joining& joining, SocketState state, std::string pid);
  void bring_back(Joining& joining, Restored restored);
  Socket& enter(Joining& joining, SocketState state, std::string pid, Offset floor);

  void leave(Socket& socket, Leaving why);
  void leave_all(Leaving why);
  void no_longer_late();

  Server& server_;
  ServerCore& core_;
  Session& session_;
  PacketReader reader_;
  bool over_ = false;
  std::optional<Steady> connect_until_;
  std::vector<std::unique_ptr<Socket>> sockets_;
  std::vector<std::shared_ptr<Joining>> joining_;
  // Namespaces it was put out of: what it sent before it knew is passed over.
  std::vector<std::string> put_out_of_;
};

}  // namespace hotclock::socketio
