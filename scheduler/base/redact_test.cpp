#include "scheduler/base/redact.h"

#include <gtest/gtest.h>

namespace hotclock {
namespace {

TEST(Redact, HidesThePasswordOfAUrl) {
  EXPECT_EQ(without_passwords("postgresql://asha:s3cret@db.example:5432/hotclock"),
            "postgresql://asha:***@db.example:5432/hotclock");
}

TEST(Redact, HidesThemInTheMiddleOfASentence) {
  EXPECT_EQ(without_passwords("cannot reach \"redis://:pw@cache\" or https://a:b@c/d, gave up"),
            "cannot reach \"redis://:***@cache\" or https://a:***@c/d, gave up");
}

TEST(Redact, LeavesUrlsWithoutAPasswordAlone) {
  for (const char* text : {"https://example.org:8080/a?b=c", "postgresql://asha@db/hotclock",
                           "sqlite:hotclock.db", "no url at all: a@b", "ends with ://"})
    EXPECT_EQ(without_passwords(text), text);
}

TEST(Redact, HidesPasswordsThatBreakTheRulesOfUrls) {
  EXPECT_EQ(without_passwords("postgresql://u:a/b?c@db/x"), "postgresql://u:***@db/x");
  EXPECT_EQ(without_passwords("postgresql://u:a@b@db/x"), "postgresql://u:***@db/x");
}

TEST(Redact, HidesPasswordsGivenAsAKey) {
  EXPECT_EQ(without_passwords("host=db password=s3cret user=asha"),
            "host=db password=*** user=asha");
  EXPECT_EQ(without_passwords("postgresql://db/x?password=s3cret&sslmode=require"),
            "postgresql://db/x?password=***&sslmode=require");
}

}  // namespace
}  // namespace hotclock
