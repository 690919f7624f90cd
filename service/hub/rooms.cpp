#include "service/hub/rooms.h"

#include <algorithm>
#include <cctype>

namespace hotclock::hub {
namespace {

bool is_id(std::string_view text) {
  return !text.empty() && text.size() <= 19 && text.front() != '0' &&
         std::ranges::all_of(text, [](unsigned char c) { return std::isdigit(c) != 0; });
}

bool is_name(std::string_view text) {
  return !text.empty() && text.size() <= 64 && std::ranges::all_of(text, [](unsigned char c) {
    return std::isalnum(c) != 0 || c == '-' || c == '_';
  });
}

// What follows `prefix`; empty where it does not begin with it.
std::string_view behind(std::string_view prefix, std::string_view room) {
  return room.starts_with(prefix) ? room.substr(prefix.size()) : std::string_view();
}

}  // namespace

bool is_room(std::string_view room) {
  if (room == "rankings" || is_name(behind("rankings:", room)) ||
      is_name(behind("rankings:country:", room)))
    return true;
  return is_id(behind("user:", room)) || is_id(behind("stream:", room)) ||
         is_id(behind("throne:", room));
}

bool matches(std::string_view pattern, std::string_view room) {
  if (!pattern.ends_with('*')) return pattern == room;
  return room.starts_with(pattern.substr(0, pattern.size() - 1));
}

Result<> may_join(const Visitor& visitor, std::string_view room) {
  if (!is_room(room))
    return Error(Errc::invalid,
                 "there is no such room; rooms are stream:ID, throne:ID, rankings, "
                 "rankings:CATEGORY and rankings:country:COUNTRY");
  if (room.starts_with("user:")) {
    if (room == visitor.identity) return {};
    return Error(Errc::conflict, "this is another user's room");
  }
  if (!visitor.identity.empty()) return {};
  const auto is_public = [room](const std::string& pattern) { return matches(pattern, room); };
  if (std::ranges::any_of(visitor.public_rooms, is_public)) return {};
  return Error(Errc::conflict, "sign in to join this room");
}

}  // namespace hotclock::hub
