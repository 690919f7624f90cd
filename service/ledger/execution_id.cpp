#include "service/ledger/execution_id.h"

namespace hotclock::ledger {

Uuid execution_id(UuidSource& source, Instant now, std::int64_t slot_id) {
  Uuid id = source.next(now);
  for (std::size_t i = 0; i < 6; ++i)
    id.bytes[15 - i] = static_cast<std::uint8_t>(static_cast<std::uint64_t>(slot_id) >> (8 * i));
  return id;
}

std::int64_t slot_of(const Uuid& execution) {
  std::int64_t slot_id = 0;
  for (std::size_t i = 10; i < 16; ++i) slot_id = slot_id << 8 | execution.bytes[i];
  return slot_id;
}

}  // namespace hotclock::ledger
