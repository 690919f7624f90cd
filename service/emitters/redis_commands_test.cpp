#include "service/emitters/redis_commands.h"

#include <gtest/gtest.h>

namespace hotclock::emitters {
namespace {

using Op = Emission::Op;
using Words = std::vector<std::string>;

const EmitterSettings defaults;

Words classic(const Emission& emission) { return classic_command(emission, defaults).words; }

std::string sharded_channel(const Emission& emission, Subscription subscription) {
  return sharded_command(emission, {.subscription = subscription}).words[1];
}

// ---------------------------------------------------------------- classic

// Seen on the wire.
TEST(ClassicCommand, IsByteForByteTheOfficialEmitters) {
  const Words words = classic({.rooms = {"room1"}, .args = {"one", "x"}});
  EXPECT_EQ(words[0], "PUBLISH");
  EXPECT_EQ(words[1], "socket.io#/#room1#");
  EXPECT_EQ(words[2],
            "\x93\xa7"
            "emitter\x83\xa4type\x02\xa4"
            "data\x92\xa3one\xa1x\xa3nsp\xa1/\x83\xa5rooms\x91\xa5room1\xa5"
            "flags\x80\xa6"
            "except\x90");
}

TEST(ClassicCommand, HasARoomsChannelForExactlyOneRoom) {
  EXPECT_EQ(classic({.args = {"news"}})[1], "socket.io#/#");
  EXPECT_EQ(classic({.rooms = {"a"}, .args = {"news"}})[1], "socket.io#/#a#");
  EXPECT_EQ(classic({.rooms = {"a", "a"}, .args = {"news"}})[1], "socket.io#/#a#");
  EXPECT_EQ(classic({.rooms = {"a", "b"}, .args = {"news"}})[1], "socket.io#/#");
  EXPECT_EQ(classic({.nsp = "/admin", .rooms = {"a"}, .args = {"news"}})[1], "socket.io#/admin#a#");
}

TEST(ClassicCommand, MovesAreRequestsInJson) {
  EXPECT_EQ(classic({.op = Op::join, .rooms = {"a"}, .target = {"x"}}),
            (Words{"PUBLISH", "socket.io-request#/#",
                   R"({"type":2,"opts":{"rooms":["a"],"except":[]},"rooms":["x"]})"}));
  EXPECT_EQ(classic({.op = Op::leave, .nsp = "/admin", .except = {"b"}, .target = {"x", "y"}}),
            (Words{"PUBLISH", "socket.io-request#/admin#",
                   R"({"type":3,"opts":{"rooms":[],"except":["b"]},"rooms":["x","y"]})"}));
  EXPECT_EQ(classic({.op = Op::disconnect, .rooms = {"a"}, .close = true})[2],
            R"({"type":4,"opts":{"rooms":["a"],"except":[]},"close":true})");
  EXPECT_EQ(classic({.op = Op::server, .args = {"reload", 1}})[2],
            R"({"uid":"emitter","type":6,"data":["reload",1]})");
}

TEST(ClassicCommand, PrefixIsTheServersKey) {
  const EmitterSettings own{.prefix = "app"};
  EXPECT_EQ(classic_command({.rooms = {"a"}, .args = {"news"}}, own).words[1], "app#/#a#");
  EXPECT_EQ(classic_command({.op = Op::server, .args = {"x"}}, own).words[1], "app-request#/#");
}

TEST(ClassicCommand, AnyNodeOfAClusterDoes) {
  EXPECT_FALSE(classic_command({.args = {"news"}}, defaults).by_slot);
}

// ---------------------------------------------------------------- sharded

TEST(ShardedCommand, IsJsonUnlessItHoldsBinary) {
  const RedisCommand text = sharded_command({.args = {"news", 1}}, defaults);
  EXPECT_EQ(
      text.words,
      (Words{
          "SPUBLISH", "socket.io#/#",
          R"({"uid":"emitter","nsp":"/","type":3,"data":{"packet":{"type":2,"data":["news",1],"nsp":"/"},)"
          R"("opts":{"rooms":[],"except":[],"flags":{}}}})"}));
  EXPECT_TRUE(text.by_slot);
  const Words binary = sharded_command({.args = {"b", Json::binary({7})}}, defaults).words;
  EXPECT_EQ(binary[2].substr(0, 13),
            "\x84\xa3uid\xa7"
            "emitter");
  EXPECT_NE(binary[2].find("\x92\xa1"
                           "b\xc4\x01\x07"),
            std::string::npos);
}

TEST(ShardedCommand, ARoomHasAChannelUnlessItCouldBeASocket) {
  const std::string twenty(20, 'x');
  const Emission room{.rooms = {"a"}, .args = {"news"}}, id{.rooms = {twenty}, .args = {"news"}};
  EXPECT_EQ(sharded_channel(room, Subscription::dynamic), "socket.io#/#a#");
  EXPECT_EQ(sharded_channel(id, Subscription::dynamic), "socket.io#/#");
  EXPECT_EQ(sharded_channel(room, Subscription::whole), "socket.io#/#");
  EXPECT_EQ(sharded_channel(id, Subscription::whole), "socket.io#/#");
  EXPECT_EQ(sharded_channel(room, Subscription::dynamic_private), "socket.io#/#a#");
  EXPECT_EQ(sharded_channel(id, Subscription::dynamic_private), "socket.io#/#" + twenty + "#");
}

TEST(ShardedCommand, TwentyIsCountedAsJavaScriptDoes) {
  std::string wide;
  for (int i = 0; i < 10; ++i) wide += "🎉";  // two units of UTF-16 each
  EXPECT_EQ(sharded_channel({.rooms = {wide}, .args = {"news"}}, Subscription::dynamic),
            "socket.io#/#");
  std::string accented;
  for (int i = 0; i < 20; ++i) accented += "é";
  EXPECT_EQ(sharded_channel({.rooms = {accented}, .args = {"news"}}, Subscription::dynamic),
            "socket.io#/#");
  EXPECT_EQ(sharded_channel({.rooms = {"ééééééééée"}, .args = {"news"}}, Subscription::dynamic),
            "socket.io#/#ééééééééée#");
}

TEST(ShardedCommand, MovesAndSeveralRoomsGoToTheMainChannel) {
  EXPECT_EQ(sharded_channel({.rooms = {"a", "b"}, .args = {"news"}}, Subscription::dynamic),
            "socket.io#/#");
  EXPECT_EQ(
      sharded_channel({.op = Op::join, .rooms = {"a"}, .target = {"x"}}, Subscription::dynamic),
      "socket.io#/#");
  EXPECT_EQ(sharded_channel({.op = Op::disconnect, .rooms = {"a"}}, Subscription::dynamic_private),
            "socket.io#/#");
}

// ---------------------------------------------------------------- streams

TEST(StreamsCommand, IsAnEntryOfFourFields) {
  const RedisCommand text =
      streams_command({.nsp = "/admin", .args = {"news"}}, {.prefix = "app", .stream_length = 500});
  EXPECT_EQ(
      text.words,
      (Words{
          "XADD", "app", "MAXLEN", "~", "500", "*", "uid", "emitter", "nsp", "/admin", "type", "3",
          "data",
          R"({"packet":{"type":2,"data":["news"],"nsp":"/admin"},"opts":{"rooms":[],"except":[],"flags":{}}})"}));
  EXPECT_TRUE(text.by_slot);
}

TEST(StreamsCommand, BinaryIsMessagePackInBase64) {
  const Words words = streams_command({.args = {"one", Json::binary({1, 2})}}, defaults).words;
  EXPECT_EQ(words.back(),
            "gqZwYWNrZXSDpHR5cGUCpGRhdGGSo29uZcQCAQKjbnNwoS+kb3B0c4Olcm9vbXOQpmV4Y2VwdJClZmxhZ3OA");
}

TEST(StreamsCommand, ANamespaceHasItsStream) {
  EXPECT_EQ(streams_command({.args = {"news"}}, {.stream_count = 3}).words[1], "socket.io-2");
  EXPECT_EQ(stream_of("/", 3), 2);         // 47 % 3
  EXPECT_EQ(stream_of("/admin", 3), 1);    // 1438238848 % 3
  EXPECT_EQ(stream_of("/streams", 3), 1);  // |-1574183452 % 3|
  EXPECT_EQ(stream_of("/🎉", 5), std::abs((47 * 31 + 0xd83c) * 31 + 0xdf89) % 5);
}

}  // namespace
}  // namespace hotclock::emitters
