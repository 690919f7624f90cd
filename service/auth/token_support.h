// For tests: key pairs, and tokens of any header, claims and signature.
#pragma once

#include <memory>
#include <string>
#include <string_view>

#include "scheduler/base/time.h"
#include "service/auth/key.h"

namespace hotclock::auth {

// A pair that OpenSSL made.
class KeyPair {
 public:
  static KeyPair rsa(unsigned bits = 2048);
  static KeyPair rsa_pss();
  static KeyPair ed25519();

  std::string public_pem() const;
  std::string private_pem() const;
  std::string sign(std::string_view text) const;
  // The public key as a JWK: `more` is further members, each with a comma behind it.
  std::string jwk(std::string_view more) const;

 private:
  explicit KeyPair(evp_pkey_st* key);
  std::shared_ptr<evp_pkey_st> key_;
};

// 32 bytes and more.
inline constexpr std::string_view test_secret =
    "the secret of these tests, which everybody may know";

std::string jwk_of_secret(std::string_view more, std::string_view secret = test_secret);
std::string jwks(std::initializer_list<std::string> keys);

// `header` and `claims` are JSON, as they are.
std::string token_hs256(std::string_view header, std::string_view claims,
                        std::string_view secret = test_secret);
std::string token_of(const KeyPair& key, std::string_view header, std::string_view claims);

}  // namespace hotclock::auth
