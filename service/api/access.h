// Who asks for a page, and whether it is for them.
#pragma once

#include <string>
#include <variant>

#include "scheduler/base/clock.h"
#include "service/auth/allowance.h"
#include "service/auth/verifier.h"
#include "service/http/request.h"
#include "service/http/response.h"

namespace hotclock::api {

enum class Need { user, editor };

// Takes the bearer tokens (RFC 6750) that clients of [realtime] show too. An address that showed
// many tokens that are none is not listened to for a while; a token that has merely expired is no
// attempt. Threads: the loop's.
class Access {
 public:
  struct Settings {
    std::string editor_role;
    int attempts_a_minute = 60;  // of one address
  };

  // `tokens` and `clock` outlive it; null: nobody can show a token.
  Access(const auth::TokenVerifier* tokens, const Clock& clock, Settings settings);

  // Who it is, or the answer: 401 without a good token, 403 where it lacks the role, 429.
  std::variant<auth::Identity, http::Response> look(const http::Request& request, Need need);

 private:
  std::variant<auth::Identity, http::Response> look_at(std::string_view token,
                                                       const auth::ClientKey& client);

  const auth::TokenVerifier* const tokens_;
  const Clock& clock_;
  const Settings settings_;
  auth::Allowance failures_;
};

}  // namespace hotclock::api
