// The servers behind one Redis URL: one, or the masters of a cluster, each with a connection.
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string_view>
#include <vector>

#include "scheduler/base/result.h"
#include "service/emitters/redis_connection.h"

namespace hotclock::emitters {

constexpr int cluster_slots = 16384;

// The slot of a key or a channel: CRC16 of it, or of what stands in its first pair of braces.
int slot_of(std::string_view key);

// Where "MOVED 3999 10.0.0.7:6381" points to; without a host it is the `asked` one's. None where
// the words say something else.
struct Moved {
  int slot = 0;
  RedisAddress to;
};
std::optional<Moved> moved_of(std::string_view words, const RedisAddress& asked);

// Threads: one at a time.
class RedisNodes {
 public:
  RedisNodes(RedisUrl url, std::optional<TlsContext> tls, Duration patience);

  const RedisUrl& url() const { return url_; }

  // Connects to the server of the URL where that is still to be done, and asks it who else there is
  // if `by_slot`; where it does not answer, one of those it named before does as well. Connections
  // that ended meanwhile are noticed first.
  Result<> make_ready(bool by_slot);
  // The node for a slot, or for what has none. REQUIRES: make_ready() succeeded.
  const RedisAddress& node_of(std::optional<int> slot) const;
  // Its connection, opened where there is none.
  Result<RedisConnection*> connection(const RedisAddress& node);

  void learn(const Moved& moved);
  // Drops all connections; who owns what is asked anew.
  void forget();

 private:
  Result<> connect_to_any();
  Result<> ask_for_slots();
  void note_slots(const redisReply& ranges);
  void set_owner(int first, int last, const RedisAddress& node);

  const RedisUrl url_;
  const std::optional<TlsContext> tls_;
  const Duration patience_;
  std::map<RedisAddress, std::unique_ptr<RedisConnection>> connections_;
  std::vector<RedisAddress> nodes_;  // the URL's first, then those that were named
  std::size_t base_ = 0;             // the one that was asked for the others
  std::vector<std::size_t> owners_;  // of each slot; empty where all is with the base
};

}  // namespace hotclock::emitters
