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

// The server may live longer than the engine: then nobody is there.
void Engine::serve(http::Server& server) {
  const std::weak_ptr<EngineCore> weak = core_;
  const EngineOptions& options = core_->options();
  server.route({
      .prefix = options.path,
      .methods = {},
      .handler =
          [weak](http::Exchange exchange) {
            if (const auto core = weak.lock()) return core->handle(std::move(exchange));
            exchange.respond(http::Response::text(503, "nobody is here any more\n"));
          },
      .body_bytes = options.max_payload,
      .gate =
          [weak](http::Request& request) {
            const auto core = weak.lock();
            return core ? core->gate(request) : std::nullopt;
          },
      .dress =
          [weak](const http::Request& request, http::Response& response) {
            const auto core = weak.lock();
            if (!core) return;
            add_cors(request, core->options(), response);
            if (response.status == 413) core->too_large(request);
          },
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
