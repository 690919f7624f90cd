#include "service/sql/pool.h"

#include <gtest/gtest.h>

#include <thread>

namespace hotclock::sql {
namespace {

using namespace std::chrono_literals;

Watch forever() { return Watch({.deadline = 24h}); }

// A condition, not a while.
void await_waiting(Turns& turns, std::size_t count) {
  while (turns.waiting() != count) std::this_thread::yield();
}

TEST(Turns, AreGivenInTheOrderOfAsking) {
  Turns turns(1, "taken");
  ASSERT_TRUE(turns.take(forever()));
  std::vector<int> order;  // written by whoever has the turn
  std::vector<std::jthread> askers;
  for (int i = 0; i < 4; ++i) {
    askers.emplace_back([&turns, &order, i] {
      EXPECT_TRUE(turns.take(forever()));
      order.push_back(i);
      turns.give();
    });
    await_waiting(turns, static_cast<std::size_t>(i) + 1);
  }
  turns.give();
  askers.clear();
  EXPECT_EQ(order, (std::vector<int>{0, 1, 2, 3}));
}

TEST(Turns, AWaitEndsAtItsDeadlineAndLeavesTheQueue) {
  Turns turns(1, "the pen is taken");
  ASSERT_TRUE(turns.take(forever()));
  const auto done = turns.take(Watch({.deadline = 20ms}));
  ASSERT_FALSE(done);
  EXPECT_EQ(done.error(), Error(Errc::busy, "the pen is taken, and still was after 20 ms"));
  EXPECT_EQ(turns.waiting(), 0u);
  turns.give();
  EXPECT_TRUE(turns.take(forever()));
}

TEST(Turns, AWaitEndsAtAStop) {
  Turns turns(1, "taken");
  ASSERT_TRUE(turns.take(forever()));
  Result<> done;
  std::jthread asker(
      [&](std::stop_token stop) { done = turns.take(Watch({.stop = stop, .deadline = 24h})); });
  await_waiting(turns, 1);
  asker.request_stop();
  asker.join();
  ASSERT_FALSE(done);
  EXPECT_EQ(done.error().code(), Errc::stopped);
}

TEST(Turns, WhoeverWasStoppedBeforeAskingGetsNone) {
  Turns turns(1, "taken");
  std::stop_source source;
  source.request_stop();
  EXPECT_EQ(turns.take(Watch({.stop = source.get_token()})).error().code(), Errc::stopped);
  EXPECT_TRUE(turns.take(Watch({.deadline = 20ms}))) << "the place is still free";
}

TEST(Pool, AConnectionThatDoesNotOpenBlocksNoPlace) {
  int tries = 0;
  Pool<int> pool(1, "taken", [&](const Watch&) -> Result<std::unique_ptr<int>> {
    if (++tries == 1) return Error(Errc::unavailable, "not yet");
    return std::make_unique<int>(7);
  });
  EXPECT_EQ(pool.take(forever()).error().code(), Errc::unavailable);
  auto taken = pool.take(Watch({.deadline = 20ms}));
  ASSERT_TRUE(taken);
  EXPECT_EQ(**taken, 7);
  pool.give(std::move(taken).value());
  EXPECT_TRUE(pool.take(forever()));
  EXPECT_EQ(tries, 2) << "what was given back is used again";
}

}  // namespace
}  // namespace hotclock::sql
