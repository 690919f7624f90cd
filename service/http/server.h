// An HTTP/1.1 server on one loop: routes, limits, WebSockets, TLS.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "scheduler/base/result.h"
#include "scheduler/base/time.h"
#include "service/http/exchange.h"
#include "service/http/loop.h"
#include "service/http/wire.h"
#include "service/net/proxies.h"

namespace hotclock::http {

struct Limits {
  std::size_t header_bytes = 16 * 1024;             // more: 431
  std::size_t body_bytes = 1'000'000;               // more: 413; a route may say otherwise
  Duration header_time = std::chrono::seconds{10};  // from the first byte on; later: 408
  Duration body_time = std::chrono::seconds{30};    // for the whole body; later: 408
  Duration write_time = std::chrono::seconds{30};   // a peer that takes nothing for so long is cut
  Duration idle_time = std::chrono::seconds{75};    // between two requests of a connection
  Duration linger_time = std::chrono::seconds{2};   // for the peer to close as well
  std::size_t connections = 50'000;                 // more are closed at once; WebSockets count
};

struct ServerSettings {
  std::string address = "127.0.0.1";  // numeric, IPv4 or IPv6
  std::uint16_t port = 0;             // 0: any free one
  std::optional<TlsFiles> tls = {};
  Limits limits = {};
  Fields default_headers = {};  // on every answer that does not say otherwise
  net::TrustedProxies proxies = {};  // whom X-Forwarded-For is taken from
};

// What a server does with the requests for paths that begin with `prefix`; the longest prefix that
// fits counts, and "=/path" fits that path alone.
struct Route {
  std::string prefix;
  std::vector<std::string> methods;  // none: all. GET serves HEAD too. Others get 405
  std::function<void(Exchange)> handler;
  std::optional<std::size_t> body_bytes = {};
  // Looks at a request before its body is read, and may answer in its place, or leave a Ticket that
  // lives as long as the request.
  std::function<std::optional<Response>(Request&)> gate = {};
  // Completes every answer to its requests, the server's own (413, 500 ...) included.
  std::function<void(const Request&, Response&)> dress = {};
};

class ServerCore;

// Threads: settings and routes before start(); start(), stop(), port() from any thread; handlers
// run on the loop's. `loop` outlives the server.
class Server {
 public:
  Server(Loop& loop, ServerSettings settings);
  // Stops.
  ~Server();
  Server(const Server&) = delete;
  Server& operator=(const Server&) = delete;

  void route(Route route);
  // Asked for each connection before anything is read of it: false closes it.
  void accept_if(std::function<bool(std::string_view address)> accepts);

  // Listens from here on; an error says what could not be had.
  Result<void> start();
  std::uint16_t port() const;
  // No new connections from here on; those there are live on.
  void close_door();
  // Cuts every connection that is not a WebSocket of somebody's. Twice is no error.
  void stop();
  // Connections there are, without WebSockets that have an owner.
  std::size_t connections() const;

 private:
  Loop& loop_;
  std::unique_ptr<ServerCore> core_;
};

}  // namespace hotclock::http
