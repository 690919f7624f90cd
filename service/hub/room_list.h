// Rooms as a table keeps them: one text, a space between two.
#pragma once

#include <string>

#include "service/outbox/rows.h"

namespace hotclock::hub {

using outbox::parted;

template <class Rooms>
std::string joined(const Rooms& rooms) {
  std::string list;
  for (const std::string& room : rooms) (list += list.empty() ? "" : " ") += room;
  return list;
}

}  // namespace hotclock::hub
