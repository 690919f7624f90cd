// From CONNECT to its answer: the application's word first, then what the recovery knows.
#include <algorithm>
#include <charconv>
#include <utility>

#include "service/socketio/json.h"
#include "service/socketio/server_connection.h"

namespace hotclock::socketio {
namespace {

constexpr std::string_view no_answer = "not admitted";

std::optional<Offset> to_offset(std::string_view text) {
  Offset offset = 0;
  const char* const end = text.data() + text.size();
  const auto read = std::from_chars(text.data(), end, offset);
  if (read.ec != std::errc() || read.ptr != end) return std::nullopt;
  return offset;
}

// What the client has of an earlier connection. Whatever is odd about it makes it a new client.
void read_claim(Joining& joining, std::string_view auth) {
  const auto pid = json_member(auth, "pid");
  const auto offset = json_member(auth, "offset");
  if (!pid) return;
  if (offset) {
    joining.offset = to_offset(json_text(*offset).value_or(""));
    if (!joining.offset) return;
  }
  joining.pid = json_text(*pid);
}

}  // namespace

// ---------------------------------------------------------------- the application's answer

// The last copy of an Admission ends it: nobody is left waiting for an answer that cannot come.
struct Admission::Asked {
  explicit Asked(std::shared_ptr<Joining> j) : joining(std::move(j)) {}
  ~Asked() { Connection::refused(joining, no_answer, {}); }
  Asked(const Asked&) = delete;

  const std::shared_ptr<Joining> joining;
};

Admission::Admission(std::shared_ptr<Joining> joining)
    : asked_(std::make_shared<Asked>(std::move(joining))) {}

void Admission::accept(std::unique_ptr<SocketListener> listener, std::string identity) const {
  const std::shared_ptr<Joining> joining = asked_->joining;
  if (!joining->connection || std::exchange(joining->decided, true)) return;
  joining->listener = std::move(listener);
  joining->identity = std::move(identity);
  Connection::accepted(joining);
}

void Admission::refuse(std::string_view message, std::string_view data) const {
  Connection::refused(asked_->joining, message, data);
}

// ---------------------------------------------------------------- a client at the door

void Connection::connect(const Packet& packet) {
  Namespace* nsp = server_.find(packet.nsp);
  if (!nsp) return send(pack_connect_error(packet.nsp, "Invalid namespace", {}));
  if (find(packet.nsp) || waits_for(*nsp)) return end(Leaving::parse_error, Closing::parse_error);
  ask_at_door(*nsp, packet);
}

void Connection::ask_at_door(Namespace& nsp, const Packet& packet) {
  std::erase(put_out_of_, nsp.name());
  const std::string_view auth = packet.json.empty() ? "{}" : packet.json;
  auto joining = std::make_shared<Joining>(Joining{this, nsp, core_});
  if (core_.recovery) read_claim(*joining, auth);
  joining_.push_back(joining);
  nsp.listener_.connecting({nsp, auth, session_.handshake()}, Admission(std::move(joining)));
}

void Connection::refused(const std::shared_ptr<Joining>& joining, std::string_view message,
                         std::string_view data) {
  Connection* connection = joining->connection;
  if (!connection || std::exchange(joining->decided, true)) return;
  joining->connection = nullptr;
  std::erase(connection->joining_, joining);
  connection->send(pack_connect_error(joining->nsp.name(), message, data));
}

void Connection::accepted(const std::shared_ptr<Joining>& joining) {
  const Turn turn(joining->core);
  return joining->pid ? restore(joining) : open(joining);
}

// ---------------------------------------------------------------- a client that comes back

// The old connection may not have been seen to break: it ends here, and its socket becomes one that
// was lost.
void Connection::restore(const std::shared_ptr<Joining>& joining) {
  ServerCore& core = joining->core;
  if (const auto old = core.by_pid.find(*joining->pid); old != core.by_pid.end()) {
    Socket& socket = *old->second;
    if (&socket.nsp() == &joining->nsp && socket.identity() == joining->identity)
      socket.connection_.end(Leaving::replaced, Closing::forced);
  }
  joining->held_since = joining->nsp.begin_holding();
  const Handshake& handshake = joining->connection->session_.handshake();
  const Return client{*joining->pid, joining->offset, joining->nsp.name(), joining->identity,
                      handshake.address};
  core.recovery->restore(
      client, [joining](std::optional<Restored> answer) { restored(joining, std::move(answer)); });
}

void Connection::restored(const std::shared_ptr<Joining>& joining, std::optional<Restored> answer) {
  const Turn turn(joining->core);
  const bool held_all = joining->nsp.held_all(joining->held_since);
  if (answer && (!joining->connection || !held_all)) {
    const bool may_return = !joining->connection;
    joining->core.recovery->ended(*joining->pid, std::move(answer->state), may_return);
    answer.reset();
  }
  if (answer) {
    joining->connection->bring_back(*joining, *std::move(answer));
  } else if (joining->connection) {
    open(joining);
  }
  joining->nsp.end_holding();
}

// What it missed comes behind the answer, not before it as the reference sends it: a client keeps
// early events until it is answered, also over the loss of this connection, and would hear those
// once more when it comes back again.
void Connection::bring_back(Joining& joining, Restored back) {
  Offset floor = std::max(back.floor, joining.offset.value_or(0));
  for (const MissedEvent& event : back.missed) floor = std::max(floor, event.offset);
  const Arrival arrival{true, back.state.kept};
  Socket& socket = enter(joining, std::move(back.state), *joining.pid, floor);
  for (const MissedEvent& event : back.missed) socket.send(event.packed);
  joining.nsp.release_to(socket, joining.held_since);
  socket.listener().connected(socket, arrival);
}

// ---------------------------------------------------------------- a client that is in

void Connection::open(const std::shared_ptr<Joining>& joining) {
  const Handshake& handshake = joining->connection->session_.handshake();
  SocketState state{joining->core.ids.next(), joining->nsp.name(), joining->identity, {}, {},
                    handshake.address};
  Recovery* recovery = joining->core.recovery;
  if (!recovery) return joining->connection->begin(*joining, std::move(state), {});
  recovery->opened(state, [joining, state, recovery](std::string pid) {
    const Turn turn(joining->core);
    if (joining->connection) return joining->connection->begin(*joining, state, std::move(pid));
    if (!pid.empty()) recovery->ended(pid, state, false);
  });
}

void Connection::begin(Joining& joining, SocketState state, std::string pid) {
  Socket& socket = enter(joining, std::move(state), std::move(pid), 0);
  socket.listener().connected(socket, {});
}

Socket& Connection::enter(Joining& joining, SocketState state, std::string pid, Offset floor) {
  std::erase_if(joining_, [&](const auto& other) { return other.get() == &joining; });
  no_longer_late();
  auto made = std::unique_ptr<Socket>(
      new Socket({*this, session_, joining.nsp, core_, std::move(state.sid), std::move(pid),
                  std::move(joining.identity), floor, std::move(joining.listener)}));
  Socket& socket = *sockets_.emplace_back(std::move(made));
  if (!socket.pid_.empty()) core_.by_pid.emplace(socket.pid_, &socket);
  joining.nsp.enter(socket, state.rooms);
  send(pack_connect(joining.nsp.name(), socket.id(), socket.pid_));
  return socket;
}

}  // namespace hotclock::socketio
