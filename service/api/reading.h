// What requests say, read.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace hotclock::api {

// A whole number in digits, at least 0 and of at most 18 digits; -1 where `text` is none.
std::int64_t number_in(std::string_view text);

// The token of an Authorization field; empty where it shows none: RFC 6750, 2.1.
std::string_view bearer_in(std::string_view authorization);

// "np" -> "NP"; none where it is neither two letters nor GLOBAL.
std::optional<std::string> country_in(std::string_view text);

}  // namespace hotclock::api
