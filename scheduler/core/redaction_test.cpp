#include "scheduler/core/redaction.h"

#include <gtest/gtest.h>

namespace hotclock {
namespace {

struct Said {
  std::string text, kept;
};

class Redacted : public testing::TestWithParam<Said> {};

TEST_P(Redacted, AtOnce) { EXPECT_EQ(redacted(GetParam().text), GetParam().kept); }

TEST_P(Redacted, WhereverItIsCut) {
  const auto& [text, kept] = GetParam();
  for (std::size_t cut = 0; cut <= text.size(); ++cut) {
    Redaction redaction;
    std::string out = redaction.through(text.substr(0, cut));
    out += redaction.through(text.substr(cut));
    EXPECT_EQ(out + redaction.held(), kept) << cut;
  }
}

INSTANTIATE_TEST_SUITE_P(
    WhatNamesItselfASecret, Redacted,
    testing::Values(
        Said{"password=hunter2 user=app", "password=*** user=app"},
        Said{"DB_PASSWORD=hunter2\nnext", "DB_PASSWORD=***\nnext"},
        Said{"password: hunter2, user: app", "password: ***, user: app"},
        Said{"Password : hunter2", "Password : ***"},
        Said{R"({"token": "ab\"c", "user": 17})", R"({"token": "***", "user": 17})"},
        Said{R"({"accessToken":"abc"})", R"({"accessToken":"***"})"},
        Said{R"("{\"client_secret\":\"abc\",\"a\":1}")",
             R"("{\"client_secret\":\"***\",\"a\":1}")"},
        Said{"{'api-key': 'abc def', 'a': 1}", "{'api-key': '***', 'a': 1}"},
        Said{":secret=>\"abc\", :a=>1", ":secret=>\"***\", :a=>1"},
        Said{"curl --api-key abc https://a.example/x", "curl --api-key *** https://a.example/x"},
        Said{"curl -H \"Authorization: Bearer abc\" a", "curl -H \"Authorization: ***\" a"},
        Said{"> Authorization: Basic YTpi\n> Accept: */*", "> Authorization: ***\n> Accept: */*"},
        Said{"Authorization: Digest username=\"a\", response=\"b\"\n", "Authorization: ***\n"},
        Said{"Set-Cookie: sid=1; Path=/\nEnd", "Set-Cookie: ***\nEnd"},
        Said{"GET /x?access_token=abc&page=2", "GET /x?access_token=***&page=2"},
        Said{"to postgresql://app:hunter2@db/coins now", "to postgresql://app:***@db/coins now"},
        Said{"redis://:p@ss@cache:6379", "redis://:***@cache:6379"},
        Said{"redis://app:half", "redis://app:***"},
        Said{"password='never closed\nuser=app", "password='***\nuser=app"}));

INSTANTIATE_TEST_SUITE_P(
    WhatIsNone, Redacted,
    testing::Values(Said{"", ""}, Said{"4,213 users, 723,400 coins", "4,213 users, 723,400 coins"},
                    Said{"tokens: 17", "tokens: 17"},
                    Said{"password_hash_cost=12", "password_hash_cost=12"},
                    Said{"no password was given", "no password was given"},
                    Said{"wrong password\nuser: app", "wrong password\nuser: app"},
                    Said{"the token is old", "the token is old"},
                    Said{"password=\nuser=app", "password=\nuser=app"},
                    Said{R"({"token": {"id": 17}})", R"({"token": {"id": 17}})"},
                    Said{"http://127.0.0.1:8081/api at http://[::1]:80",
                         "http://127.0.0.1:8081/api at http://[::1]:80"},
                    Said{"http://127.0.0.1:8081", "http://127.0.0.1:8081"},
                    Said{"mailto app@db: a://b", "mailto app@db: a://b"}));

TEST(Redaction, KnowsTheKeysThatAJobNames) {
  EXPECT_EQ(redacted("iban=DE02 card.number: 4111 pin=1", {"IBAN", "card_number"}),
            "iban=*** card.number: *** pin=1");
}

TEST(Redaction, HoldsBackNoMoreThanAnAddressMayBeLong) {
  Redaction redaction;
  EXPECT_EQ(redaction.through("http://"), "http://");
  EXPECT_EQ(redaction.through("app:" + std::string(10, 'x')), "");
  const std::string out = redaction.through(std::string(1000, 'x'));
  EXPECT_TRUE(out.starts_with("app:***")) << out;
}

TEST(Redaction, FindsTheEndOfAKeyOfAnyLength) {
  EXPECT_EQ(redacted(std::string(1000, 'a') + "_token=abc"), std::string(1000, 'a') + "_token=***");
}

}  // namespace
}  // namespace hotclock
