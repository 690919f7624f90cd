// A JSON Web Token, taken apart (RFC 7519 in the compact form of RFC 7515).
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include <boost/json/object.hpp>

#include "scheduler/base/result.h"
#include "service/auth/key.h"

namespace hotclock::auth {

constexpr std::size_t longest_token = 8 << 10;

// What a token says. Nothing of it is true before its signature was verified.
struct Token {
  Algorithm algorithm = Algorithm::hs256;
  std::optional<std::string> key_id;
  std::string_view signed_text;  // lies in the text that was taken apart
  std::string signature;
  boost::json::object claims;
};

// Errc::invalid for what is no token, is longer than 8 KiB, is not signed, or is signed in a way
// that is not understood here. The message never repeats any of it.
Result<Token> take_apart(std::string_view text);

}  // namespace hotclock::auth
