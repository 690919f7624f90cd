#include "service/net/proxies.h"

#include <gtest/gtest.h>

namespace hotclock::net {
namespace {

const TrustedProxies proxies({"10.0.0.0/8", "2001:db8:1::/48", "127.0.0.1"});

std::string client(std::string_view peer, std::string_view forwarded) {
  return proxies.client_of(peer, forwarded);
}

TEST(TrustedProxies, AreNoneUntilTheyAreNamed) {
  EXPECT_TRUE(TrustedProxies().none());
  EXPECT_EQ(TrustedProxies().client_of("127.0.0.1", "192.0.2.1"), "127.0.0.1");
  EXPECT_FALSE(proxies.none());
}

TEST(TrustedProxies, SayWhoIsBehindThem) {
  EXPECT_EQ(client("10.0.0.1", "192.0.2.1"), "192.0.2.1");
  EXPECT_EQ(client("::ffff:10.0.0.1", "192.0.2.1"), "192.0.2.1");
  EXPECT_EQ(client("2001:db8:1::7", "2001:DB8:2:0:0::1"), "2001:db8:2::1");
  EXPECT_EQ(client("10.0.0.1", "192.0.2.1, 10.0.0.2,127.0.0.1"), "192.0.2.1")
      << "one behind another";
  EXPECT_EQ(client("10.0.0.1", ""), "10.0.0.1") << "the proxy asks for itself";
  EXPECT_EQ(client("10.0.0.1", "10.0.0.3, 10.0.0.2"), "10.0.0.3") << "a machine of ours asks";
}

TEST(TrustedProxies, MayAddThePort) {
  EXPECT_EQ(client("10.0.0.1", "192.0.2.1:52100"), "192.0.2.1");
  EXPECT_EQ(client("10.0.0.1", "[2001:db8:2::1]:52100"), "2001:db8:2::1");
  EXPECT_EQ(client("10.0.0.1", "[2001:db8:2::1]"), "2001:db8:2::1");
}

TEST(TrustedProxies, AreNotWhoeverSaysThatItIsOne) {
  EXPECT_EQ(client("192.0.2.9", "192.0.2.1"), "192.0.2.9");
  EXPECT_EQ(client("192.0.2.9", "10.0.0.1"), "192.0.2.9");
  EXPECT_EQ(client("no address", "192.0.2.1"), "no address");
}

TEST(TrustedProxies, DoNotHandOnWhatAClientMadeUp) {
  EXPECT_EQ(client("10.0.0.1", "127.0.0.1, 203.0.113.5, 192.0.2.1"), "192.0.2.1");
  EXPECT_EQ(client("10.0.0.1", "10.0.0.2, 192.0.2.1, 10.0.0.3"), "192.0.2.1");
  std::string many;
  for (int i = 0; i < 2000; ++i) many += "10.9.9.9, ";
  EXPECT_EQ(client("10.0.0.1", many + "192.0.2.1"), "192.0.2.1");
}

TEST(TrustedProxies, AreTheClientWhereTheyWriteNoAddress) {
  for (const char* odd :
       {"unknown", "_hidden", ",", " ", "192.0.2.1,", "192.0.2.256", "192.0.2.1.", "1", "[", "[]",
        "[192.0.2.1", "::1::", ":", "192.0.2.1 10.0.0.2", "<script>"})
    EXPECT_EQ(client("10.0.0.1", std::string("203.0.113.5,") + odd), "10.0.0.1") << odd;
  EXPECT_EQ(client("10.0.0.1", "203.0.113.5, unknown, 10.0.0.2"), "10.0.0.2");
  EXPECT_EQ(client("10.0.0.1", std::string("192.0.2.1\0x", 11)), "10.0.0.1");
}

}  // namespace
}  // namespace hotclock::net
