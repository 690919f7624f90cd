#include "service/socketio/namespace.h"

#include <algorithm>
#include <cassert>
#include <utility>

#include "service/socketio/server_core.h"

namespace hotclock::socketio {

struct Namespace::Held {
  Audience audience;
  Packed packed;
  Sending how;
};

Namespace::Namespace(ServerCore& core, std::string name, NamespaceListener& listener)
    : core_(core), name_(std::move(name)), listener_(listener) {}
Namespace::~Namespace() = default;

Socket* Namespace::find(std::string_view id) const {
  const auto found = by_id_.find(id);
  return found == by_id_.end() ? nullptr : found->second;
}

// ---------------------------------------------------------------- coming and going

void Namespace::enter(Socket& socket, const std::vector<std::string>& rooms) {
  socket.place_ = static_cast<std::uint32_t>(everyone_.size());
  everyone_.push_back(&socket);
  by_id_.emplace(socket.id(), &socket);
  for (const std::string& room : rooms) rooms_.join(socket, room);
}

void Namespace::leave(Socket& socket) {
  rooms_.leave_all(socket);
  by_id_.erase(socket.id());
  everyone_[socket.place_] = everyone_.back();
  everyone_[socket.place_]->place_ = socket.place_;
  everyone_.pop_back();
}

// ---------------------------------------------------------------- who an audience is

template <class Act>
void Namespace::for_each_in(std::string_view name, Act act) const {
  if (const Room* room = rooms_.find(name))
    for (const Member& member : room->members) act(*member.socket);
  if (Socket* socket = find(name)) act(*socket);
}

// Where a socket could come up twice, or is left out, the walk leaves its number in it.
template <class Act>
void Namespace::for_each(const Audience& audience, Act act) const {
  const auto& [rooms, except] = audience;
  if (except.empty() && rooms.size() == 1) return for_each_in(rooms.front(), act);
  const std::uint64_t walk = ++walks_;
  const auto mark = [walk](Socket& socket) { socket.seen_ = walk; };
  const auto once = [&](Socket& socket) {
    if (std::exchange(socket.seen_, walk) != walk) act(socket);
  };
  for (const std::string& room : except) for_each_in(room, mark);
  for (const std::string& room : rooms) for_each_in(room, once);
  if (rooms.empty())
    for (Socket* socket : everyone_) once(*socket);
}

std::vector<Socket*> Namespace::members(const Audience& audience) const {
  std::vector<Socket*> found;
  for_each(audience, [&](Socket& socket) { found.push_back(&socket); });
  return found;
}

bool Namespace::hears(const Socket& socket, const Audience& audience) const {
  const auto in = [&](const std::string& room) { return socket.in(room); };
  const auto& [rooms, except] = audience;
  return (rooms.empty() || std::any_of(rooms.begin(), rooms.end(), in)) &&
         std::none_of(except.begin(), except.end(), in);
}

// ---------------------------------------------------------------- what is said to it

std::size_t Namespace::broadcast(const Audience& audience, std::string_view event,
                                 const Values& values, const Sending& how) {
  assert(!reserved_event(event));
  const Sending sending{how.is_volatile, core_.offset_for(how)};
  const Packed packed = pack_event(name_, event, values, sending.offset);
  if (core_.recovery && sending.offset)
    core_.recovery->sent({*sending.offset, name_, audience, packed, how.is_volatile});
  if (restoring_ > 0) hold({audience, packed, sending});
  std::size_t count = 0;
  for_each(audience, [&](const Socket& socket) {
    if (!socket.takes(sending)) return;
    socket.send(packed);
    ++count;
  });
  return count;
}

std::uint64_t Namespace::begin_holding() {
  ++restoring_;
  return held_before_ + held_.size();
}

void Namespace::hold(Held held) {
  if (held.how.is_volatile) return;
  if (held_.size() >= core_.options.most_held) forget_held();
  held_.push_back(std::move(held));
}

void Namespace::release_to(Socket& socket, std::uint64_t since) const {
  for (std::size_t i = since - held_before_; i < held_.size(); ++i)
    if (hears(socket, held_[i].audience) && socket.takes(held_[i].how))
      socket.send(held_[i].packed);
}

void Namespace::end_holding() {
  if (--restoring_ == 0) forget_held();
}

void Namespace::forget_held() {
  held_before_ += held_.size();
  held_.clear();
}

// ---------------------------------------------------------------- for operators

std::vector<RoomCount> Namespace::rooms() const {
  std::vector<RoomCount> counts;
  rooms_.for_each([&](const Room& room) { counts.push_back({room.name, room.members.size()}); });
  std::sort(counts.begin(), counts.end(),
            [](const RoomCount& a, const RoomCount& b) { return a.name < b.name; });
  return counts;
}

std::size_t Namespace::count(std::string_view room) const {
  std::size_t count = 0;
  for_each_in(room, [&](const Socket&) { ++count; });
  return count;
}

std::vector<SocketInfo> Namespace::sockets(const Audience& audience) const {
  std::vector<SocketInfo> infos;
  for_each(audience, [&](const Socket& socket) {
    const Handshake& handshake = socket.handshake();
    infos.push_back({socket.id(), socket.identity(), handshake.address, handshake.transport,
                     socket.since(), socket.rooms()});
  });
  return infos;
}

std::size_t Namespace::disconnect(const Audience& audience, bool close) {
  const Turn turn(core_);
  const std::vector<Socket*> sockets = members(audience);
  for (Socket* socket : sockets) socket->disconnect(close);
  return sockets.size();
}

}  // namespace hotclock::socketio
