#include "service/emitters/redis_url.h"

#include <charconv>
#include <optional>

namespace hotclock::emitters {
namespace {

Error unreadable(std::string_view why) {
  return Error(Errc::invalid,
               "the Redis URL cannot be read: " + std::string(why) +
                   "; it is redis://user:password@host:port/database, rediss:// by TLS, or "
                   "unix:///path?db=0");
}

std::optional<int> number(std::string_view text, int most) {
  int value = 0;
  const auto [end, fault] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (fault != std::errc() || end != text.data() + text.size() || value < 0 || value > most)
    return std::nullopt;
  return value;
}

int hex(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  if (c >= 'A' && c <= 'F') return c - 'A' + 10;
  return -1;
}

std::optional<std::string> percent_decoded(std::string_view text) {
  std::string plain;
  for (std::size_t at = 0; at < text.size(); ++at) {
    if (text[at] != '%') {
      plain += text[at];
      continue;
    }
    if (at + 2 >= text.size() || hex(text[at + 1]) < 0 || hex(text[at + 2]) < 0)
      return std::nullopt;
    plain += static_cast<char>(hex(text[at + 1]) * 16 + hex(text[at + 2]));
    at += 2;
  }
  return plain;
}

// What stands in front of `mark`, which goes with it; none where there is no such mark.
std::optional<std::string_view> take_before(std::string_view& text, char mark) {
  const auto at = text.find(mark);
  if (at == std::string_view::npos) return std::nullopt;
  const std::string_view before = text.substr(0, at);
  text.remove_prefix(at + 1);
  return before;
}

Result<> read_user(std::string_view text, RedisUrl& url) {
  const auto colon = text.find(':');
  const auto user = percent_decoded(text.substr(0, colon));
  const auto password = percent_decoded(colon == std::string_view::npos ? std::string_view()
                                                                        : text.substr(colon + 1));
  if (!user || !password)
    return unreadable("a '%' in user or password is not followed by two hex digits");
  url.user = *user;
  url.password = *password;
  if (!url.user.empty() && url.password.empty()) return unreadable("a user needs a password");
  return {};
}

Result<> read_host(std::string_view text, RedisUrl& url) {
  std::string_view host = text.substr(0, text.rfind(':'));
  std::string_view port = text.substr(std::min(text.size(), host.size()));
  if (text.starts_with('[')) {
    const auto end = text.find(']');
    if (end == std::string_view::npos)
      return unreadable("an address begins with '[' and has no ']'");
    host = text.substr(1, end - 1);
    port = text.substr(end + 1);
  }
  if (host.empty()) return unreadable("it names no host");
  url.address.host = std::string(host);
  if (port.empty()) return {};
  const auto value = port.starts_with(':') ? number(port.substr(1), 65535) : std::nullopt;
  if (!value || *value == 0) return unreadable("the port is no number of 1 to 65535");
  url.address.port = *value;
  return {};
}

Result<> read_database(std::string_view text, RedisUrl& url) {
  if (text.empty()) return {};
  const auto value = number(text, 1'000'000);
  if (!value) return unreadable("the database is no number");
  url.database = *value;
  return {};
}

// The user may stand in front of the last '@' before the first '/'.
Result<> read_network(std::string_view rest, RedisUrl& url) {
  const std::string_view authority = rest.substr(0, rest.find('/'));
  rest.remove_prefix(std::min(rest.size(), authority.size() + 1));
  const auto at = authority.rfind('@');
  if (at != std::string_view::npos)
    if (auto ok = read_user(authority.substr(0, at), url); !ok) return ok;
  const auto host = at == std::string_view::npos ? authority : authority.substr(at + 1);
  if (auto ok = read_host(host, url); !ok) return ok;
  return read_database(rest, url);
}

Result<> read_file(std::string_view rest, RedisUrl& url) {
  if (!rest.starts_with('/')) {
    const auto user = take_before(rest, '@');
    if (!user) return unreadable("the path of the socket begins with '/'");
    if (auto ok = read_user(*user, url); !ok) return ok;
  }
  const auto before_query = take_before(rest, '?');
  const auto path = percent_decoded(before_query.value_or(rest));
  if (!path || !path->starts_with('/')) return unreadable("the path of the socket begins with '/'");
  url.address.path = *path;
  if (!before_query) return {};
  if (!rest.starts_with("db=")) return unreadable("behind '?' it knows only db=NUMBER");
  return read_database(rest.substr(3), url);
}

}  // namespace

Result<RedisUrl> parse_redis_url(std::string_view text) {
  const auto mark = text.find("://");
  if (mark == std::string_view::npos) return unreadable("it begins with no scheme");
  const std::string_view scheme = text.substr(0, mark), rest = text.substr(mark + 3);
  RedisUrl url;
  url.tls = scheme == "rediss";
  if (scheme != "redis" && scheme != "rediss" && scheme != "unix")
    return unreadable("its scheme is none of redis, rediss, unix");
  if (auto ok = scheme == "unix" ? read_file(rest, url) : read_network(rest, url); !ok)
    return std::move(ok).error();
  return url;
}

std::string to_string(const RedisAddress& address) {
  if (!address.path.empty()) return address.path;
  const bool v6 = address.host.find(':') != std::string::npos;
  return (v6 ? "[" + address.host + "]" : address.host) + ":" + std::to_string(address.port);
}

std::string to_string(const RedisUrl& url) {
  const bool file = !url.address.path.empty();
  std::string text = file ? "unix://" : url.tls ? "rediss://" : "redis://";
  if (!url.user.empty()) text += url.user + "@";
  text += to_string(url.address);
  if (url.database != 0) text += (file ? "?db=" : "/") + std::to_string(url.database);
  return text;
}

}  // namespace hotclock::emitters
