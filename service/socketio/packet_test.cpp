#include "service/socketio/packet.h"

#include <gtest/gtest.h>

#include "service/socketio/json.h"

namespace hotclock::socketio {
namespace {

using Texts = std::vector<std::string_view>;

Packet read(std::string_view text) {
  auto packet = decode(text, {});
  EXPECT_TRUE(packet) << text << ": " << packet.error().message();
  return packet ? *std::move(packet) : Packet{};
}

bool refused(std::string_view text, const PacketLimits& limits = {}) {
  return !decode(text, limits).has_value();
}

std::string text_of(const Packed& packed) { return std::string(packed.text->polled().substr(1)); }

TEST(Packet, ConnectNamesItsNamespaceInEachForm) {
  EXPECT_EQ(read("0").nsp, "/");
  EXPECT_EQ(read("0").json, "");
  EXPECT_EQ(read("0/custom").nsp, "/custom");
  EXPECT_EQ(read("0/custom,").nsp, "/custom");
  const Packet packet = read(R"(0/custom,{"token":"good"})");
  EXPECT_EQ(packet.type, PacketType::connect);
  EXPECT_EQ(packet.nsp, "/custom");
  EXPECT_EQ(packet.json, R"({"token":"good"})");
  EXPECT_EQ(read(R"(0{"a":1})").json, R"({"a":1})");
}

TEST(Packet, ConnectCarriesAnObjectOrNothing) {
  for (const auto text : {"0[]", "0\"x\"", "0null", "0/a,1", "0{", "0abc"})
    EXPECT_TRUE(refused(text)) << text;
}

TEST(Packet, EventIsItsNameAndItsArgumentsAsTheyCame) {
  const Packet packet = read(R"(2/admin,456["news", 1 ,{"b":2,"a":1.0},"\u00e9"])");
  EXPECT_EQ(packet.type, PacketType::event);
  EXPECT_EQ(packet.nsp, "/admin");
  EXPECT_EQ(packet.ack, 456u);
  EXPECT_EQ(packet.event, "news");
  EXPECT_EQ(packet.arguments, (Texts{"1", R"({"b":2,"a":1.0})", R"("\u00e9")"}));
  EXPECT_FALSE(read(R"(2["a"])").ack);
  EXPECT_EQ(read(R"(2["\u0061b"])").event, "ab");
  EXPECT_EQ(read("2[12,1]").event, "12");
}

TEST(Packet, EventNeedsANonEmptyArrayWithAName) {
  for (const auto text : {"2", "2[]", "2{}", "2\"a\"", "2[null]", "2[{}]", "2[[\"a\"]]", "2[true]",
                          "2[\"a\"", "2[\"a\"]]", "2/admin,", "21"})
    EXPECT_TRUE(refused(text)) << text;
}

TEST(Packet, ReservedNamesAreRefusedHoweverTheyAreSpelt) {
  for (const std::string name : {"connect", "connect_error", "disconnect", "disconnecting",
                                 "newListener", "removeListener"}) {
    EXPECT_TRUE(refused("2[\"" + name + "\"]")) << name;
    EXPECT_TRUE(reserved_event(name));
  }
  EXPECT_TRUE(refused(R"(2["\u0063onnect"])"));
  EXPECT_EQ(read(R"(2["connection"])").event, "connection");
}

TEST(Packet, AckCarriesAnArray) {
  const Packet packet = read("3/admin,9007199254740991[1,[2]]");
  EXPECT_EQ(packet.type, PacketType::ack);
  EXPECT_EQ(packet.ack, 9007199254740991u);
  EXPECT_EQ(packet.arguments, (Texts{"1", "[2]"}));
  EXPECT_TRUE(read("30[]").arguments.empty());
  for (const auto text :
       {"30", "30{}", "30\"a\"", "39007199254740992[]", "399999999999999999999[]"})
    EXPECT_TRUE(refused(text)) << text;
}

TEST(Packet, DisconnectCarriesNothing) {
  EXPECT_EQ(read("1").type, PacketType::disconnect);
  EXPECT_EQ(read("1/custom,").nsp, "/custom");
  EXPECT_TRUE(refused("1{}"));
  EXPECT_TRUE(refused("1/custom,[]"));
}

TEST(Packet, WhatNoClientSaysIsRefused) {
  for (const auto text :
       {"", "4", "4{\"message\":\"x\"}", "7", "9[]", "a", "[]", "-1", " 2[\"a\"]"})
    EXPECT_TRUE(refused(text)) << text;
  EXPECT_TRUE(refused("0/" + std::string(300, 'a')));
  EXPECT_TRUE(refused("0/\xff,"));
}

TEST(Packet, AttachmentsAreCounted) {
  const Packet packet = read(R"(51-/admin,7["b",{"_placeholder":true,"num":0}])");
  EXPECT_EQ(packet.type, PacketType::binary_event);
  EXPECT_EQ(packet.announced, 1u);
  EXPECT_EQ(packet.ack, 7u);
  EXPECT_EQ(packet.nsp, "/admin");
  for (const auto text :
       {"5", "5[\"a\"]", "50-[\"a\"]", "5-[\"a\"]", "511-[\"a\"]", "51[\"a\"]", "5a-[\"a\"]",
        "60-1[]", "5-1-[\"a\"]", R"(51-["a",{"_placeholder":true,"num":1}])"})
    EXPECT_TRUE(refused(text)) << text;
  EXPECT_EQ(read("510-[\"a\"]").announced, 10u);
  EXPECT_TRUE(refused("53-[\"a\"]", {.attachments = 2}));
}

TEST(Packet, LimitsHold) {
  EXPECT_TRUE(refused("2[\"a\",[[1]]]", {.depth = 2}));
  EXPECT_FALSE(refused("2[\"a\",[[1]]]", {.depth = 3}));
  EXPECT_TRUE(refused("2[\"a\",1,2]", {.arguments = 2}));
  EXPECT_TRUE(refused("2[\"a\"," + std::string(500'000, '[')));
}

TEST(Arguments, AreReadAsWhatTheyAre) {
  const Packet packet = read(R"(2["a","t\"x",12,true])");
  const Arguments arguments(packet.arguments, {});
  EXPECT_EQ(arguments.size(), 3u);
  EXPECT_EQ(arguments.text(0), "t\"x");
  EXPECT_EQ(arguments.integer(1), 12);
  EXPECT_TRUE(arguments.is_true(2));
  EXPECT_EQ(arguments.text(1), std::nullopt);
  EXPECT_EQ(arguments.integer(9), std::nullopt);
  EXPECT_EQ(arguments.json(9), "null");
}

TEST(Pack, AnEventIsTheShortestText) {
  EXPECT_EQ(text_of(pack_event("/", "a", {})), R"(2["a"])");
  EXPECT_EQ(text_of(pack_event("/b", "a\"", Values().text("\x1e").number(-5).boolean(false))),
            R"(2/b,["a\"","\u001e",-5,false])");
  EXPECT_EQ(text_of(pack_event("/", "a", Values().json("{}"), 42)), R"(2["a",{},"42"])");
  EXPECT_EQ(text_of(pack_event("/b", "a", {}, {}, 7)), R"(2/b,7["a"])");
}

TEST(Pack, BinaryGoesBehindItsText) {
  const Packed packed = pack_event("/b", "a", Values().binary("one").text("x").binary("two"), 9);
  EXPECT_EQ(text_of(packed),
            R"(52-/b,["a",{"_placeholder":true,"num":0},"x",{"_placeholder":true,"num":1},"9"])");
  ASSERT_EQ(packed.attachments.size(), 2u);
  EXPECT_TRUE(packed.attachments[1]->is_binary());
  EXPECT_EQ(packed.attachments[1]->polled(), "bdHdv");
  EXPECT_EQ(text_of(pack_ack("/", 3, Values().binary("one"))),
            R"(61-3[{"_placeholder":true,"num":0}])");
  EXPECT_GT(packed.size(), packed.text->size());
}

TEST(Pack, BinaryMayLieWithinAnArgument) {
  const Values values =
      Values().json(R"({"a":{"_placeholder":true,"num":0}})").attachment("one").text("x");
  const Packed packed = pack_ack("/", 3, values);
  EXPECT_EQ(text_of(packed), R"(61-3[{"a":{"_placeholder":true,"num":0}},"x"])");
  ASSERT_EQ(packed.attachments.size(), 1u);
  EXPECT_EQ(packed.attachments[0]->polled(), "bb25l");
}

TEST(Pack, AnswersToAConnect) {
  EXPECT_EQ(text_of(pack_connect("/", "abc", "")), R"(0{"sid":"abc"})");
  EXPECT_EQ(text_of(pack_connect("/b", "abc", "p")), R"(0/b,{"sid":"abc","pid":"p"})");
  EXPECT_EQ(text_of(pack_connect_error("/b", "no \"way\"", "")), R"(4/b,{"message":"no \"way\""})");
  EXPECT_EQ(text_of(pack_connect_error("/", "no", R"({"code":1})")),
            R"(4{"message":"no","data":{"code":1}})");
  EXPECT_EQ(text_of(pack_disconnect("/")), "1");
  EXPECT_EQ(text_of(pack_disconnect("/b")), "1/b,");
  EXPECT_EQ(text_of(pack_ack("/b", 9007199254740991, {})), "3/b,9007199254740991[]");
}

TEST(Pack, WhatCameIsForwardedByteForByte) {
  const std::vector<std::string> attachments = {"bytes"};
  const Packet packet = read(R"(51-["m",{"b":1.0,"a":{"num":0,"_placeholder":true}},1e2])");
  const Arguments arguments(packet.arguments, attachments);
  EXPECT_EQ(text_of(pack_event("/", "m", Values().forward(arguments))),
            R"(51-["m",{"b":1.0,"a":{"num":0,"_placeholder":true}},1e2])");
  EXPECT_EQ(Values().text("x").forward(arguments, 1).list(), "\"x\",1e2");
  EXPECT_EQ(Values().forward(arguments, 1, 2).list(), "1e2");
  EXPECT_EQ(Values().forward(arguments, 2).list(), "");
}

class Reading : public testing::Test {
 protected:
  PacketLimits limits{.attachment_bytes = 10};
  PacketReader reader{limits};
};

TEST_F(Reading, ATextPacketIsWholeAtOnce) {
  auto whole = reader.text(R"(2["a",1])");
  ASSERT_TRUE(whole && *whole);
  EXPECT_EQ((*whole)->packet.event, "a");
}

TEST_F(Reading, ABinaryPacketIsWholeWithItsLastAttachment) {
  auto begun = reader.text(std::string(R"(52-["a",{"_placeholder":true,"num":1}])"));
  ASSERT_TRUE(begun && !*begun);
  ASSERT_TRUE(reader.binary("one"));
  auto whole = reader.binary("two");
  ASSERT_TRUE(whole && *whole);
  EXPECT_EQ((*whole)->packet.arguments, (Texts{R"({"_placeholder":true,"num":1})"}));
  EXPECT_EQ((*whole)->attachments, (std::vector<std::string>{"one", "two"}));
  EXPECT_TRUE(reader.text("2[\"next\"]"));
}

TEST_F(Reading, TextBetweenAttachmentsIsAFault) {
  ASSERT_TRUE(reader.text("52-[\"a\"]"));
  ASSERT_TRUE(reader.binary("one"));
  EXPECT_FALSE(reader.text("2[\"b\"]"));
}

TEST_F(Reading, AnAttachmentOfNothingIsAFault) { EXPECT_FALSE(reader.binary("one")); }

TEST_F(Reading, AttachmentsTogetherAreBounded) {
  ASSERT_TRUE(reader.text("52-[\"a\"]"));
  ASSERT_TRUE(reader.binary("123456"));
  EXPECT_FALSE(reader.binary("12345"));
}

}  // namespace
}  // namespace hotclock::socketio
