#include "service/config/address.h"

#include <arpa/inet.h>
#include <netinet/in.h>

#include <array>

#include "service/net/networks.h"

namespace hotclock::config {

bool is_address(const std::string& text) {
  std::array<unsigned char, sizeof(in6_addr)> out{};
  return inet_pton(AF_INET, text.c_str(), out.data()) == 1 ||
         inet_pton(AF_INET6, text.c_str(), out.data()) == 1;
}

bool is_loopback(std::string_view address) {
  return address.starts_with("127.") || address == "::1" || address.starts_with("::ffff:127.");
}

std::vector<std::string> read_networks(Section& section, std::string_view key) {
  auto out = section.texts(key, {});
  for (const std::string& text : out)
    if (const auto network = net::read_network(text); !network)
      section.refuse(key, network.error().message(), "write networks, or addresses alone");
  return out;
}

void read_address(Section& section, std::string& address) {
  address = section.text("address", address);
  if (!is_address(address))
    section.refuse("address", "this is no address",
                   "write one in digits, such as 127.0.0.1, 0.0.0.0 or ::");
}

}  // namespace hotclock::config
