#include "service/notices/batch.h"

#include <gtest/gtest.h>

namespace hotclock::notices {
namespace {

using namespace std::chrono_literals;
using Ids = std::vector<std::int64_t>;

constexpr Instant t0 = from_millis(1'790'000'000'000);
const Wishes everything{{"info", "warning", "critical"}, true, false};

AlertText alert(const std::string& id, const std::string& state = "firing",
                const std::string& severity = "critical") {
  AlertText out{.id = id, .rule = "failed", .severity = severity, .state = state};
  out.began = out.fired = t0;
  if (state == "resolved") out.resolved = t0 + 1min;
  return out;
}

Waiting waits(std::int64_t id, std::vector<AlertText> alerts,
              const std::string& group = "failed/critical") {
  return {.id = id,
          .notice = {.notifier = "ops", .group = group, .alerts = std::move(alerts)},
          .created = t0 + std::chrono::seconds{id}};
}

std::vector<std::string> states(const Batch& batch) {
  std::vector<std::string> out;
  for (const AlertText& one : batch.message.alerts) out.push_back(one.id + " " + one.state);
  return out;
}

using Words = std::vector<std::string>;

TEST(Batch, IsNoneWhereNothingIsDue) {
  EXPECT_FALSE(next_batch({}, everything, 10));
  auto later = waits(1, {alert("a")});
  later.due = false;
  EXPECT_FALSE(next_batch({later}, everything, 10));
}

TEST(Batch, IsAllOfOneGroup) {
  const auto batch = next_batch(
      {waits(1, {alert("a")}), waits(2, {alert("b")}, "missed/warning"), waits(3, {alert("c")})},
      everything, 10);
  ASSERT_TRUE(batch);
  EXPECT_EQ(batch->notices, (Ids{1, 3}));
  EXPECT_EQ(batch->message.group, "failed/critical");
  EXPECT_EQ(states(*batch), (Words{"a firing", "c firing"}));
  EXPECT_EQ(batch->message.created, t0 + 1s);
}

TEST(Batch, TellsOfEachAlertOnceAndAsItIsNow) {
  const auto batch = next_batch(
      {waits(1, {alert("a"), alert("b")}), waits(2, {alert("a", "resolved")})}, everything, 10);
  EXPECT_EQ(states(*batch), (Words{"a resolved", "b firing"}));
  EXPECT_EQ(batch->message.state(), "firing");
}

TEST(Batch, IsOfAllGroupsWithTheLastMessageOfAMinute) {
  const std::vector<Waiting> waiting{waits(1, {alert("a")}),
                                     waits(2, {alert("b")}, "missed/warning")};
  EXPECT_EQ(next_batch(waiting, everything, 2)->notices, (Ids{1}));
  const auto last = next_batch(waiting, everything, 1);
  EXPECT_EQ(last->notices, (Ids{1, 2}));
  EXPECT_EQ(last->message.group, "failed/critical, missed/warning");
}

TEST(Batch, IsOfAllGroupsForOneThatMakesGroupsItself) {
  const std::vector<Waiting> waiting{waits(1, {alert("a")}),
                                     waits(2, {alert("b")}, "missed/warning")};
  EXPECT_EQ(next_batch(waiting, {{"critical"}, true, true}, 10)->notices, (Ids{1, 2}));
}

// What was refused waits for its time; what is newer of the same group takes it along, so that
// nobody hears that an alert fires after hearing that it is over.
TEST(Batch, NeverTellsTheOlderAfterTheNewer) {
  auto refused = waits(1, {alert("a")});
  refused.due = false;
  refused.attempts = 3;
  const auto batch = next_batch({refused, waits(2, {alert("a", "resolved")})}, everything, 10);
  EXPECT_EQ(batch->notices, (Ids{1, 2}));
  EXPECT_EQ(states(*batch), (Words{"a resolved"}));
  EXPECT_EQ(batch->attempts, 3);
}

TEST(Batch, HoldsWhatIsWantedAlone) {
  const Wishes wishes{{"critical"}, false, false};
  const auto batch = next_batch(
      {waits(1, {alert("a", "firing", "warning"), alert("b")}), waits(2, {alert("c", "resolved")})},
      wishes, 10);
  EXPECT_EQ(batch->notices, (Ids{1, 2}));
  EXPECT_EQ(states(*batch), (Words{"b firing"}));
}

TEST(Batch, TellsOnceOfAnAlertThatWasOverBeforeAnybodyHeardOfIt) {
  const Wishes wishes{{"critical"}, false, false};
  const auto batch =
      next_batch({waits(1, {alert("a")}), waits(2, {alert("a", "resolved")})}, wishes, 10);
  EXPECT_EQ(states(*batch), (Words{"a resolved"}));
}

TEST(Batch, HasTheSameIdForTheSameNoticesAlone) {
  const auto one = next_batch({waits(1, {alert("a")})}, everything, 10);
  const auto again = next_batch({waits(1, {alert("a")})}, everything, 1);
  const auto more = next_batch({waits(1, {alert("a")}), waits(2, {alert("b")})}, everything, 10);
  EXPECT_EQ(one->message.id, again->message.id);
  EXPECT_NE(one->message.id, more->message.id);
}

TEST(Batch, KeepsTheRestOfAMailAndATestApart) {
  auto rest = waits(1, {alert("a")});
  rest.notice.only_to = {"b@live.example"};
  auto test = waits(3, {alert("t", "firing", "info")});
  test.notice.test = true;
  const std::vector<Waiting> waiting{rest, waits(2, {alert("b")}), test};
  const auto first = next_batch(waiting, everything, 1);
  EXPECT_EQ(first->notices, (Ids{1}));
  EXPECT_EQ(first->message.only_to, std::vector<std::string>{"b@live.example"});
  EXPECT_EQ(next_batch({waiting[1], waiting[2]}, everything, 1)->notices, (Ids{2}));
  const auto last = next_batch({waiting[2]}, {{"critical"}, true, false}, 1);
  EXPECT_TRUE(last->message.test);
  EXPECT_EQ(states(*last), (Words{"t firing"}));
}

}  // namespace
}  // namespace hotclock::notices
