#include "service/http/server.h"

#include <utility>

#include "service/http/server_core.h"

namespace hotclock::http {

Server::Server(Loop& loop, ServerSettings settings)
    : loop_(loop), core_(std::make_unique<ServerCore>(loop, std::move(settings))) {}

Server::~Server() {
  stop();
  loop_.call([this] { core_.reset(); });
}

void Server::route(Route route) { core_->add(std::move(route)); }

void Server::accept_if(std::function<bool(std::string_view address)> accepts) {
  core_->accept_if(std::move(accepts));
}

Result<void> Server::start() {
  Result<void> started;
  loop_.call([&] { started = core_->start(); });
  return started;
}

std::uint16_t Server::port() const { return core_->port(); }

void Server::close_door() {
  loop_.call([this] { core_->close_door(); });
}

void Server::stop() {
  loop_.call([this] { core_->stop(); });
}

std::size_t Server::connections() const {
  std::size_t count = 0;
  loop_.call([&] { count = core_->connections(); });
  return count;
}

}  // namespace hotclock::http
