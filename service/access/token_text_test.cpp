#include "service/access/token_text.h"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include "service/access/secrets.h"

namespace hotclock::access {
namespace {

TEST(TokenTextTest, WhatIsMadeIsRead) {
  for (int i = 0; i < 200; ++i) {
    const std::string text = new_token_text().value();
    const auto read = read_token(text);
    ASSERT_TRUE(read) << text;
    EXPECT_EQ("hc_" + std::string(read->key_id) + "_" + std::string(read->secret), text);
  }
}

TEST(TokenTextTest, WhatIsNoTokenIsNotRead) {
  const std::string good = "hc_7f3k9q2m_" + std::string(42, 'a') + "A";
  EXPECT_TRUE(read_token(good));
  EXPECT_FALSE(read_token(""));
  EXPECT_FALSE(read_token(good + "A"));
  EXPECT_FALSE(read_token(good.substr(0, good.size() - 1)));
  EXPECT_FALSE(read_token(" " + good.substr(1)));
  EXPECT_FALSE(read_token("hC" + good.substr(2)));
  EXPECT_FALSE(read_token("hc_7f3k9q2M" + good.substr(11)));
  EXPECT_FALSE(read_token("hc_7f3k9q2m-" + good.substr(12)));
  EXPECT_FALSE(read_token(good.substr(0, 54) + "B")) << "bits that are left over";
  EXPECT_FALSE(read_token(good.substr(0, 54) + "="));
  EXPECT_FALSE(read_token(good.substr(0, 54) + std::string(1, '\0')));
}

RC_GTEST_PROP(TokenTextTest, AnyTextIsReadAsItselfOrNotAtAll, ()) {
  const auto text = *rc::gen::string<std::string>();
  const auto read = read_token(text);
  if (read) RC_ASSERT("hc_" + std::string(read->key_id) + "_" + std::string(read->secret) == text);
}

RC_GTEST_PROP(TokenTextTest, ATokenWithOneLetterChangedIsAnotherOrNone, ()) {
  std::string text = new_token_text().value();
  const std::string before = text;
  const auto at = *rc::gen::inRange<std::size_t>(0, text.size());
  text[at] = *rc::gen::arbitrary<char>();
  const auto read = read_token(text);
  if (read && (at < 3 || at == 11)) RC_ASSERT(text == before);
  if (text != before) RC_ASSERT(hash_of(text) != hash_of(before));
  if (read) RC_ASSERT(read->key_id == std::string_view(text).substr(3, 8));
}

TEST(SecretsTest, AHashIsTheOneThatEverybodyKnows) {
  EXPECT_EQ(hash_of("abc"), "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
  EXPECT_TRUE(same_hash(hash_of("abc"), hash_of("abc")));
  EXPECT_FALSE(same_hash(hash_of("abc"), hash_of("abd")));
  EXPECT_FALSE(same_hash(hash_of("abc"), hash_of("abc").substr(1)));
  EXPECT_FALSE(same_hash("", hash_of("abc")));
}

}  // namespace
}  // namespace hotclock::access
