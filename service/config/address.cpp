#include "service/config/address.h"

#include <arpa/inet.h>
#include <netinet/in.h>

#include <array>

namespace hotclock::config {

bool is_address(const std::string& text) {
  std::array<unsigned char, sizeof(in6_addr)> out{};
  return inet_pton(AF_INET, text.c_str(), out.data()) == 1 ||
         inet_pton(AF_INET6, text.c_str(), out.data()) == 1;
}

bool is_loopback(std::string_view address) {
  return address.starts_with("127.") || address == "::1" || address.starts_with("::ffff:127.");
}

void read_address(Section& section, std::string& address) {
  address = section.text("address", address);
  if (!is_address(address))
    section.refuse("address", "this is no address",
                   "write one in digits, such as 127.0.0.1, 0.0.0.0 or ::");
}

}  // namespace hotclock::config
