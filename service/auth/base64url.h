// Bytes as text that may stand in a URL (RFC 4648, section 5, without padding), as tokens are
// written.
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace hotclock::auth {

std::string to_base64url(std::string_view bytes);

// The bytes of `text`; none where it is not exactly what to_base64url() writes of them: padding,
// spaces, letters of other alphabets and bits that are left over are refused, so that no two texts
// mean the same.
std::optional<std::string> from_base64url(std::string_view text);

}  // namespace hotclock::auth
