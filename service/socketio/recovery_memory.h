// Recovery within one process: what is remembered goes with it.
#pragma once

#include <cstddef>
#include <cstdint>
#include <deque>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>

#include "scheduler/base/clock.h"
#include "service/socketio/engine_id.h"
#include "service/socketio/recovery.h"

namespace hotclock::socketio {

// Keeps the sockets that were lost for `window`, and events for as long as one of those may have
// missed them, or until there are too many. A client that heard nothing for hours is recovered all
// the same: what counts is whether an event was dropped that it may lack.
// Answers at once. Threads: the loop's.
class MemoryRecovery final : public Recovery {
 public:
  struct Options {
    Duration window = std::chrono::minutes(2);  // in which a client may come back
    Duration unnoticed =
        std::chrono::minutes(1);  // how long a connection may be dead without being seen to be
    std::size_t most_events = 100'000;
    std::size_t most_bytes = 64 << 20;  // of those events
    std::size_t most_lost = 100'000;    // sockets that may return
  };

  explicit MemoryRecovery(const Clock& clock) : MemoryRecovery(clock, Options()) {}
  MemoryRecovery(const Clock& clock, Options options) : clock_(clock), options_(options) {}

  void opened(const SocketState& state, std::function<void(std::string pid)> done) override;
  void rooms_changed(const std::string& pid, const RoomChange& change,
                     std::function<void()> done) override;
  void ended(const std::string& pid, SocketState state, bool may_return) override;
  void restore(const Return& client, std::function<void(std::optional<Restored>)> done) override;
  std::optional<Offset> next_offset() override { return last_ + 1; }
  void sent(const SentEvent& event) override;

  // Sockets that may return, and events that are kept.
  std::size_t lost() const { return lost_.size(); }
  std::size_t events() const { return events_.size(); }

 private:
  struct Kept {
    Steady at;
    SentEvent event;
  };
  struct Remembered {
    SocketState state;
    Offset since = 0;                     // the newest event when it connected
    std::map<std::string, Offset> rooms;  // and when it joined each
    std::optional<std::uint64_t> lost;    // its number among the lost; none: it is connected
  };
  struct Lost {
    Steady until;
    std::string pid;
  };

  void forget_old();
  void forget(const std::string& pid);
  void drop_oldest_event();
  void drop_useless_marks();
  Offset dropped(const std::string& nsp, const std::string& room) const;

  std::optional<Restored> take(const Return& client);
  Restored restore(Remembered& socket, Offset from);
  bool has_all(const Remembered& socket, Offset from) const;
  static bool missed(const Remembered& socket, const SentEvent& event);

  const Clock& clock_;
  const Options options_;
  SessionIds ids_;
  std::unordered_map<std::string, Remembered> sockets_;  // by pid
  std::map<std::uint64_t, Lost> lost_;                   // in the order in which they were lost
  std::uint64_t losses_ = 0;
  std::deque<Kept> events_;  // by their offsets
  std::size_t bytes_ = 0;
  Offset last_ = 0;
  // The newest event that was dropped, of each room that a remembered socket is in. The keys are
  // "/nsp,room", and "/nsp," for events to everyone.
  std::unordered_map<std::string, Offset> dropped_;
  std::size_t marks_kept_ = 0;  // when useless ones were last dropped
};

}  // namespace hotclock::socketio
