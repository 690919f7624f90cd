// The settings of what clients hear: this node's Socket.IO server, and the servers of the platform
// that events are handed to.
#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

#include "scheduler/base/time.h"
#include "service/config/section.h"

namespace hotclock::config {

// [realtime]
struct RealtimeConfig {
  bool enabled = true;
  std::string address = "127.0.0.1";  // of this machine, in digits
  int port = 8080;                    // 0: any that is free
  std::filesystem::path certificate;  // PEM; empty as is the key: no TLS
  std::filesystem::path key;
  std::string path = "/socket.io/";
  std::vector<std::string> origins;  // "https://live.example"; empty: pages of the same host only
  std::vector<std::string> trusted_proxies;  // networks whose X-Forwarded-For is believed

  bool anonymous = false;  // whether who shows no token may come in and hear the public rooms
  std::vector<std::string> public_rooms{"stream:*", "throne:*", "rankings", "rankings:*"};
  std::string jwt_algorithm = "HS256";  // of jwt_key: HS256, RS256, EdDSA
  Secret jwt_key;                       // a secret, or a public key in PEM
  std::filesystem::path jwt_keys;       // a JWKS file; one of the two at most is given
  std::string jwt_issuer;               // empty: any
  std::string jwt_audience;             // empty: any
  Duration jwt_leeway = std::chrono::seconds{30};
  std::string jwt_user_claim = "sub";

  Duration ping_interval = std::chrono::seconds{25};
  Duration ping_timeout = std::chrono::seconds{20};
  Duration upgrade_timeout = std::chrono::seconds{10};  // from polling to WebSocket
  Duration connect_timeout = std::chrono::seconds{45};  // until a client must have connected
  std::int64_t max_payload = 1'000'000;           // bytes of one message from a client
  int attachments = 10;                           // binary parts of one message
  std::string cookie;                             // of polling's sessions; empty: none
  std::int64_t queue = std::int64_t{1} << 20;     // bytes that may wait for one client
  Duration queue_age = std::chrono::seconds{30};  // how long they may
  Duration recovery = std::chrono::minutes{2};  // how long a client may be away; zero: no recovery
  Duration retention = std::chrono::minutes{10};  // how long delivered events are kept

  int connections = 50'000;  // that this node holds; more are closed at once
  int connections_per_address = 64;
  int connections_per_address_a_minute = 120;
  int messages_per_address_a_minute = 0;  // 0: for each of its connections what one client may say
  int connections_per_user = 16;
  int connections_per_user_a_minute = 60;
  int rooms_per_socket = 64;
  int messages_a_minute = 240;  // of one client
  int violations = 3;           // at this one a client is cut off
};

// [metrics]
struct MetricsConfig {
  bool enabled = false;
  std::string address = "127.0.0.1";  // of this machine, in digits
  int port = 9464;                    // 0: any that is free
};

enum class SinkKind { redis, redis_sharded, redis_streams, postgresql };
enum class SubscriptionMode { dynamic, fixed, dynamic_private };

// [sinks.NAME]: an adapter of the platform's own Socket.IO servers.
struct SinkConfig {
  std::string name;
  SinkKind kind = SinkKind::redis;
  Secret url;
  std::string prefix = "socket.io";
  SubscriptionMode subscription_mode = SubscriptionMode::dynamic;  // redis-sharded
  std::int64_t max_length = 10'000;                                // redis-streams: entries kept,
  int streams = 1;                                                 // and over how many streams
  std::string attachments = "socket_io_attachments";               // postgresql: the table
};

// Each reads one table; who calls finishes it. Mistakes are recorded in the section.
RealtimeConfig read_realtime(Section section);
MetricsConfig read_metrics(Section section);
SinkConfig read_sink(Section section, const std::string& name);

}  // namespace hotclock::config
