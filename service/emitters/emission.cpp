#include "service/emitters/emission.h"

#include <algorithm>
#include <array>
#include <string_view>

#include "scheduler/base/utf8.h"

namespace hotclock::emitters {
namespace {

constexpr int deepest = 200;

// Events that servers and clients raise themselves; one of these from outside would be a lie.
constexpr std::array<std::string_view, 8> reserved = {
    "connect",       "connect_error", "connection",  "disconnect",
    "disconnecting", "new_namespace", "newListener", "removeListener"};
// The first of them are reserved among servers alone: a client may be told of a "connection".
constexpr std::array<std::string_view, 2> reserved_among_servers = {"connection", "new_namespace"};

bool is_utf8(std::string_view text) {
  while (!text.empty()) {
    const std::size_t size = first_character(text).size;
    if (size == 0) return false;
    text.remove_prefix(size);
  }
  return true;
}

bool all_utf8(const std::vector<std::string>& texts) { return std::ranges::all_of(texts, is_utf8); }

bool is_reserved(std::string_view event, Emission::Op op) {
  const bool kept = std::ranges::find(reserved, event) != reserved.end();
  const bool servers_own =
      std::ranges::find(reserved_among_servers, event) != reserved_among_servers.end();
  return kept && (op == Emission::Op::server || !servers_own);
}

Result<> check_value(const Json& value, int depth) {
  if (depth > deepest)
    return Error(Errc::invalid, "a value is nested deeper than " + std::to_string(deepest));
  if (value.is_string() && !is_utf8(value.get_ref<const std::string&>()))
    return Error(Errc::invalid, "a text is not UTF-8");
  if (value.is_object())
    for (const auto& member : value.items())
      if (!is_utf8(member.key())) return Error(Errc::invalid, "a member's name is not UTF-8");
  if (value.is_structured())
    for (const Json& part : value)
      if (auto ok = check_value(part, depth + 1); !ok) return ok;
  return {};
}

Result<> check_event(const Emission& emission) {
  if (emission.args.empty() || !emission.args[0].is_string())
    return Error(Errc::invalid, "an event begins with its name, a string");
  const auto& event = emission.args[0].get_ref<const std::string&>();
  if (is_reserved(event, emission.op))
    return Error(Errc::invalid, "'" + event + "' is an event of Socket.IO's own");
  for (const Json& value : emission.args)
    if (auto ok = check_value(value, 0); !ok) return std::move(ok).error().within("event");
  return {};
}

Result<> check_namespace(std::string_view nsp) {
  const auto is_control = [](char c) { return static_cast<unsigned char>(c) < 0x20; };
  if (!nsp.starts_with('/')) return Error(Errc::invalid, "a namespace begins with '/'");
  if (!is_utf8(nsp) || std::ranges::any_of(nsp, is_control))
    return Error(Errc::invalid, "a namespace is UTF-8 without control characters");
  return {};
}

}  // namespace

Result<> check(const Emission& emission) {
  if (auto ok = check_namespace(emission.nsp); !ok) return ok;
  if (!all_utf8(emission.rooms) || !all_utf8(emission.except) || !all_utf8(emission.target))
    return Error(Errc::invalid, "the name of a room is not UTF-8");
  switch (emission.op) {
    case Emission::Op::emit:
    case Emission::Op::server:
      return check_event(emission);
    case Emission::Op::join:
    case Emission::Op::leave:
      if (emission.target.empty()) return Error(Errc::invalid, "no room is named to join or leave");
      return {};
    case Emission::Op::disconnect:
      return {};
  }
  return Error(Errc::internal, "an emission of no known kind");
}

}  // namespace hotclock::emitters
