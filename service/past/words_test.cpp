#include "service/past/words.h"

#include <gtest/gtest.h>

namespace hotclock::past {
namespace {

std::vector<Word> words(std::string_view query) {
  auto read = words_of(query);
  return read ? std::move(read).value() : std::vector<Word>();
}

TEST(Words, AreLettersAndDigitsWithAnythingBetweenThem) {
  EXPECT_EQ(words("Bank, TIMEOUT-42"), (std::vector<Word>{{"bank"}, {"timeout"}, {"42"}}));
  EXPECT_EQ(words("conn* r\xC3\xA9seau"), (std::vector<Word>{{"conn", true}, {"r\xC3\xA9seau"}}));
}

TEST(Words, ThereMustBeSomeButNotTooMany) {
  EXPECT_FALSE(words_of(""));
  EXPECT_FALSE(words_of(" - * ' & | ! "));
  EXPECT_FALSE(words_of("a b c d e f g h i j k l m n o p q r s t u"));
}

TEST(Words, NothingOfAQueryIsSyntaxOfTheIndex) {
  EXPECT_EQ(tsquery(words("it's & !(bank) | a:b conn*")),
            "'it' & 's' & 'bank' & 'a' & 'b' & 'conn':*");
}

TEST(Words, AllOfThemMustOccurInAnyOrder) {
  const std::string_view text = "step 3: the Bank answered timeout (https://bank.example/pay)";
  EXPECT_TRUE(occur(words("timeout bank"), text));
  EXPECT_TRUE(occur(words("EXAMPLE"), text));
  EXPECT_TRUE(occur(words("ans*"), text));
  EXPECT_FALSE(occur(words("ans"), text));
  EXPECT_FALSE(occur(words("bank mail"), text));
  EXPECT_FALSE(occur(words("banks*"), text));
}

TEST(Words, AnExcerptShowsWhereTheFirstOneIs) {
  const std::string text = std::string(300, 'x') + " the bank\nis shut " + std::string(300, 'y');
  const std::string shown = excerpt(words("bank"), text);
  EXPECT_NE(shown.find("the bank is shut"), std::string::npos);
  EXPECT_LE(shown.size(), 170u);
  EXPECT_TRUE(shown.starts_with("...") && shown.ends_with("..."));
  EXPECT_EQ(excerpt(words("bank"), "the bank"), "the bank");
}

TEST(Words, AnExcerptCutsNoLetterInTwo) {
  std::string text;
  for (int i = 0; i < 200; ++i) text += "\xC3\xA9";
  text += " bank ";
  for (int i = 0; i < 200; ++i) text += "\xE2\x82\xAC";
  for (const char* before : {"", "a", "ab"}) {
    const std::string shown = excerpt(words("bank"), before + text);
    const auto first = static_cast<unsigned char>(shown[3]);
    EXPECT_NE(first & 0xC0, 0x80);
    EXPECT_NE(static_cast<unsigned char>(shown[shown.size() - 4]) & 0xC0, 0xC0);
  }
}

}  // namespace
}  // namespace hotclock::past
