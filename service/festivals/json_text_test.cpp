#include "service/festivals/json_text.h"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>

namespace hotclock::festivals {
namespace {

namespace json = boost::json;

TEST(JsonText, OfAMemberIsItsValueWithoutWhiteSpace) {
  EXPECT_EQ(member_texts("{}"), std::vector<std::string>());
  EXPECT_EQ(member_texts(" { } "), std::vector<std::string>());
  EXPECT_EQ(member_texts("{ \"a\" : [ 1 , { \"b\" : \"x, y : \\\" {\" } ] ,\n\t\"c\":null }"),
            (std::vector<std::string>{R"([1,{"b":"x, y : \" {"}])", "null"}));
  EXPECT_EQ(member_texts(R"({"a,b:{":"\\","":{}})"), (std::vector<std::string>{R"("\\")", "{}"}));
}

TEST(JsonText, IsNullWhereThePlatformWroteNoJson) {
  EXPECT_EQ(json_or_null("{ \"a\": 1.10 }"), "{\"a\":1.10}");
  for (const char* text : {"", "{", "x", "{} {}", "\"\xff\""})
    EXPECT_EQ(json_or_null(text), "null");
}

TEST(JsonText, OfATextIsInItsQuotes) { EXPECT_EQ(quoted("a\"b\n"), R"("a\"b\n")"); }

// Texts with everything in them that means something in JSON.
json::value any_value(int depth) {
  const auto word = [] {
    return *rc::gen::container<std::string>(rc::gen::elementOf(std::string("ab {}[],:\"\\\n")));
  };
  const int kind = *rc::gen::inRange(0, depth > 0 ? 4 : 2);
  if (kind == 0) return json::value(word());
  if (kind == 1) return json::value(*rc::gen::arbitrary<int>());
  json::array list;
  json::object object;
  for (int n = *rc::gen::inRange(0, 4); n > 0; --n) {
    list.push_back(any_value(depth - 1));
    object[word()] = any_value(depth - 1);
  }
  return kind == 2 ? json::value(list) : json::value(object);
}

RC_GTEST_PROP(JsonText, OfEachMemberIsWhatAParserMakesOfIt, ()) {
  json::object object;
  for (int n = *rc::gen::inRange(0, 5); n > 0; --n) object[std::to_string(n)] = any_value(3);
  const auto texts = member_texts(json::serialize(object));
  RC_ASSERT(texts.size() == object.size());
  std::size_t i = 0;
  for (const auto& [name, value] : object) RC_ASSERT(json::parse(texts[i++]) == value);
}

}  // namespace
}  // namespace hotclock::festivals
