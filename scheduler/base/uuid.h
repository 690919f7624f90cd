// Ids that sort by the time they were made.
#pragma once

#include <array>
#include <compare>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "scheduler/base/time.h"

namespace hotclock {

// A UUID of version 7 (RFC 9562, 5.7): 48 bits of milliseconds, then a count and randomness.
struct Uuid {
  std::array<std::uint8_t, 16> bytes{};

  // "0193a4f2-5b7c-7c3e-9a61-3f0e1d2c4b5a"
  std::string text() const;
  static std::optional<Uuid> parse(std::string_view text);

  friend auto operator<=>(const Uuid&, const Uuid&) = default;
};

// Makes ids that only ever grow, also when the wall clock is set back. Threads: one at a time.
class UuidSource {
 public:
  Uuid next(Instant now);

 private:
  std::uint64_t random();

  std::array<std::uint64_t, 64> pool_{};
  std::size_t used_ = pool_.size();
  std::int64_t last_millis_ = 0;
  std::uint32_t count_ = 0;
};

}  // namespace hotclock
