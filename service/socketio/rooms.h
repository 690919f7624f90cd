// Who is in which room.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

namespace hotclock::socketio {

class Socket;
struct Room;

// A socket's place in one room: the two know each other's places, so that joining and leaving cost
// the same in a room of 10,000 as in one of two.
struct Membership {
  Room* room;
  std::uint32_t place;  // in room->members
};
using Memberships = std::vector<Membership>;

struct Member {
  Socket* socket;
  std::uint32_t place;  // in the socket's memberships
};

struct Room {
  std::string name;
  std::vector<Member> members;
};

// The rooms of one namespace. A room is there as long as somebody is in it.
// Threads: the loop's. A member must not join or leave while its room is walked through.
class Rooms {
 public:
  // False where it is in that room already.
  bool join(Socket& socket, std::string_view name);
  // False where it was not in that room.
  bool leave(Socket& socket, std::string_view name);
  void leave_all(Socket& socket);

  // Null where nobody is in it.
  const Room* find(std::string_view name) const;
  bool in(const Socket& socket, std::string_view name) const;
  std::size_t size() const { return rooms_.size(); }

  template <class Act>
  void for_each(Act act) const {
    for (const auto& [name, room] : rooms_) act(*room);
  }

 private:
  // Null where it is not in that room.
  static Membership* membership(Socket& socket, const Room& room);
  Room& at(std::string_view name);
  void take_out(Socket& socket, std::uint32_t place);

  // The keys are views of the rooms' own names.
  std::unordered_map<std::string_view, std::unique_ptr<Room>> rooms_;
};

}  // namespace hotclock::socketio
