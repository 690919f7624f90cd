#include "service/auth/token.h"

#include <array>

#include "service/auth/base64url.h"
#include "service/strict_json/strict_json.h"

namespace hotclock::auth {
namespace {

namespace json = boost::json;

Error invalid(std::string_view message) { return Error(Errc::invalid, std::string(message)); }

using Parts = std::array<std::string_view, 3>;  // header, claims, signature

Result<Parts> parts_of(std::string_view text) {
  const auto first = text.find('.');
  const auto second = first == text.npos ? first : text.find('.', first + 1);
  if (second == text.npos || text.find('.', second + 1) != text.npos)
    return invalid("a token has three parts with dots between them");
  return Parts{text.substr(0, first), text.substr(first + 1, second - first - 1),
               text.substr(second + 1)};
}

Result<json::object> object_in(std::string_view part) {
  const auto text = from_base64url(part);
  if (!text) return invalid("it is no base64url");
  return strict_json::object_of(*text);
}

Result<Algorithm> algorithm_of(const json::object& header) {
  const json::string* name = strict_json::text_of(header, "alg");
  if (!name) return invalid("it names no algorithm");
  Algorithm out{};
  if (from_string({name->data(), name->size()}, out)) return out;
  return invalid(*name == "none" ? "it is not signed"
                                 : "its algorithm is not HS256, RS256 or EdDSA");
}

Result<Token> read_header(const json::object& header) {
  if (header.contains("crit")) return invalid("it wants something understood that is not");
  auto algorithm = algorithm_of(header);
  if (!algorithm) return std::move(algorithm).error();
  Token out{.algorithm = *algorithm};
  if (!header.contains("kid")) return out;
  const json::string* id = strict_json::text_of(header, "kid");
  if (!id) return invalid("its key's id is no text");
  out.key_id.emplace(id->data(), id->size());
  return out;
}

}  // namespace

Result<Token> take_apart(std::string_view text) {
  if (text.size() > longest_token) return invalid("the token is longer than 8 KiB");
  auto parts = parts_of(text);
  if (!parts) return std::move(parts).error();
  const auto& [header, claims, signature] = *parts;
  auto said = object_in(header);
  if (!said) return std::move(said).error().within("the token's header");
  auto token = read_header(*said);
  if (!token) return std::move(token).error().within("the token's header");
  auto claimed = object_in(claims);
  if (!claimed) return std::move(claimed).error().within("the token's claims");
  auto bytes = from_base64url(signature);
  if (!bytes) return invalid("the token's signature: it is no base64url");
  token->signed_text = text.substr(0, header.size() + 1 + claims.size());
  token->signature = std::move(*bytes);
  token->claims = std::move(*claimed);
  return token;
}

}  // namespace hotclock::auth
