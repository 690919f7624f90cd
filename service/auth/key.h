// Keys that tokens are signed with. Each has its one algorithm, so what a token says of itself
// never decides how it is looked at.
#pragma once

#include <memory>
#include <string>
#include <string_view>

#include "scheduler/base/result.h"

// OpenSSL's; only key.cpp looks inside.
struct evp_pkey_st;

namespace hotclock::auth {

enum class Algorithm {
  hs256,  // HMAC with SHA-256: one secret signs and verifies
  rs256,  // RSASSA-PKCS1-v1_5 with SHA-256
  eddsa,  // Ed25519
};

// "HS256", "RS256", "EdDSA": as tokens and settings write them. False where `text` is none of them.
std::string_view to_string(Algorithm algorithm);
bool from_string(std::string_view text, Algorithm& algorithm);

// A key that verifies. Immutable; copies share what is inside. Threads: any.
class Key {
 public:
  // Errc::invalid where it is shorter than 32 bytes, or is a key in PEM, which others may know.
  static Result<Key> secret(std::string bytes);
  // A public key in PEM. Errc::invalid where it is private, of another kind than the algorithm's,
  // or RSA of less than 2048 or more than 8192 bits. REQUIRES: not hs256.
  static Result<Key> public_key(Algorithm algorithm, std::string_view pem);
  // The same from its numbers, big-endian.
  static Result<Key> rsa(std::string_view modulus, std::string_view exponent);
  static Result<Key> ed25519(std::string_view bytes);

  Algorithm algorithm() const { return algorithm_; }
  // Whether `signature` is this key's under `text`. An HMAC is compared in constant time.
  bool signed_by_it(std::string_view text, std::string_view signature) const;

 private:
  Key(Algorithm algorithm, std::string secret, std::shared_ptr<evp_pkey_st> key)
      : algorithm_(algorithm), secret_(std::move(secret)), key_(std::move(key)) {}

  Algorithm algorithm_;
  std::string secret_;                // hs256
  std::shared_ptr<evp_pkey_st> key_;  // the others
};

// HMAC with SHA-256: 32 bytes.
std::string hmac_sha256(std::string_view secret, std::string_view text);

}  // namespace hotclock::auth
