// Addresses that a request to a stranger's host must not be led to.
#pragma once

#include <sys/socket.h>

#include <optional>
#include <string>
#include <string_view>

namespace hotclock::outgoing {

// What kind of address it is, where it is none of the public internet: "a loopback address", "a
// private address", ... None for a public one. An IPv4 address inside an IPv6 one counts as what it
// is. Families other than these two are none of it.
std::optional<std::string_view> not_public(const sockaddr* address);

// "127.0.0.1", "::1".
std::string in_digits(const sockaddr* address);

}  // namespace hotclock::outgoing
