// Addresses that a server of ours listens on.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "service/config/section.h"

namespace hotclock::config {

// IPv4 or IPv6, in digits.
bool is_address(const std::string& text);

// Reads the key `address`: one of this machine, in digits.
void read_address(Section& section, std::string& address);

// Reads a list of networks ("10.0.0.0/8") and of addresses.
std::vector<std::string> read_networks(Section& section, std::string_view key);

// Whether only this machine reaches what listens there.
bool is_loopback(std::string_view address);

}  // namespace hotclock::config
