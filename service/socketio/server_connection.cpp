#include "service/socketio/server_connection.h"

#include <algorithm>
#include <utility>

#include "service/socketio/json.h"

namespace hotclock::socketio {

Connection::Connection(Server& server, Session& session)
    : server_(server), core_(*server.core_), session_(session), reader_(core_.options.limits) {
  ++core_.clients;
  connect_until_ = core_.clock.steady() + core_.options.connect_timeout;
  core_.connecting.emplace(*connect_until_, this);
}

Connection::~Connection() {
  closed(Closing::transport_close);
  --core_.clients;
}

void Connection::no_longer_late() {
  if (connect_until_) core_.connecting.erase({*connect_until_, this});
  connect_until_.reset();
}

// ---------------------------------------------------------------- what the client says

void Connection::text(std::string_view message) {
  const Turn turn(core_);
  if (!over_) take(reader_.text(message));
}

void Connection::binary(std::string_view message) {
  const Turn turn(core_);
  if (!over_) take(reader_.binary(message));
}

void Connection::take(Result<Whole> whole) {
  if (!whole) return end(Leaving::parse_error, Closing::parse_error);
  if (*whole) handle(**whole);
}

void Connection::handle(PacketReader::Whole& whole) {
  const Packet& packet = whole.packet;
  if (packet.type == PacketType::connect) return connect(packet);
  Socket* socket = find(packet.nsp);
  if (!socket) {
    if (!was_put_out_of(packet.nsp)) end(Leaving::parse_error, Closing::parse_error);
    return;
  }
  switch (packet.type) {
    case PacketType::event:
    case PacketType::binary_event:
      return event(*socket, whole);
    case PacketType::ack:
    case PacketType::binary_ack:
      if (packet.ack)
        core_.answered(*socket, *packet.ack, Arguments(packet.arguments, whole.attachments));
      return;
    case PacketType::disconnect:
      return leave(*socket, Leaving::client_disconnect);
    case PacketType::connect:
    case PacketType::connect_error:
      return;
  }
}

void Connection::event(Socket& socket, const PacketReader::Whole& whole) {
  const Packet& packet = whole.packet;
  socket.listener().event(packet.event, Arguments(packet.arguments, whole.attachments),
                          packet.ack ? Ack(socket, *packet.ack) : Ack());
}

Socket* Connection::find(std::string_view nsp) const {
  const auto found = std::find_if(sockets_.begin(), sockets_.end(),
                                  [&](const auto& s) { return s->nsp().name() == nsp; });
  return found == sockets_.end() ? nullptr : found->get();
}

bool Connection::was_put_out_of(std::string_view nsp) const {
  return std::find(put_out_of_.begin(), put_out_of_.end(), nsp) != put_out_of_.end();
}

bool Connection::waits_for(const Namespace& nsp) const {
  return std::any_of(joining_.begin(), joining_.end(),
                     [&](const auto& joining) { return &joining->nsp == &nsp; });
}

void Connection::send(const Packed& packed) {
  if (!over_) session_.send(packed.text);
}

// ---------------------------------------------------------------- leaving

void Connection::leave(Socket& socket, Leaving why) {
  const auto place = std::find_if(sockets_.begin(), sockets_.end(),
                                  [&](const auto& s) { return s.get() == &socket; });
  const bool returns = may_return(why);
  SocketState state = socket.state();
  socket.here_ = false;
  socket.nsp_.leave(socket);
  core_.gone.push_back(std::move(*place));
  sockets_.erase(place);
  if (!socket.pid_.empty()) {
    core_.by_pid.erase(socket.pid_);
    core_.recovery->ended(socket.pid_, std::move(state), returns);
  }
  core_.abandon(socket);
  socket.listener().left(why);
}

void Connection::leave_all(Leaving why) {
  for (const auto& joining : std::exchange(joining_, {})) joining->connection = nullptr;
  no_longer_late();
  while (!sockets_.empty()) leave(*sockets_.front(), why);
}

void Connection::closed(Closing why) {
  const Turn turn(core_);
  over_ = true;
  leave_all(leaving(why));
}

void Connection::end(Leaving why, Closing closing) {
  if (std::exchange(over_, true)) return;
  session_.close(closing);
  leave_all(why);
}

void Connection::disconnect(Socket& socket, bool close) {
  const Turn turn(core_);
  put_out_of_.push_back(socket.nsp().name());
  send(pack_disconnect(socket.nsp().name()));
  leave(socket, Leaving::server_disconnect);
  if (!close) return;
  for (const auto& other : sockets_) send(pack_disconnect(other->nsp().name()));
  end(Leaving::server_disconnect, Closing::forced);
}

}  // namespace hotclock::socketio
