#include "scheduler/base/utf8.h"

#include <gtest/gtest.h>

namespace hotclock {
namespace {

TEST(Utf8, KnowsCharactersOfEveryLength) {
  const auto code = [](std::string_view text) { return first_character(text).code; };
  EXPECT_EQ(code("a"), U'a');
  EXPECT_EQ(code("ß"), U'ß');
  EXPECT_EQ(code("द"), U'द');
  EXPECT_EQ(code("🎉"), U'🎉');
  EXPECT_EQ(first_character("ßx").size, 2u);
  EXPECT_EQ(first_character("\xF4\x8F\xBF\xBF").code, char32_t{0x10ffff});
  EXPECT_EQ(first_character("\xED\x9F\xBF").code, char32_t{0xd7ff});
}

TEST(Utf8, KnowsWhatIsNone) {
  for (const char* broken :
       {"\x80", "\xC3", "\xC3(", "\xC0\xAF", "\xC1\xBF", "\xE0\x80\x80", "\xED\xA0\x80",
        "\xF0\x80\x80\x80", "\xF4\x90\x80\x80", "\xF5\x80\x80\x80", "\xFF", "\xE2\x82"})
    EXPECT_EQ(first_character(broken).size, 0u) << broken;
}

TEST(Utf8, KnowsWellFormedTextsOfAnyLength) {
  for (const char* text : {"", "a", "größe", "eight by", "🎉 and more than eight", "दो शब्द"})
    EXPECT_TRUE(is_well_formed(text)) << text;
  for (const std::string before : {"", "x", "seven c", "eight ch", "nine char"}) {
    EXPECT_FALSE(is_well_formed(before + "\xFF" + "and what follows"));
    EXPECT_FALSE(is_well_formed(before + "\xE2\x82"));
    EXPECT_TRUE(is_well_formed(before + "ß" + "and what follows"));
  }
}

TEST(Utf8, ReplacesBrokenBytesAndKeepsTheRest) {
  EXPECT_EQ(well_formed("größe 🎉"), "größe 🎉");
  EXPECT_EQ(well_formed("a\xFFz"), "a\xEF\xBF\xBDz");
  EXPECT_EQ(well_formed("\xE2\x82"), "\xEF\xBF\xBD\xEF\xBF\xBD");
  EXPECT_EQ(well_formed(""), "");
  EXPECT_EQ(well_formed(std::string_view("a\0b", 3)), std::string("a\0b", 3));
}

}  // namespace
}  // namespace hotclock
