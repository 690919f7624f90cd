#include "service/socketio/socket.h"

#include <cassert>
#include <utility>

#include "service/socketio/namespace.h"
#include "service/socketio/server_connection.h"
#include "service/socketio/server_core.h"

namespace hotclock::socketio {

std::string_view to_string(Leaving why) {
  switch (why) {
    case Leaving::client_disconnect:
      return "client disconnect";
    case Leaving::server_disconnect:
      return "server disconnect";
    case Leaving::replaced:
      return "replaced";
    case Leaving::transport_close:
      return "transport close";
    case Leaving::transport_error:
      return "transport error";
    case Leaving::ping_timeout:
      return "ping timeout";
    case Leaving::parse_error:
      return "parse error";
    case Leaving::forced:
      return "forced";
    case Leaving::slow_consumer:
      return "slow consumer";
    case Leaving::shutdown:
      return "shutdown";
  }
  return "unknown";
}

Leaving leaving(Closing why) {
  switch (why) {
    case Closing::transport_close:
      return Leaving::transport_close;
    case Closing::transport_error:
    case Closing::too_large:
      return Leaving::transport_error;
    case Closing::ping_timeout:
      return Leaving::ping_timeout;
    case Closing::parse_error:
      return Leaving::parse_error;
    case Closing::forced:
      return Leaving::forced;
    case Closing::slow_consumer:
      return Leaving::slow_consumer;
    case Closing::shutdown:
      return Leaving::shutdown;
  }
  return Leaving::transport_close;
}

bool may_return(Leaving why) {
  return why != Leaving::client_disconnect && why != Leaving::server_disconnect &&
         why != Leaving::parse_error;
}

// ---------------------------------------------------------------- an answer that is due

struct Ack::Pending {
  Namespace& nsp;
  const std::string socket;
  const std::uint64_t serial;
  const std::uint64_t id;
  bool replied = false;
};

Ack::Ack(const Socket& socket, std::uint64_t id)
    : pending_(std::make_shared<Pending>(Pending{socket.nsp(), socket.id(), socket.serial_, id})) {}

// A client that came back has the same id, but its old questions are over: hence the serial.
void Ack::reply(const Values& values) const {
  if (!pending_ || std::exchange(pending_->replied, true)) return;
  const Socket* socket = pending_->nsp.find(pending_->socket);
  if (socket && socket->serial_ == pending_->serial)
    socket->send(pack_ack(pending_->nsp.name(), pending_->id, values));
}

// ---------------------------------------------------------------- a client in a namespace

Socket::Socket(Made made)
    : session_(made.session),
      floor_(made.floor),
      connection_(made.connection),
      nsp_(made.nsp),
      core_(made.core),
      id_(std::move(made.id)),
      serial_(++made.core.serials),
      since_(made.core.clock.now()),
      pid_(std::move(made.pid)),
      identity_(std::move(made.identity)),
      listener_(std::move(made.listener)) {}

Socket::~Socket() = default;

const Handshake& Socket::handshake() const { return session_.handshake(); }

void Socket::send(const Packed& packed) const {
  if (!here_) return;
  session_.send(packed.text);
  for (const MessagePtr& attachment : packed.attachments) session_.send(attachment);
}

bool Socket::takes(const Sending& how) const {
  if (how.offset && *how.offset <= floor_) return false;
  return !how.is_volatile || session_.writable();
}

void Socket::emit(std::string_view event, const Values& values, const Sending& how) {
  assert(!reserved_event(event));
  if (!here_) return;
  const Sending sending{how.is_volatile, core_.offset_for(how)};
  const Packed packed = pack_event(nsp_.name(), event, values, sending.offset);
  if (core_.recovery && sending.offset)
    core_.recovery->sent({*sending.offset, nsp_.name(), {{id_}, {}}, packed, how.is_volatile});
  if (takes(sending)) send(packed);
}

void Socket::ask(std::string_view event, const Values& values, Duration timeout,
                 std::function<void(const Answer&)> answer) {
  assert(!reserved_event(event));
  const std::uint64_t id = core_.ask(here_ ? this : nullptr, timeout, std::move(answer));
  if (here_) send(pack_event(nsp_.name(), event, values, {}, id));
}

void Socket::tell_recovery(const RoomChange& change, std::function<void()> done) const {
  if (core_.recovery && !pid_.empty()) return core_.recovery->rooms_changed(pid_, change, done);
  if (done) done();
}

void Socket::join(std::string_view room, std::function<void()> done) {
  if (!here_ || room == id_ || !nsp_.rooms_.join(*this, room)) {
    if (done) done();
    return;
  }
  if (!done) done = [] {};
  tell_recovery({{std::string(room)}, {}}, std::move(done));
}

void Socket::leave(std::string_view room) {
  const std::string name(room);  // it may be the room's own name, which goes with its last member
  if (here_ && nsp_.rooms_.leave(*this, name)) tell_recovery({{}, {name}}, [] {});
}

bool Socket::in(std::string_view room) const { return room == id_ || nsp_.rooms_.in(*this, room); }

std::vector<std::string> Socket::rooms() const {
  std::vector<std::string> names;
  for (const Membership& membership : memberships_) names.push_back(membership.room->name);
  return names;
}

SocketState Socket::state() const {
  return {id_, nsp_.name(), identity_, listener_->kept(), rooms(), handshake().address};
}

void Socket::disconnect(bool close) {
  if (here_) connection_.disconnect(*this, close);
}

}  // namespace hotclock::socketio
