// For tests: Redis servers of one's own, and one that answers what a test tells it to.
#pragma once

#include <sys/types.h>

#include <atomic>
#include <functional>
#include <optional>
#include <string>
#include <thread>
#include <vector>

#include "service/emitters/redis_connection.h"

namespace hotclock::emitters {

// Listens on a free loopback port and at a socket file in a directory that goes with it; keeps
// nothing on disk. It ends with the thread that started it, however that ends.
class RedisServer {
 public:
  explicit RedisServer(std::vector<std::string> settings = {});
  ~RedisServer();
  RedisServer(const RedisServer&) = delete;
  RedisServer& operator=(const RedisServer&) = delete;

  std::string url() const { return "redis://127.0.0.1:" + std::to_string(port_); }
  std::string file_url() const { return "unix://" + directory_ + "/socket"; }

  void start();
  void kill();  // as a power cut
  void freeze();
  void thaw();

  // A connection by the socket file, and one command's reply as a text.
  std::unique_ptr<RedisConnection> connect() const;
  std::string ask(const std::vector<std::string>& words) const;

 private:
  std::string directory_;
  const std::vector<std::string> settings_;
  int port_ = 0;
  pid_t pid_ = 0;
};

// A reply, strings and numbers as they are, arrays as "[a b]", nothing as "-".
std::string text_of(const redisReply& reply);

// Waits for the replies to a command sent as a subscriber's: the messages of `channels`.
class Subscriber {
 public:
  // `how`: SUBSCRIBE, PSUBSCRIBE or SSUBSCRIBE.
  Subscriber(const RedisServer& server, const std::string& how,
             const std::vector<std::string>& channels);
  // The next message: its channel, and what was said there.
  struct Message {
    std::string channel, payload;
  };
  Message next();

 private:
  std::unique_ptr<RedisConnection> connection_;
};

// A server for one purpose: to each command it sends what `answer` says, in RESP, or closes the
// connection where it says nothing. To what a connection begins with (PING, CLUSTER) it answers by
// itself.
class ScriptedRedis {
 public:
  using Answer = std::function<std::optional<std::string>(const std::vector<std::string>& words)>;
  explicit ScriptedRedis(Answer answer);
  ~ScriptedRedis();

  int port() const { return port_; }
  std::string url() const { return "redis://127.0.0.1:" + std::to_string(port_); }

 private:
  void serve();
  void serve_one(int client);

  const Answer answer_;
  int port_ = 0;
  int listener_ = -1;
  std::atomic<bool> over_ = false;
  std::thread thread_;
};

}  // namespace hotclock::emitters
