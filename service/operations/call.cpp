#include <charconv>

#include <boost/json/array.hpp>

#include "service/operations/instants.h"
#include "service/operations/operation.h"

namespace hotclock::operations {

std::string Call::text(std::string_view name) const {
  const auto* value = said.if_contains(name);
  return value && value->is_string() ? std::string(value->get_string()) : std::string();
}

std::int64_t Call::number(std::string_view name, std::int64_t otherwise) const {
  const auto* value = said.if_contains(name);
  return value && value->is_int64() ? value->get_int64() : otherwise;
}

std::int64_t Call::id(std::string_view name) const {
  const std::string digits = text(name);
  std::int64_t number = 0;
  const char* const end = digits.data() + digits.size();
  const auto [stop, failed] = std::from_chars(digits.data(), end, number);
  return failed == std::errc{} && stop == end && number > 0 ? number : 0;
}

bool Call::flag(std::string_view name) const {
  const auto* value = said.if_contains(name);
  return value && value->is_bool() && value->get_bool();
}

std::optional<Instant> Call::instant(std::string_view name) const {
  return says(name) ? instant_in(text(name)) : std::nullopt;
}

std::vector<std::string> Call::texts(std::string_view name) const {
  std::vector<std::string> out;
  const auto* value = said.if_contains(name);
  if (!value || !value->is_array()) return out;
  for (const auto& one : value->get_array())
    if (one.is_string()) out.emplace_back(one.get_string());
  return out;
}

Result<std::optional<std::int64_t>> Call::version() const {
  if (if_match.empty() || if_match == "*") return std::optional<std::int64_t>();
  const bool quoted = if_match.size() > 2 && if_match.front() == '"' && if_match.back() == '"';
  std::int64_t number = 0;
  const char* const end = if_match.data() + if_match.size() - 1;
  if (quoted) {
    const auto [stop, failed] = std::from_chars(if_match.data() + 1, end, number);
    if (failed == std::errc{} && stop == end) return std::optional(number);
  }
  return Error(Errc::stale, "If-Match names a version that there never was");
}

}  // namespace hotclock::operations
