// Webhooks as Standard Webhooks 1.0 has them (https://www.standardwebhooks.com): an id that stays
// the same over all tries, the time of this one, and a signature of both and the body.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "scheduler/base/result.h"
#include "scheduler/base/time.h"

namespace hotclock::outgoing {

// What a receiver shares with us.
struct SigningKey {
  std::string bytes;  // 24 to 64
};

// "whsec_" and the key in base64. Of several, parted by white space, each signs: while a secret is
// changed a receiver knows one of them. Errc::invalid; the message holds nothing of the secret.
Result<std::vector<SigningKey>> read_signing_keys(std::string_view secrets);

// "v1,<base64 of HMAC-SHA256 of id.timestamp.body> v1,...", one for each key.
std::string signature_of(const std::vector<SigningKey>& keys, std::string_view id, Instant at,
                         std::string_view body);

// The whole seconds of an instant, as webhook-timestamp has them.
std::string webhook_timestamp(Instant at);

// An id of 32 hexadecimal digits that is the same for the same text.
std::string digest(std::string_view text);

}  // namespace hotclock::outgoing
