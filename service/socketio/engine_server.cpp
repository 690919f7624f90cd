#include "service/socketio/engine_server.h"

#include <utility>

#include "service/socketio/engine_core.h"
#include "service/socketio/engine_requests.h"

namespace hotclock::socketio {

Engine::Engine(http::Loop& loop, EngineOptions options, EngineListener& listener)
    : loop_(loop), core_(std::make_shared<EngineCore>(loop, std::move(options), listener)) {}

Engine::~Engine() {
  loop_.call([this] {
    core_->end_all();
    core_.reset();
  });
}

void Engine::serve(http::Server& server) {
  EngineCore& core = *core_;
  server.route({
      .prefix = core.options().path,
      .methods = {},
      .handler = [&core](http::Exchange exchange) { core.handle(std::move(exchange)); },
      .body_bytes = core.options().max_payload,
      .gate = [&core](http::Request& request) { return core.gate(request); },
      .dress = [&core](const http::Request& request,
                       http::Response& response) { add_cors(request, core.options(), response); },
  });
}

std::size_t Engine::sessions() const {
  std::size_t count = 0;
  loop_.call([&] { count = core_->sessions(); });
  return count;
}

void Engine::close_all() {
  loop_.call([this] { core_->close_all(); });
}

}  // namespace hotclock::socketio
