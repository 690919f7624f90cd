// What the parts of one Server share. Private to this folder.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <unordered_map>
#include <utility>
#include <vector>

#include "service/socketio/engine_id.h"
#include "service/socketio/server.h"

namespace hotclock::socketio {

// A question that waits for a client's answer.
struct Question {
  Socket* socket;  // null: it was gone when it was asked
  Steady until;
  std::function<void(const Answer&)> answer;
};

struct ServerCore {
  ServerCore(const Clock& c, Server::Options o, Recovery* r)
      : clock(c), options(std::move(o)), recovery(r) {}

  // Questions. What is asked is answered once: by answered(), expire() or abandon().
  std::uint64_t ask(Socket* socket, Duration timeout, std::function<void(const Answer&)> answer);
  void answered(Socket& socket, std::uint64_t id, const Answer& answer);
  void expire(Steady now);
  void abandon(Socket& socket);
  std::optional<Question> take(std::uint64_t id);

  void disconnect_late(Steady now);

  std::optional<Offset> offset_for(const Sending& how) const;

  const Clock& clock;
  const Server::Options options;
  Recovery* const recovery;  // null: none
  SessionIds ids;            // for sockets too: nobody shall guess them
  std::size_t clients = 0;
  std::uint64_t serials = 0;  // of sockets
  std::uint64_t asked = 0;    // numbers of questions
  std::unordered_map<std::uint64_t, Question> questions;
  std::set<std::pair<Steady, std::uint64_t>> deadlines;  // of questions
  std::set<std::pair<Steady, Connection*>> connecting;   // sessions without a namespace
  std::unordered_map<std::string_view, Socket*> by_pid;  // the keys lie in the sockets
  // Sockets that left. Whoever called may still stand in one of them, so they go when the engine,
  // or the clock, calls next.
  std::vector<std::unique_ptr<Socket>> gone;
  int depth = 0;
};

// One call from outside.
class Turn {
 public:
  explicit Turn(ServerCore& core);
  ~Turn() { --core_.depth; }
  Turn(const Turn&) = delete;

 private:
  ServerCore& core_;
};

}  // namespace hotclock::socketio
