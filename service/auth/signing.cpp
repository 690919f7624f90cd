#include "service/auth/signing.h"

#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <boost/json/serialize.hpp>

#include "service/auth/base64url.h"
#include "service/auth/key.h"

namespace hotclock::auth {
namespace {

namespace json = boost::json;

json::string_view view(std::string_view text) { return {text.data(), text.size()}; }

std::string in_base64(const json::object& object) { return to_base64url(json::serialize(object)); }

}  // namespace

std::string sign_hs256(std::string_view secret, const Claims& claims) {
  using std::chrono::duration_cast, std::chrono::seconds;
  json::object said{{"exp", duration_cast<seconds>(claims.expires_at.time_since_epoch()).count()}};
  said[view(claims.user_claim)] = std::to_string(claims.user);
  if (!claims.issuer.empty()) said["iss"] = view(claims.issuer);
  if (!claims.audience.empty()) said["aud"] = view(claims.audience);
  if (!claims.roles.empty()) said["roles"] = json::array(claims.roles.begin(), claims.roles.end());
  const std::string text = in_base64({{"alg", "HS256"}, {"typ", "JWT"}}) + "." + in_base64(said);
  return text + "." + to_base64url(hmac_sha256(secret, text));
}

}  // namespace hotclock::auth
