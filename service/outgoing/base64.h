// Base64 with its padding (RFC 4648).
#pragma once

#include <string>
#include <string_view>

namespace hotclock::outgoing {

std::string to_base64(std::string_view bytes);
// Empty where it is none, with the padding that belongs there.
std::string from_base64(std::string_view text);

}  // namespace hotclock::outgoing
