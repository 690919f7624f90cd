// Tokens of our own: what the demo hands to its visitors.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "scheduler/base/time.h"

namespace hotclock::auth {

// What a token of ours says. Texts that are empty are left out.
struct Claims {
  std::int64_t user = 0;
  Instant expires_at;  // whole seconds; what is behind them is cut off
  std::string_view user_claim = "sub";
  std::string_view issuer = {};
  std::string_view audience = {};
  std::vector<std::string> roles = {};  // as the claim "roles"
};

// A token that TokenVerifier accepts under the same secret.
std::string sign_hs256(std::string_view secret, const Claims& claims);

}  // namespace hotclock::auth
