#include "service/outbox/payload.h"

#include <boost/json/parse.hpp>
#include <gtest/gtest.h>

namespace hotclock::outbox {
namespace {

TEST(Payload, IsTheTextOfItsObject) {
  EXPECT_EQ(Payload().text(), "{}");
  EXPECT_EQ(Payload({{"throneId", "5"}, {"coins", 12}}).text(), R"({"throneId":"5","coins":12})");
  EXPECT_EQ(Payload::written(R"({"a":1})").text(), Payload({{"a", 1}}).text());
}

TEST(Payload, AQuotedTextReadsBackAsItWas) {
  for (const std::string text : {"", "asha", "Łu\"c\\as\n👑", "</script>\t\x01"}) {
    EXPECT_EQ(boost::json::parse(json_string(text)), boost::json::value(text));
  }
}

TEST(Payload, LeavesWithTheIdOfItsEvent) {
  EXPECT_EQ(with_event_id(R"({"a":1})", 7), R"({"eventId":"7","a":1})");
  EXPECT_EQ(with_event_id("{}", 8), R"({"eventId":"8"})");
  EXPECT_EQ(with_event_id("{ }", 9), R"({"eventId":"9"})");
}

}  // namespace
}  // namespace hotclock::outbox
