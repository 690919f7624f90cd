#include "service/emitters/redis_url.h"

#include <gtest/gtest.h>

namespace hotclock::emitters {
namespace {

RedisUrl read(const char* text) {
  auto url = parse_redis_url(text);
  EXPECT_TRUE(url) << text << ": " << (url ? "" : url.error().message());
  return url ? *url : RedisUrl{};
}

TEST(RedisUrl, NamesHostPortAndDatabase) {
  const RedisUrl url = read("redis://cache.example:6380/2");
  EXPECT_EQ(url.address, (RedisAddress{"cache.example", 6380}));
  EXPECT_EQ(url.database, 2);
  EXPECT_FALSE(url.tls);
  EXPECT_EQ(url.password, "");
}

TEST(RedisUrl, KnowsWhatIsLeftOut) {
  EXPECT_EQ(read("redis://cache").address, (RedisAddress{"cache", 6379}));
  EXPECT_EQ(read("redis://cache/").database, 0);
  EXPECT_TRUE(read("rediss://cache").tls);
}

TEST(RedisUrl, ReadsUserAndPassword) {
  const RedisUrl both = read("redis://relay:p%40ss%2Fw%3Ard@cache");
  EXPECT_EQ(both.user, "relay");
  EXPECT_EQ(both.password, "p@ss/w:rd");
  EXPECT_EQ(read("redis://:secret@cache").password, "secret");
  EXPECT_EQ(read("redis://:a:b@cache").password, "a:b");
}

TEST(RedisUrl, ReadsAddressesOfTheSixthVersion) {
  EXPECT_EQ(read("redis://[::1]:7000").address, (RedisAddress{"::1", 7000}));
  EXPECT_EQ(to_string(read("redis://[::1]")), "redis://[::1]:6379");
}

TEST(RedisUrl, ReadsSocketFiles) {
  const RedisUrl url = read("unix:///run/redis%20one/redis.sock?db=3");
  EXPECT_EQ(url.address.path, "/run/redis one/redis.sock");
  EXPECT_EQ(url.database, 3);
  EXPECT_EQ(read("unix://relay:secret@/run/redis.sock").password, "secret");
  EXPECT_EQ(to_string(url), "unix:///run/redis one/redis.sock?db=3");
}

TEST(RedisUrl, IsShownWithoutItsPassword) {
  EXPECT_EQ(to_string(read("rediss://relay:secret@cache:6380/1")), "rediss://relay@cache:6380/1");
}

TEST(RedisUrl, FaultsAreNamedWithoutThePassword) {
  for (const char* text :
       {"", "cache:6379", "http://:secret@cache", "redis://", "redis://:secret@",
        "redis://:secret@cache:0", "redis://:secret@cache:port", "redis://:secret@cache:99999",
        "redis://:secret@cache/one", "redis://:secret%zz@cache", "redis://:secret%4",
        "redis://user@cache", "redis://[::1", "redis://:secret@cache/1?x=1", "unix://secret",
        "unix://:secret@run", "unix:///run/x?y=secret"}) {
    const auto url = parse_redis_url(text);
    ASSERT_FALSE(url) << text;
    EXPECT_EQ(url.error().code(), Errc::invalid);
    EXPECT_EQ(url.error().message().find("secret"), std::string::npos) << url.error().message();
  }
}

}  // namespace
}  // namespace hotclock::emitters
