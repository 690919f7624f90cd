#include "service/auth/key_ring.h"

#include <algorithm>

#include <fmt/format.h>

#include "service/auth/base64url.h"
#include "service/strict_json/strict_json.h"

namespace hotclock::auth {
namespace {

namespace json = boost::json;

constexpr std::string_view only_verifying = "verify";

bool says(const json::object& jwk, std::string_view name, std::string_view what) {
  const json::string* text = strict_json::text_of(jwk, name);
  return text && std::string_view(text->data(), text->size()) == what;
}

// Whether a key may verify signatures: `use` and `key_ops` need not be there.
bool may_verify(const json::object& jwk) {
  if (jwk.contains("use") && !says(jwk, "use", "sig")) return false;
  const json::value* operations = jwk.if_contains("key_ops");
  if (!operations) return true;
  const json::array* list = operations->if_array();
  return list && std::ranges::any_of(*list, [](const json::value& operation) {
           return operation.is_string() &&
                  operation.get_string() ==
                      json::string_view(only_verifying.data(), only_verifying.size());
         });
}

// The algorithm of a key we know; none of others.
std::optional<Algorithm> algorithm_of(const json::object& jwk) {
  std::optional<Algorithm> out;
  if (says(jwk, "kty", "oct")) out = Algorithm::hs256;
  if (says(jwk, "kty", "RSA")) out = Algorithm::rs256;
  if (says(jwk, "kty", "OKP") && says(jwk, "crv", "Ed25519")) out = Algorithm::eddsa;
  const bool other = out && jwk.contains("alg") && !says(jwk, "alg", to_string(*out));
  return other ? std::nullopt : out;
}

Result<std::string> bytes_of(const json::object& jwk, std::string_view name) {
  const json::string* text = strict_json::text_of(jwk, name);
  auto bytes = text ? from_base64url({text->data(), text->size()}) : std::nullopt;
  if (!bytes || bytes->empty())
    return Error(Errc::invalid, fmt::format("its {} is no base64url", name));
  return std::move(*bytes);
}

Result<Key> rsa_of(const json::object& jwk) {
  auto modulus = bytes_of(jwk, "n");
  if (!modulus) return std::move(modulus).error();
  auto exponent = bytes_of(jwk, "e");
  if (!exponent) return std::move(exponent).error();
  return Key::rsa(*modulus, *exponent);
}

Result<Key> key_of(const json::object& jwk, Algorithm algorithm) {
  if (jwk.contains("d"))
    return Error(Errc::invalid, "it is a private key; only its public half belongs here");
  if (algorithm == Algorithm::rs256) return rsa_of(jwk);
  const bool secret = algorithm == Algorithm::hs256;
  auto bytes = bytes_of(jwk, secret ? "k" : "x");
  if (!bytes) return std::move(bytes).error();
  return secret ? Key::secret(std::move(*bytes)) : Key::ed25519(*bytes);
}

Result<std::string> id_of(const json::object& jwk) {
  if (!jwk.contains("kid")) return std::string();
  const json::string* id = strict_json::text_of(jwk, "kid");
  if (!id || id->empty()) return Error(Errc::invalid, "its kid is no text");
  return std::string(id->data(), id->size());
}

}  // namespace

KeyRing KeyRing::of(Key key) {
  KeyRing out;
  out.keys_.push_back({{}, std::move(key)});
  out.any_id_ = true;
  return out;
}

Result<KeyRing> KeyRing::of_jwks(std::string_view text) {
  auto jwks = strict_json::object_of(text);
  if (!jwks) return std::move(jwks).error();
  const json::value* keys = jwks->if_contains("keys");
  if (!keys || !keys->is_array()) return Error(Errc::invalid, "it has no list of keys");
  KeyRing out;
  for (int number = 1; const json::value& entry : keys->get_array()) {
    const std::string step = fmt::format("key {}", number++);
    const json::object* jwk = entry.if_object();
    if (!jwk) return Error(Errc::invalid, "it is no JSON object").within(step);
    const auto algorithm = algorithm_of(*jwk);
    if (!algorithm || !may_verify(*jwk)) continue;
    auto id = id_of(*jwk);
    if (!id) return std::move(id).error().within(step);
    auto key = key_of(*jwk, *algorithm);
    if (!key) return std::move(key).error().within(step);
    if (auto added = out.add(std::move(*id), std::move(*key)); !added)
      return std::move(added).error().within(step);
  }
  if (out.keys_.empty()) return Error(Errc::invalid, "no key in it verifies HS256, RS256 or EdDSA");
  return out;
}

Result<void> KeyRing::add(std::string id, Key key) {
  const bool taken = std::ranges::any_of(keys_, [&](const Named& other) {
    return other.id == id && (!id.empty() || other.key.algorithm() == key.algorithm());
  });
  if (taken && id.empty())
    return Error(Errc::invalid, "it has no kid, as another of its algorithm");
  if (taken) return Error(Errc::invalid, "another key has its kid");
  keys_.push_back({std::move(id), std::move(key)});
  return {};
}

const Key* KeyRing::find(const std::optional<std::string>& id, Algorithm algorithm) const {
  const Key* found = nullptr;
  for (const Named& named : keys_) {
    const bool meant = any_id_ || !id || named.id == *id;
    if (!meant || named.key.algorithm() != algorithm) continue;
    if (found) return nullptr;
    found = &named.key;
  }
  return found;
}

}  // namespace hotclock::auth
