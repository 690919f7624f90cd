#include "service/emitters/redis_emitter.h"

#include <gtest/gtest.h>

#include <atomic>

#include "service/emitters/emission.h"
#include "service/emitters/message.h"
#include "service/emitters/published_support.h"
#include "service/emitters/redis_nodes.h"
#include "service/emitters/redis_support.h"

namespace hotclock::emitters {
namespace {

using namespace std::chrono_literals;

std::unique_ptr<Emitter> emitter_to(const std::string& url, Adapter adapter = Adapter::redis,
                                    const EmitterSettings& others = {}) {
  EmitterSettings settings = others;
  settings.adapter = adapter;
  settings.url = url;
  auto made = make_emitter(settings);
  if (!made) throw std::runtime_error(made.error().message());
  return std::move(made).value();
}

Emission seq(int i) { return {.args = {"seq", i}}; }

std::vector<Emission> seqs(int count) {
  std::vector<Emission> all;
  for (int i = 0; i < count; ++i) all.push_back(seq(i));
  return all;
}

// The number of an event that the classic adapter would hear.
int number_in(const std::string& payload) {
  return Json::from_msgpack(payload, true, false)[1]["data"][1].get<int>();
}

// ---------------------------------------------------------------- on a real Redis

TEST(RedisEmitter, ThousandsGoInTheirOrder) {
  const RedisServer redis;
  Subscriber subscriber(redis, "SUBSCRIBE", {"socket.io#/#"});
  expect_sent(emitter_to(redis.url())->publish(seqs(5000)), 5000);
  for (int i = 0; i < 5000; ++i) ASSERT_EQ(number_in(subscriber.next().payload), i);
}

TEST(RedisEmitter, SpeaksByASocketFileToo) {
  const RedisServer redis;
  Subscriber subscriber(redis, "SSUBSCRIBE", {"socket.io#/#a#"});
  expect_sent(emitter_to(redis.file_url(), Adapter::redis_sharded)
                  ->publish({{{.rooms = {"a"}, .args = {"news"}}}}),
              1);
  EXPECT_EQ(subscriber.next().channel, "socket.io#/#a#");
}

TEST(RedisEmitter, NobodyListeningIsNoError) {
  const RedisServer redis;
  expect_sent(emitter_to(redis.url(), Adapter::redis_sharded)->publish(seqs(3)), 3);
}

TEST(RedisEmitter, WritesToTheStreamOfItsDatabaseAndTrimsIt) {
  const RedisServer redis;
  const auto emitter = emitter_to(redis.url() + "/5", Adapter::redis_streams,
                                  {.prefix = "app", .stream_length = 100});
  expect_sent(emitter->publish(seqs(1000)), 1000);
  auto connection = redis.connect();
  const Steady until = std::chrono::steady_clock::now() + 5s;
  ASSERT_TRUE(connection->ask({"SELECT", "5"}, until));
  auto reply = connection->ask({"XLEN", "app"}, until);
  ASSERT_TRUE(reply);
  const int left = std::stoi(text_of(**reply));
  EXPECT_GE(left, 100);
  EXPECT_LT(left, 400);  // whole nodes of the stream go
}

TEST(RedisEmitter, WhatCanNeverGoIsNamedAndThoseBeforeItWent) {
  const RedisServer redis;
  Subscriber subscriber(redis, "SUBSCRIBE", {"socket.io#/#"});
  const auto emitter = emitter_to(redis.url());
  std::vector<Emission> all = seqs(5);
  all[3].args[0] = "disconnect";
  expect_failed(emitter->publish(all), Errc::invalid, 3);
  expect_sent(emitter->publish(std::span(all).subspan(4)), 1);
  for (const int i : {0, 1, 2, 4}) EXPECT_EQ(number_in(subscriber.next().payload), i);
}

TEST(RedisEmitter, ALostConnectionIsOpenedAgainUnnoticed) {
  RedisServer redis;
  const auto emitter = emitter_to(redis.url());
  expect_sent(emitter->publish(seqs(1)), 1);
  redis.kill();
  redis.start();
  Subscriber subscriber(redis, "SUBSCRIBE", {"socket.io#/#"});
  expect_sent(emitter->publish(seqs(2)), 2);
  EXPECT_EQ(number_in(subscriber.next().payload), 0);
}

TEST(RedisEmitter, WhileRedisIsAwayNothingGoesAndLaterItDoes) {
  RedisServer redis;
  const auto emitter = emitter_to(redis.url());
  redis.kill();
  expect_failed(emitter->publish(seqs(2)), Errc::unavailable, 0);
  expect_failed(emitter->publish({}), Errc::unavailable, 0);
  redis.start();
  expect_sent(emitter->publish({}), 0);
  expect_sent(emitter->publish(seqs(2)), 2);
}

TEST(RedisEmitter, AServerThatStandsStillCostsNoMoreThanItsPatience) {
  RedisServer redis;
  const auto emitter = emitter_to(redis.url(), Adapter::redis,
                                  {.connect_patience = 200ms, .answer_patience = 200ms});
  expect_sent(emitter->publish(seqs(1)), 1);
  redis.freeze();
  const auto before = std::chrono::steady_clock::now();
  expect_failed(emitter->publish(seqs(2)), Errc::timeout, 0);  // no reply
  expect_failed(emitter->publish(seqs(2)), Errc::timeout, 0);  // not even to who we are
  EXPECT_LT(std::chrono::steady_clock::now() - before, 2s);
  redis.thaw();
  expect_sent(emitter->publish(seqs(2)), 2);
}

TEST(RedisEmitter, AWrongPasswordIsNoReasonToShowIt) {
  const RedisServer redis({"--requirepass", "right"});
  const auto wrong = emitter_to("redis://:wrong-word@" + redis.url().substr(8))->publish(seqs(1));
  expect_failed(wrong, Errc::conflict, 0);
  EXPECT_EQ(wrong.error->message().find("wrong-word"), std::string::npos) << wrong.error->message();
  expect_failed(emitter_to(redis.url())->publish({}), Errc::conflict, 0);
  expect_sent(emitter_to("redis://:right@" + redis.url().substr(8))->publish(seqs(1)), 1);
}

TEST(RedisEmitter, AUserMayBeLetIntoSomeChannelsAlone) {
  const RedisServer redis;
  redis.ask({"ACL", "SETUSER", "relay", "on", ">secret", "resetchannels", "&socket.io#/#", "-@all",
             "+publish"});
  const auto emitter = emitter_to("redis://relay:secret@" + redis.url().substr(8));
  std::vector<Emission> all = seqs(3);
  all[2].nsp = "/other";
  expect_failed(emitter->publish(all), Errc::conflict, 2);
  expect_sent(emitter->publish(seqs(2)), 2);
}

TEST(RedisEmitter, SaysWhereItPublishesWithoutThePassword) {
  EXPECT_EQ(emitter_to("rediss://relay:secret@cache/1")->where(), "rediss://relay@cache:6379/1");
}

// ---------------------------------------------------------------- what a Redis may do to us

TEST(RedisEmitter, AConnectionThatBreaksInBetweenSaysHowManyWent) {
  std::atomic<int> heard = 0;
  const ScriptedRedis redis([&heard](const auto&) -> std::optional<std::string> {
    return ++heard == 3 ? std::nullopt : std::optional<std::string>(":1\r\n");
  });
  const auto emitter = emitter_to(redis.url());
  const std::vector<Emission> all = seqs(5);
  expect_failed(emitter->publish(all), Errc::unavailable, 2);
  expect_sent(emitter->publish(std::span(all).subspan(2)), 3);
  EXPECT_EQ(heard, 6);
}

TEST(RedisEmitter, AnErrorInBetweenSaysHowManyWentAndRepliesStayInStep) {
  std::atomic<int> heard = 0;
  const ScriptedRedis redis([&heard](const auto&) -> std::optional<std::string> {
    return ++heard == 3 ? "-OOM command not allowed when used memory > 'maxmemory'.\r\n" : ":1\r\n";
  });
  const auto emitter = emitter_to(redis.url());
  const std::vector<Emission> all = seqs(5);
  expect_failed(emitter->publish(all), Errc::unavailable, 2);
  expect_sent(emitter->publish(std::span(all).subspan(2)), 3);
}

TEST(RedisEmitter, WhatItRepeatsOfTheCommandIsLeftOut) {
  const ScriptedRedis redis([](const auto&) -> std::optional<std::string> {
    return "-ERR unknown command `SPUBLISH`, with args beginning with: `socket.io#/#`, `private "
           "words`\r\n";
  });
  const auto told = emitter_to(redis.url(), Adapter::redis_sharded)->publish(seqs(1));
  expect_failed(told, Errc::unsupported, 0);
  EXPECT_EQ(told.error->message().find("private"), std::string::npos) << told.error->message();
}

TEST(RedisEmitter, WhoSpeaksAnotherLanguageIsNoRedis) {
  const ScriptedRedis other(
      [](const auto&) -> std::optional<std::string> { return "HTTP/1.1 400 Bad Request\r\n\r\n"; });
  expect_failed(emitter_to(other.url())->publish(seqs(1)), Errc::unavailable, 0);
}

TEST(RedisEmitter, FollowsASlotToItsOwnerAndRemembersIt) {
  std::atomic<int> at_owner = 0, at_first = 0;
  const ScriptedRedis owner([&at_owner](const auto&) -> std::optional<std::string> {
    ++at_owner;
    return ":1\r\n";
  });
  const std::string moved = "-MOVED " + std::to_string(slot_of("socket.io#/#")) +
                            " 127.0.0.1:" + std::to_string(owner.port()) + "\r\n";
  const ScriptedRedis first([&](const auto&) -> std::optional<std::string> {
    ++at_first;
    return moved;
  });
  const auto emitter = emitter_to(first.url(), Adapter::redis_sharded);
  expect_sent(emitter->publish(seqs(3)), 3);
  expect_sent(emitter->publish(seqs(3)), 3);
  EXPECT_EQ(at_first, 3);
  EXPECT_EQ(at_owner, 6);
}

TEST(RedisEmitter, NeverFollowsInCircles) {
  std::atomic<int> asked = 0, port = 0;
  const ScriptedRedis redis([&](const auto&) -> std::optional<std::string> {
    ++asked;
    return "-MOVED 9000 127.0.0.1:" + std::to_string(port) + "\r\n";
  });
  port = redis.port();
  expect_failed(emitter_to(redis.url(), Adapter::redis_sharded)->publish(seqs(1)),
                Errc::unavailable, 0);
  EXPECT_LT(asked, 50);
}

// ---------------------------------------------------------------- settings

TEST(RedisEmitter, WrongSettingsAreRefusedAtOnce) {
  const EmitterSettings wrong[] = {{.url = ""},
                                   {.url = "redis://cache", .prefix = ""},
                                   {.url = "redis://cache", .stream_count = 0},
                                   {.url = "redis://cache", .stream_length = 0},
                                   {.url = "rediss://cache", .tls = {.ca_file = "/nowhere.pem"}}};
  for (const EmitterSettings& settings : wrong) {
    const auto made = make_emitter(settings);
    ASSERT_FALSE(made);
    EXPECT_EQ(made.error().code(), Errc::invalid);
  }
}

}  // namespace
}  // namespace hotclock::emitters
