// Bytes as base64 (RFC 4648), and back.
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace hotclock::http {

std::string to_base64(std::string_view bytes);
// The URL-safe alphabet, without padding.
std::string to_base64_url(std::string_view bytes);

// Nothing where it is no base64: padding must be there, and no bit set after the end.
std::optional<std::string> from_base64(std::string_view text);

}  // namespace hotclock::http
