#include "service/socketio/rooms.h"

#include <algorithm>

#include "service/socketio/socket.h"

namespace hotclock::socketio {

const Room* Rooms::find(std::string_view name) const {
  const auto found = rooms_.find(name);
  return found == rooms_.end() ? nullptr : found->second.get();
}

// Looks through the shorter of the two lists.
Membership* Rooms::membership(Socket& socket, const Room& room) {
  Memberships& memberships = socket.memberships_;
  if (memberships.size() <= room.members.size()) {
    const auto found = std::find_if(memberships.begin(), memberships.end(),
                                    [&](const Membership& m) { return m.room == &room; });
    return found == memberships.end() ? nullptr : &*found;
  }
  const auto found = std::find_if(room.members.begin(), room.members.end(),
                                  [&](const Member& m) { return m.socket == &socket; });
  return found == room.members.end() ? nullptr : &memberships[found->place];
}

bool Rooms::in(const Socket& socket, std::string_view name) const {
  const Room* room = find(name);
  return room && membership(const_cast<Socket&>(socket), *room);
}

Room& Rooms::at(std::string_view name) {
  if (const auto found = rooms_.find(name); found != rooms_.end()) return *found->second;
  auto room = std::make_unique<Room>();
  room->name = name;
  const std::string_view key = room->name;
  return *rooms_.emplace(key, std::move(room)).first->second;
}

bool Rooms::join(Socket& socket, std::string_view name) {
  Room& room = at(name);
  if (membership(socket, room)) return false;
  const auto place_in_room = static_cast<std::uint32_t>(room.members.size());
  const auto place_in_socket = static_cast<std::uint32_t>(socket.memberships_.size());
  room.members.push_back({&socket, place_in_socket});
  socket.memberships_.push_back({&room, place_in_room});
  return true;
}

bool Rooms::leave(Socket& socket, std::string_view name) {
  const Room* room = find(name);
  Membership* membership = room ? Rooms::membership(socket, *room) : nullptr;
  if (!membership) return false;
  take_out(socket, static_cast<std::uint32_t>(membership - socket.memberships_.data()));
  return true;
}

void Rooms::leave_all(Socket& socket) {
  while (!socket.memberships_.empty())
    take_out(socket, static_cast<std::uint32_t>(socket.memberships_.size() - 1));
}

// On both sides the last one takes the place that becomes free.
void Rooms::take_out(Socket& socket, std::uint32_t place) {
  Memberships& memberships = socket.memberships_;
  const Membership gone = memberships[place];
  Room& room = *gone.room;

  const Member last_member = room.members.back();
  room.members[gone.place] = last_member;
  last_member.socket->memberships_[last_member.place].place = gone.place;
  room.members.pop_back();

  const Membership last = memberships.back();
  memberships.pop_back();
  if (place < memberships.size()) {
    memberships[place] = last;
    last.room->members[last.place].place = place;
  }
  if (room.members.empty()) rooms_.erase(rooms_.find(room.name));
}

}  // namespace hotclock::socketio
