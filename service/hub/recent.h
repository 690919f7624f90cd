// Which of the last minutes' events went to which room: what a client that was away missed.
#pragma once

#include <cstdint>
#include <deque>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "scheduler/base/time.h"

namespace hotclock::hub {

// Knows of each event its id and, as a number, each of its rooms: 16 bytes for each of these.
// Bounded: beyond `most` of them the oldest are forgotten early, and complete_after() tells.
// Threads: one at a time.
class Recent {
 public:
  explicit Recent(std::size_t most) : most_(most) {}

  // `rooms` as the outbox stores them: one space between them, empty for everybody. Ids grow.
  void add(std::int64_t id, Instant at, std::string_view rooms);
  // Forgets whole blocks of events that are older.
  void forget_before(Instant time);

  // The ids behind `after` of events for everybody or for one of `rooms`, in their order. Two rooms
  // may have one number, so whoever reads these events looks at their rooms once more.
  std::vector<std::int64_t> find(std::int64_t after, std::span<const std::string> rooms) const;
  // All events behind this id are known here, and this one was posted no later than then.
  std::int64_t complete_after() const { return complete_after_; }
  Instant complete_since() const { return complete_since_; }
  void begin_after(std::int64_t id, Instant posted_before) {
    complete_after_ = id;
    complete_since_ = posted_before;
  }

  std::size_t size() const { return size_; }

 private:
  struct Entry {
    std::size_t room;
    std::int64_t id;
    auto operator<=>(const Entry&) const = default;
  };
  struct Block {
    std::vector<Entry> entries;  // sorted, once it is not the last one
    std::int64_t newest = 0;
    Instant newest_at{};
  };

  static constexpr std::size_t small = 4096, large = 16 * small;

  void add_to(std::size_t room, std::int64_t id);
  void close_last();
  void forget_oldest();

  const std::size_t most_;
  std::size_t size_ = 0;
  std::int64_t complete_after_ = 0;
  Instant complete_since_{};
  std::deque<Block> blocks_;  // by age; the last is still filled
};

}  // namespace hotclock::hub
