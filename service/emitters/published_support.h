// For tests: how far a publish is expected to come.
#pragma once

#include <gtest/gtest.h>

#include "service/emitters/emitter.h"

namespace hotclock::emitters {

inline void expect_sent(const Published& published, std::size_t count) {
  EXPECT_TRUE(published) << published.error->message();
  EXPECT_EQ(published.sent, count);
}

inline void expect_failed(const Published& published, Errc code, std::size_t sent) {
  ASSERT_TRUE(published.error);
  EXPECT_EQ(published.error->code(), code) << published.error->message();
  EXPECT_EQ(published.sent, sent) << published.error->message();
}

}  // namespace hotclock::emitters
