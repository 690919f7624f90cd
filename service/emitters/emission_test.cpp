#include "service/emitters/emission.h"

#include <gtest/gtest.h>

namespace hotclock::emitters {
namespace {

Emission event(const std::string& name, Emission::Op op = Emission::Op::emit) {
  return {.op = op, .args = {name}};
}

bool is_refused(const Emission& emission) {
  const auto good = check(emission);
  return !good && good.error().code() == Errc::invalid;
}

Json nested(int depth) {
  Json value = 1;
  for (int i = 0; i < depth; ++i) value = Json::array({value});
  return value;
}

TEST(Emission, EventsOfSocketIosOwnAreRefused) {
  for (const char* name :
       {"connect", "connect_error", "disconnect", "disconnecting", "newListener", "removeListener"})
    EXPECT_TRUE(is_refused(event(name))) << name;
  for (const char* name : {"connect", "connection", "new_namespace"})
    EXPECT_TRUE(is_refused(event(name, Emission::Op::server))) << name;
}

TEST(Emission, OtherEventsAreNot) {
  for (const char* name : {"throne:expired", "message", "connected", "connection", "error", ""})
    EXPECT_TRUE(check(event(name))) << name;
}

TEST(Emission, AnEventBeginsWithItsName) {
  EXPECT_TRUE(is_refused({.args = {}}));
  EXPECT_TRUE(is_refused({.args = {7}}));
  EXPECT_TRUE(is_refused({.args = {nullptr, "news"}}));
}

TEST(Emission, ANamespaceBeginsWithASlashAndHoldsNoControlCharacter) {
  for (const char* nsp : {"", "admin", "/a\nb", "/\xff"}) {
    Emission emission = event("news");
    emission.nsp = nsp;
    EXPECT_TRUE(is_refused(emission)) << nsp;
  }
}

TEST(Emission, WhoJoinsOrLeavesNamesARoom) {
  EXPECT_TRUE(is_refused({.op = Emission::Op::join}));
  EXPECT_TRUE(is_refused({.op = Emission::Op::leave, .rooms = {"red"}}));
  EXPECT_TRUE(check({.op = Emission::Op::join, .target = {"red"}}));
  EXPECT_TRUE(check({.op = Emission::Op::disconnect}));
}

TEST(Emission, TextsAreUtf8WhereverTheyStand) {
  const std::string bad = "caf\xe9";
  EXPECT_TRUE(is_refused({.args = {"news", bad}}));
  EXPECT_TRUE(is_refused({.args = {"news", Json{{"a", Json::array({bad})}}}}));
  EXPECT_TRUE(is_refused({.args = {"news", Json{{bad, 1}}}}));
  EXPECT_TRUE(is_refused({.rooms = {bad}, .args = {"news"}}));
  EXPECT_TRUE(is_refused({.except = {bad}, .args = {"news"}}));
  EXPECT_TRUE(is_refused({.op = Emission::Op::join, .target = {bad}}));
  EXPECT_TRUE(check({.args = {"news", "café 漢字 🎉", Json::binary({0xff})}}));
}

TEST(Emission, NestingHasAnEnd) {
  EXPECT_TRUE(check({.args = {"news", nested(200)}}));
  EXPECT_TRUE(is_refused({.args = {"news", nested(201)}}));
}

}  // namespace
}  // namespace hotclock::emitters
