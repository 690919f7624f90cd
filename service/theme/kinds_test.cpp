#include "service/theme/kinds.h"

#include <gtest/gtest.h>

namespace hotclock::theme {
namespace {

const Rules rules{{"cdn.example", "Images.Example:8443"}};

TEST(Slug, IsOfSmallLettersDigitsAndHyphens) {
  for (const char* good : {"a", "dashain", "eid-al-fitr", "new-year-2027", "a--"})
    EXPECT_TRUE(is_slug(good)) << good;
  for (const char* bad : {"", "Dashain", "1a", "-a", "a b", "a_b", "a.b", "a{", "d\xc3\xa9"})
    EXPECT_FALSE(is_slug(bad)) << bad;
  EXPECT_TRUE(is_slug(std::string(40, 'a')));
  EXPECT_FALSE(is_slug(std::string(41, 'a')));
}

TEST(ElementName, IsOfLettersAndDigits) {
  for (const char* good : {"banner", "giftShelf", "b2"}) EXPECT_TRUE(is_element_name(good)) << good;
  for (const char* bad : {"", "Banner", "2b", "gift-shelf", "a\"]", "__proto__"})
    EXPECT_FALSE(is_element_name(bad)) << bad;
}

TEST(Family, IsOfLettersDigitsSpacesAndHyphens) {
  for (const char* good : {"Mukta", "Noto Sans 2", "sans-serif"})
    EXPECT_TRUE(is_family(good)) << good;
  for (const char* bad : {"", " a", "2a", "a\"", "a,b", "a\\", "a;", "a\n", "M\xc3\xbckta"})
    EXPECT_FALSE(is_family(bad)) << bad;
  EXPECT_FALSE(is_family(std::string(41, 'a')));
}

TEST(PlainText, IsOfAnyLanguageAndOfNothingThatControls) {
  for (const char* good :
       {"", "Happy Dashain!", "\u0936\u0941\u092d \u0926\u0940\u092a\u093e\u0935\u0932\u0940",
        "\u0639\u064a\u062f \u0645\u0628\u0627\u0631\u0643", "\U0001F386 <3 \"50%\"; }"})
    EXPECT_TRUE(is_plain_text(good)) << good;
  for (const char* bad : {"a\nb", "a\tb", "\x7f", "\u0085", "\u2028", "\u2029", "\u202e",
                          "\u2066x\u2069", "\xff", "\xc0\x80", "\xed\xa0\x80"})
    EXPECT_FALSE(is_plain_text(bad)) << bad;
  EXPECT_FALSE(is_plain_text(std::string_view("a\0b", 3)));
  EXPECT_EQ(plain("a\u202eb\nc\xff"), "abc");
}

TEST(Length, IsInCharacters) {
  EXPECT_EQ(length("\u0936\u0941\u092d"), 3U);
  EXPECT_EQ(length("\U0001F386!"), 2U);
  EXPECT_EQ(length(""), 0U);
}

TEST(Url, IsAPathOfThisSiteOrOnAHostThatMayBeShown) {
  for (const char* good :
       {"/", "/festivals/dashain/sky.webp", "/a/b/", "/a.webp?v=3&w=1#top", "/a%20b", "/~a/@2x.png",
        "https://cdn.example/a.webp", "https://CDN.example/a.webp", "https://cdn.example",
        "https://images.example:8443/a"})
    EXPECT_TRUE(is_url(good, rules)) << good;
}

TEST(Url, ReachesNoOtherOrigin) {
  for (const char* bad : {"//evil.example",
                          "///evil.example",
                          "/\\evil.example",
                          "\\\\evil.example",
                          "https://evil.example/",
                          "https://cdn.example.evil.example/",
                          "https://cdn.example@evil.example/",
                          "https://cdn.example:80@evil.example/",
                          "https://cdn.example:444/a",
                          "http://cdn.example/a",
                          "HTTPS://cdn.example/a",
                          "https:/cdn.example/a",
                          "https:cdn.example",
                          "https://",
                          "https:///a",
                          "https://cdn.example?a",
                          "https://cdn.example.",
                          "https://images.example/a",
                          "ftp://cdn.example/",
                          "javascript:alert(1)",
                          "data:image/png;base64,AAAA",
                          "blob:https://cdn.example/1",
                          "a/b",
                          "../a",
                          "/\t/evil.example",
                          "/..//evil.example",
                          "/.//evil.example",
                          "/a/../../b",
                          "/%2e%2e/a",
                          "/%2E./a",
                          "/%2f/evil.example",
                          "/%5cevil.example",
                          "/a/.",
                          "/./a",
                          "/a//b",
                          ""})
    EXPECT_FALSE(is_url(bad, rules)) << bad;
}

TEST(Url, HasNothingThatMeansSomethingToAStyleSheet) {
  for (const char* bad : {"/a b", "/a\"b", "/a'b", "/a(b",  "/a)b",  "/a;b",   "/a{b",      "/a}b",
                          "/a*b", "/a<b",  "/a>b", "/a\\b", "/a\nb", "/a\x7f", "/\xc3\xa9", "/a%",
                          "/a%2", "/a%zz", "/%00", "/%0a",  "/%7f",  " /a",    "/a "})
    EXPECT_FALSE(is_url(bad, rules)) << bad;
}

TEST(Url, IsAtMostSoLong) {
  EXPECT_TRUE(is_url("/" + std::string(longest_url - 1, 'a'), rules));
  EXPECT_FALSE(is_url("/" + std::string(longest_url, 'a'), rules));
}

TEST(Kebab, IsHowStyleSheetsSayIt) {
  EXPECT_EQ(kebab("onPrimary"), "on-primary");
  EXPECT_EQ(kebab("background"), "background");
}

TEST(Shown, IsShortAndOnOneLine) {
  EXPECT_EQ(shown("a\nb\u202e"), "ab");
  EXPECT_EQ(shown(std::string(500, 'x')), std::string(60, 'x') + "...");
  EXPECT_EQ(shown(std::string(60, 'x')), std::string(60, 'x'));
}

}  // namespace
}  // namespace hotclock::theme
