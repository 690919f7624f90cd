#include "service/outgoing/webhook.h"

#include <openssl/hmac.h>

#include <algorithm>
#include <array>

#include <fmt/format.h>

#include "service/digest/sha256.h"
#include "service/outgoing/base64.h"

namespace hotclock::outgoing {
namespace {

constexpr std::string_view prefix = "whsec_";
constexpr std::string_view white = " \t\r\n";

const unsigned char* bytes_of(std::string_view text) {
  return reinterpret_cast<const unsigned char*>(text.data());
}

Result<SigningKey> read_key(std::string_view secret) {
  const Error wrong(Errc::invalid,
                    "it is no secret of a webhook: write whsec_ and 24 to 64 bytes in base64");
  if (!secret.starts_with(prefix)) return wrong;
  SigningKey key{from_base64(secret.substr(prefix.size()))};
  if (key.bytes.size() < 24 || key.bytes.size() > 64) return wrong;
  return key;
}

std::string hmac(const SigningKey& key, std::string_view signed_text) {
  std::array<unsigned char, EVP_MAX_MD_SIZE> out;
  unsigned size = 0;
  HMAC(EVP_sha256(), key.bytes.data(), static_cast<int>(key.bytes.size()), bytes_of(signed_text),
       signed_text.size(), out.data(), &size);
  return {reinterpret_cast<const char*>(out.data()), size};
}

}  // namespace

Result<std::vector<SigningKey>> read_signing_keys(std::string_view secrets) {
  std::vector<SigningKey> keys;
  while (true) {
    secrets.remove_prefix(std::min(secrets.find_first_not_of(white), secrets.size()));
    if (secrets.empty()) break;
    const std::string_view one = secrets.substr(0, secrets.find_first_of(white));
    auto key = read_key(one);
    if (!key) return std::move(key).error();
    keys.push_back(std::move(key).value());
    secrets.remove_prefix(one.size());
  }
  if (keys.empty()) return Error(Errc::invalid, "there is no secret in it");
  return keys;
}

std::string signature_of(const std::vector<SigningKey>& keys, std::string_view id, Instant at,
                         std::string_view body) {
  const std::string signed_text = fmt::format("{}.{}.{}", id, webhook_timestamp(at), body);
  std::string all;
  for (const SigningKey& key : keys)
    all += (all.empty() ? "v1," : " v1,") + to_base64(hmac(key, signed_text));
  return all;
}

std::string webhook_timestamp(Instant at) {
  return std::to_string(std::chrono::floor<std::chrono::seconds>(at).time_since_epoch().count());
}

std::string digest(std::string_view text) { return digest::sha256_hex(text).substr(0, 32); }

}  // namespace hotclock::outgoing
