// Rooms as a table keeps them: one text, a space between two.
#pragma once

#include <algorithm>
#include <string>
#include <string_view>
#include <vector>

namespace hotclock::hub {

inline std::vector<std::string> parted(std::string_view list) {
  std::vector<std::string> rooms;
  while (!list.empty()) {
    const std::size_t space = std::min(list.find(' '), list.size());
    rooms.emplace_back(list.substr(0, space));
    list.remove_prefix(std::min(space + 1, list.size()));
  }
  return rooms;
}

template <class Rooms>
std::string joined(const Rooms& rooms) {
  std::string list;
  for (const std::string& room : rooms) (list += list.empty() ? "" : " ") += room;
  return list;
}

}  // namespace hotclock::hub
