#include "service/strict_json/strict_json.h"

#include <gtest/gtest.h>

namespace hotclock::strict_json {
namespace {

std::string reading(std::string_view text) {
  const auto object = object_of(text);
  return object ? "an object" : object.error().message();
}

std::string nested(int depth) {
  std::string out = R"({"a":)";
  for (int i = 1; i < depth; ++i) out += '[';
  out += '1';
  for (int i = 1; i < depth; ++i) out += ']';
  return out + "}";
}

TEST(StrictJson, ReadsAnObject) {
  const auto object = object_of(R"( {"sub":"4711","exp":1.5,"aud":["a","b"],"more":{"sub":1}} )");
  ASSERT_TRUE(object);
  EXPECT_EQ(*text_of(*object, "sub"), "4711");
  EXPECT_EQ(text_of(*object, "exp"), nullptr);
  EXPECT_EQ(text_of(*object, "nbf"), nullptr);
}

TEST(StrictJson, RefusesANameThatStandsTwiceHoweverItIsWritten) {
  EXPECT_EQ(reading(R"({"sub":"1","sub":"2"})"), "a name stands twice in it");
  EXPECT_EQ(reading(R"({"sub":"1","s\u0075b":"2"})"), "a name stands twice in it");
  EXPECT_EQ(reading(R"({"a":{"b":1,"c":2,"b":3}})"), "a name stands twice in it");
  EXPECT_EQ(reading(R"({"a":[{"b":1},{"b":1}],"b":{"a":1}})"), "an object");
}

TEST(StrictJson, RefusesWhatIsNoObject) {
  for (const char* text : {"", "{", "{} {}", "{'a':1}", "{\"a\":1,}", "{\"a\":01}", "{\"a\":NaN}",
                           "{\"a\":\"\xff\"}", "{\"a\":\"\n\"}", "{/**/}"})
    EXPECT_EQ(reading(text), "it is no JSON") << text;
  for (const char* text : {"[]", "1", "null", "\"{}\""})
    EXPECT_EQ(reading(text), "it is no JSON object") << text;
}

TEST(StrictJson, RefusesDeepNesting) {
  EXPECT_EQ(reading(nested(16)), "an object");
  EXPECT_EQ(reading(nested(17)), "it is nested too deeply");
  EXPECT_EQ(reading(nested(100'000)), "it is nested too deeply");
}

TEST(StrictJson, NamesEachNameThatStandsTwiceByItsPath) {
  EXPECT_EQ(repeated_names(R"({"a":1,"b":[{"c":1},{"c":1,"c":2,"c":3}],"a":{"d":1,"d":1}})", 6),
            (std::vector<std::string>{"b[1].c", "b[1].c", "a", "a.d"}));
  EXPECT_TRUE(repeated_names(R"({"a":{"b":1},"b":{"a":1}})", 6).empty());
}

}  // namespace
}  // namespace hotclock::strict_json
