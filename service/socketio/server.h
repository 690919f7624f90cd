// Socket.IO (protocol 5) on top of Engine.IO: namespaces, sockets, rooms, answers, recovery.
#pragma once

#include <cstddef>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "scheduler/base/clock.h"
#include "service/socketio/engine.h"
#include "service/socketio/namespace.h"
#include "service/socketio/packet.h"
#include "service/socketio/recovery.h"

namespace hotclock::socketio {

struct ServerCore;

// What Engine.IO's sessions talk to:
//
//   Server server(clock);
//   server.add("/", listener);
//   Engine engine(loop, options, server);   // and now and then, on the loop: server.tick()
//
// The clock and the recovery outlive it, and it outlives its sessions; so do the namespaces'
// listeners.
// It makes no thread and no timer. Threads: the loop's.
class Server final : public EngineListener {
 public:
  struct Options {
    Duration connect_timeout = std::chrono::seconds(45);  // until a client must be in a namespace
    PacketLimits limits;
    std::size_t most_held = 10'000;  // broadcasts held for a client that is being restored
  };

  explicit Server(const Clock& clock) : Server(clock, Options(), nullptr) {}
  Server(const Clock& clock, Options options, Recovery* recovery = nullptr);
  ~Server() override;

  // Clients may connect to `name` ("/", "/admin") from now on. REQUIRES: it begins with '/', holds
  // no comma, and was not added before.
  Namespace& add(std::string name, NamespaceListener& listener);
  // Null where there is no such namespace.
  Namespace* find(std::string_view name) const;
  const std::vector<std::unique_ptr<Namespace>>& namespaces() const { return namespaces_; }
  // Engine.IO sessions, in a namespace or not.
  std::size_t clients() const;

  // Ends what waited too long: sessions that never connected, questions that nobody answered.
  // Deadlines are seen as late as the next tick; some 20 ms between two are fine.
  void tick();

  // EngineListener:
  std::unique_ptr<SessionListener> opened(Session& session) override;

 private:
  friend class Connection;

  const std::unique_ptr<ServerCore> core_;
  std::vector<std::unique_ptr<Namespace>> namespaces_;
};

}  // namespace hotclock::socketio
