#include "service/hub/recent.h"

#include <gtest/gtest.h>

#include <map>
#include <random>
#include <set>

namespace hotclock::hub {
namespace {

using namespace std::chrono_literals;
using Ids = std::vector<std::int64_t>;

constexpr Instant t0 = from_millis(1'790'000'000'000);

Ids find(const Recent& recent, std::int64_t after, std::vector<std::string> rooms) {
  return recent.find(after, rooms);
}

TEST(Recent, TellsWhatWentToARoomAndToEverybody) {
  Recent recent(1000);
  recent.add(1, t0, "stream:17 throne:17");
  recent.add(2, t0, "user:4");
  recent.add(3, t0, "");
  EXPECT_EQ(find(recent, 0, {"stream:17"}), (Ids{1, 3}));
  EXPECT_EQ(find(recent, 0, {"stream:17", "throne:17"}), (Ids{1, 3})) << "each once";
  EXPECT_EQ(find(recent, 1, {"stream:17", "user:4"}), (Ids{2, 3}));
  EXPECT_EQ(find(recent, 3, {"user:4"}), Ids{});
}

TEST(Recent, FindsTheSameAsAPlainList) {
  Recent recent(1'000'000);
  std::map<std::string, Ids> by_room;
  std::mt19937 random(7);
  for (std::int64_t id = 1; id <= 200'000; ++id) {
    const std::string room = "user:" + std::to_string(random() % 500);
    recent.add(id, t0, room);
    by_room[room].push_back(id);
  }
  for (const auto& [room, all] : by_room) {
    const std::int64_t after = static_cast<std::int64_t>(random() % 200'000);
    Ids expected;
    for (const std::int64_t id : all)
      if (id > after) expected.push_back(id);
    EXPECT_EQ(find(recent, after, {room}), expected) << room << " behind " << after;
  }
}

TEST(Recent, ForgetsWhatIsOldAndSaysSo) {
  Recent recent(1'000'000);
  recent.begin_after(0, t0);
  for (std::int64_t id = 1; id <= 300'000; ++id) recent.add(id, t0 + id * 1ms, "user:1");
  recent.forget_before(t0 + 150s);
  EXPECT_GT(recent.complete_after(), 50'000);
  EXPECT_LE(recent.complete_after(), 150'000) << "nothing that is young enough is forgotten";
  EXPECT_EQ(find(recent, recent.complete_after(), {"user:1"}).front(), recent.complete_after() + 1);
}

TEST(Recent, HoldsNoMoreThanItMay) {
  Recent recent(100'000);
  for (std::int64_t id = 1; id <= 1'000'000; ++id) recent.add(id, t0, "user:1 user:2");
  EXPECT_LE(recent.size(), 200'000u);
  EXPECT_GT(recent.complete_after(), 900'000);
}

}  // namespace
}  // namespace hotclock::hub
