#include "service/access/token_text.h"

#include <algorithm>

#include "service/access/secrets.h"
#include "service/auth/base64url.h"

namespace hotclock::access {
namespace {

constexpr std::string_view prefix = "hc_";
constexpr std::size_t key_id_size = 8, secret_size = 43;

}  // namespace

std::optional<TokenText> read_token(std::string_view text) {
  if (text.size() != prefix.size() + key_id_size + 1 + secret_size) return std::nullopt;
  if (!text.starts_with(prefix) || text[prefix.size() + key_id_size] != '_') return std::nullopt;
  const TokenText read{text.substr(prefix.size(), key_id_size),
                       text.substr(prefix.size() + key_id_size + 1)};
  const bool letters = std::ranges::all_of(
      read.key_id, [](char c) { return (c >= 'a' && c <= 'z') || (c >= '2' && c <= '9'); });
  if (!letters || !auth::from_base64url(read.secret)) return std::nullopt;
  return read;
}

Result<std::string> new_token_text() {
  auto key_id = random_key_id();
  if (!key_id) return key_id;
  auto secret = random_secret();
  if (!secret) return secret;
  return std::string(prefix) + *key_id + "_" + *secret;
}

}  // namespace hotclock::access
