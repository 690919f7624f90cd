#include "service/net/networks.h"

#include <gtest/gtest.h>

#include <vector>

namespace hotclock::net {
namespace {

bool holds(std::string_view network, std::string_view address) {
  return read_network(network).value().holds(read_address(address).value());
}
std::string wrong(std::string_view text) {
  const auto network = read_network(text);
  return network ? "it is right" : network.error().message();
}

TEST(NetworksTest, ANetworkHoldsWhatSharesItsBits) {
  EXPECT_TRUE(holds("10.0.0.0/8", "10.255.255.255"));
  EXPECT_FALSE(holds("10.0.0.0/8", "11.0.0.0"));
  EXPECT_TRUE(holds("192.0.2.128/25", "192.0.2.128"));
  EXPECT_FALSE(holds("192.0.2.128/25", "192.0.2.127"));
  EXPECT_TRUE(holds("192.0.2.7", "192.0.2.7"));
  EXPECT_FALSE(holds("192.0.2.7", "192.0.2.6"));
  EXPECT_TRUE(holds("2001:db8::/33", "2001:db8:7fff::1"));
  EXPECT_FALSE(holds("2001:db8::/33", "2001:db8:8000::1"));
  EXPECT_TRUE(holds("::/0", "2001:db8::1"));
}

TEST(NetworksTest, AnAddressOfIpv4IsTheSameHoweverItIsWritten) {
  EXPECT_TRUE(holds("10.0.0.0/8", "::ffff:10.1.2.3"));
  EXPECT_TRUE(holds("::ffff:10.0.0.0/104", "10.1.2.3"));
  EXPECT_TRUE(holds("0.0.0.0/0", "203.0.113.9"));
  EXPECT_FALSE(holds("0.0.0.0/0", "2001:db8::1"));
}

TEST(NetworksTest, AnInterfaceDoesNotCount) { EXPECT_TRUE(holds("fe80::/10", "fe80::1%eth0")); }

TEST(NetworksTest, WhatIsNoNetworkSaysWhatWouldBeRight) {
  EXPECT_EQ(wrong("10.0.0.7/8"),
            "\"10.0.0.7/8\" has bits beyond the network; write \"10.0.0.0/8\", or \"10.0.0.7\""
            " alone");
  EXPECT_EQ(wrong("::ffff:10.0.0.7/104"),
            "\"::ffff:10.0.0.7/104\" has bits beyond the network; write"
            " \"::ffff:10.0.0.0/104\", or \"::ffff:10.0.0.7\" alone");
  EXPECT_EQ(wrong("10.0.0.0/33"), "\"10.0.0.0/33\" needs 0 to 32 behind the slash");
  EXPECT_EQ(wrong("::/129"), "\"::/129\" needs 0 to 128 behind the slash");
  for (const char* text : {"10.0.0.0/", "10.0.0.0/+8", "10.0.0.0/08", "10.0.0.0/-1", "10.0.0.0/8 "})
    EXPECT_NE(wrong(text).find("needs 0 to 32"), std::string::npos) << text;
  for (const char* text : {"", "/8", "ten", "10.0.0", "010.0.0.1", "1.2.3.4.5", "fe80::1%eth0"})
    EXPECT_NE(wrong(text).find("is no network"), std::string::npos) << text;
  EXPECT_NE(wrong(std::string_view("::1\0x", 5)).find("is no network"), std::string::npos);
}

TEST(NetworksTest, WithoutNetworksAnythingIsFromThere) {
  EXPECT_TRUE(is_from({}, "command line on web-1"));
  const std::string networks[] = {"10.0.0.0/8", "::1"};
  EXPECT_TRUE(is_from(networks, "::1"));
  EXPECT_FALSE(is_from(networks, "::2"));
  EXPECT_FALSE(is_from(networks, "command line on web-1"));
  EXPECT_FALSE(is_from(networks, ""));
}

TEST(NetworksTest, OfTwoListsOneLiesInTheOther) {
  using Networks = std::vector<std::string>;
  const Networks office{"10.0.0.0/8", "2001:db8::/32"}, anywhere;
  EXPECT_TRUE(are_within(anywhere, anywhere));
  EXPECT_TRUE(are_within(office, anywhere));
  EXPECT_FALSE(are_within(anywhere, office));
  EXPECT_TRUE(are_within(office, office));
  EXPECT_TRUE(are_within(Networks{"10.4.0.0/16", "2001:db8::1"}, office));
  EXPECT_FALSE(are_within(Networks{"10.4.0.0/16", "192.0.2.1"}, office));
  EXPECT_FALSE(are_within(Networks{"10.0.0.0/7"}, office));
}

}  // namespace
}  // namespace hotclock::net
