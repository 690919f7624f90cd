#include "service/access/principal_json.h"

#include <algorithm>
#include <boost/json/array.hpp>
#include <boost/json/serialize.hpp>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "service/strict_json/strict_json.h"

namespace hotclock::access {
namespace json = boost::json;

namespace {

Error corrupt(std::string_view what) {
  return Error(Errc::corrupt, fmt::format("{} is no principal of this program's", what));
}

json::array array_of(const std::vector<std::string>& words) {
  return json::array(words.begin(), words.end());
}

std::vector<std::string> names_of(const std::vector<Right>& rights) {
  std::vector<std::string> names;
  for (const Right right : rights) names.emplace_back(to_string(right));
  return names;
}

// The words of a member; none where it is no array of texts.
std::optional<std::vector<std::string>> words_in(const json::object& object, std::string_view key) {
  const json::value* found = object.if_contains(key);
  if (!found || !found->is_array()) return std::nullopt;
  std::vector<std::string> words;
  for (const json::value& word : found->get_array()) {
    if (!word.is_string()) return std::nullopt;
    words.emplace_back(word.get_string());
  }
  return words;
}

Result<std::vector<Right>> rights_of(const std::vector<std::string>& names) {
  std::vector<Right> rights;
  for (const std::string& name : names) {
    Right right{};
    if (!from_string(name, right)) return corrupt("right \"" + name + "\"");
    rights.push_back(right);
  }
  return rights;
}

Result<Grant> grant_of(std::string_view role, const std::vector<std::string>& rights,
                       std::vector<std::string> jobs) {
  Grant grant;
  if (!from_string(role, grant.role)) return corrupt(fmt::format("role \"{}\"", role));
  auto read = rights_of(rights);
  if (!read) return std::move(read).error();
  grant.rights = std::move(read).value();
  grant.jobs = std::move(jobs);
  return grant;
}

}  // namespace

std::string to_json(const Principal& principal) {
  json::object out;
  out["name"] = principal.name;
  out["role"] = to_string(principal.grant.role);
  out["rights"] = array_of(names_of(principal.grant.rights));
  out["jobs"] = array_of(principal.grant.jobs);
  out["from"] = principal.from;
  if (principal.token) out["token"] = *principal.token;
  return json::serialize(out);
}

Result<Principal> principal_of_json(std::string_view text) {
  auto object = strict_json::object_of(text);
  if (!object) return std::move(object).error().within("principal");
  const auto* name = strict_json::text_of(*object, "name");
  const auto* role = strict_json::text_of(*object, "role");
  const auto* from = strict_json::text_of(*object, "from");
  auto rights = words_in(*object, "rights");
  auto jobs = words_in(*object, "jobs");
  if (!name || !role || !from || !rights || !jobs) return corrupt("what is kept");
  auto grant = grant_of(*role, *rights, *std::move(jobs));
  if (!grant) return std::move(grant).error();
  Principal out{std::string(*name), std::move(grant).value(), std::string(*from), {}};
  const json::value* token = object->if_contains("token");
  if (token && !token->is_int64()) return corrupt("what is kept");
  if (token) out.token = token->get_int64();
  return out;
}

std::string to_words(const Grant& grant) {
  std::string text(to_string(grant.role));
  if (!grant.rights.empty()) text += fmt::format(": {}", fmt::join(names_of(grant.rights), ", "));
  if (!grant.jobs.empty()) text += fmt::format("; for {}", fmt::join(grant.jobs, ", "));
  return text;
}

std::string joined(const std::vector<std::string>& words) {
  return fmt::format("{}", fmt::join(words, " "));
}
std::string joined(const std::vector<Right>& rights) { return joined(names_of(rights)); }

std::vector<std::string> words_of(std::string_view text) {
  std::vector<std::string> words;
  while (!text.empty()) {
    const auto end = std::min(text.find(' '), text.size());
    if (end > 0) words.emplace_back(text.substr(0, end));
    text.remove_prefix(std::min(end + 1, text.size()));
  }
  return words;
}

Result<Grant> grant_of(std::string_view role, std::string_view rights, std::string_view jobs) {
  return grant_of(role, words_of(rights), words_of(jobs));
}

}  // namespace hotclock::access
