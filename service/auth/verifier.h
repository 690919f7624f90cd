// Who a client is, by the token it shows.
//
//   auto tokens = TokenVerifier::of(settings.realtime, "roles",
//                                   [&](const Error& why) { log.warning(...); });
//   auto who = (*tokens)->verify(token, clock.now());
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "scheduler/base/result.h"
#include "scheduler/base/time.h"
#include "service/auth/key_source.h"
#include "service/config/realtime.h"

namespace hotclock::auth {

struct Identity {
  std::int64_t user = 0;
  Instant expires_at;  // from then on the token counts no more; the leeway is in it
  std::vector<std::string> roles = {};

  bool has_role(std::string_view role) const;
};

// Of a token's roles, the first so many count, and those that are no longer than this.
inline constexpr std::size_t most_roles = 64;
inline constexpr std::size_t longest_role = 100;  // bytes

// What a token must say besides having a good signature.
struct TokenRules {
  std::string issuer = {};    // empty: any
  std::string audience = {};  // empty: any
  Duration leeway = std::chrono::seconds{30};
  std::string user_claim = "sub";
  std::string roles_claim = "roles";
};

// Threads: any.
class TokenVerifier {
 public:
  TokenVerifier(std::unique_ptr<KeySource> keys, TokenRules rules)
      : keys_(std::move(keys)), rules_(std::move(rules)) {}

  // By the settings, and with the claim that holds a user's roles; null where they name no key, so
  // that nobody can show a token. The error says which key cannot be used and why. `complain` hears
  // of keys that changed and cannot be used any more.
  static Result<std::unique_ptr<TokenVerifier>> of(const config::RealtimeConfig& settings,
                                                   std::string roles_claim, Complain complain);

  // Whose token it is. The claim of the user's id is a whole number above 0, in digits as a text or
  // as a number; `exp` must be there. Errc::timeout where it has expired, so that its client
  // fetches another; Errc::invalid for every other reason. Messages name the reason and repeat
  // nothing of the token. Its roles are one text or several; what is no text is no role, and
  // refuses nobody.
  Result<Identity> verify(std::string_view token, Instant now) const;

 private:
  const std::unique_ptr<KeySource> keys_;
  const TokenRules rules_;
};

}  // namespace hotclock::auth
