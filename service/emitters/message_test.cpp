#include "service/emitters/message.h"

#include <gtest/gtest.h>

namespace hotclock::emitters {
namespace {

using Op = Emission::Op;

std::string bytes(std::initializer_list<int> values) {
  std::string text;
  for (const int value : values) text += static_cast<char>(value);
  return text;
}

TEST(Message, AnEventIsAPacketAndWhomItIsFor) {
  const Emission emission{.nsp = "/admin",
                          .rooms = {"a", "b", "a"},
                          .except = {"c"},
                          .flags = {.is_volatile = true, .compress = false},
                          .args = {"news", Json{{"z", 1}, {"a", 2}}}};
  EXPECT_EQ(
      as_text(message_of(emission)),
      R"({"uid":"emitter","nsp":"/admin","type":3,"data":{)"
      R"("packet":{"type":2,"data":["news",{"z":1,"a":2}],"nsp":"/admin"},)"
      R"("opts":{"rooms":["a","b"],"except":["c"],"flags":{"volatile":true,"compress":false}}}})");
}

TEST(Message, MovesNameTheirRooms) {
  const std::string opts = R"({"opts":{"rooms":["a"],"except":[],"flags":{}},)";
  EXPECT_EQ(as_text(data_of({.op = Op::join, .rooms = {"a"}, .target = {"x", "y"}})),
            opts + R"("rooms":["x","y"]})");
  EXPECT_EQ(as_text(data_of({.op = Op::leave, .rooms = {"a"}, .target = {"x"}})),
            opts + R"("rooms":["x"]})");
  EXPECT_EQ(as_text(data_of({.op = Op::disconnect, .rooms = {"a"}, .close = true})),
            opts + R"("close":true})");
}

TEST(Message, WhatIsForServersIsTheArgumentsAlone) {
  EXPECT_EQ(as_text(data_of({.op = Op::server, .args = {"reload", 1}})),
            R"({"packet":["reload",1]})");
}

TEST(Message, EachKindHasItsNumber) {
  EXPECT_EQ(type_of(Op::emit), 3);
  EXPECT_EQ(type_of(Op::join), 4);
  EXPECT_EQ(type_of(Op::leave), 5);
  EXPECT_EQ(type_of(Op::disconnect), 6);
  EXPECT_EQ(type_of(Op::server), 9);
}

TEST(Message, AVolatileThatIsNotIsNotSaid) {
  EXPECT_EQ(as_text(flags_of({})), "{}");
  EXPECT_EQ(as_text(flags_of({.compress = true})), R"({"compress":true})");
}

TEST(Message, TextIsWhatJsonStringifyGives) {
  EXPECT_EQ(as_text(Json::parse(R"({"10":1,"2":[1,-2,0.1,1e21,true,null],"a":{}})")),
            R"({"10":1,"2":[1,-2,0.1,1e+21,true,null],"a":{}})");
  EXPECT_EQ(as_text(std::string("\"\\\n\x1e\0é\xe2\x80\xa8", 10)),
            "\"\\\"\\\\\\n\\u001e\\u0000é\xe2\x80\xa8\"");
  EXPECT_EQ(as_text(Json::binary({1, 255})), R"({"type":"Buffer","data":[1,255]})");
}

TEST(Message, BinaryIsFoundAnywhere) {
  EXPECT_TRUE(has_binary(Json{{"a", Json::array({1, Json{{"b", Json::binary({})}}})}}));
  EXPECT_FALSE(has_binary(Json{{"a", Json::array({1, "text", nullptr})}}));
}

TEST(Message, MessagePackHasBinaryAsBin) {
  EXPECT_EQ(as_msgpack(Json::binary({1, 2})), bytes({0xc4, 2, 1, 2}));
  EXPECT_EQ(as_msgpack(Json::binary(std::vector<std::uint8_t>(256))).substr(0, 3),
            bytes({0xc5, 1, 0}));
  EXPECT_EQ(as_msgpack(Json::binary(std::vector<std::uint8_t>(65536))).substr(0, 5),
            bytes({0xc6, 0, 1, 0, 0}));
}

TEST(Message, MessagePackHasTextsAndNumbersAsServersReadThem) {
  EXPECT_EQ(as_msgpack(std::string(32, 'x')).substr(0, 2), bytes({0xd9, 32}));
  EXPECT_EQ(as_msgpack(std::string(256, 'x')).substr(0, 3), bytes({0xda, 1, 0}));
  EXPECT_EQ(as_msgpack(Json::array({nullptr, false, true, 7, -1, 128, -129})),
            bytes({0x97, 0xc0, 0xc2, 0xc3, 7, 0xff, 0xcc, 128, 0xd1, 0xff, 0x7f}));
  EXPECT_EQ(as_msgpack(0.1), bytes({0xcb, 0x3f, 0xb9, 0x99, 0x99, 0x99, 0x99, 0x99, 0x9a}));
}

TEST(Message, Base64FillsUpToFour) {
  const std::pair<const char*, const char*> known[] = {{"", ""},
                                                       {"f", "Zg=="},
                                                       {"fo", "Zm8="},
                                                       {"foo", "Zm9v"},
                                                       {"foob", "Zm9vYg=="},
                                                       {"fooba", "Zm9vYmE="},
                                                       {"foobar", "Zm9vYmFy"}};
  for (const auto& [plain, text] : known) EXPECT_EQ(base64(plain), text);
  EXPECT_EQ(base64(bytes({0xff, 0xfe, 0xfb})), "//77");
}

}  // namespace
}  // namespace hotclock::emitters
