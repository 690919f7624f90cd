// Exact decimal numbers, for settings that take part in sums of money.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace hotclock::config {

// units / 10^places, exactly: "0.6" is {6, 1}, and so is "0.60". Trailing zeros are not kept, so
// equal numbers are equal members.
struct Decimal {
  std::int64_t units = 0;
  int places = 0;  // 0 to 18

  // "0.6", "-12", "250". None for anything else (exponents, signs without digits, more digits than
  // 64 bits hold).
  static std::optional<Decimal> parse(std::string_view text);

  std::string text() const;
  // 10^places: what `units` is divided by.
  std::int64_t divisor() const;
  double nearest_double() const;

  friend bool operator==(const Decimal&, const Decimal&) = default;
};

// Exact, whatever the places.
bool operator<(const Decimal& a, const Decimal& b);

}  // namespace hotclock::config
