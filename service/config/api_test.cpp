#include "service/config/api.h"

#include <gtest/gtest.h>

namespace hotclock::config {
namespace {

std::string mistake_in(std::string_view toml) {
  Section section = Section::parse(toml, "api");
  static_cast<void>(read_api(section));
  const auto read = section.finish();
  return read ? "" : read.error().message();
}

TEST(ApiSettings, ListenOnThisMachineAloneUnlessToldOtherwise) {
  const ApiConfig api = read_api(Section::parse(""));
  EXPECT_TRUE(api.enabled);
  EXPECT_TRUE(api.dashboard);
  EXPECT_EQ(api.address, "127.0.0.1");
  EXPECT_EQ(api.port, 8081);
}

TEST(ApiSettings, AnAddressThatOthersReachWantsTlsOrAWordThatSaysOtherwise) {
  EXPECT_NE(mistake_in("address = \"0.0.0.0\"").find("others could read every token"),
            std::string::npos);
  EXPECT_NE(mistake_in("address = \"::\"").find("plain = true"), std::string::npos);
  EXPECT_EQ(mistake_in("address = \"0.0.0.0\"\nplain = true"), "");
  EXPECT_EQ(mistake_in("address = \"0.0.0.0\"\nenabled = false"), "");
  EXPECT_EQ(mistake_in("address = \"0.0.0.0\"\ncertificate = \"a.pem\"\nkey = \"b.pem\""), "");
  EXPECT_EQ(mistake_in("address = \"127.0.0.2\""), "");
  EXPECT_EQ(mistake_in("address = \"::1\""), "");
}

TEST(ApiSettings, ACertificateAndItsKeyGoTogether) {
  EXPECT_NE(mistake_in("certificate = \"a.pem\"").find("go together"), std::string::npos);
  EXPECT_NE(mistake_in("key = \"a.pem\"").find("go together"), std::string::npos);
}

TEST(ApiSettings, ProxiesAreNetworks) {
  EXPECT_EQ(read_api(Section::parse("")).trusted_proxies, std::vector<std::string>{});
  EXPECT_EQ(mistake_in("trusted_proxies = [\"10.0.0.0/8\", \"::1\"]"), "");
  EXPECT_NE(mistake_in("trusted_proxies = [\"balancer\"]").find("is no network"),
            std::string::npos);
}

TEST(ApiSettings, LimitsAreNeverNone) {
  for (const char* one : {"reads_a_minute", "changes_a_minute", "attempts_a_minute", "streams"})
    EXPECT_NE(mistake_in(std::string(one) + " = 0"), "") << one;
}

}  // namespace
}  // namespace hotclock::config
