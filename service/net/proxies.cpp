#include "service/net/proxies.h"

#include <algorithm>

namespace hotclock::net {
namespace {

std::string_view trimmed(std::string_view text) {
  constexpr std::string_view blanks = " \t";
  const auto first = text.find_first_not_of(blanks);
  if (first == text.npos) return {};
  return text.substr(first, text.find_last_not_of(blanks) - first + 1);
}

// "[2001:db8::1]:80", "192.0.2.1:80": some proxies add the port.
std::string_view without_port(std::string_view entry) {
  if (entry.starts_with('[')) {
    const auto end = entry.find(']');
    return end == entry.npos ? std::string_view{} : entry.substr(1, end - 1);
  }
  const auto colon = entry.find(':');
  const bool only_one = colon != entry.npos && entry.find(':', colon + 1) == entry.npos;
  return only_one ? entry.substr(0, colon) : entry;
}

// Takes the last entry off `list`.
std::string_view take_last(std::string_view& list) {
  const auto comma = list.rfind(',');
  const auto entry = list.substr(comma == list.npos ? 0 : comma + 1);
  list = list.substr(0, comma == list.npos ? 0 : comma);
  return trimmed(entry);
}

}  // namespace

TrustedProxies::TrustedProxies(const std::vector<std::string>& networks) {
  for (const std::string& text : networks)
    if (const auto network = read_network(text)) networks_.push_back(*network);
}

bool TrustedProxies::trusts(const Address& address) const {
  return std::ranges::any_of(networks_, [&](const Network& each) { return each.holds(address); });
}

std::string TrustedProxies::client_of(std::string_view peer, std::string_view forwarded) const {
  std::string client(peer);
  auto address = read_address(peer);
  while (address && trusts(*address) && !forwarded.empty()) {
    address = read_address(without_port(take_last(forwarded)));
    if (address) client = text_of(*address);
  }
  return client;
}

}  // namespace hotclock::net
