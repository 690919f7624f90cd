#include "service/auth/base64url.h"

#include <gtest/gtest.h>
#include <rapidcheck.h>

namespace hotclock::auth {
namespace {

TEST(Base64Url, WritesTheExamplesOfTheStandard) {
  const std::pair<const char*, const char*> examples[] = {
      {"", ""},           {"f", "Zg"},          {"fo", "Zm8"},         {"foo", "Zm9v"},
      {"foob", "Zm9vYg"}, {"fooba", "Zm9vYmE"}, {"foobar", "Zm9vYmFy"}};
  for (const auto& [bytes, text] : examples) {
    EXPECT_EQ(to_base64url(bytes), text);
    EXPECT_EQ(from_base64url(text), bytes);
  }
  EXPECT_EQ(to_base64url("\xfb\xff\xbf"), "-_-_");
}

TEST(Base64Url, ReadsBackAnyBytes) {
  EXPECT_TRUE(rc::check([](const std::string& bytes) {
    const std::string text = to_base64url(bytes);
    RC_ASSERT(from_base64url(text) == bytes);
    RC_ASSERT(text.find_first_of("+/=") == std::string::npos);
  }));
}

// No two texts mean the same bytes.
TEST(Base64Url, ReadsNothingButWhatItWrites) {
  for (const char* text : {"Zg==", "Zm8=", "Z", "Zm9vY", "Zh", "Zm9", "Zm9v\n", " Zm9v", "Zm+v",
                           "Zm/v", "Zm\xc3\xa4", "Zm9v.Zm9v"})
    EXPECT_EQ(from_base64url(text), std::nullopt) << text;
  EXPECT_TRUE(rc::check([](const std::string& text) {
    if (const auto bytes = from_base64url(text)) RC_ASSERT(to_base64url(*bytes) == text);
  }));
}

}  // namespace
}  // namespace hotclock::auth
