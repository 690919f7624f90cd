// One connection to a Redis server: commands out, replies in, in their order.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "scheduler/base/result.h"
#include "service/emitters/redis_url.h"
#include "service/emitters/tls.h"

struct redisReader;
struct redisReply;

namespace hotclock::emitters {

struct RedisReplyFree {
  void operator()(redisReply* reply) const;
};
using RedisReply = std::unique_ptr<redisReply, RedisReplyFree>;

// The command as bytes, behind those that are there.
void append_command(std::string& bytes, const std::vector<std::string>& words);

// What an error of the server's means: its first word is a code. What it repeats of the command
// is left out.
Error redis_error(std::string_view words);

// Threads: one at a time. After an error of send() or receive() it is of no use any more.
class RedisConnection {
 public:
  // Connects to `address`, and there says who we are and which database is meant, as `url` has it.
  // Errc::unavailable and timeout where later may do, Errc::conflict where the server does not let
  // us in. `tls`: none where the connection is plain.
  static Result<std::unique_ptr<RedisConnection>> open(const RedisAddress& address,
                                                       const RedisUrl& url, const TlsContext* tls,
                                                       Steady until);

  Result<> send(std::string_view bytes, Steady until);
  Result<RedisReply> receive(Steady until);
  // One command and its reply; an error of the server's is an error.
  Result<RedisReply> ask(const std::vector<std::string>& words, Steady until);

  // Nothing has been heard of its end. REQUIRES: no reply is owed.
  bool alive();

 private:
  using Stream = std::variant<Socket, TlsStream>;
  struct ReaderFree {
    void operator()(redisReader* reader) const;
  };

  explicit RedisConnection(Stream stream);

  Result<> introduce(const RedisUrl& url, Steady until);
  Result<> log_in(const RedisUrl& url, Steady until);
  Result<> try_out(Steady until);
  Result<std::size_t> read(std::span<char> room, Steady until);

  Stream stream_;
  std::unique_ptr<redisReader, ReaderFree> reader_;
};

}  // namespace hotclock::emitters
