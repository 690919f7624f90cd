// Where a server is, as people and URLs write it.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace hotclock::http {

// "127.0.0.1:8080", "[::1]:8080": RFC 3986, 3.2.2.
inline std::string place_of(std::string_view address, std::uint16_t port) {
  const bool v6 = address.find(':') != address.npos;
  return std::string(v6 ? "[" : "").append(address).append(v6 ? "]:" : ":") + std::to_string(port);
}

// "http://127.0.0.1:8080"
inline std::string origin_of(bool secure, std::string_view address, std::uint16_t port) {
  return (secure ? "https://" : "http://") + place_of(address, port);
}

}  // namespace hotclock::http
