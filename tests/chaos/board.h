// The board under a program that is to be struck: the test writes on one side, preload.cpp, loaded into the
// program, reads on the other. It lies in a file that both map. The program itself knows nothing of it.
#pragma once

#include <atomic>
#include <cstdint>

namespace hotclock::chaos {

// Where a node can be struck: what its next words to PostgreSQL are, or the last answer was.
enum class Point : std::int32_t {
  nowhere,
  before_claim_commits,  // leases are written, COMMIT is not sent
  after_claim_commits,   // COMMIT is answered, nothing was begun
  mid_chunk,             // a job's rows are written, the fence is not proven
  before_chunk_commits,  // the fence is proven, COMMIT is not sent
  after_chunk,           // COMMIT of a chunk is answered
  before_end_commits,    // an end is written, COMMIT is not sent
  after_end_commits,     // and is answered
  count
};

constexpr const char* to_words(Point point) {
  switch (point) {
    case Point::before_claim_commits: return "before the claim commits";
    case Point::after_claim_commits: return "after the claim";
    case Point::mid_chunk: return "in the middle of a chunk";
    case Point::before_chunk_commits: return "before a chunk commits";
    case Point::after_chunk: return "after a chunk";
    case Point::before_end_commits: return "before the end is recorded";
    case Point::after_end_commits: return "after the end is recorded";
    default: return "nowhere";
  }
}

struct Board {
  // What the program's wall clock shows beside the machine's; its monotonic clock is left alone.
  std::atomic<std::int64_t> clock_ahead_ms = 0;
  // At the `passages`-th time it comes there, the program gets the signal from itself.
  std::atomic<Point> point = Point::nowhere;
  std::atomic<std::int32_t> passages = 0;
  std::atomic<std::int32_t> signal = 0;
  std::atomic<std::int32_t> struck = 0;  // how often it was
  // Proofs of a fence that the database did not accept.
  std::atomic<std::int64_t> stale_proofs = 0;
};
static_assert(std::atomic<std::int64_t>::is_always_lock_free && std::atomic<Point>::is_always_lock_free);

// The environment variable with the board's file.
constexpr const char* board_variable = "HOTCLOCK_CHAOS_BOARD";

}  // namespace hotclock::chaos
