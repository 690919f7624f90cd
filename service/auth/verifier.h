// Who a client is, by the token it shows.
//
//   auto tokens = TokenVerifier::of(settings.realtime, [&](const Error& why) { log.warning(...);
//   }); auto who = (*tokens)->verify(token, clock.now());
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

#include "scheduler/base/result.h"
#include "scheduler/base/time.h"
#include "service/auth/key_source.h"
#include "service/config/realtime.h"

namespace hotclock::auth {

struct Identity {
  std::int64_t user = 0;
  Instant expires_at;  // from then on the token counts no more; the leeway is in it
};

// What a token must say besides having a good signature.
struct TokenRules {
  std::string issuer = {};    // empty: any
  std::string audience = {};  // empty: any
  Duration leeway = std::chrono::seconds{30};
  std::string user_claim = "sub";
};

// Threads: any.
class TokenVerifier {
 public:
  TokenVerifier(std::unique_ptr<KeySource> keys, TokenRules rules)
      : keys_(std::move(keys)), rules_(std::move(rules)) {}

  // By the settings; null where they name no key, so that nobody can show a token. The error says
  // which key cannot be used and why. `complain` hears of keys that changed and cannot be used any
  // more.
  static Result<std::unique_ptr<TokenVerifier>> of(const config::RealtimeConfig& settings,
                                                   Complain complain);

  // Whose token it is. The claim of the user's id is a whole number above 0, in digits as a text or
  // as a number; `exp` must be there. Errc::timeout where it has expired, so that its client
  // fetches another; Errc::invalid for every other reason. Messages name the reason and repeat
  // nothing of the token.
  Result<Identity> verify(std::string_view token, Instant now) const;

 private:
  const std::unique_ptr<KeySource> keys_;
  const TokenRules rules_;
};

}  // namespace hotclock::auth
