// Where a Redis is, and as whom one speaks to it.
#pragma once

#include <compare>
#include <string>
#include <string_view>

#include "scheduler/base/result.h"

namespace hotclock::emitters {

struct RedisAddress {
  std::string host;  // empty where it is a socket file
  int port = 6379;
  std::string path = {};

  friend auto operator<=>(const RedisAddress&, const RedisAddress&) = default;
};

// "db.example:6379", "[::1]:6379", "/run/redis.sock".
std::string to_string(const RedisAddress& address);

struct RedisUrl {
  RedisAddress address;
  bool tls = false;
  std::string user = {};  // empty: the one every Redis has
  std::string password = {};
  int database = 0;
};

// redis://[user][:password]@host[:port][/database], rediss:// the same by TLS,
// unix://[user][:password]@/path[?db=database]. User, password and path may be percent-encoded.
// Errc::invalid with words that hold nothing of what was given as a password.
Result<RedisUrl> parse_redis_url(std::string_view url);

// As a person may read it.
std::string to_string(const RedisUrl& url);

}  // namespace hotclock::emitters
