#include "service/http/loop.h"

#include <gtest/gtest.h>
#include <sys/socket.h>
#include <unistd.h>

#include <atomic>
#include <string>

#include "service/http/client_support.h"

namespace hotclock::http {
namespace {

using namespace std::chrono_literals;

class LoopTest : public ::testing::Test {
 protected:
  const SystemClock clock{};
  Loop loop{clock};
};

TEST_F(LoopTest, RunsWhatIsPostedInItsOrder) {
  std::string order;
  ASSERT_TRUE(loop.start());
  for (const char c : {'a', 'b', 'c'}) loop.post([&order, c] { order += c; });
  loop.call([&order] { order += '!'; });
  EXPECT_EQ(order, "abc!");
}

TEST_F(LoopTest, CallsRunInTheLoopsThreadAndHereWhereNoneRuns) {
  bool there = false;
  loop.call([&] { there = loop.on_thread(); });
  EXPECT_FALSE(there);
  ASSERT_TRUE(loop.start());
  loop.call([&] { loop.call([&] { there = loop.on_thread(); }); });
  EXPECT_TRUE(there);
}

TEST_F(LoopTest, StopsAfterWhatWasPostedAndStartsAnew) {
  for (int round = 0; round < 3; ++round) {
    std::atomic<int> ran = 0;
    ASSERT_TRUE(loop.start());
    ASSERT_TRUE(loop.start()) << "twice is no error";
    for (int i = 0; i < 100; ++i) loop.post([&] { ++ran; });
    loop.stop();
    EXPECT_EQ(ran, 100);
    loop.stop();
  }
}

TEST_F(LoopTest, StopsFromItsOwnThread) {
  bool ran = false;
  loop.post([&] {
    loop.stop();
    ran = true;
  });
  loop.run();
  EXPECT_TRUE(ran);
}

TEST_F(LoopTest, TimersRunInTheOrderOfTheirTimeAndNotBeforeIt) {
  std::string order;
  const Steady began = clock.steady();
  Steady last = began;
  const auto cancelled = loop.after(1ms, [&] { order += 'x'; });
  loop.after(30ms, [&] {
    order += 'c';
    last = clock.steady();
    loop.stop();
  });
  loop.after(10ms, [&] { order += 'b'; });
  loop.after(0ms, [&] { order += 'a'; });
  loop.cancel(cancelled);
  loop.cancel(Loop::TimerId{});
  loop.run();
  EXPECT_EQ(order, "abc");
  EXPECT_GE(last - began, 30ms);
}

TEST_F(LoopTest, DeferredWorkLetsOthersHaveTheirTurn) {
  std::string order;
  std::function<void()> slice = [&] {
    order += 's';
    if (order.size() < 5) loop.defer(slice);
    loop.post([&] { order += 'p'; });
  };
  loop.post([&] { loop.defer(slice); });
  loop.post([&] { order += 'a'; });
  loop.after(20ms, [&] { loop.stop(); });
  loop.run();
  EXPECT_EQ(order, "aspspsp");
}

struct Tombstone {
  explicit Tombstone(std::string& out) : order(out) {}
  ~Tombstone() { order += 'd'; }
  Tombstone(const Tombstone&) = delete;
  Tombstone& operator=(const Tombstone&) = delete;
  std::string& order;
};

TEST_F(LoopTest, BuriesAtTheEndOfTheTurn) {
  std::string order;
  loop.post([&] {
    loop.bury(std::make_unique<Tombstone>(order));
    order += 'a';
    loop.defer([&] { order += 'b'; });
    loop.stop();
  });
  loop.run();
  EXPECT_EQ(order, "abd");
}

// Two descriptors that are ready in one turn, of which the first to be heard ends the other.
class Rival final : public Loop::Source {
 public:
  Rival(Loop& loop, int& heard) : loop_(loop), heard_(heard) {
    EXPECT_EQ(socketpair(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK, 0, ends_), 0);
    EXPECT_TRUE(loop_.watch(ends_[0], EPOLLIN, *this));
    EXPECT_EQ(write(ends_[1], "x", 1), 1);
  }
  ~Rival() override {
    close(ends_[0]);
    close(ends_[1]);
  }
  Rival(const Rival&) = delete;
  Rival& operator=(const Rival&) = delete;

  void ready(std::uint32_t) override {
    ++heard_;
    loop_.forget(ends_[0]);
    loop_.forget(other->ends_[0]);
    loop_.stop();
  }
  Rival* other = nullptr;

 private:
  Loop& loop_;
  int& heard_;
  int ends_[2] = {-1, -1};
};

// As a server does whose port was in use: its descriptor is the first that the loop hears of.
TEST_F(LoopTest, ForgetsAlsoWhatItNeverWatched) {
  loop.forget(500);
  bool ran = false;
  loop.post([&] { ran = true, loop.stop(); });
  loop.run();
  EXPECT_TRUE(ran);
}

TEST_F(LoopTest, WhoIsForgottenHearsNothingMoreOfTheTurn) {
  int heard = 0;
  Rival one(loop, heard);
  Rival two(loop, heard);
  one.other = &two;
  two.other = &one;
  loop.run();
  EXPECT_EQ(heard, 1);
}

}  // namespace
}  // namespace hotclock::http
