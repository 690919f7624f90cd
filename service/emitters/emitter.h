// Emitters speak to the clients of Socket.IO servers in Node, through what those servers' adapters
// listen to: Redis (classic, sharded, streams) or PostgreSQL.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>

#include "scheduler/base/result.h"
#include "scheduler/base/time.h"

namespace hotclock::emitters {

struct Emission;

// How far a publish came. The caller goes on with emission [sent] later: whatever did not surely go
// may have gone, so each goes at least once. After Errc::invalid emission [sent] is the culprit and
// can never go: set it aside and go on with the one behind it.
struct [[nodiscard]] Published {
  std::size_t sent = 0;             // these many, from the first on, surely went
  std::optional<Error> error = {};  // why the others did not; none where all went

  explicit operator bool() const { return !error; }
};

// Threads: one at a time. It starts none; a call waits for the other side, at most as long as its
// settings say for connecting and again for each answer.
class Emitter {
 public:
  virtual ~Emitter() = default;

  // Publishes in this order, on one connection (of a Redis Cluster: one to each node). A connection
  // that is not there, or was lost, is opened first; publishing nothing thus asks whether it can
  // be. That something went means that Redis or PostgreSQL has it, not that anybody listened.
  // Errc::unavailable, timeout, busy, read_only (a standby): later may do. Errc::conflict: it does
  // not let us. Errc::unsupported: it is too old for this adapter.
  virtual Published publish(std::span<const Emission> emissions) = 0;

  // Where it publishes, as a person may read it: no password.
  virtual std::string where() const = 0;
};

enum class Adapter { redis, redis_sharded, redis_streams, postgres };

// Which channels the servers subscribe to; must be what their adapter is set to. `whole` is theirs
// named "static".
enum class Subscription { dynamic, whole, dynamic_private };

struct EmitterSettings {
  Adapter adapter = Adapter::redis;
  // redis://user:password@host:port/database; rediss:// by TLS; unix:///path/of/socket?db=0.
  // postgresql://... as libpq takes it.
  std::string url;
  // What the servers name `key`, `channelPrefix` or `streamName`.
  std::string prefix = "socket.io";

  Subscription subscription = Subscription::dynamic;  // of redis_sharded
  std::int64_t stream_length = 10'000;                // of redis_streams: their `maxLen`
  int stream_count = 1;                               // of redis_streams: their `streamCount`
  std::string attachments = "socket_io_attachments";  // of postgres: their `tableName`

  // Files in PEM, for rediss://. Without `ca_file` the system's authorities are trusted.
  struct Tls {
    std::string ca_file;
    std::string certificate_file;
    std::string key_file;
  } tls = {};

  Duration connect_patience = std::chrono::seconds{5};  // looking up a name is not counted
  Duration answer_patience = std::chrono::seconds{10};
};

// Reads the settings and connects to nothing. Errc::invalid, in words without the password, where
// they are wrong.
Result<std::unique_ptr<Emitter>> make_emitter(const EmitterSettings& settings);

}  // namespace hotclock::emitters
