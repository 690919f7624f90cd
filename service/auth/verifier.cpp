#include "service/auth/verifier.h"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <optional>

#include "service/strict_json/strict_json.h"
#include "service/auth/token.h"

namespace hotclock::auth {
namespace {

namespace json = boost::json;

Error invalid(std::string message) { return Error(Errc::invalid, std::move(message)); }

const json::value* claim(const json::object& claims, std::string_view name) {
  return claims.if_contains({name.data(), name.size()});
}

bool is(const json::value& value, std::string_view text) {
  const json::string* said = value.if_string();
  return said && std::string_view(said->data(), said->size()) == text;
}

// Seconds since 1970, maybe with a fraction, up to the year 9999.
Result<Instant> instant_of(const json::value& value) {
  constexpr double last = 253'402'300'799;
  json::error_code error;
  const double seconds = value.is_number() ? value.to_number<double>(error) : -1;
  if (error || !(seconds >= 0 && seconds <= last)) return invalid("it is no instant");
  return from_millis(static_cast<std::int64_t>(std::floor(seconds * 1000)));
}

Result<Instant> end_of(const json::object& claims) {
  const json::value* expiry = claim(claims, "exp");
  if (!expiry) return invalid("the token never expires: exp is missing");
  auto end = instant_of(*expiry);
  if (!end) return std::move(end).error().within("the token's exp");
  return end;
}

Result<void> check_begin(const json::object& claims, Instant now, Duration leeway) {
  const json::value* begin = claim(claims, "nbf");
  if (!begin) return {};
  const auto from = instant_of(*begin);
  if (!from) return Error(from.error()).within("the token's nbf");
  if (now < *from - leeway) return invalid("the token is not valid yet");
  return {};
}

Result<void> check_issuer(const json::object& claims, std::string_view issuer) {
  if (issuer.empty()) return {};
  const json::value* said = claim(claims, "iss");
  if (said && is(*said, issuer)) return {};
  return invalid("the token is of another issuer");
}

Result<void> check_audience(const json::object& claims, std::string_view audience) {
  if (audience.empty()) return {};
  const json::value* said = claim(claims, "aud");
  const auto ours = [&](const json::value& one) { return is(one, audience); };
  if (said && (ours(*said) || (said->is_array() && std::ranges::any_of(said->get_array(), ours))))
    return {};
  return invalid("the token is meant for others");
}

std::optional<std::int64_t> id_in(std::string_view digits) {
  std::int64_t out = 0;
  const char* end = digits.data() + digits.size();
  const auto [stop, error] = std::from_chars(digits.data(), end, out);
  if (error != std::errc{} || stop != end || digits.starts_with('0') || out <= 0)
    return std::nullopt;
  return out;
}

Result<std::int64_t> user_of(const json::object& claims, const std::string& name) {
  const json::value* said = claim(claims, name);
  if (!said) return invalid("the token names no user: " + name + " is missing");
  std::optional<std::int64_t> id;
  if (const json::string* text = said->if_string()) id = id_in({text->data(), text->size()});
  if (const std::int64_t* number = said->if_int64(); number && *number > 0) id = *number;
  if (!id) return invalid("the token's " + name + " is no user's id");
  return *id;
}

void add_role(std::vector<std::string>& roles, const json::value& said) {
  const json::string* role = said.if_string();
  if (!role || role->empty() || role->size() > longest_role || roles.size() == most_roles) return;
  roles.emplace_back(role->data(), role->size());
}

std::vector<std::string> roles_of(const json::object& claims, const std::string& name) {
  std::vector<std::string> roles;
  const json::value* said = claim(claims, name);
  if (!said) return roles;
  if (const json::array* several = said->if_array())
    for (const json::value& one : *several) add_role(roles, one);
  else
    add_role(roles, *said);
  return roles;
}

// Of claims whose signature is good.
Result<Identity> identity_of(const json::object& claims, const TokenRules& rules, Instant now) {
  auto end = end_of(claims);
  if (!end) return std::move(end).error();
  if (now >= *end + rules.leeway) return Error(Errc::timeout, "the token has expired");
  if (auto begun = check_begin(claims, now, rules.leeway); !begun) return std::move(begun).error();
  if (auto ours = check_issuer(claims, rules.issuer); !ours) return std::move(ours).error();
  if (auto ours = check_audience(claims, rules.audience); !ours) return std::move(ours).error();
  auto user = user_of(claims, rules.user_claim);
  if (!user) return std::move(user).error();
  return Identity{*user, *end + rules.leeway, roles_of(claims, rules.roles_claim)};
}

Result<KeyRing> ring_of(const config::RealtimeConfig& settings) {
  auto text = settings.jwt_key.reveal();
  if (!text) return std::move(text).error();
  Algorithm algorithm{};
  if (!from_string(settings.jwt_algorithm, algorithm)) return invalid("no such algorithm");
  auto key = algorithm == Algorithm::hs256 ? Key::secret(std::move(*text))
                                           : Key::public_key(algorithm, *text);
  if (!key) return std::move(key).error().within(settings.jwt_key.shown);
  return KeyRing::of(std::move(*key));
}

Result<std::unique_ptr<KeySource>> source_of(const config::RealtimeConfig& settings,
                                             Complain complain) {
  if (!settings.jwt_keys.empty()) return KeySource::of_file(settings.jwt_keys, std::move(complain));
  auto ring = ring_of(settings);
  if (!ring) return std::move(ring).error().within("the key of tokens");
  return std::make_unique<KeySource>(std::move(*ring));
}

}  // namespace

bool Identity::has_role(std::string_view role) const {
  return std::ranges::find(roles, role) != roles.end();
}

Result<std::unique_ptr<TokenVerifier>> TokenVerifier::of(const config::RealtimeConfig& settings,
                                                         std::string roles_claim,
                                                         Complain complain) {
  if (!settings.jwt_key.given() && settings.jwt_keys.empty())
    return std::unique_ptr<TokenVerifier>();
  auto keys = source_of(settings, std::move(complain));
  if (!keys) return std::move(keys).error();
  return std::make_unique<TokenVerifier>(
      std::move(*keys), TokenRules{settings.jwt_issuer, settings.jwt_audience, settings.jwt_leeway,
                                   settings.jwt_user_claim, std::move(roles_claim)});
}

Result<Identity> TokenVerifier::verify(std::string_view text, Instant now) const {
  auto token = take_apart(text);
  if (!token) return std::move(token).error();
  const auto keys = keys_->at(now);
  const Key* key = keys->find(token->key_id, token->algorithm);
  if (!key) return invalid("the token is signed with no key that is known here");
  if (!key->signed_by_it(token->signed_text, token->signature))
    return invalid("the token's signature does not fit");
  return identity_of(token->claims, rules_, now);
}

}  // namespace hotclock::auth
