#include "service/socketio/server.h"

#include <algorithm>
#include <cassert>
#include <utility>

#include "service/socketio/server_connection.h"
#include "service/socketio/server_core.h"

namespace hotclock::socketio {

Server::Server(const Clock& clock, Options options, Recovery* recovery)
    : core_(std::make_unique<ServerCore>(clock, std::move(options), recovery)) {}
Server::~Server() = default;

Namespace& Server::add(std::string name, NamespaceListener& listener) {
  assert(name.starts_with('/') && name.find(',') == std::string::npos && !find(name));
  auto added = std::unique_ptr<Namespace>(new Namespace(*core_, std::move(name), listener));
  return *namespaces_.emplace_back(std::move(added));
}

Namespace* Server::find(std::string_view name) const {
  const auto found = std::find_if(namespaces_.begin(), namespaces_.end(),
                                  [&](const auto& nsp) { return nsp->name() == name; });
  return found == namespaces_.end() ? nullptr : found->get();
}

std::size_t Server::clients() const { return core_->clients; }

void Server::tick() {
  const Turn turn(*core_);
  const Steady now = core_->clock.steady();
  core_->disconnect_late(now);
  core_->expire(now);
}

std::unique_ptr<SessionListener> Server::opened(Session& session) {
  const Turn turn(*core_);
  return std::make_unique<Connection>(*this, session);
}

}  // namespace hotclock::socketio
