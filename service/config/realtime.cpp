#include "service/config/realtime.h"

#include <algorithm>
#include <array>

#include <fmt/format.h>

#include "service/config/address.h"
#include "service/config/units.h"

namespace hotclock::config {
namespace {

using namespace std::chrono_literals;

constexpr std::string_view letters = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ";
constexpr std::string_view digits = "0123456789";

bool only(std::string_view text, std::initializer_list<std::string_view> allowed) {
  return std::ranges::all_of(text, [&](char c) {
    return std::ranges::any_of(allowed,
                               [&](std::string_view set) { return set.find(c) != set.npos; });
  });
}

int count(Section& section, std::string_view key, int otherwise, int least, int most) {
  return static_cast<int>(section.integer(key, otherwise, least, most));
}

bool is_path(std::string_view path) {
  return path.size() > 1 && path.starts_with('/') && path.ends_with('/') &&
         path.find("//") == path.npos && only(path, {letters, digits, "/-._~"});
}

bool is_port(std::string_view text) {
  if (text.empty() || text.size() > 5 || !only(text, {digits})) return false;
  const int port = std::stoi(std::string(text));
  return port >= 1 && port <= 65'535;
}

// "live.example", "live.example:8443", "[::1]:8080": as browsers write it behind "https://".
bool is_host(std::string_view host) {
  std::string_view name = host;
  if (const auto colon = host.rfind(':'); colon != host.npos && !host.ends_with(']')) {
    if (!is_port(host.substr(colon + 1))) return false;
    name = host.substr(0, colon);
  }
  if (name.starts_with('[') && name.ends_with(']'))
    return is_address(std::string(name.substr(1, name.size() - 2))) && name.find(':') != name.npos;
  return !name.empty() && only(name, {letters.substr(0, 26), digits, "-."});
}

bool is_origin(std::string_view origin) {
  for (const std::string_view scheme : {"https://", "http://"})
    if (origin.starts_with(scheme)) return is_host(origin.substr(scheme.size()));
  return false;
}

// Why a pattern of rooms cannot stand in the list of those that are public; empty where it can.
std::string_view fault_of_public(std::string_view pattern) {
  constexpr std::string_view of_users = "user:";
  const std::string_view stem = pattern.substr(0, pattern.find('*'));
  if (pattern.empty()) return "an empty text names no room";
  if (pattern.size() > stem.size() + 1) return "a \"*\" stands only at its end";
  const bool all_of_it = stem.size() < pattern.size() && of_users.starts_with(stem);
  if (stem.starts_with(of_users) || all_of_it) return "rooms of users are never public";
  return {};
}

void read_server(Section& section, RealtimeConfig& out) {
  out.enabled = section.flag("enabled", out.enabled);
  read_address(section, out.address);
  out.port = count(section, "port", out.port, 0, 65'535);
  out.certificate = section.file("certificate");
  out.key = section.file("key");
  if (out.certificate.empty() != out.key.empty())
    section.refuse(out.key.empty() ? "certificate" : "key", "a certificate and its key go together",
                   out.key.empty() ? "set key as well" : "set certificate as well");
  out.path = section.text("path", out.path);
  if (!is_path(out.path))
    section.refuse("path", "this is no path",
                   "write one that begins and ends with a slash, such as /socket.io/");
  out.origins = section.texts("origins", out.origins);
  for (const std::string& origin : out.origins)
    if (!is_origin(origin))
      section.refuse("origins", fmt::format("\"{}\" is no origin", origin),
                     "write scheme and host, no path: \"https://live.example\"");
  out.trusted_proxies = read_networks(section, "trusted_proxies");
}

void read_visitors(Section& section, RealtimeConfig& out) {
  out.anonymous = section.flag("anonymous", out.anonymous);
  out.public_rooms = section.texts("public_rooms", out.public_rooms);
  for (const std::string& pattern : out.public_rooms)
    if (const auto fault = fault_of_public(pattern); !fault.empty())
      section.refuse("public_rooms", fmt::format("\"{}\": {}", pattern, fault),
                     "write a room, or what rooms begin with and a \"*\": \"stream:*\"");
}

void read_tokens(Section& section, RealtimeConfig& out) {
  out.jwt_algorithm =
      section.choice("jwt_algorithm", out.jwt_algorithm, {"HS256", "RS256", "EdDSA"});
  out.jwt_key = section.secret("jwt_key");
  out.jwt_keys = section.file("jwt_keys");
  if (out.jwt_key.given() && !out.jwt_keys.empty())
    section.refuse("jwt_keys", "jwt_key is set too, and one of them counts", "leave one out");
  out.jwt_issuer = section.text("jwt_issuer", out.jwt_issuer);
  out.jwt_audience = section.text("jwt_audience", out.jwt_audience);
  out.jwt_leeway = section.duration("jwt_leeway", out.jwt_leeway, 0s, 10min);
  out.jwt_user_claim = section.text("jwt_user_claim", out.jwt_user_claim);
  if (out.jwt_user_claim.empty())
    section.refuse("jwt_user_claim", "it names no claim",
                   "write the claim that holds the user's id: \"sub\"");
}

void read_sessions(Section& section, RealtimeConfig& out) {
  out.ping_interval = section.duration("ping_interval", out.ping_interval, 100ms, 10min);
  out.ping_timeout = section.duration("ping_timeout", out.ping_timeout, 100ms, 10min);
  out.upgrade_timeout = section.duration("upgrade_timeout", out.upgrade_timeout, 100ms, 10min);
  out.connect_timeout = section.duration("connect_timeout", out.connect_timeout, 100ms, 10min);
  out.attachments = count(section, "attachments", out.attachments, 0, 1000);
  out.cookie = section.text("cookie", out.cookie);
  if (!only(out.cookie, {letters, digits, "-._"}))
    section.refuse("cookie", "this is no name of a cookie",
                   "write letters, digits and \"-._\", such as io");
  out.max_payload = section.bytes("max_payload", out.max_payload, 1 << 10, 100 << 20);
  out.queue = section.bytes("queue", out.queue, 64 << 10, std::int64_t{1} << 30);
  out.queue_age = section.duration("queue_age", out.queue_age, 1s, 10min);
  out.recovery = section.duration("recovery", out.recovery, 0s, 24h);
  out.retention = section.duration("retention", out.retention, 0s, 24h * 30);
  if (out.retention < out.recovery)
    section.refuse("retention", "it is shorter than recovery",
                   fmt::format("write \"{}\" or more", duration_text(out.recovery)));
}

void read_limits(Section& section, RealtimeConfig& out) {
  constexpr int most = 1'000'000;
  out.connections = count(section, "connections", out.connections, 1, most);
  out.connections_per_address =
      count(section, "connections_per_address", out.connections_per_address, 1, most);
  out.connections_per_address_a_minute = count(section, "connections_per_address_a_minute",
                                               out.connections_per_address_a_minute, 1, most);
  out.messages_per_address_a_minute = count(section, "messages_per_address_a_minute",
                                            out.messages_per_address_a_minute, 0, 1'000'000'000);
  out.connections_per_user =
      count(section, "connections_per_user", out.connections_per_user, 1, most);
  out.connections_per_user_a_minute =
      count(section, "connections_per_user_a_minute", out.connections_per_user_a_minute, 1, most);
  out.rooms_per_socket = count(section, "rooms_per_socket", out.rooms_per_socket, 1, 10'000);
  out.messages_a_minute = count(section, "messages_a_minute", out.messages_a_minute, 1, most);
  out.violations = count(section, "violations", out.violations, 1, 1000);
}

}  // namespace

RealtimeConfig read_realtime(Section section) {
  RealtimeConfig out;
  read_server(section, out);
  read_visitors(section, out);
  read_tokens(section, out);
  read_sessions(section, out);
  read_limits(section, out);
  return out;
}

MetricsConfig read_metrics(Section section) {
  MetricsConfig out;
  out.enabled = section.flag("enabled", out.enabled);
  read_address(section, out.address);
  out.port = count(section, "port", out.port, 0, 65'535);
  return out;
}

}  // namespace hotclock::config
