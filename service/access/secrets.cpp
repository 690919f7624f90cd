#include "service/access/secrets.h"

#include <openssl/crypto.h>
#include <openssl/rand.h>

#include <array>

#include "service/auth/base64url.h"
#include "service/digest/sha256.h"

namespace hotclock::access {
namespace {

template <std::size_t size>
Result<std::array<unsigned char, size>> random_bytes() {
  std::array<unsigned char, size> bytes{};
  if (RAND_bytes(bytes.data(), size) == 1) return bytes;
  return Error(Errc::internal, "the operating system gives no random bytes");
}

}  // namespace

Result<std::string> random_secret() {
  auto bytes = random_bytes<32>();
  if (!bytes) return std::move(bytes).error();
  return auth::to_base64url({reinterpret_cast<const char*>(bytes->data()), bytes->size()});
}

Result<std::string> random_key_id() {
  constexpr std::string_view letters = "abcdefghijkmnpqrstuvwxyz23456789";
  static_assert(letters.size() == 32);
  auto bytes = random_bytes<8>();
  if (!bytes) return std::move(bytes).error();
  std::string id;
  for (const unsigned char byte : *bytes) id += letters[byte % letters.size()];
  return id;
}

std::string hash_of(std::string_view text) { return digest::sha256_hex(text); }

bool same_hash(std::string_view one, std::string_view other) {
  return one.size() == other.size() && CRYPTO_memcmp(one.data(), other.data(), one.size()) == 0;
}

}  // namespace hotclock::access
