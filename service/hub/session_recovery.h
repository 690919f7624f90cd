// Recovery of clients' connections by the outbox: what a client missed is what went to its rooms.
#pragma once

#include <cstdint>
#include <set>
#include <string>
#include <unordered_map>
#include <unordered_set>

#include "service/hub/recent.h"
#include "service/hub/session_store.h"
#include "service/socketio/recovery.h"

namespace hotclock::hub {

// Sessions are in the database and events in the outbox, so a client comes back to any node, also
// after one was killed. An offset is an event's id in the outbox, the same on every node.
//
// A connection may have been dead for a while before that was seen; what was sent into it is missed
// too. So an offset older than all that is remembered is as good as the oldest remembered one, for
// as long as that reaches back `keep`: longer than a client may be away and nobody notices.
// Threads: the loop's.
class SessionRecovery final : public socketio::Recovery {
 public:
  struct Settings {
    Duration keep;                   // how far back `recent` has to reach
    std::size_t most_missed = 5000;  // who missed more begins anew
  };

  // Both outlive it. `recent` is filled by whoever reads the outbox.
  SessionRecovery(SessionStore& store, const Recent& recent, const Clock& clock, Settings settings)
      : store_(store), recent_(recent), clock_(clock), settings_(settings) {}

  // Every event up to here was sent on, to those who are in.
  void stand_at(std::int64_t position) { position_ = position; }

  // Whether a client is on its way into this room ("": into the house) whose missed events are
  // being read: what is sent there now is not among them, so it has to come by here.
  bool awaits(const std::string& room) const {
    return room.empty() ? restoring_ > 0 : awaited_.contains(room);
  }

  void opened(const socketio::SocketState& state,
              std::function<void(std::string pid)> done) override;
  void rooms_changed(const std::string& pid, const socketio::RoomChange& change,
                     std::function<void()> done) override;
  void ended(const std::string& pid, socketio::SocketState state, bool may_return) override;
  void restore(const socketio::Return& client,
               std::function<void(std::optional<socketio::Restored>)> done) override;
  std::optional<socketio::Offset> next_offset() override { return std::nullopt; }
  void sent(const socketio::SentEvent&) override {}

 private:
  using Done = std::function<void(std::optional<socketio::Restored>)>;
  struct Known {
    std::string secret_hash;
    std::string identity;
    std::set<std::string> rooms;  // without its own user's
    bool kept = true;             // as the database has it
  };

  void taken(const socketio::Return& client, std::optional<Taken> taken, Done done);
  void restore_missed(socketio::Restored restored, std::int64_t from, const std::string& pid,
                      Done done);
  void restored_all(socketio::Restored restored, const std::string& pid, const Done& done);
  void give_up(const std::string& pid, const Done& done);
  void await(const std::vector<std::string>& rooms);
  void await_no_longer(const std::vector<std::string>& rooms);
  void remember(const std::string& pid, const socketio::SocketState& state);
  std::optional<std::int64_t> missed_from(const socketio::Return& client, const Taken& taken) const;

  SessionStore& store_;
  const Recent& recent_;
  const Clock& clock_;
  const Settings settings_;
  std::int64_t position_ = 0;
  std::unordered_map<std::string, Known> known_;  // by pid: sockets of this process
  std::unordered_set<std::string> taking_;        // pids that are asked for just now
  std::unordered_multiset<std::string> awaited_;  // rooms of those whose missed events are read
  int restoring_ = 0;
};

}  // namespace hotclock::hub
