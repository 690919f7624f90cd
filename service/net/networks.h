// Addresses and networks of them.
#pragma once

#include <array>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "scheduler/base/result.h"

namespace hotclock::net {

// An address as one of IPv6; one of IPv4 is ::ffff:a.b.c.d, however it was written.
using Address = std::array<unsigned char, 16>;
// None where it is no address. An interface ("fe80::1%eth0") does not count.
std::optional<Address> read_address(std::string_view text);
// As people write it: one of IPv4 as such.
std::string text_of(const Address& address);

struct Network {
  Address first{};
  int bits = 128;  // that all of its addresses share

  bool holds(const Address& address) const;
};
// "10.0.0.0/8", "2001:db8::/32", or an address alone. Errc::invalid says what would be right.
Result<Network> read_network(std::string_view text);

// Whether one of them holds the address; with none any does, also what is no address.
// REQUIRES: read_network() takes each.
bool is_from(std::span<const std::string> networks, std::string_view address);
// Whether whatever is from `inner` is from `outer` too: each network lies in one of the other's.
// REQUIRES: as above.
bool are_within(std::span<const std::string> inner, std::span<const std::string> outer);

}  // namespace hotclock::net
