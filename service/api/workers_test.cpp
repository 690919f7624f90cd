#include "service/api/workers.h"

#include <gtest/gtest.h>

#include <atomic>
#include <latch>
#include <thread>

#include "service/http/client_support.h"

namespace hotclock::api {
namespace {

using http::eventually;

class WorkersTest : public testing::Test {
 protected:
  void SetUp() override { ASSERT_TRUE(loop.start()); }
  void TearDown() override {
    let_go();
    workers.stop();
    loop.stop();
  }

  // Work that holds a worker until let_go(), or until it is asked to stop.
  void holds_a_worker() {
    asks([this](const std::stop_token& stop) -> Result<int> {
      ++holding;
      while (!free && !stop.stop_requested()) http::pause_between_looks();
      if (stop.stop_requested()) return Error(Errc::stopped, "it was asked to");
      return 1;
    });
  }
  void let_go() { free = true; }
  void asks(Workers::Work<int> work) {
    loop.call([&] {
      workers.run<int>(std::move(work), [this](Result<int> result) {
        EXPECT_TRUE(loop.on_thread());
        results.push_back(std::move(result));
        ++done;
      });
    });
  }
  std::vector<std::string> ends() {
    std::vector<std::string> out;
    loop.call([&] {
      for (const auto& one : results)
        out.push_back(one ? std::to_string(*one) : std::string(to_string(one.error().code())));
    });
    return out;
  }

  SystemClock clock;
  http::Loop loop{clock};
  Workers workers{loop, {.threads = 2, .waiting = 1}};
  std::atomic<bool> free = false;
  std::atomic<int> holding = 0, done = 0;
  std::vector<Result<int>> results;  // the loop's
};

using Ends = std::vector<std::string>;

TEST_F(WorkersTest, WorkBesideTheLoopAndEndOnIt) {
  std::thread::id worked_on;
  asks([&](const std::stop_token&) -> Result<int> {
    worked_on = std::this_thread::get_id();
    EXPECT_FALSE(loop.on_thread());
    return 7;
  });
  ASSERT_TRUE(eventually([&] { return done == 1; }));
  EXPECT_EQ(ends(), Ends{"7"});
  EXPECT_NE(worked_on, std::this_thread::get_id());
}

TEST_F(WorkersTest, LetTheLoopGoOnWhileAllOfThemAreHeld) {
  holds_a_worker();
  holds_a_worker();
  ASSERT_TRUE(eventually([&] { return holding == 2; }));
  std::atomic<bool> ran = false;
  loop.post([&] { ran = true; });
  EXPECT_TRUE(eventually([&] { return ran.load(); }));
  EXPECT_EQ(done, 0);
}

TEST_F(WorkersTest, RefuseWhatThereIsNoRoomForAtOnce) {
  for (int i = 0; i < 4; ++i) holds_a_worker();
  EXPECT_EQ(ends(), Ends{"busy"});
  let_go();
  ASSERT_TRUE(eventually([&] { return done == 4; }));
  EXPECT_EQ(ends(), (Ends{"busy", "1", "1", "1"}));
}

TEST_F(WorkersTest, EndWhatRunsAndRefuseWhatWaitsWhenTheyStop) {
  for (int i = 0; i < 3; ++i) holds_a_worker();
  ASSERT_TRUE(eventually([&] { return holding == 2; }));
  workers.stop();
  EXPECT_EQ(holding, 2) << "what waited was worked after the stop";
  EXPECT_EQ(ends(), (Ends{"stopped", "stopped", "stopped"}));
  asks([](const std::stop_token&) -> Result<int> { return 7; });
  EXPECT_EQ(ends(), (Ends{"stopped", "stopped", "stopped", "stopped"}));
  workers.stop();
}

}  // namespace
}  // namespace hotclock::api
