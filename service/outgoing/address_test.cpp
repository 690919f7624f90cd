#include "service/outgoing/address.h"

#include <arpa/inet.h>
#include <gtest/gtest.h>
#include <netinet/in.h>
#include <sys/un.h>

namespace hotclock::outgoing {
namespace {

std::string kind_of(const char* text) {
  sockaddr_storage place{};
  auto* four = reinterpret_cast<sockaddr_in*>(&place);
  auto* six = reinterpret_cast<sockaddr_in6*>(&place);
  if (inet_pton(AF_INET, text, &four->sin_addr) == 1) {
    place.ss_family = AF_INET;
  } else {
    EXPECT_EQ(inet_pton(AF_INET6, text, &six->sin6_addr), 1) << text;
    place.ss_family = AF_INET6;
  }
  const auto* address = reinterpret_cast<const sockaddr*>(&place);
  const auto what = not_public(address);
  return what ? std::string(*what) : "public";
}

TEST(Address, LetsPublicOnesThrough) {
  for (const char* text : {"1.1.1.1",           "8.8.8.8",
                           "9.255.255.255",     "11.0.0.0",
                           "100.63.255.255",    "100.128.0.0",
                           "126.255.255.255",   "128.0.0.0",
                           "168.63.129.15",     "168.63.129.17",
                           "169.253.255.255",   "169.255.0.0",
                           "172.15.255.255",    "172.32.0.0",
                           "192.0.1.0",         "192.0.3.0",
                           "192.167.255.255",   "192.169.0.0",
                           "198.17.255.255",    "198.20.0.0",
                           "223.255.255.255",   "2606:4700:4700::1111",
                           "2a00:1450:4001::1", "2001:4860:4860::8888",
                           "2001:200::1",       "::ffff:1.1.1.1",
                           "64:ff9b::1.1.1.1"})
    EXPECT_EQ(kind_of(text), "public") << text;
}

TEST(Address, KnowsThoseOfThisMachineAndOfItsNeighbourhood) {
  for (const char* text :
       {"127.0.0.1", "127.255.255.254", "::1", "::ffff:127.0.0.1", "64:ff9b::7f00:1"})
    EXPECT_EQ(kind_of(text), "a loopback address") << text;
  for (const char* text : {"10.0.0.1", "10.255.255.255", "172.16.0.1", "172.31.255.255",
                           "192.168.0.1", "192.168.255.255", "fc00::1", "fdff::1", "fd00:ec2::254",
                           "::ffff:10.1.2.3", "64:ff9b::c0a8:1"})
    EXPECT_EQ(kind_of(text), "a private address") << text;
  for (const char* text :
       {"169.254.169.254", "169.254.0.1", "fe80::1", "febf::1", "::ffff:169.254.169.254"})
    EXPECT_EQ(kind_of(text), "a link-local address") << text;
  for (const char* text : {"100.64.0.1", "100.100.100.200", "100.127.255.255"})
    EXPECT_EQ(kind_of(text), "a shared address") << text;
}

TEST(Address, KnowsThoseThatAreNobodys) {
  for (const char* text :
       {"0.0.0.0",     "0.1.2.3",         "168.63.129.16",  "192.0.0.1",       "192.0.2.1",
        "192.88.99.1", "198.18.0.1",      "198.19.255.255", "198.51.100.1",    "203.0.113.1",
        "224.0.0.1",   "239.255.255.255", "240.0.0.1",      "255.255.255.255", "::",
        "::2",         "::127.0.0.1",     "::ffff:0.0.0.0", "64:ff9b:1::1",    "100::1",
        "2001::1",     "2001:10::1",      "2001:db8::1",    "2002:7f00:1::",   "3fff::1",
        "4000::1",     "5f00::1",         "fec0::1",        "ff02::1"})
    EXPECT_NE(kind_of(text), "public") << text;
}

TEST(Address, TakesNoOtherFamilyForPublic) {
  sockaddr_un place{};
  place.sun_family = AF_UNIX;
  EXPECT_TRUE(not_public(reinterpret_cast<const sockaddr*>(&place)));
}

}  // namespace
}  // namespace hotclock::outgoing
