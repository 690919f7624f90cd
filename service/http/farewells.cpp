#include "service/http/farewells.h"

#include <utility>
#include <vector>

namespace hotclock::http {

void Farewells::keep(std::unique_ptr<WebSocket> socket) {
  if (closed_) return loop_.bury(std::move(socket));
  WebSocket* const key = socket.get();
  parting_.emplace(key, Parting{std::move(socket), loop_.now() + patience_});
}

void Farewells::end(WebSocket& socket) {
  const auto at = parting_.find(&socket);
  if (at == parting_.end()) return;
  loop_.bury(std::move(at->second.socket));
  parting_.erase(at);
}

void Farewells::close() {
  closed_ = true;
  parting_.clear();
}

void Farewells::sweep() {
  std::erase_if(parting_,
                [now = loop_.now()](const auto& each) { return each.second.until <= now; });
}

}  // namespace hotclock::http
