#include "service/net/networks.h"

#include <arpa/inet.h>

#include <algorithm>
#include <charconv>

#include <fmt/format.h>

namespace hotclock::net {
namespace {

constexpr std::array<unsigned char, 12> mapped{0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xFF, 0xFF};
constexpr int mapped_bits = 96;

// Its first `bits`, and zeros.
Address begin_of(Address address, int bits) {
  for (int i = 0; i < 16; ++i) {
    const int kept = std::clamp(bits - 8 * i, 0, 8);
    address[static_cast<std::size_t>(i)] &= static_cast<unsigned char>(0xFF00 >> kept);
  }
  return address;
}

std::string text_of(const Address& address, bool four) {
  std::array<char, INET6_ADDRSTRLEN> text{};
  if (four)
    inet_ntop(AF_INET, address.data() + mapped.size(), text.data(), text.size());
  else
    inet_ntop(AF_INET6, address.data(), text.data(), text.size());
  return text.data();
}

bool is_mapped(const Address& address) {
  return std::ranges::equal(mapped, std::span(address).first(mapped.size()));
}

std::optional<int> read_bits(std::string_view text, int most) {
  int bits = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), bits);
  const bool whole = error == std::errc() && end == text.data() + text.size();
  if (!whole || bits < 0 || bits > most || std::to_string(bits) != text) return std::nullopt;
  return bits;
}

Error wrong(std::string_view text, std::string_view what) {
  return Error(Errc::invalid, fmt::format("\"{}\" {}", text, what));
}

}  // namespace

std::optional<Address> read_address(std::string_view written) {
  const std::string text(written.substr(0, written.find('%')));
  Address out{};
  if (written.find('\0') != written.npos) return std::nullopt;
  if (inet_pton(AF_INET6, text.c_str(), out.data()) == 1) return out;
  std::ranges::copy(mapped, out.begin());
  if (inet_pton(AF_INET, text.c_str(), out.data() + mapped.size()) == 1) return out;
  return std::nullopt;
}

std::string text_of(const Address& address) { return text_of(address, is_mapped(address)); }

bool Network::holds(const Address& address) const { return begin_of(address, bits) == first; }

Result<Network> read_network(std::string_view text) {
  const auto slash = text.find('/');
  const auto address = read_address(text.substr(0, slash));
  if (!address || text.find('%') != text.npos)
    return wrong(text,
                 "is no network; write \"10.0.0.0/8\", \"2001:db8::/32\" or an address alone");
  if (slash == text.npos) return Network{*address, 128};
  // ::ffff:10.0.0.0/104 counts its bits as IPv6 does, 10.0.0.0/8 as IPv4.
  const bool four = text.substr(0, slash).find(':') == text.npos;
  const int most = four ? 32 : 128;
  const auto written = read_bits(text.substr(slash + 1), most);
  if (!written) return wrong(text, fmt::format("needs 0 to {} behind the slash", most));
  const Network network{begin_of(*address, *written + (four ? mapped_bits : 0)),
                        *written + (four ? mapped_bits : 0)};
  if (network.first != *address)
    return wrong(text,
                 fmt::format("has bits beyond the network; write \"{}/{}\", or \"{}\" alone",
                             text_of(network.first, four), *written, text_of(*address, four)));
  return network;
}

bool is_from(std::span<const std::string> networks, std::string_view address) {
  if (networks.empty()) return true;
  const auto read = read_address(address);
  return read && std::ranges::any_of(networks, [&read](const std::string& text) {
           const auto network = read_network(text);
           return network && network->holds(*read);
         });
}

bool are_within(std::span<const std::string> inner, std::span<const std::string> outer) {
  if (outer.empty()) return true;
  return !inner.empty() && std::ranges::all_of(inner, [outer](const std::string& text) {
    const auto network = read_network(text);
    return network && std::ranges::any_of(outer, [&network](const std::string& around) {
             const auto wide = read_network(around);
             return wide && wide->bits <= network->bits && wide->holds(network->first);
           });
  });
}

}  // namespace hotclock::net
