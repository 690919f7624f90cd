#include "service/emitters/redis_nodes.h"

#include <gtest/gtest.h>

namespace hotclock::emitters {
namespace {

TEST(RedisSlot, IsTheCrcOfTheKey) {
  EXPECT_EQ(slot_of("123456789"), 0x31c3 % cluster_slots);
  EXPECT_EQ(slot_of(""), 0);
  EXPECT_EQ(slot_of("foo"), 12182);
}

TEST(RedisSlot, BracesChooseWhatCounts) {
  EXPECT_EQ(slot_of("{foo}.bar"), slot_of("foo"));
  EXPECT_EQ(slot_of("bar{foo}{zap}"), slot_of("foo"));
  EXPECT_NE(slot_of("foo{}{bar}"), slot_of("bar"));
  EXPECT_NE(slot_of("{foo"), slot_of("foo"));
}

TEST(RedisMoved, SaysWhere) {
  const RedisAddress asked{"10.0.0.1", 7000};
  const auto moved = moved_of("MOVED 3999 10.0.0.7:6381", asked);
  ASSERT_TRUE(moved);
  EXPECT_EQ(moved->slot, 3999);
  EXPECT_EQ(moved->to, (RedisAddress{"10.0.0.7", 6381}));
  EXPECT_EQ(moved_of("MOVED 1 fd00::7:6381", asked)->to, (RedisAddress{"fd00::7", 6381}));
}

TEST(RedisMoved, WithoutAHostItIsTheOneThatWasAsked) {
  EXPECT_EQ(moved_of("MOVED 1 :6381", {"10.0.0.1", 7000})->to, (RedisAddress{"10.0.0.1", 6381}));
}

TEST(RedisMoved, OtherWordsAreNone) {
  for (const char* words : {"", "MOVED", "MOVED x 10.0.0.7:1", "MOVED 16384 h:1", "MOVED -1 h:1",
                            "MOVED 1 h:0", "MOVED 1 h", "ASK 1 h:1", "ERR no"})
    EXPECT_FALSE(moved_of(words, {"h", 1})) << words;
}

}  // namespace
}  // namespace hotclock::emitters
