#include "service/socketio/json.h"

#include <gtest/gtest.h>

#include <boost/json/parse.hpp>

namespace hotclock::socketio {
namespace {

using Texts = std::vector<std::string_view>;

bool is_json(std::string_view text) { return read_json(text, {}).has_value(); }

std::string nested(int depth) { return std::string(depth, '[') + std::string(depth, ']'); }

TEST(Json, ElementsStandAsTheyCame) {
  const auto read = read_json(R"( [ 1 , 1.50,"a, ]\"" ,{"b":[1, 2]} , [ ],-0e+1] )", {});
  ASSERT_TRUE(read) << read.error().message();
  EXPECT_EQ(read->kind, JsonKind::array);
  EXPECT_EQ(read->elements, (Texts{"1", "1.50", R"("a, ]\"")", R"({"b":[1, 2]})", "[ ]", "-0e+1"}));
}

TEST(Json, OnlyTheOutermostArrayIsTakenApart) {
  EXPECT_EQ(read_json("[[1,2],[3]]", {})->elements, (Texts{"[1,2]", "[3]"}));
  EXPECT_TRUE(read_json("{\"a\":[1,2]}", {})->elements.empty());
  EXPECT_TRUE(read_json("[]", {})->elements.empty());
}

TEST(Json, KnowsWhatItIs) {
  EXPECT_EQ(read_json(" {}", {})->kind, JsonKind::object);
  EXPECT_EQ(read_json("\"\"", {})->kind, JsonKind::string);
  EXPECT_EQ(read_json("-1", {})->kind, JsonKind::number);
  EXPECT_EQ(read_json("null", {})->kind, JsonKind::literal);
}

TEST(Json, WhatIsNoJsonIsRefused) {
  for (const std::string_view text : {"",
                                      " ",
                                      "[",
                                      "]",
                                      "{",
                                      "[1,]",
                                      "[,1]",
                                      "{\"a\"}",
                                      "{\"a\":}",
                                      "{a:1}",
                                      "{\"a\":1,}",
                                      "01",
                                      "1.",
                                      ".5",
                                      "-",
                                      "+1",
                                      "1e",
                                      "tru",
                                      "nulll",
                                      "'a'",
                                      "\"a",
                                      "\"\\x\"",
                                      "\"\\u12\"",
                                      "\"\\",
                                      "\"\x01\"",
                                      "\"\n\"",
                                      "[1] 2",
                                      "NaN",
                                      "[1}",
                                      "{\"a\":1]",
                                      "\"\xff\"",
                                      "\"\xc0\xaf\"",
                                      "\"\xed\xa0\x80\"",
                                      "\xef\xbb\xbf[]",
                                      "\x1e"})
    EXPECT_FALSE(is_json(text)) << text;
  EXPECT_FALSE(is_json(std::string_view("[\0]", 3)));
  EXPECT_FALSE(is_json(std::string_view("\"\0\"", 3)));
  EXPECT_FALSE(is_json(std::string_view("\"\\\0\"", 4)));
}

TEST(Json, WhatIsJsonIsTaken) {
  for (const std::string_view text :
       {"0", "-0", "1e999", "12345678901234567890123", "true", "\"\"",
        R"("\u0000\u001e\ud83d\ude00")", "\"\xe2\x80\xa8\"", "[[],{}]"})
    EXPECT_TRUE(is_json(text)) << text;
}

TEST(Json, HalfACharacterCutByJavaScriptIsTaken) {
  EXPECT_TRUE(is_json(R"(["\ud83d"])"));
  EXPECT_EQ(json_text(R"("\ud83d")"), std::nullopt);
}

TEST(Json, SaysWhereItIsWrong) {
  EXPECT_EQ(read_json("[1,x]", {}).error().message(), "no JSON value at byte 3");
}

TEST(Json, DepthIsBounded) {
  EXPECT_TRUE(read_json(nested(64), {}));
  EXPECT_FALSE(read_json(nested(65), {}));
  EXPECT_FALSE(read_json(std::string(1'000'000, '['), {}));
  EXPECT_TRUE(read_json("[{\"a\":1}]", {.depth = 2}));
  EXPECT_FALSE(read_json("[{\"a\":[]}]", {.depth = 2}));
}

TEST(Json, ElementsAreCounted) {
  EXPECT_TRUE(read_json("[1,2,3]", {.elements = 3}));
  EXPECT_FALSE(read_json("[1,2,3,4]", {.elements = 3}));
  EXPECT_TRUE(read_json("[[1,2,3,4]]", {.elements = 3}));
}

TEST(Json, APlaceholderMustPointToAnAttachment) {
  const auto reads = [](std::string_view text, std::size_t attachments) {
    return read_json(text, {.attachments = attachments}).has_value();
  };
  EXPECT_TRUE(reads(R"([{"_placeholder":true,"num":0},{"a":[{"num":1,"_placeholder":true}]}])", 2));
  for (const std::string_view bad :
       {R"({"_placeholder":true,"num":2})", R"({"_placeholder":true,"num":-1})",
        R"({"_placeholder":true,"num":0.5})", R"({"_placeholder":true,"num":"0"})",
        R"({"_placeholder":true})", R"({"_placeholder":true,"num":null})",
        R"({"_\u0070laceholder":true,"num":9})", R"([[{"b":{"_placeholder":true,"num":1e9}}]])",
        R"({"_placeholder":false,"_placeholder":true})",
        R"({"_placeholder":true,"num":0,"num":7})"})
    EXPECT_FALSE(reads(bad, 2)) << bad;
  EXPECT_TRUE(reads(R"([{"_placeholder":false,"num":9},{"_placeholder":1},{"num":9}])", 0));
}

TEST(Json, APlaceholderIsPlainDataWhereNothingIsAttached) {
  EXPECT_TRUE(is_json(R"([{"_placeholder":true,"num":9}])"));
}

TEST(Json, AnEscapedTextReadsBackAsItWas) {
  for (const std::string text : {"", "asha", "Łu\"c\\as\n👑", "\x1e\x01\x7f", "\xe2\x80\xa8"}) {
    const std::string json = json_string(text);
    EXPECT_TRUE(is_json(json)) << json;
    EXPECT_EQ(json_text(json), text);
    EXPECT_EQ(json.find('\x1e'), std::string::npos);
  }
  EXPECT_EQ(json_text(R"("\u0041")"), "A");
  EXPECT_EQ(json_text("12"), std::nullopt);
}

TEST(Json, WholeNumbersAreRead) {
  EXPECT_EQ(json_integer("12"), 12);
  EXPECT_EQ(json_integer("-3"), -3);
  EXPECT_EQ(json_integer("1e3"), 1000);
  EXPECT_EQ(json_integer("2.0"), 2);
  EXPECT_EQ(json_integer("2.5"), std::nullopt);
  EXPECT_EQ(json_integer("1e30"), std::nullopt);
  EXPECT_EQ(json_integer("\"1\""), std::nullopt);
}

TEST(Json, MembersAreFound) {
  const std::string_view auth = R"({ "token" : "good","a":{"token":"deep"}, "t\u006fken":[1, 2] })";
  EXPECT_EQ(json_member(auth, "token"), "[1, 2]");
  EXPECT_EQ(json_member(auth, "a"), R"({"token":"deep"})");
  EXPECT_EQ(json_member(auth, "other"), std::nullopt);
  EXPECT_EQ(json_member("[]", "token"), std::nullopt);
}

}  // namespace
}  // namespace hotclock::socketio
