// What a server's connections share.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "service/http/farewells.h"
#include "service/http/server.h"

namespace hotclock::http {

class Connection;

// Threads: the loop's, from start() on.
class ServerCore final : public Loop::Source {
 public:
  ServerCore(Loop& loop, ServerSettings settings);
  ~ServerCore() override;

  Loop& loop() { return loop_; }
  const Limits& limits() const { return settings_.limits; }
  bool door_open() const { return listener_ >= 0; }

  void add(Route route) { routes_.push_back(std::move(route)); }
  void accept_if(std::function<bool(std::string_view)> accepts) { accepts_ = std::move(accepts); }
  Result<void> start();
  std::uint16_t port() const { return port_; }
  void close_door();
  void stop();
  std::size_t connections() const { return connections_.size(); }

  // New connections.
  void ready(std::uint32_t events) override;

  // Whose request it is that came from `peer`.
  std::string client_of(const std::string& peer, const Request& request) const;
  // Finds the route of a request whose head is there, and says what answers it already.
  std::optional<Response> admit(Request& request, const Route*& route) const;
  std::size_t most_body_bytes(const Route* route) const;
  void handle(const Route* route, Exchange exchange) const { route->handler(std::move(exchange)); }
  std::string head(const Response& response, bool keep_alive, bool chunked = false);
  std::unique_ptr<WebSocket> make_websocket(Wire wire, std::uint32_t watched,
                                            std::size_t max_message, WebSocketListener& listener);
  // At the end of this turn.
  void drop(Connection& connection);

 private:
  struct Found {
    const Route* route = nullptr;
    std::string allowed;  // methods of routes that would fit but for the method
  };

  Result<void> listen();
  bool accept_one();
  void welcome(int descriptor, std::string address);
  void rest();
  Found route_of(const Request& request) const;
  void sweep();
  std::string_view date();

  Loop& loop_;
  const ServerSettings settings_;
  std::vector<Route> routes_;
  std::function<bool(std::string_view)> accepts_;
  std::shared_ptr<TlsContext> tls_;
  const std::shared_ptr<Farewells> farewells_;
  int listener_ = -1;
  std::uint16_t port_ = 0;
  std::unordered_map<Connection*, std::unique_ptr<Connection>> connections_;
  Loop::TimerId sweeping_ = {};
  Loop::TimerId resting_ = {};
  Instant dated_{};
  std::string date_;
};

}  // namespace hotclock::http
