// How a row of the outbox reads.
#pragma once

#include <algorithm>
#include <string>
#include <string_view>
#include <vector>

#include "service/outbox/outbox.h"

namespace hotclock::outbox {

inline std::vector<std::string> parted(std::string_view rooms) {
  std::vector<std::string> parts;
  while (!rooms.empty()) {
    const std::size_t space = std::min(rooms.find(' '), rooms.size());
    parts.emplace_back(rooms.substr(0, space));
    rooms.remove_prefix(std::min(space + 1, rooms.size()));
  }
  return parts;
}

// Of statements that give id, created_at, event, rooms, payload, execution_id.
inline Posted posted_of(const sql::Rows& row) {
  return {row.integer(0),           row.instant(1),           std::string(row.text(2)),
          parted(row.text(3)),      std::string(row.text(4)), std::string(row.text(5))};
}

}  // namespace hotclock::outbox
