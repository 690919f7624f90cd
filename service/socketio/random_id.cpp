#include "service/socketio/random_id.h"

#include <sys/random.h>

#include <array>
#include <cerrno>
#include <cstdint>
#include <string_view>
#include <system_error>

namespace hotclock::socketio {
namespace {

constexpr std::string_view alphabet =
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";

// So few bytes come all at once or not at all.
std::array<std::uint8_t, 15> random_bytes() {
  std::array<std::uint8_t, 15> bytes;
  while (getrandom(bytes.data(), bytes.size(), 0) < 0)
    if (errno != EINTR) throw std::system_error(errno, std::generic_category(), "getrandom");
  return bytes;
}

}  // namespace

std::string random_id() {
  const auto bytes = random_bytes();
  std::string id;
  id.reserve(20);
  for (std::size_t i = 0; i < bytes.size(); i += 3) {
    const unsigned group = bytes[i] << 16u | bytes[i + 1] << 8u | bytes[i + 2];
    for (int shift = 18; shift >= 0; shift -= 6) id += alphabet[group >> shift & 63u];
  }
  return id;
}

}  // namespace hotclock::socketio
