#include "service/api/fresh.h"

#include <gtest/gtest.h>

#include <atomic>

#include "service/api/shelf.h"
#include "service/http/client_support.h"

namespace hotclock::api {
namespace {

using namespace std::chrono_literals;
using http::eventually;

// Values are the numbers of questions, from 1 on.
class FreshTest : public testing::Test {
 protected:
  void SetUp() override { ASSERT_TRUE(loop.start()); }
  void TearDown() override {
    closed = false;
    workers.stop();
    loop.stop();
  }

  Result<std::shared_ptr<const int>> ask() {
    const int question = ++asked;
    while (closed) http::pause_between_looks();
    if (fails) return Error(Errc::unavailable, "away");
    return std::make_shared<const int>(question);
  }
  // It ends when the loop does not run any more.
  Fresh<int>& fresh(FreshSettings settings) {
    value_ = std::make_unique<Fresh<int>>(
        workers, loop, settings, [this](const auto&, const std::stop_token&) { return ask(); });
    return *value_;
  }
  // What one who comes now gets: a number, 0 for an error, and -1 where it has to wait.
  int gets(Fresh<int>& value) {
    auto got = std::make_shared<std::atomic<int>>(-1);
    loop.call([&] { value.get([got](const auto& found) { *got = found ? **found : 0; }); });
    return *got;
  }
  int waits_for(Fresh<int>& value) {
    auto got = std::make_shared<std::atomic<int>>(-1);
    loop.call([&] { value.get([got](const auto& found) { *got = found ? **found : 0; }); });
    EXPECT_TRUE(eventually([&] { return *got != -1; }));
    return *got;
  }

  SystemClock clock;
  http::Loop loop{clock};
  Workers workers{loop, {.threads = 2, .waiting = 8}};
  std::atomic<bool> closed = false, fails = false;
  std::atomic<int> asked = 0;

 private:
  std::unique_ptr<Fresh<int>> value_;
};

constexpr FreshSettings long_lasting{.lasts = 1h, .between = 0ms};
constexpr FreshSettings never_fresh{.lasts = 0ms, .between = 0ms};

TEST_F(FreshTest, IsAskedForOnceByAllWhoComeMeanwhile) {
  auto& value = fresh(long_lasting);
  closed = true;
  EXPECT_EQ(gets(value), -1);
  EXPECT_EQ(gets(value), -1);
  EXPECT_TRUE(eventually([&] { return asked == 1; }));
  closed = false;
  EXPECT_EQ(waits_for(value), 1);
  for (int i = 0; i < 1000; ++i) EXPECT_EQ(gets(value), 1);
  EXPECT_EQ(asked, 1);
}

TEST_F(FreshTest, IsAskedForAgainWhenItIsFreshNoLonger) {
  auto& value = fresh(never_fresh);
  EXPECT_EQ(waits_for(value), 1);
  EXPECT_EQ(waits_for(value), 2);
}

TEST_F(FreshTest, IsNotTheOldOneAfterAWordThatItChanged) {
  auto& value = fresh(long_lasting);
  EXPECT_EQ(waits_for(value), 1);
  loop.call([&] { value.outdate(); });
  EXPECT_EQ(waits_for(value), 2);
  EXPECT_EQ(gets(value), 2);
}

TEST_F(FreshTest, IsNotWhatAQuestionFoundThatBeganBeforeTheWord) {
  auto& value = fresh(long_lasting);
  closed = true;
  EXPECT_EQ(gets(value), -1);
  EXPECT_TRUE(eventually([&] { return asked == 1; }));
  loop.call([&] { value.outdate(); });
  EXPECT_EQ(gets(value), -1);
  closed = false;
  EXPECT_EQ(waits_for(value), 2);
}

TEST_F(FreshTest, IsTheOneFromBeforeWhereItCannotBeAskedFor) {
  auto& value = fresh(never_fresh);
  EXPECT_EQ(waits_for(value), 1);
  fails = true;
  EXPECT_EQ(waits_for(value), 1) << "the first to come waits for the answer that fails";
  closed = true;
  EXPECT_EQ(gets(value), 1) << "those after it wait no more";
  fails = false;
  closed = false;
  EXPECT_TRUE(eventually([&] { return waits_for(value) > 2; }));
}

TEST_F(FreshTest, IsAnErrorWhereThereWasNeverOne) {
  auto& value = fresh(long_lasting);
  fails = true;
  EXPECT_EQ(waits_for(value), 0);
  fails = false;
  EXPECT_EQ(waits_for(value), 2);
}

TEST_F(FreshTest, IsNotAskedForInARushHoweverNewItMustBe) {
  auto& value = fresh({.lasts = 1h, .between = 300ms});
  EXPECT_EQ(waits_for(value), 1);
  std::atomic<int> got = 0;
  const Steady since = clock.steady();
  loop.call([&] {
    for (int i = 0; i < 100; ++i) value.get_newer([&](const auto& found) { got += **found == 2; });
  });
  EXPECT_TRUE(eventually([&] { return got == 100; }));
  EXPECT_EQ(asked, 2);
  EXPECT_GT(clock.steady() - since, 150ms);
}

TEST_F(FreshTest, OnAShelfIsForgottenWhereThereIsNoRoomUnlessItIsAskedFor) {
  Shelf<int, int> shelf(
      workers, loop, long_lasting, 2,
      [this](int key, const std::stop_token&) -> Result<std::shared_ptr<const int>> {
        ++asked;
        while (closed) http::pause_between_looks();
        return std::make_shared<const int>(key);
      });
  std::atomic<int> got = 0;
  const auto gets = [&](int key) {
    got = -1;
    loop.call([&] { shelf.get(key, [&](const auto& found) { got = found ? **found : 0; }); });
  };
  for (const int key : {1, 2, 3}) {
    gets(key);
    EXPECT_TRUE(eventually([&] { return got == key; }));
  }
  gets(2);
  EXPECT_EQ(got, 2);
  EXPECT_EQ(asked, 3) << "2 stayed";
  closed = true;
  std::atomic<int> late = 0;
  loop.call([&] {
    for (const int key : {4, 5}) shelf.get(key, [&](const auto&) { ++late; });
    shelf.get(6, [&](const auto& found) { got = found ? **found : 0; });
  });
  EXPECT_EQ(got, 0) << "both places are being asked for";
  closed = false;
  EXPECT_TRUE(eventually([&] { return late == 2; }));
  gets(1);
  EXPECT_TRUE(eventually([&] { return got == 1; }));
  EXPECT_EQ(asked, 6) << "1 was forgotten";
  loop.stop();  // before the shelf ends
}

}  // namespace
}  // namespace hotclock::api
