#include "service/outgoing/address.h"

#include <arpa/inet.h>
#include <netinet/in.h>

#include <algorithm>
#include <array>
#include <cstdint>
#include <cstring>

namespace hotclock::outgoing {
namespace {

using Bytes = std::array<std::uint8_t, 16>;

// The IANA registries of special-purpose addresses (RFC 6890 and what followed it), and what clouds
// use.
struct Range4 {
  std::uint32_t from;
  int bits;
  std::string_view what;
};
constexpr std::uint32_t ip(std::uint32_t a, std::uint32_t b, std::uint32_t c, std::uint32_t d) {
  return a << 24 | b << 16 | c << 8 | d;
}
constexpr Range4 ranges4[] = {
    {ip(0, 0, 0, 0), 8, "an address of this network"},
    {ip(10, 0, 0, 0), 8, "a private address"},
    {ip(100, 64, 0, 0), 10, "a shared address"},
    {ip(127, 0, 0, 0), 8, "a loopback address"},
    {ip(168, 63, 129, 16), 32, "a metadata address"},
    {ip(169, 254, 0, 0), 16, "a link-local address"},
    {ip(172, 16, 0, 0), 12, "a private address"},
    {ip(192, 0, 0, 0), 24, "a reserved address"},
    {ip(192, 0, 2, 0), 24, "an address for examples"},
    {ip(192, 88, 99, 0), 24, "a translated address"},
    {ip(192, 168, 0, 0), 16, "a private address"},
    {ip(198, 18, 0, 0), 15, "an address for benchmarks"},
    {ip(198, 51, 100, 0), 24, "an address for examples"},
    {ip(203, 0, 113, 0), 24, "an address for examples"},
    {ip(224, 0, 0, 0), 4, "a multicast address"},
    {ip(240, 0, 0, 0), 4, "a reserved address"},
};

std::optional<std::string_view> not_public4(std::uint32_t address) {
  for (const Range4& range : ranges4)
    if ((address ^ range.from) >> (32 - range.bits) == 0) return range.what;
  return std::nullopt;
}

std::uint32_t last_four(const Bytes& b) { return ip(b[12], b[13], b[14], b[15]); }

bool begins(const Bytes& address, std::initializer_list<int> with) {
  return std::equal(with.begin(), with.end(), address.begin());
}

std::optional<std::string_view> not_public6(const Bytes& b) {
  const bool zeros = begins(b, {0, 0, 0, 0, 0, 0, 0, 0, 0, 0});
  if (zeros && b[10] == 0xff && b[11] == 0xff) return not_public4(last_four(b));
  if (begins(b, {0, 0x64, 0xff, 0x9b, 0, 0, 0, 0, 0, 0, 0, 0})) return not_public4(last_four(b));
  if (zeros && b[10] == 0 && b[11] == 0 && last_four(b) == 1) return "a loopback address";
  if (zeros) return "a reserved address";
  if ((b[0] & 0xfe) == 0xfc) return "a private address";
  if (b[0] == 0xfe && (b[1] & 0xc0) == 0x80) return "a link-local address";
  if (b[0] == 0xff) return "a multicast address";
  if ((b[0] & 0xe0) != 0x20) return "a reserved address";  // all that is public so far begins so
  if (begins(b, {0x20, 0x01, 0, 0})) return "a translated address";
  if (begins(b, {0x20, 0x02})) return "a translated address";
  if (begins(b, {0x20, 0x01}) && b[2] < 2) return "a reserved address";
  if (begins(b, {0x20, 0x01, 0x0d, 0xb8})) return "an address for examples";
  if (b[0] == 0x3f && b[1] == 0xff && (b[2] & 0xf0) == 0) return "an address for examples";
  return std::nullopt;
}

}  // namespace

std::optional<std::string_view> not_public(const sockaddr* address) {
  if (address->sa_family == AF_INET) {
    sockaddr_in four;
    std::memcpy(&four, address, sizeof four);
    return not_public4(ntohl(four.sin_addr.s_addr));
  }
  if (address->sa_family != AF_INET6) return "no address of the internet";
  sockaddr_in6 six;
  std::memcpy(&six, address, sizeof six);
  Bytes bytes;
  std::copy(std::begin(six.sin6_addr.s6_addr), std::end(six.sin6_addr.s6_addr), bytes.begin());
  return not_public6(bytes);
}

std::string in_digits(const sockaddr* address) {
  char text[INET6_ADDRSTRLEN] = {};
  sockaddr_in four;
  sockaddr_in6 six;
  if (address->sa_family == AF_INET) {
    std::memcpy(&four, address, sizeof four);
    inet_ntop(AF_INET, &four.sin_addr, text, sizeof text);
  } else if (address->sa_family == AF_INET6) {
    std::memcpy(&six, address, sizeof six);
    inet_ntop(AF_INET6, &six.sin6_addr, text, sizeof text);
  }
  return text;
}

}  // namespace hotclock::outgoing
